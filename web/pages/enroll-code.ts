/** Draws the page for a code that was sent to a number or mailbox to be set up: in a text or a mail, or by a call. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { buttonForm, submitButton } from './components/actions.ts';
import { codeField, fieldError, fieldWait, type AskingState } from './components/code-field.ts';
import { details } from './components/details.ts';
import { limitOf } from './components/developer-note.ts';
import { adviceItem } from './components/ending.ts';
import { enrollLayout, insteadForm, waysBack, type EnrollContent } from './components/enroll-layout.ts';
import { icons } from './components/icons.ts';
import { liveRegion, statusLine } from './components/live-region.ts';
import { withoutExtension } from './components/masked-number.ts';
import { messageWords } from './components/message-words.ts';
import { phraseHtml } from './components/phrase.ts';
import { brokenTrack, track } from './components/track.ts';
import { isWaiting, waitSentence } from './components/wait.ts';
import type { EnrollCodePage } from './enroll-props.ts';
import { enrollLinksOf, fields } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import type { CodePage } from './step-props.ts';
import { codeStatus, dictationProgress } from './waiting.ts';

const isTexted = ({ sent }: EnrollCodePage): boolean => sent.by === 'sms';
const wordsFor = ({ sent }: EnrollCodePage, words: Words) =>
  sent.by === 'call' ? words.codes.dictated : messageWords(sent, words);
const kinds = {
  sms: { factor: 'sms', code: 'texted' },
  call: { factor: 'spoken', code: 'dictated' },
  email: { factor: 'email', code: 'mailed' },
} as const;

/** Another message with the same code, once one may be asked for: until then the button waits, and the script counts down. */
const resend = ({ uid, now, sent }: EnrollCodePage, words: Words): Html | false => {
  const { again } = sent;
  if (again === undefined || again.left < 1) return false;
  const { wait, again: label } = messageWords(sent, words).resend;
  const { resend: to } = enrollLinksOf(uid);
  if (!isWaiting(now, again.from)) return html`<div class="actions">${buttonForm(to, label, 'secondary')}</div>`;
  const sentence = wait(now, again.from);
  return html`${waitSentence({ now, until: again.from, sentence }, words)}
<div class="actions">${buttonForm(to, label, 'later')}</div>`;
};

const asking = (props: EnrollCodePage, state: AskingState, words: Words): EnrollContent => {
  const { uid, length, typed, sent, instead, now, reference } = props;
  const { codes, frame } = words;
  const text = wordsFor(props, words);
  const error = fieldError(state, props, text);
  const wait = fieldWait(state, props, words);
  const { answer, events, again } = enrollLinksOf(uid);
  const undelivered = sent.progress === 'undelivered';
  const outcome = state.kind === 'open' ? (undelivered ? 'undelivered' : undefined) : state.kind;
  const terms: Readonly<Record<string, string>> = { ...codes.terms, undelivered: codes.texted.undelivered.term };
  const isEmpty = sent.by === 'call' && state.kind === 'open' && !['answered', 'over'].includes(sent.progress);
  const isOver = sent.progress === 'over';
  // One wait a page is counted down: that after wrong codes comes first.
  const another = wait === false && resend(props, words);
  return {
    heading: isOver ? codes.dictated.afterwards : text.heading(withoutExtension(sent.to, sent.extension)),
    isError: error !== false || undelivered,
    scripts: [
      ...(isTexted(props) ? (['otp.js'] as const) : []),
      'waiting.js',
      ...(wait !== false || another !== false ? (['wait.js'] as const) : []),
      'code.js',
    ],
    body: html`<p class="lead" id="hint">${!isOver && html`<span data-instruction="">${phraseHtml(text.sentence(sent.to, sent.extension), words)} </span>`}<span class="scripted">${codes.hint(length)}</span></p>
${undelivered && html`<div class="alert stop">${icons.text}<p><b>${codes.texted.undelivered.bold}</b><br>${sent.because === undefined ? codes.texted.undelivered.next : codes.texted.undelivered.because[sent.because]}</p></div>`}
<form method="post" action="${answer}">
${codeField({ length, typed, error, wait, isFocused: !isEmpty && wait === false, hint: 'hint' }, words)}
${liveRegion(
  { uid, events, progress: sent.progress, ...(sent.by === 'call' && { afterwards: codes.dictated.afterwards }) },
  html`${!undelivered && statusLine(codeStatus(sent, now, words))}
${sent.by === 'call' && track(dictationProgress(sent.progress), words)}`,
)}
<div class="actions">${submitButton(frame.continue, wait === false ? 'primary' : 'later')}</div>
</form>
${another}
${sent.by === 'call' && html`<div class="call-again"><form method="post" action="${again}"><button class="button secondary" type="submit" name="${fields.by}" value="spoken">${words.enroll.again['spoken']}</button></form></div>`}
${undelivered && insteadForm(uid, instead, words)}
${waysBack(uid, words, true)}
${outcome !== undefined && details({ reference, at: now, code: { label: outcomeCodes.code(kinds[sent.by].code, outcome), term: terms[outcome] ?? outcome } }, words)}`,
  };
};

const ended = (
  props: EnrollCodePage,
  { reason, until }: Extract<CodePage['state'], { readonly kind: 'ended' }>,
  words: Words,
): EnrollContent => {
  const { uid, sent, instead, now, reference, client } = props;
  const { ends } = wordsFor(props, words);
  const known = ends[reason] === undefined ? 'lost' : reason;
  const text = ends[known] ?? ends.lost;
  const isFinal = ['paused', 'number-refused', 'opted-out', 'declined'].includes(reason);
  const mustWait = !isFinal && isWaiting(now, until);
  const { factor } = kinds[sent.by];
  return {
    heading: text.heading,
    lead: text.sentence(sent.to, client.name),
    isError: true,
    limit: limitOf(reason),
    scripts: mustWait ? ['wait.js'] : [],
    body: html`${sent.by === 'call' && brokenTrack(reason, dictationProgress(sent.progress), text.step ?? text.term, words)}
${text.advice !== undefined && html`<ul class="advice">${adviceItem(icons.text, text.advice)}</ul>`}
${mustWait && waitSentence({ now, until: until ?? now }, words)}
<div class="actions">${!isFinal && html`<form method="post" action="${enrollLinksOf(uid).again}"><input type="hidden" name="${fields.by}" value="${factor}">${submitButton(words.enroll.again[factor], mustWait ? 'later' : 'primary')}</form>`}${reason !== 'paused' && insteadForm(uid, instead, words)}</div>
${waysBack(uid, words, true)}
${details({ reference, at: now, code: { label: outcomeCodes.code(kinds[sent.by].code, known), term: text.term }, open: true }, words)}`,
  };
};

/** The page of such a code, in every state. */
export const enrollCodePage = (props: EnrollCodePage, words: Words): Html => {
  const { state } = props;
  return enrollLayout(props, state.kind === 'ended' ? ended(props, state, words) : asking(props, state, words), words);
};
