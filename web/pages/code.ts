/** Draws the page that asks for a code: from an authenticator app, from a text message, or dictated by a call. */
import type { CodeWords } from '../../src/locales/code-words.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { buttonForm, callInsteadForm, otherOptionLink, submitButton } from './components/actions.ts';
import { details } from './components/details.ts';
import { ending } from './components/ending.ts';
import { iconOf, icons } from './components/icons.ts';
import { layout, type Layout } from './components/layout.ts';
import { liveRegion, statusLine } from './components/live-region.ts';
import { withoutExtension } from './components/masked-number.ts';
import { hasOtherOption, notMe } from './components/not-me.ts';
import { ownOtherCall, watchOtherCall, withWatch } from './components/other-call.ts';
import { phraseHtml } from './components/phrase.ts';
import { brokenTrack, track } from './components/track.ts';
import { isWaiting, waitId, waitSentence } from './components/wait.ts';
import { fields, linksOf } from './links.ts';
import { outcomeCodes, type CodeKind, type CodeOutcome } from './outcome-codes.ts';
import type { CodePage, CodeSent } from './props.ts';
import { codeStatus, dictationProgress } from './waiting.ts';

type CodeState = CodePage['state'];
type EndedState = Extract<CodeState, { readonly kind: 'ended' }>;
type Content = Pick<Layout, 'heading' | 'lead' | 'body' | 'isError' | 'scripts'>;

const kindOf = ({ sent }: CodePage): CodeKind => {
  if (sent === undefined) return 'app';
  return sent.by === 'sms' ? 'texted' : 'dictated';
};

/** What is wrong with the typed code, or false. */
const fieldError = (state: CodeState, { length }: CodePage, text: CodeWords): Value => {
  if (state.kind === 'malformed') return text.malformed(length);
  if (state.kind === 'wrong') return text.wrong(state.attemptsLeft);
  return state.kind === 'reused' && text.reused;
};

/** The wait after wrong codes, or false. It is an error only where a code was refused for it. */
const fieldWait = (state: CodeState, { now }: CodePage, words: Words): Html | false => {
  const until = 'until' in state ? state.until : undefined;
  if (!isWaiting(now, until)) return false;
  const { codes } = words;
  if (state.kind !== 'wait') return waitSentence({ now, until }, words);
  const isRefusal = state.tooSoon === true;
  return waitSentence({ now, until, reason: isRefusal ? codes.tooSoon : codes.wait, isRefusal }, words);
};

/** Progress of the text or call. An undelivered text has an alert above the field instead. */
const deliveryStatus = (props: CodePage, sent: CodeSent, words: Words): Html =>
  liveRegion(
    {
      uid: props.uid,
      progress: sent.progress,
      ...(sent.by === 'call' && { afterwards: words.codes.dictated.afterwards }),
    },
    html`${sent.progress !== 'undelivered' && statusLine(codeStatus(sent, words))}
${sent.by === 'call' && track(dictationProgress(sent.progress), words)}`,
  );

const undeliveredAlert = ({ undelivered }: Words['codes']['texted']): Html =>
  html`<div class="alert stop">${icons.text}<p><b>${undelivered.bold}</b><br>${undelivered.sentence}</p></div>`;

/** The outcome to report to a help desk; undefined while everything is in order. */
const outcomeOf = (state: CodeState, { sent }: CodePage): Exclude<CodeOutcome, 'attempts'> | undefined => {
  const isFresh = state.kind === 'wait' && state.tooSoon !== true;
  if (state.kind !== 'open' && state.kind !== 'ended' && !isFresh) return state.kind;
  return sent?.progress === 'undelivered' ? 'undelivered' : undefined;
};

const asking = (props: CodePage, state: Exclude<CodeState, EndedState>, words: Words): Content => {
  const { codes, frame } = words;
  const { uid, length, typed, reference, now, sent } = props;
  const kind = kindOf(props);
  const text = codes[kind];
  const error = fieldError(state, props, text);
  const wait = fieldWait(state, props, words);
  const describedBy = ['hint', error !== false && 'wrong', wait !== false && waitId].filter(Boolean).join(' ');
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
      'code.js',
      'enhance.js',
    ],
    body: html`<p class="lead" id="hint">${phraseHtml(text.sentence(sent?.to ?? '', sent?.extension))} <span class="scripted">${codes.hint(length)}</span></p>
${sent?.progress === 'undelivered' && undeliveredAlert(codes.texted)}
<form method="post" action="${linksOf(uid).factor}">
<label class="visually-hidden" for="code">${codes.label}</label>
${error !== false && html`<p class="wrong" id="wrong" role="alert">${icons.alert}<span>${error}</span></p>`}
${wait}
<input class="code" id="code" type="text" name="${fields.code}" value="${typed}" inputmode="numeric" autocomplete="one-time-code" enterkeyhint="done" dir="ltr" spellcheck="false" required autofocus="${wait === false || outcome === 'wait'}" data-digits="${length}" aria-describedby="${describedBy}" aria-invalid="${error !== false && 'true'}">
${sent && deliveryStatus(props, sent, words)}
<div class="actions">${submitButton(frame.continue, wait === false ? 'primary' : 'later')}${otherOptionLink(props, words)}</div>
</form>
${sent?.again !== undefined && html`<p class="leave"><a class="link" href="${linksOf(uid).resend}">${codes.texted.resend.heading}</a></p>`}
${kind === 'dictated' && html`<div class="call-again">${buttonForm(linksOf(uid).again, words.pages.methods['spoken']?.again ?? frame.tryAgain, 'secondary')}</div>`}
${(code || kind === 'dictated') && details({ reference, at: now, ...(code && { code }) }, words)}`,
  };
};

/** The factor of each kind. */
const factorOf: Readonly<Record<CodeKind, string>> = { app: 'totp', texted: 'sms', dictated: 'spoken' };

const ended = (props: CodePage, { reason, until, otherCall }: EndedState, words: Words): Content => {
  const { sent, options, works, client } = props;
  const kind = kindOf(props);
  const { ends } = words.codes[kind];
  const known = ends[reason] === undefined ? 'lost' : reason;
  const own = ownOtherCall(otherCall, sent?.to ?? '', words);
  const text = { ...(ends[known] ?? ends.lost), ...own };
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
          again: own?.again ?? words.pages.methods[factor]?.again ?? words.frame.tryAgain,
          // Calls and texts to one number share a send limit, so a call would be refused too.
          instead: known !== 'send-limit' && callInsteadForm(props.uid, sent, 'primary', words),
          afterReport: known === 'paused' && notMe({ options, until, works }, words),
        },
        words,
      ),
      otherCall,
    ),
  };
};

/** The page of a code, in every state. */
export const codePage = (props: CodePage, words: Words): Html => {
  const { client, account, uid, reference, state } = props;
  const content = state.kind === 'ended' ? ended(props, state, words) : asking(props, state, words);
  return layout({ stage: 'second-step', client, account, uid, reference, ...content }, words);
};
