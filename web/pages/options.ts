/** "Use a different verification option": the whole row is the target, the last row leads to help. */
import type { EpochMillis } from '../../src/ports/time.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { fields, linksOf } from './links.ts';
import { iconOf, icons } from './parts/icons.ts';
import { say } from './parts/phrase.ts';
import { partsOf } from './parts/line.ts';
import { live } from './parts/live-region.ts';
import { layout } from './parts/layout.ts';
import type { Option, OptionsPage } from './props.ts';

// The space before each is for whoever hears the whole row as the button's name.
const tags = (option: Option, { pages: { options } }: Words): Value => [
  option.now === 'waiting' && html` <span class="tag waiting">${options.waiting}</span>`,
  option.isDefault === true && html` <span class="tag default">${options.isDefault}</span>`,
  option.isLastUsed === true && html` <span class="tag">${options.isLastUsed}</span>`,
];

/** What a row is about: of several phones, which one. */
const target = ({ label, target: number, type }: Option, several: boolean, { pages }: Words): Value => {
  if (number === undefined) return pages.methods[type]?.note ?? label;
  const { line, extension } = partsOf(number);
  const behind = extension !== undefined && html`, ${pages.options.extension(extension)}`;
  const shown = html`<bdi dir="ltr">${line}</bdi>${behind}`;
  const { phones } = pages.options;
  // a label is anybody's to choose, `constructor` too
  const which = Object.hasOwn(phones, label) ? phones[label] : label;
  return several ? html`<bdi>${which}</bdi> · ${shown}` : shown;
};

const resting = ({ restsFor }: Option, until: EpochMillis, now: EpochMillis, { pages, frame }: Words): Html =>
  html`${restsFor && `${pages.options.rests[restsFor]} `}${say(frame.tryAgainAt(now, until))}`;

const row = (option: Option, now: EpochMillis, several: boolean, words: Words): Html => {
  const { type, restsUntil, method } = option;
  const known = words.pages.methods[type];
  const named = (option.now === 'over' ? known?.again : undefined) ?? known?.name ?? option.label;
  const rests = restsUntil !== undefined && restsUntil > now;
  const shown = html`<span class="icon">${iconOf(type)}</span><span><b>${named}</b>${tags(option, words)}<small>${target(option, several, words)}</small>${rests && html`<small>${resting(option, restsUntil, now, words)}</small>`}</span>`;
  return rests
    ? html`<li><div class="row rests">${shown}</div></li>`
    : html`<li><button class="row" type="submit" name="${fields.method}" value="${method}">${shown}${icons.chevron}</button></li>`;
};

/** Where a phone still rings, its answer leads on from here too. */
const listening = (uid: string): Html =>
  live({ uid, progress: 'starting' }, html`<form method="post" action="${linksOf(uid).factor}" data-onward=""></form>`);

export const optionsPage = ({ uid, client, account, reference, now, rows }: OptionsPage, words: Words): Html => {
  const links = linksOf(uid);
  const isWaiting = rows.some(({ answeredElsewhere }) => answeredElsewhere === true);
  const phones = new Set(rows.flatMap(({ target: number }) => number ?? []));
  return layout(
    {
      door: 'second',
      heading: words.frame.otherOption,
      client,
      uid,
      here: links.options,
      reference,
      scripts: isWaiting ? ['waiting.js', 'small.js'] : ['small.js'],
      body: html`<p class="apart">${words.frame.signingInAs} <bdi>${account}</bdi></p>
<form class="rows" method="post" action="${links.options}"><ul>
${rows.map(option => row(option, now, phones.size > 1, words))}
<li><a class="row" href="${links.helpless}"><span class="icon plain">${icons.question}</span><span><b>${words.pages.options.none}</b></span>${icons.chevron}</a></li>
</ul></form>
${isWaiting && listening(uid)}`,
    },
    words,
  );
};
