/** Draws "Use a different verification option": a row for each method that can be used here, and a last row that leads to help. */
import type { EpochMillis } from '../../src/ports/time.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { fields, linksOf } from './links.ts';
import { iconOf, icons } from './components/icons.ts';
import { phraseHtml } from './components/phrase.ts';
import { splitNumber } from './components/masked-number.ts';
import { liveRegion } from './components/live-region.ts';
import { layout } from './components/layout.ts';
import type { Option, OptionsPage } from './props.ts';

// Each begins with a space, because screen readers read the whole row as the name of the button.
const tags = (option: Option, { pages: { options } }: Words): Value => [
  option.now === 'waiting' && html` <span class="tag waiting">${options.waiting}</span>`,
  option.isDefault === true && html` <span class="tag default">${options.isDefault}</span>`,
  option.isLastUsed === true && html` <span class="tag">${options.isLastUsed}</span>`,
];

/** The phone of a row, with its label where the person has several. Methods without a phone have a note or their own label. */
const target = ({ label, target: number, type }: Option, several: boolean, { pages }: Words): Value => {
  if (number === undefined) return pages.methods[type]?.note ?? label;
  const { number: withoutIt, extension } = splitNumber(number);
  const suffix = extension !== undefined && html`, ${pages.options.extension(extension)}`;
  const phone = html`<bdi dir="ltr">${withoutIt}</bdi>${suffix}`;
  const { phones } = pages.options;
  // Own members only: people choose labels, and one may be `constructor`.
  const name = Object.hasOwn(phones, label) ? phones[label] : label;
  return several ? html`<bdi>${name}</bdi> · ${phone}` : phone;
};

const unavailable = ({ unavailableReason: reason }: Option, until: EpochMillis, now: EpochMillis, words: Words): Html =>
  html`${reason && `${words.pages.options.unavailable[reason]} `}${phraseHtml(words.frame.tryAgainAt(now, until))}`;

const row = (option: Option, now: EpochMillis, several: boolean, words: Words): Html => {
  const { type, unavailableUntil: until, method } = option;
  const known = words.pages.methods[type];
  const name = (option.now === 'over' ? known?.again : undefined) ?? known?.name ?? option.label;
  const isUnavailable = until !== undefined && until > now;
  const content = html`<span class="icon">${iconOf(type)}</span><span><b>${name}</b>${tags(option, words)}<small>${target(option, several, words)}</small>${isUnavailable && html`<small>${unavailable(option, until, now, words)}</small>`}</span>`;
  return isUnavailable
    ? html`<li><div class="row unavailable">${content}</div></li>`
    : html`<li><button class="row" type="submit" name="${fields.method}" value="${method}">${content}${icons.chevron}</button></li>`;
};

/** Receives the events of a challenge that is answered on a phone, so that its answer continues the sign-in from this page too. */
const eventListener = (uid: string): Html =>
  liveRegion(
    { uid, progress: 'starting' },
    html`<form method="post" action="${linksOf(uid).factor}" data-autosubmit=""></form>`,
  );

/** A method that can be chosen is a button as large as its row. Others say until when they cannot. */
export const optionsPage = ({ uid, client, account, reference, now, rows }: OptionsPage, words: Words): Html => {
  const links = linksOf(uid);
  const isWaiting = rows.some(({ answeredElsewhere }) => answeredElsewhere === true);
  const phones = new Set(rows.flatMap(({ target: number }) => number ?? []));
  return layout(
    {
      stage: 'second-step',
      heading: words.frame.otherOption,
      client,
      uid,
      returnTo: links.options,
      reference,
      scripts: isWaiting ? ['waiting.js', 'enhance.js'] : ['enhance.js'],
      body: html`<p class="visually-hidden">${words.frame.signingInAs} <bdi>${account}</bdi></p>
<form class="rows" method="post" action="${links.options}"><ul>
${rows.map(option => row(option, now, phones.size > 1, words))}
<li><a class="row" href="${links.helpNothingLeft}"><span class="icon plain">${icons.question}</span><span><b>${words.pages.options.none}</b></span>${icons.chevron}</a></li>
</ul></form>
${isWaiting && eventListener(uid)}`,
    },
    words,
  );
};
