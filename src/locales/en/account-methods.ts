/** English words for the methods on the security page. */
import { name, strong, type Phrase, type Piece } from '../phrase.ts';

/** Names of methods as a list shows them. */
const names: Readonly<Record<string, string>> = {
  phone: 'Phone',
  call: 'Phone call',
  sms: 'Text message',
  spoken: 'Phone call with a code',
  totp: 'Code from your app',
  passkey: 'Passkey',
  email: 'Code by e-mail',
  push: 'Sallyport Authenticator',
};

/** How a phone confirms a sign-in, where it can do several things. */
const ways: Readonly<Record<string, string>> = { call: 'call', sms: 'text', spoken: 'call with a code' };

/** Methods as they stand after “with”. */
const means: Readonly<Record<string, string>> = {
  phone: 'your other phone',
  totp: 'the code of your app',
  passkey: 'a passkey',
  email: 'a code by e-mail',
  'recovery-codes': 'a recovery code',
};

export const accountMethods = {
  heading: 'Your sign-in methods',
  add: 'Add a method',
  test: 'Test',
  rename: 'Rename',
  remove: 'Remove',
  names,
  ways,
  means,
  used: (day: Piece): Phrase => ['used ', day],
  neverUsed: (day: Piece): Phrase => ['added ', day, ', never used'],
  disabled: 'Turned off after too many wrong codes. Remove it and add it again.',
  first: { label: 'Ask for this first', save: 'Save' },
  safety: {
    noMethod: 'You have no second step yet. Whoever knows your password can sign in as you.',
    left: (listed: string): Phrase => [
      strong('If you lost your phone today, you could still sign in'),
      ` with ${listed}.`,
    ],
    others: (listed: string): Phrase => [
      strong('If you lost one of these, you could still sign in'),
      ` with ${listed}.`,
    ],
    noneLeft: (): Phrase => [
      strong('If you lost your phone today, you could not sign in.'),
      ' Add another method now.',
    ],
    onlyOne: (): Phrase => [strong('You have only one sign-in method.'), ' Add another one, in case you lose it.'],
  },
  devices: {
    paired: (day: Piece): Phrase => ['paired ', day],
    states: {
      works: 'Requests reach this phone',
      silent: 'No notifications: open the authenticator to see requests',
      gone: 'Notifications stopped: open the authenticator once on this phone',
    },
    pairAgain: 'Your organisation asks for more protection now. Remove this phone and pair it again.',
    codes: 'Its codes stop working too.',
  },
  codes: {
    name: 'Recovery codes',
    left: (count: string, total: string): string => `${count} of ${total} left`,
    made: (day: Piece): Phrase => ['made ', day],
    advice: 'For the day when you lose your phone. Print them and keep them in a safe place.',
    low: 'Only a few are left. Make new ones soon.',
    make: 'Make codes',
    makeNew: 'Make new codes',
  },
  renaming: {
    heading: 'Rename this method',
    label: 'Name',
    hint: 'For example “My new phone”. Up to 60 characters.',
    submit: 'Save',
    invalid: 'Type a name of 1 to 60 characters.',
  },
  removing: {
    heading: 'Remove this method?',
    ways: (listed: string): string => `It will no longer confirm your sign-ins: no ${listed}.`,
    lost: 'It will no longer confirm your sign-ins.',
    nextFirst: (method: string): Phrase => [
      'You are asked for it first today. After this we ask for ',
      name(method),
      ' first.',
    ],
    changing: 'Do you have a new number or phone? Add the new one first. The old one works until you remove it.',
    others: 'Sign out everywhere else too',
    forced: 'You signed in with a recovery code or a temporary pass. So this also signs you out everywhere else.',
    submit: 'Remove',
    keep: 'Keep it',
    refused: {
      last: 'This is your last sign-in method. Add another one first.',
      required: 'Your organisation asks for more than one sign-in method. Add another one first.',
      level: 'An app of yours asks for a method as strong as this one. Add another one like it first.',
    },
  },
};
