/** Draws the page after a sign-in to a portal that was left, refused or begun in another browser. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import { layout } from '../components/layout.ts';

/** `home`: path of the portal. */
export const notSignedInPage = (home: string, words: Words): Html => {
  const text = words.account.notSignedIn;
  return layout(
    {
      stage: 'signed-out',
      heading: text.heading,
      lead: text.sentence,
      returnTo: home,
      body: html`<div class="actions"><a class="button primary" href="${home}">${text.again}</a></div>`,
    },
    words,
  );
};
