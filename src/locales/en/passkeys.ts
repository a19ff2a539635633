/** English words for passkeys: the second step, the sign-in by a passkey alone, setting one up, and what to do where it fails. */
import type { EndWords } from '../end-words.ts';

/** How a challenge of a passkey ends. A reason without words is shown as `lost`. */
type Ends = { readonly lost: EndWords } & Readonly<Record<string, EndWords>>;

const ends: Ends = {
  expired: {
    heading: 'Time ran out',
    sentence: () => ['We waited too long for your passkey.'],
    advice: 'Have the phone or key with your passkey at hand, then try again.',
    term: 'expired',
  },
  attempts: {
    heading: 'That passkey was not accepted',
    sentence: () => ['It may belong to another account. Nothing was approved.'],
    advice: 'Use a passkey that you set up for this account, or another option.',
    term: 'too many attempts',
  },
  lost: {
    heading: 'Let’s try your passkey again',
    sentence: () => ['This page can take no answer any more. Nothing was approved.'],
    advice: 'Try again. Your passkey stays as it is.',
    term: 'ended',
  },
};

export const passkeys = {
  what: 'A passkey is a key that your phone, computer or security key keeps for you; you open it with your face, finger or PIN, and nothing has to be typed.',
  /** Label of a key whose model is not known. */
  securityKey: 'Security key',
  noScript: 'Passkeys need JavaScript, which is turned off in this browser. Turn it on, or use another option.',
  unsupported: 'This browser cannot use passkeys. Use another option here, or sign in with another browser.',
  /** What the browser reports. cancelled: by the person, or it took too long. known: this device holds one already. */
  failures: {
    cancelled: 'Nothing happened. Try again, or use another option.',
    known: 'You have set up this device or key already. Use another one, or choose another method.',
    insecure: 'Passkeys do not work at this address. Go back to where you came from, and sign in again from there.',
    failed: 'Your device could not do this. Try again, or use another option.',
  },
  step: {
    heading: 'Use your passkey',
    sentence: 'Your device asks for your face, finger or PIN.',
    wrong: 'That passkey was not accepted. Use the one that you set up for this account.',
    copied:
      'That passkey may have been copied, so we refused it. Use another option, and remove it on your security page.',
    malformed: 'We could not read the answer of your device. Try again.',
    tooSoon: 'That was too soon after another answer, so it was not checked.',
    terms: {
      copied: 'passkey copied',
      wrong: 'passkey not accepted',
      malformed: 'no answer',
      reused: 'answer used before',
      wait: 'must wait',
    },
  },
  ends,
  /** Below the button. */
  trouble: {
    question: 'Your passkey does not work?',
    steps: [
      'On another computer: choose “another device”, and scan the picture with the phone that has your passkey.',
      'Lost the phone or key? Use another option. Then remove the passkey on your security page.',
      'Not accepted? It may have been removed from your account. Use another option, and set up a new one.',
    ],
  },
  /** On the first page of a sign-in: a passkey proves both steps. */
  alone: 'Sign in with a passkey',
  setUp: {
    heading: 'Set up a passkey',
    button: 'Create a passkey',
    where: 'Your browser asks where to keep it: on this device, on your phone, or on a security key.',
    wrong: 'We could not accept that passkey. Try again, or use another device or key.',
    bound: 'That key is set up for an account already. Use another one.',
    policy: 'Keys of that kind are not allowed here. Use another device or key.',
    unsupported: 'This browser cannot create passkeys. Choose another method, or come back with another browser.',
    noScript: 'Passkeys need JavaScript, which is turned off in this browser. Turn it on, or choose another method.',
    terms: { bound: 'passkey known', policy: 'kind of key not allowed' },
    endedHeading: 'Let’s start again',
    ended: 'This page was open too long, or the answers were not right. Nothing was set up.',
    again: 'Start again',
  },
};
