/** The second step by a code: of an app, of a text message, or dictated by a call. */
import type { CodeWords } from '../../src/locales/code-words.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { fields, linksOf } from './links.ts';
import { outcomeCodes, type CodeKind, type CodeProblem } from './outcome-codes.ts';
import { callInstead, post, wayOut } from './parts/actions.ts';
import { details } from './parts/details.ts';
import { ending } from './parts/ending.ts';
import { iconOf, icons } from './parts/icons.ts';
import { lineOf } from './parts/line.ts';
import { live, statusLine } from './parts/live-region.ts';
import { isLeft, notMe } from './parts/not-me.ts';
import { say } from './parts/phrase.ts';
import { layout, type Layout } from './parts/layout.ts';
import { brokenTrack, track } from './parts/track.ts';
import type { CodePage, CodeSent } from './props.ts';
import { codeStatus, dictating } from './waiting.ts';

type CodeState = CodePage['state'];
type Ends = Extract<CodeState, { readonly kind: 'ended' }>;
type Part = Pick<Layout, 'heading' | 'lead' | 'body' | 'wrong' | 'scripts'>;

const kindOf = ({ sent }: CodePage): CodeKind => {
  if (sent === undefined) return 'app';
  return sent.by === 'sms' ? 'texted' : 'dictated';
};

const message = (state: CodeState, { length, now }: CodePage, said: CodeWords, { codes, frame }: Words): Value => {
  if (state.kind === 'malformed') return said.malformed(length);
  if (state.kind === 'wrong') return said.wrong(state.attemptsLeft);
  if (state.kind === 'reused') return said.reused;
  return state.kind === 'wait' && html`${codes.wait} ${say(frame.tryAgainAt(now, state.until))}`;
};

/** How far the code has come; a text that did not arrive is said above the field instead. */
const arriving = (props: CodePage, sent: CodeSent, words: Words): Html =>
  live(
    {
      uid: props.uid,
      progress: sent.progress,
      ...(sent.by === 'call' && { afterwards: words.codes.dictated.afterwards }),
    },
    html`${sent.progress !== 'undelivered' && statusLine(codeStatus(sent, words))}
${sent.by === 'call' && track(dictating(sent.progress), words)}`,
  );

const notDelivered = ({ undelivered }: Words['codes']['texted']): Html =>
  html`<div class="alert stop">${icons.text}<p><b>${undelivered.bold}</b><br>${undelivered.sentence}</p></div>`;

/** What to read to a help desk, where something came in the way. */
const problem = (state: CodeState, { sent }: CodePage): Exclude<CodeProblem, 'attempts'> | undefined => {
  if (state.kind !== 'open' && state.kind !== 'ended') return state.kind;
  return sent?.progress === 'undelivered' ? 'undelivered' : undefined;
};

const asking = (props: CodePage, state: Exclude<CodeState, Ends>, words: Words): Part => {
  const { codes, frame } = words;
  const { uid, length, typed, reference, now, sent } = props;
  const kind = kindOf(props);
  const said = codes[kind];
  const wrong = message(state, props, said, words);
  const described = wrong === false ? 'hint' : 'hint wrong';
  const reason = problem(state, props);
  const terms: Readonly<Record<string, string>> = { ...codes.terms, undelivered: codes.texted.undelivered.term };
  const code = reason !== undefined && { label: outcomeCodes.code(kind, reason), term: terms[reason] ?? reason };
  return {
    heading:
      sent?.progress === 'over' ? codes.dictated.afterwards : said.heading(lineOf(sent?.to ?? '', sent?.extension)),
    wrong: wrong !== false,
    scripts: [
      ...(sent?.by === 'sms' ? (['otp.js'] as const) : []),
      ...(sent ? (['waiting.js'] as const) : []),
      'code.js',
      'small.js',
    ],
    body: html`<p class="lead" id="hint">${say(said.sentence(sent?.to ?? '', sent?.extension))} <span class="scripted">${codes.hint(length)}</span></p>
${sent?.progress === 'undelivered' && notDelivered(codes.texted)}
<form method="post" action="${linksOf(uid).factor}">
<label class="apart" for="code">${codes.label}</label>
${wrong !== false && html`<p class="wrong" id="wrong" role="alert">${icons.alert}<span>${wrong}</span></p>`}
<input class="code" id="code" type="text" name="${fields.code}" value="${typed}" inputmode="numeric" autocomplete="one-time-code" enterkeyhint="done" dir="ltr" spellcheck="false" required autofocus data-digits="${length}" aria-describedby="${described}" aria-invalid="${wrong !== false && state.kind !== 'wait' && 'true'}">
${sent && arriving(props, sent, words)}
<div class="actions"><button class="button primary" type="submit">${frame.continue}</button>${wayOut(props, words)}</div>
</form>
${sent?.again !== undefined && html`<p class="leave"><a class="link" href="${linksOf(uid).resend}">${codes.texted.resend.heading}</a></p>`}
${kind === 'dictated' && html`<div class="anew">${post(linksOf(uid).again, words.pages.methods['spoken']?.again ?? frame.tryAgain, 'secondary')}</div>`}
${(code || kind === 'dictated') && details({ reference, at: now, ...(code && { code }) }, words)}`,
  };
};

/** The factor whose page this is. */
const methods: Readonly<Record<CodeKind, string>> = { app: 'totp', texted: 'sms', dictated: 'spoken' };

const ended = (props: CodePage, { reason, until }: Ends, words: Words): Part => {
  const { sent, options, works, client } = props;
  const kind = kindOf(props);
  const { ends } = words.codes[kind];
  const known = ends[reason] === undefined ? 'lost' : reason;
  const said = ends[known] ?? ends.lost;
  const method = methods[kind];
  return {
    heading: said.heading,
    lead: said.sentence(sent?.to ?? '', client.name),
    ...ending(
      known === 'paused' ? { ...props, options: isLeft(props) } : props,
      {
        reason,
        said,
        label: outcomeCodes.code(kind, known),
        track:
          kind === 'dictated' &&
          brokenTrack(known, dictating(sent?.progress ?? 'starting'), said.step ?? said.term, words),
        until,
        icon: kind === 'dictated' ? icons.handset : iconOf(method),
        again: words.pages.methods[method]?.again ?? words.frame.tryAgain,
        // A call to the same phone is out of the same budget.
        instead: known !== 'send-limit' && callInstead(props.uid, sent, 'primary', words),
        afterReport: known === 'paused' && notMe({ options, until, works }, words),
      },
      words,
    ),
  };
};

export const codePage = (props: CodePage, words: Words): Html => {
  const { client, account, uid, reference, state } = props;
  const part = state.kind === 'ended' ? ended(props, state, words) : asking(props, state, words);
  return layout({ door: 'second', client, account, uid, reference, ...part }, words);
};
