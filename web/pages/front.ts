/** The server's own address, opened by itself. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { layout } from './parts/layout.ts';

export const frontPage = (words: Words): Html => {
  const { front } = words.pages;
  const body = html`<p class="links"><a href="/.well-known/openid-configuration">${front.discovery}</a></p>`;
  return layout({ door: 'first', heading: front.heading, lead: front.sentence, body }, words);
};
