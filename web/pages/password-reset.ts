/** Draws the pages that reset a forgotten password: who wants it, where to look, the new password, and how it ended. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { clientButton, hiddenFields, submitButton } from './components/actions.ts';
import { layout } from './components/layout.ts';
import { newPasswordField } from './components/new-password-field.ts';
import { refusal, refusalId } from './components/refusal.ts';
import { fields, forgottenPath, resetDonePath, resetPath, resetSentPath, withBack } from './links.ts';
import type { ForgottenPage, ResetDonePage, ResetPage } from './password-props.ts';

/** Asks who wants a new password. */
export const forgottenPage = (props: ForgottenPage, words: Words): Html => {
  const { name, state, back, reference, now } = props;
  const text = words.passwords.forgotten;
  const mustWait = state?.kind === 'wait';
  return layout(
    {
      stage: 'signed-out',
      heading: text.heading,
      lead: text.sentence,
      reference,
      isError: state !== undefined,
      returnTo: withBack(forgottenPath, back),
      scripts: mustWait ? ['wait.js'] : [],
      body: html`<form method="post" action="${forgottenPath}">${back !== undefined && hiddenFields({ [fields.back]: back })}
<div class="field"><div class="label"><label for="name">${text.name}</label></div>
${state && refusal(state, now, text[state.kind], words)}
<input id="name" type="text" name="${fields.name}" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="1024" required autofocus aria-invalid="${state?.kind === 'incomplete' && 'true'}" aria-describedby="${refusalId(state)}"></div>
<div class="actions">${submitButton(text.submit, mustWait ? 'later' : 'primary')}${backLink(back, words)}</div>
</form>`,
    },
    words,
  );
};

const backLink = (back: string | undefined, { passwords }: Words): Value =>
  back !== undefined && html`<a class="button" href="${back}">${passwords.forgotten.back}</a>`;

/** Says the same for every name. */
export const resetSentPage = ({ back }: Pick<ForgottenPage, 'back'>, words: Words): Html => {
  const text = words.passwords.sent;
  return layout(
    {
      stage: 'signed-out',
      heading: text.heading,
      lead: text.sentence,
      focusesHeading: true,
      returnTo: withBack(resetSentPath, back),
      body: html`<ul class="advice dots">${text.steps.map(step => html`<li>${step}</li>`)}</ul>
<div class="actions"><a class="button" href="${withBack(forgottenPath, back)}">${text.again}</a>${backLink(back, words)}</div>`,
    },
    words,
  );
};

/** Says who helps where this server sends no mail. */
export const noResetPage = ({ back }: Pick<ForgottenPage, 'back'>, words: Words): Html => {
  const { heading, sentence } = words.passwords.noMail;
  const body = back !== undefined && html`<div class="actions">${backLink(back, words)}</div>`;
  return layout({ stage: 'signed-out', heading, lead: sentence, returnTo: withBack(forgottenPath, back), body }, words);
};

/** Asks for the new password. The token is in the form and not in the address, so that no referrer and no log of addresses has it. */
export const resetPage = ({ account, token, state, reference }: ResetPage, words: Words): Html => {
  const text = words.passwords.reset;
  return layout(
    {
      stage: 'signed-out',
      heading: text.heading,
      lead: text.sentence(account),
      reference,
      isError: state !== undefined,
      returnTo: resetPath,
      body: html`<form method="post" action="${resetPath}">${hiddenFields({ [fields.token]: token })}
${newPasswordField({ account, state }, words)}
<p class="note">${text.effect}</p>
<div class="actions">${submitButton(text.submit)}</div>
</form>`,
    },
    words,
  );
};

/** The link was used, is too old, or a newer one was sent. */
export const resetGonePage = (words: Words): Html => {
  const { heading, sentence, again } = words.passwords.gone;
  return layout(
    {
      stage: 'signed-out',
      heading,
      lead: sentence,
      isError: true,
      returnTo: forgottenPath,
      body: html`<div class="actions"><a class="button primary" href="${forgottenPath}">${again}</a></div>`,
    },
    words,
  );
};

/** The new password is set. It leads to where the next sign-in begins, if this browser knows it. */
export const resetDonePage = ({ client }: ResetDonePage, words: Words): Html => {
  const text = words.passwords.done;
  return layout(
    {
      stage: 'signed-out',
      heading: text.heading,
      lead: text.sentence,
      focusesHeading: true,
      returnTo: resetDonePath,
      body: clientButton(client, words.frame.continueTo) || html`<p class="block">${text.unknown}</p>`,
    },
    words,
  );
};
