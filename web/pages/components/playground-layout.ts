/**
 * Draws the document around each page of the playground: that of the developer portal, or a bar with its name where a page belongs
 * to no signed-in person.
 */
import { grouped, plain, type Phrase } from '../../../src/locales/phrase.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { asset } from '../../assets.ts';
import { html, type Html, type Value } from '../../html.ts';
import type { PlaygroundFrame } from '../playground-props.ts';
import { developerLayout, sheet as plainSheet } from './developer-layout.ts';
import { languageMenu, mark } from './layout.ts';
import { phraseHtml } from './phrase.ts';

export interface PlaygroundLayout {
  readonly frame: PlaygroundFrame;
  readonly heading: Phrase | string;
  readonly lead: string;
  readonly body: Value;
  /** Puts "Error" before the title, because screen readers read the title first. */
  readonly isError?: boolean;
}

/**
 * The whole document, from doctype to the end. A choice of language returns to the form, because the other pages cannot be repeated.
 */
export const playgroundLayout = (page: PlaygroundLayout, words: Words): Html => {
  const { frame, heading, lead, body, isError = false } = page;
  if (frame.portal !== undefined) {
    const shown = { heading, lead: html`<p class="lead">${lead}</p>`, body, isError };
    return developerLayout({ ...shown, frame: frame.portal, section: 'playground', styles: ['playground.css'] }, words);
  }
  const title = typeof heading === 'string' ? heading : plain(heading, words);
  return html`<!DOCTYPE html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<title>${isError ? words.frame.labelled(words.frame.error, title) : title} · ${words.frame.product}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" type="image/svg+xml" href="${asset('mark.svg')}">
<link rel="stylesheet" href="${asset('style.css')}">
<link rel="stylesheet" href="${asset('portal.css')}">
<link rel="stylesheet" href="${asset('playground.css')}">
<script type="module" src="${asset('enhance.js')}"></script>
</head>
<body class="portal">
<header class="bar">
<a class="home" href="${frame.page}">${mark('second-step')}<span class="product">${words.playground.name}</span></a>
</header>
<main>
<h1>${phraseHtml(heading, words)}</h1>
<p class="lead">${lead}</p>
${body}
</main>
<footer class="footer">
${languageMenu({ returnTo: frame.page }, words)}
<span class="reference">${words.frame.reference} <code>${grouped(frame.reference)}</code></span>
</footer>
</body>
</html>
`;
};

/** A part of a page under a heading of its own. */
export const sheet = (heading: string, body: Value): Html =>
  plainSheet(heading, html`<div class="wire-body">${body}</div>`);

/** Text of a protocol, as it is sent. Long lines are broken, so that no reader has to scroll. */
export const wireText = (text: string): Html => html`<pre class="wire" dir="ltr" translate="no">${text}</pre>`;
