/** "Not received a text message?": the same code once more, another way, and what helps. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import { callInstead, post, wayOut } from './parts/actions.ts';
import { details } from './parts/details.ts';
import { tip } from './parts/ending.ts';
import { icons } from './parts/icons.ts';
import { say } from './parts/phrase.ts';
import { layout } from './parts/layout.ts';
import type { Ended, ResendPage } from './props.ts';

/** The same number does not take the next text either. */
const final: ReadonlySet<Ended> = new Set(['number-refused', 'send-limit', 'disabled']);

/** Before its time the button looks it; the server says so too, and a browser with script lets it ripen. */
const once = ({ uid, now, sent }: ResendPage, { codes }: Words): Value => {
  const { resend } = codes.texted;
  if (sent.again === undefined || sent.again.left < 1) return undefined;
  const wait = sent.again.from - now;
  if (wait <= 0) return post(linksOf(uid).resend, resend.again);
  return html`<form method="post" action="${linksOf(uid).resend}"><button class="button later" type="submit" aria-describedby="wait" data-ripe="${wait}">${resend.again}</button></form>`;
};

const isEarly = ({ now, sent }: ResendPage): boolean => sent.again !== undefined && sent.again.from > now;

const whether = ({ now, sent: { again } }: ResendPage, { resend }: Words['codes']['texted']): Html => {
  if (again === undefined || again.left < 1) return html`<p class="block">${resend.noMore}</p>`;
  return again.from > now
    ? html`<p class="block" id="wait" role="status">${say(resend.wait(now, again.from))}</p>`
    : html`<p class="block">${resend.same}</p>`;
};

const refusal = (props: ResendPage, { codes }: Words): Value => {
  const { refused, sent, now } = props;
  if (refused === undefined) return undefined;
  const { ends, resend } = codes.texted;
  const said = ends[refused] ?? ends.lost;
  const then =
    isEarly(props) && !final.has(refused)
      ? html`<span id="wait">${say(resend.wait(now, sent.again?.from ?? now))}</span>`
      : resend.stillGood;
  return html`<div class="alert stop" role="alert">${icons.alert}<p><b>${resend.refused}</b><br>${say(said.sentence(sent.to, ''))} ${then}</p></div>`;
};

export const resendPage = (props: ResendPage, words: Words): Html => {
  const { uid, client, account, reference, now, sent, refused } = props;
  const { resend, ends } = words.codes.texted;
  const links = linksOf(uid);
  const isFinal = refused !== undefined && final.has(refused);
  const next = isFinal ? undefined : once(props, words);
  // A call to the same phone is out of the same budget.
  const instead =
    refused !== 'send-limit' && callInstead(uid, sent, next === undefined ? 'primary' : 'secondary', words);
  const code = refused && {
    label: outcomeCodes.code('texted', ends[refused] === undefined ? 'lost' : refused),
    term: (ends[refused] ?? ends.lost).term,
  };
  return layout(
    {
      door: 'second',
      heading: resend.heading,
      lead: resend.sentence(sent.to),
      client,
      account,
      uid,
      reference,
      here: links.resend,
      wrong: refused !== undefined,
      scripts: ['small.js'],
      body: html`${refusal(props, words) ?? whether(props, words.codes.texted)}
<div class="actions">${next}${instead}${wayOut(props, words)}</div>
<p class="leave"><a class="link" href="${links.here}">${resend.back}</a></p>
<h2 class="block">${resend.helps}</h2>
<ul class="advice close">${resend.tips.map((each, i) => tip([icons.phone, icons.text, icons.question][i] ?? icons.tick, each))}</ul>
${code && details({ reference, at: now, code, open: true }, words)}`,
    },
    words,
  );
};
