/** Draws the pages that end a session, or replace it by the session of another person. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { accountButton, clientButton, hiddenFields } from './components/actions.ts';
import { layout } from './components/layout.ts';
import type { LoggedOutPage, LogoutPage, SwitchPage } from './props.ts';

/** Asks before signing out (OpenID Connect RP-Initiated Logout 1.0 §2). */
export const logoutPage = ({ action, xsrf, client }: LogoutPage, words: Words): Html => {
  const text = words.pages.logout;
  return layout(
    {
      stage: 'signed-in',
      heading: text.heading,
      lead: text.sentence,
      ...(client !== undefined && { client }),
      body: html`<form class="actions" method="post" action="${action}">${hiddenFields({ xsrf })}
<button class="button primary" type="submit" name="logout" value="yes">${text.yes}</button>
<button class="button" type="submit">${text.no}</button>
</form>`,
    },
    words,
  );
};

/** After a logout that returns to no client. The button leads to the page of a known client, else to the person's account. */
export const loggedOutPage = ({ client }: LoggedOutPage, words: Words): Html => {
  const { signedOut } = words.pages;
  return layout(
    {
      stage: 'signed-out',
      heading: signedOut.heading,
      lead: signedOut.sentence,
      ...(client !== undefined && { client }),
      body: clientButton(client, words.frame.backTo) || accountButton(words),
    },
    words,
  );
};

/** After "Stay signed in". A known client with a registered page gets a button. */
export const stayedPage = ({ client }: LoggedOutPage, words: Words): Html => {
  const { stayed } = words.pages.logout;
  return layout(
    {
      stage: 'signed-in',
      heading: stayed.heading,
      lead: stayed.sentence,
      ...(client && { client }),
      body: clientButton(client, words.frame.backTo),
    },
    words,
  );
};

/** Asks before replacing the session of another person in this browser, because continuing signs that person out. */
export const switchPage = (props: SwitchPage, words: Words): Html => {
  const { current, wanted, client, uid, reference, action, stay } = props;
  const text = words.pages.switch;
  return layout(
    {
      stage: 'signed-in',
      heading: text.heading(wanted),
      lead: text.sentence(current),
      client,
      uid,
      reference,
      body: html`<form class="actions" method="post" action="${action}">
<button class="button primary" type="submit">${text.yes(wanted)}</button>
</form>
<form class="actions" method="post" action="${stay}"><button class="button" type="submit">${text.no(current)}</button></form>`,
    },
    words,
  );
};
