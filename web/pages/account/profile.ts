/** Draws password and e-mail address of the person, and the page that a link to an address opens. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html, type Value } from '../../html.ts';
import type { ConfirmAddressPage, ProfilePage } from '../account-props.ts';
import { hiddenFields, submitButton } from '../components/actions.ts';
import { icons } from '../components/icons.ts';
import { newPasswordField } from '../components/new-password-field.ts';
import { phraseHtml } from '../components/phrase.ts';
import { portalLayout } from '../components/portal-layout.ts';
import { wrong } from '../components/refusal.ts';
import { waitId, waitSentence } from '../components/wait.ts';
import { accountLinks, fields } from '../links.ts';

const sheet = (heading: string, body: Value): Html =>
  html`<section class="sheet"><div class="sheet-head"><h2>${heading}</h2></div><div class="sheet-body">${body}</div></section>`;

/** Takes the place of a form that needs a fresh sign-in. */
const signInFirst = (label: string, { accountProfile }: Words): Html =>
  html`<p class="note">${accountProfile.first}</p><div class="actions"><a class="button" href="${accountLinks.changeProfile}">${label}</a></div>`;

const passwordSheet = ({ hasPassword, isStale, account, state, now }: ProfilePage, words: Words): Html => {
  const text = words.accountProfile.password;
  if (!hasPassword) return sheet(text.heading, html`<p>${text.absent}</p>`);
  if (isStale) return sheet(text.heading, signInFirst(text.submit, words));
  const refused = state?.of === 'password' ? state : undefined;
  const mustWait = refused?.kind === 'wait';
  const message =
    refused &&
    (mustWait
      ? waitSentence({ now, until: refused.until, reason: text.wait, isRefusal: true }, words)
      : wrong(text[refused.kind], 'wrong-now'));
  const newState = state?.of === 'new-password' ? { kind: state.kind } : undefined;
  return sheet(
    text.heading,
    html`<form method="post" action="${accountLinks.password}">
<div class="field"><div class="label"><label for="password">${text.current}</label></div>
${message}
<div class="box"><input id="password" name="${fields.password}" type="password" autocomplete="current-password" required autofocus="${refused !== undefined}" aria-invalid="${refused !== undefined && !mustWait && 'true'}" aria-describedby="${refused && (mustWait ? waitId : 'wrong-now')}"><button class="quiet" type="button" data-show="${words.pages.password.show}" data-hide="${words.pages.password.hide}" aria-pressed="false" hidden>${words.pages.password.show}</button></div></div>
${newPasswordField({ account, state: newState, isFirst: false }, words)}
<p class="note">${text.effect}</p>
<div class="actions">${submitButton(text.submit, mustWait ? 'later' : 'secondary')}</div>
</form>`,
  );
};

const addressNow = ({ email, sendsMail, isStale, waiting }: ProfilePage, words: Words): Value => {
  const text = words.accountProfile.address;
  if (email === undefined) return html`<p>${text.absent}</p>`;
  const confirm =
    !email.isVerified &&
    sendsMail &&
    !isStale &&
    waiting === undefined &&
    html`<form class="actions" method="post" action="${accountLinks.address}">${hiddenFields({ [fields.email]: email.address })}${submitButton(text.confirm, 'secondary')}</form>`;
  return html`<dl class="facts"><dt>${text.now}</dt><dd><bdi dir="ltr">${email.address}</bdi> <span class="note">${email.isVerified ? text.confirmed : text.unconfirmed}</span></dd></dl>${confirm}`;
};

const addressSheet = (props: ProfilePage, words: Words): Html => {
  const { state, sendsMail, isStale, email, waiting } = props;
  const text = words.accountProfile.address;
  const refused = state?.of === 'address' ? state : undefined;
  const form = html`<form method="post" action="${accountLinks.address}">
<div class="field"><div class="label"><label for="email">${text.new}</label></div>
${refused && wrong(text.faults[refused.kind], 'wrong-email')}
<input id="email" type="email" name="${fields.email}" value="${refused?.typed}" autocomplete="email" maxlength="254" required autofocus="${refused !== undefined}" aria-invalid="${refused && 'true'}" aria-describedby="${refused ? 'wrong-email email-rule' : 'email-rule'}">
<p class="note" id="email-rule">${text.effect}</p></div>
<div class="actions">${submitButton(text.submit, 'secondary')}</div>
</form>`;
  return sheet(
    text.heading,
    html`${addressNow(props, words)}
${waiting !== undefined && html`<p class="alert">${icons.clock}<span>${phraseHtml(text.waiting(waiting), words)}</span></p>`}
${sendsMail ? (isStale ? signInFirst(email?.isVerified === false ? text.confirm : text.change, words) : form) : html`<p class="note">${text.noMail}</p>`}`,
  );
};

export const profilePage = (props: ProfilePage, words: Words): Html =>
  portalLayout(
    {
      frame: props,
      section: 'profile',
      heading: words.account.navigation.profile,
      isError: props.state !== undefined,
      scripts: props.state?.kind === 'wait' ? ['wait.js'] : [],
      body: html`${passwordSheet(props, words)}
${addressSheet(props, words)}`,
    },
    words,
  );

/** Asks before an address becomes that of the account: opening the link changes nothing. */
export const confirmAddressPage = ({ state, ...frame }: ConfirmAddressPage, words: Words): Html => {
  const text = words.accountProfile.confirm;
  const back = html`<a class="button" href="${accountLinks.profile}">${state.kind === 'asked' ? text.no : text.back}</a>`;
  return portalLayout(
    {
      frame,
      section: 'profile',
      heading: text.heading,
      isError: state.kind !== 'asked',
      body: sheet(
        words.accountProfile.address.heading,
        state.kind === 'asked'
          ? html`<p>${phraseHtml(text.sentence(state.address), words)}</p>
<form class="actions" method="post" action="${accountLinks.confirmAddress}">${hiddenFields({ [fields.token]: state.token })}${submitButton(text.submit)}${back}</form>`
          : html`<p>${text[state.kind]}</p><div class="actions">${back}</div>`,
      ),
    },
    words,
  );
};
