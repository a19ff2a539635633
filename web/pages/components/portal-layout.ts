/** Draws the document around each page below /account: the bar with name and sign-out, the navigation, and the footer. */
import type { Phrase } from '../../../src/locales/phrase.ts';
import { grouped, plain } from '../../../src/locales/phrase.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { asset, type AssetName } from '../../assets.ts';
import { html, type Html, type Value } from '../../html.ts';
import type { PortalFrame } from '../account-props.ts';
import { accountLinks } from '../links.ts';
import { icons } from './icons.ts';
import { initialOf, languageMenu, mark } from './layout.ts';
import { phraseHtml } from './phrase.ts';

/** A page of the navigation. To add one: a row here, and its words in `account.navigation` of each language. */
const navigation = [
  { name: 'security', path: accountLinks.security },
  { name: 'sessions', path: accountLinks.sessions },
  { name: 'apps', path: accountLinks.apps },
  { name: 'profile', path: accountLinks.profile },
] as const;
type NavigationName = (typeof navigation)[number]['name'];

export interface PortalLayout {
  readonly frame: PortalFrame;
  /** The entry of the navigation that the page belongs to. */
  readonly section: NavigationName;
  readonly heading: Phrase | string;
  readonly lead?: Value;
  readonly body: Value;
  /** Puts "Error" before the title, because screen readers read the title first. */
  readonly isError?: boolean;
  readonly scripts?: readonly AssetName[];
}

const bar = ({ account }: PortalFrame, { frame, account: text }: Words): Html => html`<header class="bar">
<a class="home" href="${accountLinks.security}">${mark('second-step')}<span class="product">${frame.product}</span></a>
<span class="who"><span class="avatar" aria-hidden="true">${initialOf(account)}</span><span class="visually-hidden">${text.signedInAs}</span><bdi>${account}</bdi></span>
<a class="out" href="${accountLinks.signOut}">${text.signOut}</a>
</header>`;

const menu = (section: NavigationName, { account: text }: Words): Value =>
  navigation.length > 1 &&
  html`<nav class="sections" aria-label="${text.navigation.label}"><ul>${navigation.map(
    ({ name, path }) =>
      html`<li><a href="${path}" aria-current="${name === section && 'page'}">${text.navigation[name]}</a></li>`,
  )}</ul></nav>`;

/** Notices after a form that changed nothing. */
const unfinished: ReadonlySet<string> = new Set(['repeat', 'cancelled', 'passkey-missing']);

/** What the change that led here did. A name that the catalogue does not have says nothing. */
const noticeOf = ({ notice }: PortalFrame, { account: { notices } }: Words): Value => {
  const text = notice !== undefined && Object.hasOwn(notices, notice) ? notices[notice] : undefined;
  if (notice === undefined || text === undefined) return undefined;
  const isDone = !unfinished.has(notice);
  return html`<div class="alert ${isDone && 'done'}" role="status">${isDone ? icons.tick : icons.alert}<p>${text}</p></div>`;
};

/** The whole document, from doctype to the end. */
export const portalLayout = (page: PortalLayout, words: Words): Html => {
  const { frame, section, heading, lead, body, isError, scripts = [] } = page;
  const title = typeof heading === 'string' ? heading : plain(heading);
  return html`<!DOCTYPE html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<title>${isError === true && `${words.frame.error}: `}${title} · ${words.frame.product}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" type="image/svg+xml" href="${asset('mark.svg')}">
<link rel="stylesheet" href="${asset('style.css')}">
<link rel="stylesheet" href="${asset('portal.css')}">
${[...scripts, 'enhance.js' as const].map(name => html`<script type="module" src="${asset(name)}"></script>\n`)}
</head>
<body class="portal">
${bar(frame, words)}
${menu(section, words)}
<main>
${noticeOf(frame, words)}
<h1>${phraseHtml(heading)}</h1>
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
