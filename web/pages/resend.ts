/** Draws "Not received a text message?": the same code in another text, a call instead, and advice. */
import type { EndReason } from '../../src/end-reason.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import { callInsteadForm, buttonForm, otherOptionLink } from './components/actions.ts';
import { details } from './components/details.ts';
import { adviceItem } from './components/ending.ts';
import { icons } from './components/icons.ts';
import { phraseHtml } from './components/phrase.ts';
import { layout } from './components/layout.ts';
import type { ResendPage } from './props.ts';

/** Reasons that would refuse the next text to this number too. */
const final: ReadonlySet<EndReason> = new Set(['number-refused', 'send-limit', 'disabled']);

/** "Text it again". Before its time it is dimmed, and the server refuses it. `enhance.js` shows it as ready when the time comes. */
const resendForm = ({ uid, now, sent }: ResendPage, { codes }: Words): Value => {
  const { resend } = codes.texted;
  if (sent.again === undefined || sent.again.left < 1) return undefined;
  const wait = sent.again.from - now;
  if (wait <= 0) return buttonForm(linksOf(uid).resend, resend.again);
  return html`<form method="post" action="${linksOf(uid).resend}"><button class="button later" type="submit" aria-describedby="wait" data-ready-in="${wait}">${resend.again}</button></form>`;
};

const isEarly = ({ now, sent }: ResendPage): boolean => sent.again !== undefined && sent.again.from > now;

/** Whether and when the code can be texted again. */
const resendHint = ({ now, sent: { again } }: ResendPage, { resend }: Words['codes']['texted']): Html => {
  if (again === undefined || again.left < 1) return html`<p class="block">${resend.noMore}</p>`;
  return again.from > now
    ? html`<p class="block" id="wait" role="status">${phraseHtml(resend.wait(now, again.from))}</p>`
    : html`<p class="block">${resend.same}</p>`;
};

const refusal = (props: ResendPage, { codes }: Words): Value => {
  const { refused, sent, now } = props;
  if (refused === undefined) return undefined;
  const { ends, resend } = codes.texted;
  const text = ends[refused] ?? ends.lost;
  const next =
    isEarly(props) && !final.has(refused)
      ? html`<span id="wait">${phraseHtml(resend.wait(now, sent.again?.from ?? now))}</span>`
      : resend.stillGood;
  return html`<div class="alert stop" role="alert">${icons.alert}<p><b>${resend.refused}</b><br>${phraseHtml(text.sentence(sent.to, ''))} ${next}</p></div>`;
};

/** A text that was refused gets an alert with the reason; the first text still counts. */
export const resendPage = (props: ResendPage, words: Words): Html => {
  const { uid, client, account, reference, now, sent, refused } = props;
  const { resend, ends } = words.codes.texted;
  const links = linksOf(uid);
  const isFinal = refused !== undefined && final.has(refused);
  const next = isFinal ? undefined : resendForm(props, words);
  // Calls and texts to one number share a send limit, so a call would be refused too.
  const instead =
    refused !== 'send-limit' && callInsteadForm(uid, sent, next === undefined ? 'primary' : 'secondary', words);
  const code = refused && {
    label: outcomeCodes.code('texted', ends[refused] === undefined ? 'lost' : refused),
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
      returnTo: links.resend,
      isError: refused !== undefined,
      scripts: ['enhance.js'],
      body: html`${refusal(props, words) ?? resendHint(props, words.codes.texted)}
<div class="actions">${next}${instead}${otherOptionLink(props, words)}</div>
<p class="leave"><a class="link" href="${links.here}">${resend.back}</a></p>
<h2 class="block">${resend.helps}</h2>
<ul class="advice close">${resend.tips.map((each, i) => adviceItem([icons.phone, icons.text, icons.question][i] ?? icons.tick, each))}</ul>
${code && details({ reference, at: now, code, open: true }, words)}`,
    },
    words,
  );
};
