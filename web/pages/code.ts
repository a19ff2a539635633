/** Draws the page that asks for a code: from an authenticator app, a text message or a mail, or dictated by a call. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { buttonForm, callInsteadForm, otherOptionLink, submitButton } from './components/actions.ts';
import { codeField, fieldError, fieldWait, type AskingState } from './components/code-field.ts';
import { details } from './components/details.ts';
import { limitOf } from './components/developer-note.ts';
import { ending } from './components/ending.ts';
import { iconOf, icons } from './components/icons.ts';
import { layout, type Layout } from './components/layout.ts';
import { liveRegion, statusLine } from './components/live-region.ts';
import { withoutExtension } from './components/masked-number.ts';
import { messageWords } from './components/message-words.ts';
import { hasOtherOption, notMe } from './components/not-me.ts';
import { otherCallWords, watchOtherCall, withWatch } from './components/other-call.ts';
import { rememberBox } from './components/remember-box.ts';
import { phraseHtml } from './components/phrase.ts';
import { brokenTrack, track } from './components/track.ts';
import { linksOf } from './links.ts';
import { outcomeCodes, type CodeKind, type CodeOutcome } from './outcome-codes.ts';
import type { CodePage, CodeSent } from './step-props.ts';
import type { LimitName } from './props.ts';
import { undeliveredContent } from './undelivered.ts';
import { codeStatus, dictationProgress } from './waiting.ts';

type CodeState = CodePage['state'];
type EndedState = Extract<CodeState, { readonly kind: 'ended' }>;
type Content = Pick<Layout, 'heading' | 'lead' | 'body' | 'isError' | 'focusesHeading' | 'scripts'>;

const kindsBySending: Readonly<Record<CodeSent['by'], CodeKind>> = {
  sms: 'texted',
  call: 'dictated',
  email: 'mailed',
};

const kindOf = ({ sent, given }: CodePage): CodeKind => {
  if (given !== undefined) return given.as === 'recovery-codes' ? 'recovery' : 'pass';
  if (sent === undefined) return 'app';
  return kindsBySending[sent.by];
};

/** Progress of the text or call. After a wrong code an undelivered text has an alert above the field instead. */
const deliveryStatus = (props: CodePage, sent: CodeSent, words: Words): Html =>
  liveRegion(
    {
      uid: props.uid,
      progress: sent.progress,
      ...(sent.by === 'call' && { afterwards: words.codes.dictated.afterwards }),
      ...(sent.again && { late: { after: sent.again.from - props.now, status: messageWords(sent, words).late } }),
    },
    html`${sent.progress !== 'undelivered' && statusLine(codeStatus(sent, props.now, words))}
${sent.by === 'call' && track(dictationProgress(sent.progress), words)}`,
  );

const undeliveredAlert = ({ because }: CodeSent, { undelivered }: Words['codes']['texted']): Html =>
  html`<div class="alert stop">${icons.text}<p><b>${undelivered.bold}</b><br>${because === undefined ? undelivered.next : undelivered.because[because]}</p></div>`;

/** The outcome to report to a help desk; undefined while everything is in order. */
const outcomeOf = (state: CodeState, { sent }: CodePage): Exclude<CodeOutcome, 'attempts'> | undefined => {
  const isFresh = state.kind === 'wait' && state.tooSoon !== true;
  if (state.kind !== 'open' && state.kind !== 'ended' && !isFresh) return state.kind;
  return sent?.progress === 'undelivered' ? 'undelivered' : undefined;
};

const asking = (props: CodePage, state: AskingState, words: Words): Content => {
  const { codes, frame } = words;
  const { uid, length, typed, reference, now, sent, given, remember } = props;
  const kind = kindOf(props);
  const text = codes[kind];
  const error = fieldError(state, props, text);
  const wait = fieldWait(state, props, words);
  if (state.kind === 'open' && sent?.progress === 'undelivered') return undeliveredContent(props, sent, words);
  // With a box to tick, `code.ts` waits for the button.
  const isAutomatic = given === undefined && remember === undefined;
  // Before the call is answered there is no code to type.
  const isEmpty = sent?.by === 'call' && state.kind === 'open' && !['answered', 'over'].includes(sent.progress);
  const isFocused = !isEmpty && (wait === false || (state.kind === 'wait' && state.tooSoon === true));
  const outcome = outcomeOf(state, props);
  const terms: Readonly<Record<string, string>> = { ...codes.terms, undelivered: codes.texted.undelivered.term };
  const code = outcome !== undefined && { label: outcomeCodes.code(kind, outcome), term: terms[outcome] ?? outcome };
  return {
    heading:
      sent?.progress === 'over'
        ? codes.dictated.afterwards
        : text.heading(withoutExtension(sent?.to ?? '', sent?.extension)),
    isError: error !== false || outcome === 'wait',
    scripts: [
      ...(sent?.by === 'sms' ? (['otp.js'] as const) : []),
      ...(sent ? (['waiting.js'] as const) : []),
      ...(wait === false ? [] : (['wait.js'] as const)),
      ...(given === undefined ? (['code.js'] as const) : []),
    ],
    body: html`<p class="lead" id="hint">${sent?.progress !== 'over' && html`<span data-instruction="">${phraseHtml(text.sentence(sent?.to ?? '', sent?.extension), words)} </span>`}${isAutomatic && html`<span class="scripted">${codes.hint(length)}</span>`}${given?.left !== undefined && codes.codesLeft(given.left)}</p>
${sent?.progress === 'undelivered' && undeliveredAlert(sent, codes.texted)}
<form method="post" action="${linksOf(uid).factor}">
${codeField({ length, typed, error, wait, isFocused, hint: 'hint', isGiven: given !== undefined }, words)}
${sent && deliveryStatus(props, sent, words)}
${rememberBox(remember, words)}
<div class="actions">${submitButton(frame.continue, wait === false ? 'primary' : 'later')}${otherOptionLink(props, words)}</div>
</form>
${sent?.again !== undefined && html`<p class="leave"><a class="link" href="${linksOf(uid).resend}">${messageWords(sent, words).resend.heading}</a></p>`}
${kind === 'dictated' && html`<div class="call-again">${buttonForm(linksOf(uid).again, words.pages.methods['spoken']?.again ?? frame.tryAgain, 'secondary')}</div>`}
${(code || kind === 'dictated') && details({ reference, at: now, ...(code && { code }) }, words)}`,
  };
};

/** The factor of each kind. */
const factorOf: Readonly<Record<CodeKind, string>> = {
  app: 'totp',
  texted: 'sms',
  dictated: 'spoken',
  recovery: 'recovery-code',
  mailed: 'email',
  pass: 'temporary-access-pass',
};

const ended = (props: CodePage, state: EndedState, words: Words): Content => {
  const { reason, until, otherCall } = state;
  const { sent, options, works, client } = props;
  const kind = kindOf(props);
  const { ends } = words.codes[kind];
  const known = ends[reason] === undefined ? 'lost' : reason;
  const other = otherCallWords(state, sent?.to ?? '', words);
  const text = { ...(ends[known] ?? ends.lost), ...other };
  const factor = factorOf[kind];
  return {
    heading: text.heading,
    lead: text.sentence(sent?.to ?? '', client.name),
    ...withWatch(
      ending(
        known === 'paused' ? { ...props, options: hasOtherOption(props) } : props,
        {
          reason,
          text,
          label: outcomeCodes.code(kind, known),
          track:
            kind === 'dictated' &&
            html`${brokenTrack(known, dictationProgress(sent?.progress ?? 'starting'), text.step ?? text.term, words)}${watchOtherCall(props, otherCall)}`,
          until,
          icon: kind === 'dictated' ? icons.handset : iconOf(factor),
          again: other?.again ?? words.pages.methods[factor]?.again ?? words.frame.tryAgain,
          // Calls and texts share their limits, so a call would be refused too.
          instead:
            known !== 'send-limit' && known !== 'send-ceiling' && callInsteadForm(props.uid, sent, 'primary', words),
          afterReport: known === 'paused' && notMe({ options, until, works }, words),
        },
        words,
      ),
      props,
      otherCall,
    ),
  };
};

const limitIn = (state: CodePage['state']): LimitName | undefined => {
  if (state.kind === 'ended') return limitOf(state.reason);
  return 'until' in state ? 'wait' : undefined;
};

/** The page of a code, in every state. */
export const codePage = (props: CodePage, words: Words): Html => {
  const { client, account, uid, reference, developerNotes, state } = props;
  const why = state.kind === 'ended' ? undefined : props.why;
  const content = state.kind === 'ended' ? ended(props, state, words) : asking(props, state, words);
  return layout(
    { stage: 'second-step', client, account, uid, reference, why, developerNotes, limit: limitIn(state), ...content },
    words,
  );
};
