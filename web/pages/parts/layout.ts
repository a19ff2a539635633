/** The sheet every page is printed on: the wall with its arches, the card, what stands above and below. */
import { plain, type Phrase } from '../../../src/locales/phrase.ts';
import { languageNames, type Words } from '../../../src/locales/wording.ts';
import { asset, type AssetName } from '../../assets.ts';
import { html, type Html, type Value } from '../../html.ts';
import type { ClientShown } from '../props.ts';
import { fields, languagePath, linksOf } from '../links.ts';
import { hidden } from './actions.ts';
import { icons } from './icons.ts';
import { say } from './phrase.ts';

/** The first door is before the password, the second after it; through: both are behind. */
export type Door = 'first' | 'second' | 'through';

export interface Layout {
  readonly door: Door;
  /** The one heading: what happens now. */
  readonly heading: Phrase | string;
  /** What to do. */
  readonly lead?: Phrase | string;
  readonly body: Value;
  readonly client?: ClientShown;
  /** False where the heading names the client already. */
  readonly named?: boolean;
  /** Who is signing in, with the way out for someone else. */
  readonly account?: string;
  readonly uid?: string;
  readonly reference?: string;
  readonly scripts?: readonly AssetName[];
  /** Marks the title, for those who hear it first. */
  readonly wrong?: boolean;
  /** Address this page moves to by itself. */
  readonly onward?: string;
  /** This page's own address, where a choice of language comes back to; else the sign-in's. */
  readonly here?: string | undefined;
}

/** `7K3MQ2XA` as people read it to one another: `7K3M-Q2XA`. */
export const grouped = (reference: string): string => reference.replace(/^(.{4})(?=.)/u, '$1-');

const first = (text: string): string => (Array.from(text.trim())[0] ?? '·').toUpperCase();

const innerArch = {
  first: html`<path class="unlit" d="M10.5 28.5V16.5a5.5 5.5 0 0 1 11 0v12" />`,
  second: html`<path class="lit" d="M10.5 28.5V16.5a5.5 5.5 0 0 1 11 0v12z" />`,
  through: html`<path d="M10.5 28.5V16.5a5.5 5.5 0 0 1 11 0v12" />`,
};

const mark = (door: Door): Html =>
  html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path d="M4 28.5V15a12 12 0 0 1 24 0v13.5" />${innerArch[door]}</svg>`;

const top = ({ door, client, named = true }: Layout, { frame }: Words): Html => html`<div class="top">
${mark(door)}<span class="${door === 'second' ? undefined : 'product'}">${door === 'second' ? frame.secondStep : frame.product}</span>
${client && html`<span class="client"><span class="tile" aria-hidden="true">${first(client.name)}</span>${named && html`<bdi>${client.name}</bdi>`}</span>`}
</div>`;

const chip = ({ account, uid }: Layout, { frame }: Words): Value =>
  account !== undefined &&
  uid !== undefined &&
  html`<form class="chip" method="post" action="${linksOf(uid).restart}">
<span class="avatar" aria-hidden="true">${first(account)}</span><span class="apart">${frame.signingInAs}</span><bdi>${account}</bdi>
<button class="quiet" type="submit">${frame.notYou}</button>
</form>`;

// A page that moves on by itself is gone before anybody chooses.
const tongues = ({ uid, here, onward }: Layout, { frame, language, languageName }: Words): Html => {
  const said = html`<span class="apart">${frame.language}: </span>${languageName}`;
  if (onward !== undefined) return html`<span>${said}</span>`;
  const back = here ?? (uid === undefined ? '/' : linksOf(uid).here);
  return html`<details class="tongues"><summary>${said}${icons.chevron}</summary>
<form method="post" action="${languagePath}">${hidden({ [fields.back]: back })}${languageNames.map(
    ([tag, name]) =>
      html`<button class="quiet" type="submit" name="${fields.language}" value="${tag}" lang="${tag}" aria-current="${tag === language && 'true'}">${name}</button>`,
  )}</form></details>`;
};

const foot = (page: Layout, words: Words): Html => html`<footer class="foot">
${page.uid !== undefined && html`<a href="${linksOf(page.uid).help}">${words.frame.help}</a>`}
${tongues(page, words)}
${page.reference !== undefined && html`<span class="reference">${words.frame.reference} <code>${grouped(page.reference)}</code></span>`}
</footer>`;

// Only a path of ours or an http address may move a page; the quotes keep the address whole.
const moving = (to: string): Html => {
  const { protocol } = new URL(to, 'https://here.invalid');
  if (protocol !== 'https:' && protocol !== 'http:')
    throw new TypeError(`a page moves to http addresses, got ${protocol}`);
  return html`<meta http-equiv="refresh" content="0;url='${to.replaceAll("'", '%27')}'">`;
};

/** One whole document. */
export const layout = (page: Layout, words: Words): Html => {
  const heading = typeof page.heading === 'string' ? page.heading : plain(page.heading);
  return html`<!DOCTYPE html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<title>${page.wrong === true && `${words.frame.error}: `}${heading} · ${words.frame.product}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${page.onward !== undefined && moving(page.onward)}
<link rel="icon" type="image/svg+xml" href="${asset('mark.svg')}">
<link rel="stylesheet" href="${asset('style.css')}">
${page.scripts?.map(name => html`<script type="module" src="${asset(name)}"></script>\n`)}
</head>
<body>
<div class="arch"></div>${page.door !== 'first' && html`<div class="arch"></div>`}
<div class="page">
<main class="card">
${top(page, words)}
${chip(page, words)}
<h1>${say(page.heading)}</h1>
${page.lead !== undefined && html`<p class="lead">${say(page.lead)}</p>`}
${page.body}
</main>
${foot(page, words)}
</div>
</body>
</html>
`;
};
