/** Where the forms and links of a sign-in lead, and what their fields are called: the one place both sides read. */

/** Members of the forms the pages post. */
export const fields = {
  name: 'name',
  password: 'password',
  code: 'code',
  /** `factor:authenticator`, or the factor alone where one challenge serves all of them. */
  method: 'method',
  /** `allow` or `deny`. */
  consent: 'answer',
  language: 'language',
  /** The page a choice of language comes back to. */
  back: 'back',
} as const;

/** Query of the help page when it was opened by "I can't use any of these". */
export const nothingLeft = 'reason=nothing-left';

/** POST language, back. */
export const languagePath = '/language';

const showing = /^\/interaction\/[A-Za-z0-9_-]{1,64}(?:\/options|\/resend|\/help(?:\?reason=nothing-left)?)?$/;
/** `back` where it is a page of ours that only shows; the front page for everything else, so that nobody is sent elsewhere. */
export const placeToReturn = (back: string | undefined): string =>
  back !== undefined && showing.test(back) ? back : '/';

/** Where a request can be come back to by looking: its own page, the sign-in it belongs to, or the front page. */
export const hereOf = (address: string): string =>
  placeToReturn(
    showing.test(address) ? address : address.replace(/^\/(?:interaction|auth)\/([^/?]+).*$/is, '/interaction/$1'),
  );

export interface Links {
  /** GET: where this person is now. */
  readonly here: string;
  /** POST name, password. */
  readonly password: string;
  /** POST code, or nothing where the answer is given elsewhere. */
  readonly factor: string;
  /** GET: the list; POST method. */
  readonly options: string;
  /** POST: call again, or a fresh try at a code. */
  readonly again: string;
  /** GET: "Not received a text message?"; POST: text the same code once more. */
  readonly resend: string;
  /** POST: the button of a step-up. */
  readonly start: string;
  /** GET. */
  readonly help: string;
  /** GET: help for someone whom no listed method serves. */
  readonly helpless: string;
  /** POST: "Not you?". */
  readonly restart: string;
  /** POST: back to the client without signing in. */
  readonly cancel: string;
  /** POST answer. */
  readonly consent: string;
  /** POST: signs out whoever is signed in here, and goes on as the person who just signed in. */
  readonly switch: string;
  /** GET: server-sent events; one JSON document where `Accept: application/json` asks for it. */
  readonly events: string;
}

/** The addresses of one interaction. */
export const linksOf = (uid: string): Links => {
  const here = `/interaction/${encodeURIComponent(uid)}`;
  return {
    here,
    password: `${here}/password`,
    factor: `${here}/factor`,
    options: `${here}/options`,
    again: `${here}/again`,
    resend: `${here}/resend`,
    start: `${here}/start`,
    help: `${here}/help`,
    helpless: `${here}/help?${nothingLeft}`,
    restart: `${here}/restart`,
    cancel: `${here}/cancel`,
    consent: `${here}/consent`,
    switch: `${here}/switch`,
    events: `${here}/events`,
  };
};
