/** Names the addresses of a sign-in and the fields of its forms. Pages draw with them, and routes read with them. */

/** Names of the form fields. */
export const fields = {
  name: 'name',
  password: 'password',
  newPassword: 'new_password',
  code: 'code',
  /** `factor:authenticator`, or the factor alone where one challenge covers all authenticators of the factor. */
  method: 'method',
  /** `allow` or `deny`. */
  consent: 'answer',
  /** The code that a device shows. */
  userCode: 'user_code',
  /** Proves what this browser was given: the device's code that it has typed, or the challenge for a passkey. */
  ticket: 'ticket',
  /** What an authenticator answered: a `PublicKeyCredential` as JSON (WebAuthn §5.1). */
  credential: 'credential',
  /** That of a mailed link. */
  token: 'token',
  email: 'email',
  /** Id of a session, and of an app, on the security page. */
  session: 'session',
  app: 'app',
  /** Id of a detail that an app was allowed. */
  detail: 'detail',
  /** Id of a remembered browser. */
  browser: 'browser',
  /** `same`: that of the session, or `another`. */
  account: 'account',
  language: 'language',
  /** `yes`: end all other sessions too. */
  others: 'others',
  /** The page to return to after a choice of language. */
  back: 'back',
  /** Of the number to be set up: ISO 3166-1 code, digits, and the digits behind a switchboard. */
  country: 'country',
  number: 'number',
  extension: 'extension',
  /** `mobile`, `alternate` or `office`. */
  phoneKind: 'kind',
  /** The factor that proves the number. */
  by: 'by',
  /** The name that a person gives to a method. */
  label: 'label',
  /** Present where the box is ticked. */
  saved: 'saved',
  /** `yes` or `no`. */
  passkeyOnly: 'passkey_only',
  /** `yes` or `no`. */
  isOwnDevice: 'own_device',
  /** The two digits of the device that claimed a pairing, as its page showed them. */
  pairingDigits: 'digits',
  /** `yes`: do not ask for the second step in this browser for a while. */
  remember: 'remember',
} as const;

/** Query of the help page after "I can't use any of these". */
export const nothingLeft = 'reason=nothing-left';

/** POST language, back. */
export const languagePath = '/language';

/** GET: asks who forgot their password; POST name, back. */
export const forgottenPath = '/password/forgotten';
/** GET: what happens after the request. */
export const resetSentPath = '/password/sent';
/** One of these two pages, leading back to the page of a sign-in where there is one. */
export const withBack = (path: string, back: string | undefined): string =>
  back === undefined ? path : `${path}?${fields.back}=${encodeURIComponent(back)}`;
/** GET token: the link in the mail; POST token, new_password. */
export const resetPath = '/password/reset';
/** GET: the new password is set. */
export const resetDonePath = '/password/saved';

/** GET: the field for a device's code; POST user_code. */
export const devicePath = '/device';
/** POST ticket, answer: `allow` or `deny`. */
export const deviceConfirmPath = `${devicePath}/confirm`;

/** GET and POST: the page behind "This wasn't me" in a notice; the token of its link follows. */
export const notMePath = '/not-me';

/** Addresses of the security page. */
export const accountLinks = {
  /** GET: the methods, and the start page. */
  security: '/account',
  /** GET: begins the set-up of a method, on the pages of a sign-in. */
  addMethod: '/account/add-method',
  /** GET: the same, for a passkey. */
  addPasskey: '/account/add-passkey',
  /** GET: begins to make recovery codes there. */
  recoveryCodes: '/account/recovery-codes',
  /** POST method: what is asked for first. */
  first: '/account/first-method',
  /** POST passkey_only: whether every sign-in needs a passkey. */
  passkeyOnly: '/account/passkey-only',
  /** POST language. */
  language: '/account/language',
  /** GET: password and e-mail address. */
  profile: '/account/profile',
  /** GET: asks for a fresh sign-in, and leads back to the profile. */
  changeProfile: '/account/profile/change',
  /** POST password, new_password. */
  password: '/account/password',
  /** POST email: mails a link to it. */
  address: '/account/email',
  /** GET token: the link in the mail; POST token. */
  confirmAddress: '/account/email/confirm',
  /** GET: where the person is signed in, and the last sign-ins. */
  sessions: '/account/sessions',
  /** POST session: ends it. */
  endSession: '/account/sessions/end',
  /** POST: ends all sessions but this one. */
  endOthers: '/account/sessions/end-others',
  /** GET: asks; POST: ends all sessions, this one too. */
  endAll: '/account/sessions/end-all',
  /** POST browser: forgets it, so that the second step is asked there again. */
  forgetBrowser: '/account/sessions/forget',
  /** POST: forgets all of them. */
  forgetBrowsers: '/account/sessions/forget-all',
  /** GET: asks; POST: the sign-in with this reference was not the person's. */
  notMe: (signIn: string): string => `/account/sign-ins/${signIn}/not-me`,
  /** GET: the apps that may use the account. */
  apps: '/account/apps',
  /** POST app: takes its access away. */
  removeApp: '/account/apps/remove',
  /** POST app, detail: takes back one thing that it was allowed beside scopes. */
  withdrawDetail: '/account/apps/withdraw',
  /** GET: asks whether to sign out. */
  signOut: '/session/end?client_id=account',
} as const;

/** Addresses of one authenticator of the person. */
export const accountMethodLinks = (id: string) => {
  const here = `/account/methods/${encodeURIComponent(id)}`;
  return {
    /** GET: begins a test of it, on the pages of a sign-in. */
    test: `${here}/test`,
    /** GET: asks for a name; POST label. */
    name: `${here}/name`,
    /** GET: asks whether to remove it; POST others, method. */
    remove: `${here}/remove`,
  };
};

/** Pages of ours that answer a GET and change no state. */
const readOnlyPage =
  /^(?:\/device|\/playground|\/errors\/IDP-\d{4}|\/not-me\/[A-Za-z0-9_-]{22}|\/password\/(?:reset|saved|(?:forgotten|sent)(?:\?back=%2Finteraction%2F[A-Za-z0-9_-]{1,64})?)|\/(?:account|developer)(?:\/[A-Za-z0-9_.~-]{1,128}){0,4}|\/interaction\/[A-Za-z0-9_-]{1,64}(?:\/options|\/resend|\/enroll(?:\/phone)?|\/help(?:\?reason=nothing-left)?)?)$/;
/** `back` if it is such a page, else `/`. Prevents an open redirect (CWE-601). */
export const placeToReturn = (back: string | undefined): string =>
  back !== undefined && readOnlyPage.test(back) ? back : '/';

/** The page that a GET can return to after a request to `address`: that page, the page of its sign-in, or `/`. */
export const hereOf = (address: string): string =>
  placeToReturn(
    readOnlyPage.test(address) ? address : address.replace(/^\/(?:interaction|auth)\/([^/?]+).*$/is, '/interaction/$1'),
  );

/** Addresses of one interaction, each with its method and the form fields it takes. */
export interface Links {
  /** GET: the page of the current step. */
  readonly here: string;
  /** POST name, password. */
  readonly password: string;
  /** GET: a new challenge for a passkey, as JSON; POST ticket, credential, name: signs in with it. */
  readonly passkey: string;
  /** POST new_password: another password, where one is required. */
  readonly newPassword: string;
  /** POST code, or credential. Without either where the answer is given on a phone: it redeems the challenge. */
  readonly factor: string;
  /** GET: the list of methods; POST method. */
  readonly options: string;
  /** POST: starts another challenge with the same method. */
  readonly again: string;
  /** GET: "Not received a text message?"; POST: sends the same code in another text. */
  readonly resend: string;
  /** POST: the button of a step-up. */
  readonly start: string;
  /** GET. */
  readonly help: string;
  /** GET: help after "I can't use any of these". */
  readonly helpNothingLeft: string;
  /** POST: "Not you?" starts again at the password. */
  readonly restart: string;
  /** POST: returns to the client without signing in. */
  readonly cancel: string;
  /** POST answer: `allow` or `deny`. */
  readonly consent: string;
  /** POST account: `same` or `another`. */
  readonly account: string;
  /** POST: signs out the other person in this browser, and continues as the person who just signed in. */
  readonly switch: string;
  /** GET: server-sent events, or one JSON document with `Accept: application/json`. */
  readonly events: string;
}

/** Addresses of setting up a method, each with its method and the form fields it takes. */
export interface EnrollLinks {
  /** GET: the kinds to choose from; POST method. */
  readonly choose: string;
  /** GET: the form for a number; POST country, number, extension, kind, by. */
  readonly phone: string;
  /** POST code, or credential. Without either where the answer is given on a phone. */
  readonly answer: string;
  /** POST by: the same number again, by this factor. */
  readonly again: string;
  /** POST: the same code in another text. */
  readonly resend: string;
  /** POST own_device, `yes` or `no`: whether the device with these `digits` is the person's own. Without: the one that said yes already. */
  readonly pair: string;
  /** POST label. */
  readonly name: string;
  /** POST: makes recovery codes. */
  readonly codes: string;
  /** GET: the codes as a file. */
  readonly download: string;
  /** POST saved. */
  readonly saved: string;
  /** POST: goes on without. */
  readonly skip: string;
  /** GET: as `events` of the sign-in. */
  readonly events: string;
}

/** The addresses of the interaction `uid`. */
export const linksOf = (uid: string): Links => {
  const here = `/interaction/${encodeURIComponent(uid)}`;
  return {
    here,
    password: `${here}/password`,
    passkey: `${here}/passkey`,
    newPassword: `${here}/new-password`,
    factor: `${here}/factor`,
    options: `${here}/options`,
    again: `${here}/again`,
    resend: `${here}/resend`,
    start: `${here}/start`,
    help: `${here}/help`,
    helpNothingLeft: `${here}/help?${nothingLeft}`,
    restart: `${here}/restart`,
    cancel: `${here}/cancel`,
    consent: `${here}/consent`,
    account: `${here}/account`,
    switch: `${here}/switch`,
    events: `${here}/events`,
  };
};

/** The addresses of setting up a method in the interaction `uid`. */
export const enrollLinksOf = (uid: string): EnrollLinks => {
  const choose = `${linksOf(uid).here}/enroll`;
  return {
    choose,
    phone: `${choose}/phone`,
    answer: `${choose}/answer`,
    again: `${choose}/again`,
    resend: `${choose}/resend`,
    pair: `${choose}/pair`,
    name: `${choose}/name`,
    codes: `${choose}/codes`,
    download: `${choose}/codes.txt`,
    saved: `${choose}/saved`,
    skip: `${choose}/skip`,
    events: `${choose}/events`,
  };
};
