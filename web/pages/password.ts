/** Draws the first page of a sign-in: name and password, and where passkeys are in use the button for a passkey alone. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { fields, linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import { submitButton } from './components/actions.ts';
import { details } from './components/details.ts';
import { layout } from './components/layout.ts';
import { passkeyForm } from './components/passkey-form.ts';
import { refusal, refusalId } from './components/refusal.ts';
import type { PasskeySignals } from './account-props.ts';
import type { PasskeyOffer } from '../../src/passkey-options.ts';
import type { PasswordPage } from './password-props.ts';

type Refusal = Exclude<NonNullable<PasswordPage['state']>, { readonly kind: 'anew' }>;

/** The password manager of this browser is told which passkey no account has, so that it offers it no more. */
const signalsOf = ({ options: { rpId } }: PasskeyOffer, refused: Refusal | undefined): PasskeySignals | undefined =>
  refused?.kind === 'passkey-unknown' && refused.credential !== undefined
    ? { unknown: { rpId, credentialId: refused.credential } }
    : undefined;

/**
 * The form for a passkey alone. `refused`: why the last one was. Its script copies the typed name into the form, so that a
 * passkey of another account is noticed.
 */
const passkeyAlone = (
  { uid, now }: PasswordPage,
  offer: PasskeyOffer,
  refused: Refusal | undefined,
  words: Words,
): Html => {
  const { passkey } = linksOf(uid);
  const { options, ticket } = offer;
  const signals = signalsOf(offer, refused);
  const mustWait = refused?.kind === 'passkey-wait';
  const text = words.pages.password;
  return html`<div class="actions" data-passkey-signals="${signals && JSON.stringify(signals)}">${passkeyForm(
    {
      action: passkey,
      options,
      label: words.passkeys.alone,
      look: mustWait ? 'later' : 'secondary',
      problem: refused && text[refused.kind],
      wait: mustWait && refusal(refused, now, text[refused.kind], words),
      renewal: passkey,
      more: { [fields.ticket]: ticket, [fields.name]: '' },
    },
    words,
  )}</div>`;
};

/** An unknown name, a wrong password and a locked account get the same words, so that the page does not reveal which accounts exist. */
export const passwordPage = (props: PasswordPage, words: Words): Html => {
  const { uid, client, name, reference, developerNotes, now, forgottenAt, passkey } = props;
  const state = props.state?.kind === 'anew' ? undefined : props.state;
  const text = words.pages.password;
  const links = linksOf(uid);
  const known = name !== undefined && name !== '';
  const mustWait = state?.kind === 'wait';
  const ofPasskey = state !== undefined && state.kind.startsWith('passkey-');
  // A refused passkey does not make the password wrong.
  const ofPassword = ofPasskey ? undefined : state;
  const invalid = ofPassword !== undefined && !mustWait && 'true';
  return layout(
    {
      stage: 'signed-out',
      heading: text.heading(client.name),
      ...(props.state?.kind === 'anew' && { lead: words.pages.anew.form }),
      client,
      showsClient: false,
      uid,
      reference,
      developerNotes,
      limit: mustWait ? 'passwords' : undefined,
      isError: state !== undefined,
      scripts: [
        ...(state !== undefined && 'until' in state ? (['wait.js'] as const) : []),
        // Before the browser offers its passkeys again.
        ...(state?.kind === 'passkey-unknown' && state.credential !== undefined
          ? (['passkey-signals.js'] as const)
          : []),
        ...(passkey ? (['passkey.js', 'passkey-alone.js'] as const) : []),
      ],
      body: html`<form method="post" action="${links.password}">
<div class="field"><div class="label"><label for="name">${text.name}</label></div>
<input id="name" type="text" name="${fields.name}" value="${name}" autocomplete="${passkey ? 'username webauthn' : 'username'}" autocapitalize="none" spellcheck="false" maxlength="1024" required autofocus="${!known}"></div>
<div class="field with-link"><div class="label"><label for="password">${text.password}</label></div>
${ofPassword && refusal(ofPassword, now, text[ofPassword.kind], words)}
<div class="box"><input id="password" name="${fields.password}" type="password" autocomplete="current-password" required autofocus="${known}" aria-invalid="${invalid}" aria-describedby="${refusalId(ofPassword)}"><button class="quiet" type="button" data-show="${text.show}" data-hide="${text.hide}" aria-pressed="false" hidden>${text.show}</button></div><a href="${forgottenAt}">${text.forgotten}</a></div>
<div class="actions">${submitButton(text.submit, mustWait ? 'later' : 'primary')}</div>
</form>
${passkey && passkeyAlone(props, passkey, ofPasskey ? state : undefined, words)}
<form class="leave" method="post" action="${links.cancel}"><button class="quiet" type="submit">${words.frame.backTo(client.name)}</button></form>
${state && details({ reference, at: now, code: { label: outcomeCodes.page(state.kind), term: text.terms[state.kind] } }, words)}`,
    },
    words,
  );
};
