/** "Use a different verification option": the whole row is the target, the last row leads to help. */
import { say } from './parts/phrase.ts';
import type { Words } from '../../src/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { fields, linksOf } from './links.ts';
import { iconOf, icons } from './parts/icons.ts';
import { sheet } from './parts/sheet.ts';
import type { Option, OptionsPage } from './props.ts';

const tags = (option: Option, { pages: { options } }: Words): Value => [
  option.now === 'waiting' && html`<span class="tag waiting">${options.waiting}</span>`,
  option.isDefault === true && html`<span class="tag default">${options.isDefault}</span>`,
  option.isLastUsed === true && html`<span class="tag">${options.isLastUsed}</span>`,
];

const row = (option: Option, now: number, words: Words): Html => {
  const { methods, options } = words.pages;
  const known = methods[option.type];
  const named = option.now === 'over' && option.type === 'call' ? options.callAgain : (known?.name ?? option.label);
  const rests = option.restsUntil !== undefined && option.restsUntil > now;
  const target =
    option.target === undefined ? (known?.note ?? option.label) : html`<bdi dir="ltr">${option.target}</bdi>`;
  const second = rests ? say(words.frame.tryAgainAt(now, option.restsUntil)) : target;
  const shown = html`<span class="icon">${iconOf(option.type)}</span><span><b>${named}</b>${tags(option, words)}<small>${second}</small></span>`;
  return rests
    ? html`<li><div class="row">${shown}</div></li>`
    : html`<li><button class="row" type="submit" name="${fields.method}" value="${option.method}">${shown}${icons.chevron}</button></li>`;
};

export const optionsPage = ({ uid, client, account, reference, now, rows }: OptionsPage, words: Words): Html => {
  const links = linksOf(uid);
  return sheet(
    {
      door: 'second',
      heading: words.frame.otherOption,
      client,
      uid,
      here: links.options,
      reference,
      scripts: ['small.js'],
      body: html`<p class="apart">${words.frame.signingInAs} <bdi>${account}</bdi></p>
<form class="rows" method="post" action="${links.options}"><ul>
${rows.map(option => row(option, now, words))}
<li><a class="row" href="${links.helpless}"><span class="icon plain">${icons.question}</span><span><b>${words.pages.options.none}</b></span>${icons.chevron}</a></li>
</ul></form>`,
    },
    words,
  );
};
