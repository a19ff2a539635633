/** Draws the list of browsers in which the person is not asked for the second step. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import type { RememberedBrowserRow } from '../account-sessions-props.ts';
import { dotted } from '../components/dotted.ts';
import { phraseHtml } from '../components/phrase.ts';
import { accountLinks, fields } from '../links.ts';

const item = ({ id, browser = {}, address, since, usedAt, until }: RememberedBrowserRow, words: Words): Html => {
  const { remembered: text, sessions, browser: nameOf } = words.accountSessions;
  const name = nameOf(browser.browser, browser.system);
  return html`<li class="item"><div class="what"><p><b>${name}</b></p>
<p class="note">${dotted([address !== undefined && html`<bdi dir="ltr">${address}</bdi>`, phraseHtml(sessions.used(usedAt), words)])}</p>
<p class="note">${dotted([phraseHtml(text.since(since), words), phraseHtml(text.until(until), words)])}</p></div>
<form class="does" method="post" action="${accountLinks.forgetBrowser}"><input type="hidden" name="${fields.browser}" value="${id}"><button class="button" type="submit">${text.forget}<span class="visually-hidden"> ${name} ${address}</span></button></form></li>`;
};

/** The section of the page of sessions. */
export const rememberedBrowsers = (rows: readonly RememberedBrowserRow[], words: Words): Html => {
  const { remembered: text } = words.accountSessions;
  const forgetAll = html`<form method="post" action="${accountLinks.forgetBrowsers}"><button class="button" type="submit">${text.forgetAll}</button></form>`;
  return html`<section class="sheet"><div class="sheet-head"><h2>${text.heading}</h2>${rows.length > 1 && forgetAll}</div>
${rows.length > 0 && html`<ul>${rows.map(row => item(row, words))}</ul>`}
<div class="prose"><p class="note">${rows.length === 0 ? text.empty : text.effect}</p></div></section>`;
};
