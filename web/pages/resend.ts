/** Draws "Not received a text message?", or a mail: the same code in another message, a call instead, and advice. */
import type { CallEndReason } from '../../src/end-reason.ts';
import type { Words } from '../../src/locales/wording.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import { html, type Html, type Value } from '../html.ts';
import { linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import { buttonForm, callInsteadForm, otherOptionLink } from './components/actions.ts';
import { details } from './components/details.ts';
import { limitOf } from './components/developer-note.ts';
import { adviceItem } from './components/ending.ts';
import { icons } from './components/icons.ts';
import { messageWords } from './components/message-words.ts';
import { phraseHtml } from './components/phrase.ts';
import { layout } from './components/layout.ts';
import { isWaiting, waitSentence } from './components/wait.ts';
import type { CodeSent, ResendPage } from './step-props.ts';

/** Reasons that would refuse the next text to this number too. */
const final: ReadonlySet<CallEndReason> = new Set(['number-refused', 'send-limit', 'send-ceiling', 'disabled']);

/** When the code can be texted again: undefined where it cannot, or where the refusal of the last text is final. */
export const nextText = ({ again }: CodeSent, refused?: CallEndReason): EpochMillis | undefined =>
  again === undefined || again.left < 1 || (refused !== undefined && final.has(refused)) ? undefined : again.from;

/** Whether and when the code can be texted again. */
const resendHint = (props: ResendPage, words: Words): Value => {
  const { now, sent, refused } = props;
  const { resend } = messageWords(sent, words);
  const from = nextText(sent, refused);
  if (isWaiting(now, from)) return waitSentence({ now, until: from, sentence: resend.wait(now, from) }, words);
  return refused === undefined && html`<p class="block">${from === undefined ? resend.noMore : resend.same}</p>`;
};

const refusal = (props: ResendPage, words: Words): Value => {
  const { refused, sent, now } = props;
  if (refused === undefined) return undefined;
  const { ends, resend } = messageWords(sent, words);
  const text = ends[refused] ?? ends.lost;
  // During a wait a small screen has no room for one more sentence.
  const stillGood = !isWaiting(now, nextText(sent, refused)) && resend.stillGood;
  return html`<div class="alert stop" role="alert">${icons.alert}<p><b>${resend.refused}</b><br>${phraseHtml(text.sentence(sent.to, ''), words)} ${stillGood}</p></div>`;
};

/** A text that was refused gets an alert with the reason; the first text still counts. */
export const resendPage = (props: ResendPage, words: Words): Html => {
  const { uid, client, account, reference, developerNotes, now, sent, refused } = props;
  const { resend, ends } = messageWords(sent, words);
  const links = linksOf(uid);
  const from = nextText(sent, refused);
  const next = from !== undefined && buttonForm(links.resend, resend.again, isWaiting(now, from) ? 'later' : 'primary');
  // Calls and texts to one number share a send limit, so a call would be refused too.
  const instead =
    refused !== 'send-limit' &&
    refused !== 'send-ceiling' &&
    callInsteadForm(uid, sent, next === false ? 'primary' : 'secondary', words);
  const code = refused && {
    label: outcomeCodes.code(sent.by === 'email' ? 'mailed' : 'texted', ends[refused] === undefined ? 'lost' : refused),
    term: (ends[refused] ?? ends.lost).term,
  };
  return layout(
    {
      stage: 'second-step',
      heading: resend.heading,
      lead: resend.sentence(sent.to),
      client,
      account,
      uid,
      reference,
      developerNotes,
      limit: limitOf(refused) ?? (from === undefined ? 'resends' : undefined),
      returnTo: links.resend,
      isError: refused !== undefined,
      scripts: isWaiting(now, from) ? ['wait.js'] : [],
      body: html`${refusal(props, words)}
${resendHint(props, words)}
<div class="actions">${next}${instead}${otherOptionLink(props, words)}</div>
<p class="leave"><a class="link" href="${links.here}">${resend.back}</a></p>
<h2 class="block">${resend.helps}</h2>
<ul class="advice close">${resend.tips.map((each, i) => adviceItem((sent.by === 'email' ? [icons.mail, icons.text, icons.question] : [icons.phone, icons.text, icons.question])[i] ?? icons.tick, each))}</ul>
${code && details({ reference, at: now, code, open: true }, words)}`,
    },
    words,
  );
};
