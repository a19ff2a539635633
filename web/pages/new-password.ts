/** Draws the page of a sign-in that asks for another password, where an administrator required one. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { submitButton } from './components/actions.ts';
import { layout } from './components/layout.ts';
import { newPasswordField } from './components/new-password-field.ts';
import type { NewPasswordPage } from './password-props.ts';

/** Every proof is there, but only a new password lets the sign-in end. */
export const newPasswordPage = (props: NewPasswordPage, words: Words): Html => {
  const { uid, client, account, action, leave, reference, state } = props;
  const text = words.passwords.required;
  return layout(
    {
      stage: 'second-step',
      heading: text.heading,
      lead: text.sentence(client.name),
      client,
      account,
      uid,
      reference,
      isError: state !== undefined,
      body: html`<form method="post" action="${action}">
${newPasswordField({ account, state }, words)}
<div class="actions">${submitButton(text.submit)}</div>
</form>
<form class="leave" method="post" action="${leave}"><button class="quiet" type="submit">${words.frame.backTo(client.name)}</button></form>`,
    },
    words,
  );
};
