/** Draws the page of the address `/`, which a person opens without a client. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { accountButton } from './components/actions.ts';
import { layout } from './components/layout.ts';
import type { DeveloperNotes } from './props.ts';

/**
 * Says that sign-ins begin at a website. Links to the person's own account, and to the discovery document (OpenID Connect Discovery
 * 1.0 §4).
 */
export const frontPage = (words: Words, notes?: DeveloperNotes): Html => {
  const { front } = words.pages;
  const links = notes?.links.map(({ label, href }) => html`<a lang="en" href="${href}">${label}</a>`);
  const body = html`${accountButton(words)}
<p class="links"><a href="/.well-known/openid-configuration">${front.discovery}</a>${links}</p>`;
  return layout({ stage: 'signed-out', heading: front.heading, lead: front.sentence, body }, words);
};
