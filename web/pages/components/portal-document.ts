/** Draws the document around each page of a portal: the bar with name and sign-out, the navigation, and the footer. */
import { grouped, plain, type Phrase } from '../../../src/locales/phrase.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { asset, type AssetName } from '../../assets.ts';
import { html, type Html, type Value } from '../../html.ts';
import type { PortalFrame } from '../account-props.ts';
import { icons } from './icons.ts';
import { initialOf, languageMenu, mark } from './layout.ts';
import { phraseHtml } from './phrase.ts';

/** The parts that all pages of a portal share. */
export interface PortalParts {
  /** In the bar, as a link to the start page. */
  readonly name: string;
  readonly home: string;
  readonly signOut: string;
  /** Name of the navigation for screen readers, and its pages. */
  readonly label: string;
  readonly navigation: readonly { readonly path: string; readonly label: string; readonly isCurrent: boolean }[];
  /** What changes report, by name. */
  readonly notices: Readonly<Record<string, string>>;
  readonly styles: readonly AssetName[];
}

export interface PortalDocument {
  readonly frame: PortalFrame;
  readonly heading: Phrase | string;
  /** Above the heading: the way to the page. */
  readonly above?: Value;
  /** Takes the place of the plain heading; it must contain the `h1`. */
  readonly headingHtml?: Html;
  readonly lead?: Value;
  readonly body: Value;
  /** Puts "Error" before the title, because screen readers read the title first. */
  readonly isError?: boolean;
  readonly scripts?: readonly AssetName[];
}

const bar = ({ account }: PortalFrame, parts: PortalParts, { account: text }: Words): Html => html`<header class="bar">
<a class="home" href="${parts.home}">${mark('second-step')}<span class="product">${parts.name}</span></a>
<span class="who"><span class="avatar" aria-hidden="true">${initialOf(account)}</span><span class="visually-hidden">${text.signedInAs}</span><bdi>${account}</bdi></span>
<a class="out" href="${parts.signOut}">${text.signOut}</a>
</header>`;

const menu = ({ label, navigation }: PortalParts): Value =>
  navigation.length > 1 &&
  html`<nav class="sections" aria-label="${label}"><ul>${navigation.map(
    page => html`<li><a href="${page.path}" aria-current="${page.isCurrent && 'page'}">${page.label}</a></li>`,
  )}</ul></nav>`;

/** Notices after a form without a change. */
const unfinished: ReadonlySet<string> = new Set([
  'repeat',
  'cancelled',
  'passkey-missing',
  'gone',
  'unchanged',
  'last-owner',
]);

/** The report of the change that led here, if the catalogue has one of this name. */
const noticeOf = ({ notice }: PortalFrame, { notices }: PortalParts): Value => {
  const text = notice !== undefined && Object.hasOwn(notices, notice) ? notices[notice] : undefined;
  if (notice === undefined || text === undefined) return undefined;
  const isDone = !unfinished.has(notice);
  return html`<div class="alert ${isDone && 'done'}" role="status">${isDone ? icons.tick : icons.alert}<p>${text}</p></div>`;
};

/** The whole document, from doctype to the end. */
export const portalDocument = (page: PortalDocument, parts: PortalParts, words: Words): Html => {
  const { frame, heading, above, headingHtml, lead, body, isError, scripts = [] } = page;
  // The security page has the name of the product.
  const titles = new Set([
    typeof heading === 'string' ? heading : plain(heading, words),
    parts.name,
    words.frame.product,
  ]);
  const title = [...titles].join(' · ');
  return html`<!DOCTYPE html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<title>${isError === true ? words.frame.labelled(words.frame.error, title) : title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" type="image/svg+xml" href="${asset('mark.svg')}">
${parts.styles.map(name => html`<link rel="stylesheet" href="${asset(name)}">\n`)}${[...scripts, 'enhance.js' as const].map(name => html`<script type="module" src="${asset(name)}"></script>\n`)}
</head>
<body class="portal">
${bar(frame, parts, words)}
${menu(parts)}
<main>
${noticeOf(frame, parts)}
${above}
${headingHtml ?? html`<h1>${phraseHtml(heading, words)}</h1>`}
${lead}
${body}
</main>
<footer class="footer">
${languageMenu({ returnTo: frame.here }, words)}
<span class="reference">${words.frame.reference} <code>${grouped(frame.reference)}</code></span>
</footer>
</body>
</html>
`;
};
