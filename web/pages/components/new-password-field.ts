/** Draws the field for a new password, with the rule below it and the reason of a refusal. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import { fields } from '../links.ts';
import type { NewPasswordState } from '../password-props.ts';
import { wrong } from './refusal.ts';

/** `account`: tells the password manager of the browser for whom the password is. */
export const newPasswordField = (
  {
    account,
    state,
    isFirst = true,
  }: {
    readonly account: string;
    readonly state?: NewPasswordState | undefined;
    /** False where another field of the page is filled in first. */
    readonly isFirst?: boolean;
  },
  { passwords, pages }: Words,
): Html => {
  const { field, faults } = passwords;
  const { show, hide } = pages.password;
  return html`<input type="text" value="${account}" autocomplete="username" readonly hidden>
<div class="field"><div class="label"><label for="new-password">${field.label}</label></div>
${state && wrong(faults[state.kind])}
<div class="box"><input id="new-password" name="${fields.newPassword}" type="password" autocomplete="new-password" minlength="8" required autofocus="${isFirst || state !== undefined}" aria-invalid="${state && 'true'}" aria-describedby="${state ? 'wrong rule' : 'rule'}"><button class="quiet" type="button" data-show="${show}" data-hide="${hide}" aria-pressed="false" hidden>${show}</button></div>
<p class="note" id="rule">${field.hint}</p></div>`;
};
