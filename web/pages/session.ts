/** Ending a session, or changing whose it is. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { hidden } from './parts/actions.ts';
import { layout } from './parts/layout.ts';
import type { LoggedOutPage, LogoutPage, SwitchPage } from './props.ts';

/** RP-initiated logout asks first (OpenID Connect RP-Initiated Logout 1.0 §2). */
export const logoutPage = ({ action, xsrf, client }: LogoutPage, words: Words): Html => {
  const said = words.pages.logout;
  return layout(
    {
      door: 'through',
      heading: said.heading,
      lead: said.sentence,
      ...(client !== undefined && { client }),
      body: html`<form class="actions" method="post" action="${action}">${hidden({ xsrf })}
<button class="button primary" type="submit" name="logout" value="yes">${said.yes}</button>
<button class="button" type="submit">${said.no}</button>
</form>`,
    },
    words,
  );
};

export const loggedOutPage = ({ client }: LoggedOutPage, words: Words): Html => {
  const { signedOut } = words.pages;
  return layout(
    {
      door: 'first',
      heading: signedOut.heading,
      lead: signedOut.sentence,
      ...(client !== undefined && { client }),
      body:
        client?.uri !== undefined &&
        html`<div class="actions"><a class="button primary" href="${client.uri}">${words.frame.backTo(client.name)}</a></div>`,
    },
    words,
  );
};

/** Somebody else is signed in here: going on signs them out, so it is asked. */
export const switchPage = (props: SwitchPage, words: Words): Html => {
  const { current, wanted, client, uid, reference, action, stay } = props;
  const said = words.pages.switch;
  return layout(
    {
      door: 'through',
      heading: said.heading(wanted),
      lead: said.sentence(current),
      client,
      uid,
      reference,
      body: html`<form class="actions" method="post" action="${action}">
<button class="button primary" type="submit">${said.yes(wanted)}</button>
</form>
<form class="actions" method="post" action="${stay}"><button class="button" type="submit">${said.no(current)}</button></form>`,
    },
    words,
  );
};
