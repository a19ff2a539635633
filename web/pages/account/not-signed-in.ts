/** Draws the page after a sign-in to the security page that was left, refused or begun in another browser. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import { layout } from '../components/layout.ts';
import { accountLinks } from '../links.ts';

export const notSignedInPage = (words: Words): Html => {
  const text = words.account.notSignedIn;
  return layout(
    {
      stage: 'signed-out',
      heading: text.heading,
      lead: text.sentence,
      returnTo: accountLinks.security,
      body: html`<div class="actions"><a class="button primary" href="${accountLinks.security}">${text.again}</a></div>`,
    },
    words,
  );
};
