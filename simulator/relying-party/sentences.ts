/** Says in words for people what a sign-in was, what it did not reach, and why it failed. */
import type { Claims } from './signed-in.ts';

/** Methods of RFC 8176 §2 in words. Those that say no more than another one of the list are left out. */
const methods: Readonly<Record<string, string>> = {
  pwd: 'your password',
  tel: 'a phone call',
  sms: 'a text message',
  otp: 'a code from an app',
  hwk: 'a security key',
  swk: 'a passkey',
};

/** A device key (`swk`) that answers apart from the browser (`mca`) is the authenticator's, not a passkey. */
const wordsOf = (method: string, amr: readonly unknown[]): string | undefined => {
  if (method === 'swk' && amr.includes('mca')) return 'your authenticator';
  // Own members only: a claim may be `constructor`.
  return Object.hasOwn(methods, method) ? methods[method] : undefined;
};

/** `You signed in with your password and a phone call.` Undefined: the claims name no method that we know. */
export const signedInSentence = ({ amr }: Claims): string | undefined => {
  if (!Array.isArray(amr)) return undefined;
  const words = amr.flatMap((each: unknown) => wordsOf(String(each), amr) ?? []);
  return words.length === 0 ? undefined : `You signed in with ${words.join(' and ')}.`;
};

/** Says that no requested level was reached. Undefined: one was, or none was requested. */
export const unmetSentence = (asked: string | undefined, { acr }: Claims, name: string): string | undefined => {
  const reached = typeof acr === 'string' ? acr : 'no level';
  if (asked === undefined || asked.split(' ').includes(reached)) return undefined;
  return `You asked for ${asked}. ${name} has no method for it, so the provider answered ${reached}.`;
};

interface Failure {
  readonly title: string;
  readonly text: string;
}

const byCode: Readonly<Record<string, Failure>> = {
  access_denied: {
    title: 'You went back',
    text: 'The sign-in was not finished, so you are not signed in. Nothing went wrong.',
  },
  unmet_authentication_requirements: {
    title: 'You need a stronger method',
    text: 'This asked for a level of sign-in that none of your methods reaches.',
  },
  login_required: { title: 'You are not signed in', text: 'Sign in to go on.' },
  temporarily_unavailable: { title: 'Sign-in is not available', text: 'Try again in a minute.' },
  server_error: { title: 'Sign-in is not available', text: 'The provider has a problem. Try again in a minute.' },
};
const other: Failure = { title: 'Sign-in failed', text: 'You are not signed in.' };

/** The words for an error code of OAuth or OpenID Connect, or of this client. */
export const failureFor = (code: string): Failure => (Object.hasOwn(byCode, code) ? byCode[code] : undefined) ?? other;
