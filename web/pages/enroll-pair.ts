/**
 * Draws the pages of pairing a device: the picture and the code that it claims the pairing by, the number by which the person
 * recognises it, and the ends. `waiting.js` goes on once a device has claimed.
 */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { numberDisplay } from './components/call-display.ts';
import { details } from './components/details.ts';
import { adviceItem } from './components/ending.ts';
import { enrollLayout, waysBack, type EnrollContent } from './components/enroll-layout.ts';
import { icons } from './components/icons.ts';
import { liveRegion, statusLine } from './components/live-region.ts';
import { qrCode } from './components/qr-code.ts';
import type { EnrollPairPage } from './enroll-props.ts';
import { enrollLinksOf, fields, linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';

type StateOf<Kind extends EnrollPairPage['state']['kind']> = Extract<EnrollPairPage['state'], { readonly kind: Kind }>;

/** How often the page is loaded again without script. A person reads and types meanwhile. */
const reloadAfter = 10_000;

/** The address without the secret, as people type it: `login.example/authenticator`. */
const typedAddress = (link: string): string => {
  const { host, pathname } = new URL(link);
  return `${host}${pathname.replace(/\/$/u, '')}`;
};

const codeShown = (code: string, { pairing }: Words): Html =>
  html`<p class="pairing-code"><span class="visually-hidden">${pairing.code}: ${Array.from(code.replace('-', '')).join(' ')}</span><code aria-hidden="true">${code}</code></p>`;

/** Web apps notify on an iPhone only from the Home Screen, and the installed one has a storage of its own. */
const onIphone = ({ pairing: { iphone } }: Words): Html =>
  html`<details><summary>${icons.chevron}${iphone.question}</summary><p>${iphone.why}</p><ol class="steps">${iphone.steps.map(step => html`<li>${step}</li>`)}</ol></details>`;

const open = (props: EnrollPairPage, { code, link, until }: StateOf<'open'>, words: Words): EnrollContent => {
  const { uid, now, reference } = props;
  const { pairing, frame } = words;
  const minutes = pairing.minutesLeft(String(Math.max(1, Math.ceil((until - now) / 60_000))));
  const left = html`<span class="scripted" data-left="${frame.secondsLeft('{n}')}" data-left-minutes="${pairing.minutesLeft('{n}')}">${minutes}</span>`;
  const span = { now, since: until, until };
  return {
    heading: pairing.heading,
    lead: pairing.lead,
    scripts: ['waiting.js'],
    reload: { after: reloadAfter, to: linksOf(uid).here },
    body: html`<ol class="steps">
<li>${pairing.scan}${qrCode(link, pairing.picture)}<p class="note">${pairing.byHand} <code>${typedAddress(link)}</code></p></li>
<li>${pairing.type}${codeShown(code, words)}</li>
<li>${pairing.comeBack}</li>
</ol>
<p class="block"><a class="link" href="${link}" target="_blank" rel="noopener">${pairing.here}</a></p>
${onIphone(words)}
${liveRegion({ uid, events: enrollLinksOf(uid).events, progress: 'sent', span }, statusLine(pairing.status, left))}
<noscript><div class="actions"><a class="button" href="${linksOf(uid).here}">${pairing.checkAgain}</a></div></noscript>
${waysBack(uid, words)}
${details({ reference, at: now }, words)}`,
  };
};

const claimed = (props: EnrollPairPage, state: StateOf<'claimed'>, words: Words): EnrollContent => {
  const { uid, now, reference } = props;
  const { device, digits, until } = state;
  const { confirm } = words.pairing;
  return {
    heading: confirm.heading(device),
    lead: confirm.sentence(),
    focusesHeading: true,
    body: html`${numberDisplay(digits, { now, since: now, until })}
<form class="actions" method="post" action="${enrollLinksOf(uid).pair}"><input type="hidden" name="${fields.pairingDigits}" value="${digits}"><button class="button primary" type="submit" name="${fields.isOwnDevice}" value="yes">${confirm.yes}</button><button class="button secondary" type="submit" name="${fields.isOwnDevice}" value="no">${confirm.no}</button></form>
${details({ reference, at: now }, words)}`,
  };
};

const ended = (props: EnrollPairPage, { because }: StateOf<'ended'>, words: Words): EnrollContent => {
  const { uid, now, reference } = props;
  const { heading, sentence, advice, term } = words.pairing.ends[because];
  return {
    heading,
    lead: sentence,
    isError: true,
    body: html`${advice !== undefined && html`<ul class="advice">${adviceItem(icons.approve, advice)}</ul>`}
<div class="actions"><form method="post" action="${enrollLinksOf(uid).choose}"><button class="button primary" type="submit" name="${fields.method}" value="push">${words.pairing.again}</button></form></div>
${waysBack(uid, words)}
${details({ reference, at: now, code: { label: outcomeCodes.pairing(because), term }, open: true }, words)}`,
  };
};

const contentOf = (props: EnrollPairPage, words: Words): EnrollContent => {
  const { state } = props;
  if (state.kind === 'open') return open(props, state, words);
  return state.kind === 'claimed' ? claimed(props, state, words) : ended(props, state, words);
};

/** The page of a pairing, in every state. */
export const enrollPairPage = (props: EnrollPairPage, words: Words): Html =>
  enrollLayout(props, contentOf(props, words), words);
