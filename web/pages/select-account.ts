/** Draws the page that asks which account to use: that of the person who is signed in, or another (`prompt=select_account`). */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { layout } from './components/layout.ts';
import { fields, linksOf } from './links.ts';
import type { SelectAccountPage } from './props.ts';

/** Both buttons continue; a third one leaves for the client. */
export const selectAccountPage = ({ uid, client, account, reference }: SelectAccountPage, words: Words): Html => {
  const { frame, pages } = words;
  const text = pages.selectAccount;
  return layout(
    {
      stage: 'signed-in',
      heading: text.heading,
      lead: text.sentence(client.name),
      client,
      showsClient: false,
      uid,
      reference,
      body: html`<form class="actions" method="post" action="${linksOf(uid).account}">
<button class="button primary" type="submit" name="${fields.account}" value="same">${text.same(account)}</button>
<button class="button" type="submit" name="${fields.account}" value="another">${text.another}</button>
</form>
<form class="leave" method="post" action="${linksOf(uid).cancel}"><button class="quiet" type="submit">${frame.backTo(client.name)}</button></form>`,
    },
    words,
  );
};
