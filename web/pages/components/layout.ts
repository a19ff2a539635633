/** Draws the whole document of a page: head, background, card, the header above the content and the footer below. */
import type { Millis } from '../../../src/ports/time.ts';
import { grouped, plain, type Phrase } from '../../../src/locales/phrase.ts';
import { languageNames, type Words } from '../../../src/locales/wording.ts';
import { asset, type AssetName } from '../../assets.ts';
import { hasSafeScheme, html, type Html, type Value } from '../../html.ts';
import type { ClientShown, DeveloperNotes, LimitName } from '../props.ts';
import type { WhyReason } from '../step-props.ts';
import { fields, languagePath, linksOf } from '../links.ts';
import { hiddenFields } from './actions.ts';
import { developerNote } from './developer-note.ts';
import { icons } from './icons.ts';
import { phraseHtml } from './phrase.ts';
import { whyAsked } from './why-asked.ts';

/** How far the person is. It chooses the drawing of the mark and the arches of the background. */
export type Stage = 'signed-out' | 'second-step' | 'signed-in';

export interface Layout {
  readonly stage: Stage;
  /** Text of the header in the stage 'second-step'. Default: "Second step". */
  readonly stageText?: string;
  /** The one heading: what happens now. */
  readonly heading: Phrase | string;
  /** What to do. */
  readonly lead?: Phrase | string;
  readonly body: Value;
  readonly client?: ClientShown;
  /** False where the heading names the client already. Default true. */
  readonly showsClient?: boolean;
  /** Name of the person. The page offers "Not you?" beside the name. */
  readonly account?: string;
  readonly uid?: string;
  readonly reference?: string;
  /** Without `enhance.js`, which every page with a menu of languages has. */
  readonly scripts?: readonly AssetName[];
  /** Puts "Error" before the title, because screen readers read the title first. */
  readonly isError?: boolean;
  /** Puts the focus on the heading, so that screen readers begin there. For a page that replaces one with a field. */
  readonly focusesHeading?: boolean;
  /** Without script the page is loaded again: `to`, a path of ours, after so many milliseconds. Not for pages with a field. */
  readonly reload?: { readonly after: Millis; readonly to: string };
  /** The address that this page redirects to, by a `refresh` of 0 seconds. */
  readonly redirectTo?: string;
  /** Reasons for “Why was I asked?” below the content. */
  readonly why?: readonly WhyReason[] | undefined;
  readonly developerNotes?: DeveloperNotes | undefined;
  /** The limit that made this page, for the developer's note about it. */
  readonly limit?: LimitName | undefined;
  /** The page that a choice of language returns to. Default: the page of the sign-in. */
  readonly returnTo?: string | undefined;
}

/** The letter in the circle of an account or client. */
export const initialOf = (text: string): string => (Array.from(text.trim())[0] ?? '·').toUpperCase();

const innerArch: Readonly<Record<Stage, Html>> = {
  'signed-out': html`<path class="unlit" d="M10.5 28.5V16.5a5.5 5.5 0 0 1 11 0v12" />`,
  'second-step': html`<path class="lit" d="M10.5 28.5V16.5a5.5 5.5 0 0 1 11 0v12z" />`,
  'signed-in': html`<path d="M10.5 28.5V16.5a5.5 5.5 0 0 1 11 0v12" />`,
};

export const mark = (stage: Stage): Html =>
  html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path d="M4 28.5V15a12 12 0 0 1 24 0v13.5" />${innerArch[stage]}</svg>`;

const header = (
  { stage, stageText, client, showsClient = true }: Layout,
  { frame }: Words,
): Html => html`<div class="top">
${mark(stage)}${stage === 'second-step' ? html`<span>${stageText ?? frame.secondStep}</span>` : html`<span class="product">${frame.product}</span>`}
${client && html`<span class="client"><span class="tile" aria-hidden="true">${initialOf(client.name)}</span>${showsClient && html`<bdi>${client.name}</bdi>`}</span>`}
</div>`;

const accountChip = ({ account, uid }: Layout, { frame }: Words): Value =>
  account !== undefined &&
  uid !== undefined &&
  html`<form class="chip" method="post" action="${linksOf(uid).restart}">
<span class="avatar" aria-hidden="true">${initialOf(account)}</span><span class="visually-hidden">${frame.signingInAs}</span><bdi>${account}</bdi>
<button class="quiet" type="submit">${frame.notYou}</button>
</form>`;

/** The menu of languages. A page that redirects has none: it is gone before a person can choose. */
export const languageMenu = (
  { uid, returnTo, redirectTo }: Pick<Layout, 'uid' | 'returnTo' | 'redirectTo'>,
  { frame, language, languageName }: Words,
): Html => {
  const label = html`<span class="visually-hidden">${frame.language} </span>${languageName}`;
  if (redirectTo !== undefined) return html`<span>${label}</span>`;
  const back = returnTo ?? (uid === undefined ? '/' : linksOf(uid).here);
  return html`<details class="languages"><summary>${label}${icons.chevron}</summary>
<form method="post" action="${languagePath}">${hiddenFields({ [fields.back]: back })}${languageNames.map(
    ([tag, name]) =>
      html`<button class="quiet" type="submit" name="${fields.language}" value="${tag}" lang="${tag}" aria-current="${tag === language && 'true'}">${name}</button>`,
  )}</form></details>`;
};

const footer = (page: Layout, words: Words): Html => html`<footer class="footer">
${page.uid !== undefined && html`<a href="${linksOf(page.uid).help}">${words.frame.help}</a>`}
${languageMenu(page, words)}
${page.reference !== undefined && html`<span class="reference">${words.frame.reference} <code>${grouped(page.reference)}</code></span>`}
</footer>`;

/**
 * The quotes keep an address with a semicolon in one piece, and a quote inside it is encoded.
 * @throws TypeError for a scheme that is neither http nor https nor that of an installed program.
 */
const refresh = (to: string, seconds: number): Html => {
  if (!hasSafeScheme(to)) {
    throw new TypeError('a page redirects to http addresses and installed programs, got another scheme');
  }
  return html`<meta http-equiv="refresh" content="${seconds};url='${to.replaceAll("'", '%27')}'">`;
};

/** The scripts of a page, and those of the menu of languages, which every page has that is not gone at once. */
const scriptsOf = ({ scripts = [], redirectTo }: Layout): readonly AssetName[] =>
  redirectTo === undefined ? [...scripts, 'enhance.js'] : scripts;

/** The whole document, from doctype to the end. */
export const layout = (page: Layout, words: Words): Html => {
  const heading = typeof page.heading === 'string' ? page.heading : plain(page.heading, words);
  return html`<!DOCTYPE html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<title>${page.isError === true ? words.frame.labelled(words.frame.error, heading) : heading} · ${words.frame.product}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${page.redirectTo !== undefined && refresh(page.redirectTo, 0)}
${page.reload && html`<noscript>${refresh(page.reload.to, Math.ceil(page.reload.after / 1000))}</noscript>`}
<link rel="icon" type="image/svg+xml" href="${asset('mark.svg')}">
<link rel="stylesheet" href="${asset('style.css')}">
${scriptsOf(page).map(name => html`<script type="module" src="${asset(name)}"></script>\n`)}
</head>
<body>
<div class="arch"></div>${page.stage !== 'signed-out' && html`<div class="arch"></div>`}
<div class="page">
<main class="card">
${header(page, words)}
${accountChip(page, words)}
<h1 tabindex="${page.focusesHeading === true && '-1'}" autofocus="${page.focusesHeading === true}">${phraseHtml(page.heading, words)}</h1>
${page.lead !== undefined && html`<p class="lead">${phraseHtml(page.lead, words)}</p>`}
${page.body}
${whyAsked(page.why, page.client?.name ?? '', words)}
${developerNote(page.developerNotes, page.limit)}
</main>
${footer(page, words)}
</div>
</body>
</html>
`;
};
