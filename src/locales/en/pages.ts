/** The pages around the second step. */
import { name, shortened, type Phrase } from '../phrase.ts';

const scopes: Readonly<Record<string, string>> = {
  openid: 'Know who you are here',
  profile: 'See your name',
  email: 'See your e-mail address',
  phone: 'See your telephone number',
  address: 'See your postal address',
  offline_access: 'Stay connected while you are away, until you stop it',
};

interface MethodWords {
  readonly name: string;
  readonly note?: string;
  /** A button that begins it. */
  readonly start: string;
  /** A button, or a row of the list, that begins it once more. */
  readonly again?: string;
}

const methods: Readonly<Record<string, MethodWords>> = {
  call: { name: 'Call me', start: 'Call me now', again: 'Call again' },
  sms: { name: 'Text a code', start: 'Text me a code', again: 'Text me a new code' },
  spoken: { name: 'Call me with a code', start: 'Call me with a code', again: 'Call again with a code' },
  totp: { name: 'Code from your app', note: 'Works without a network', start: 'Enter a code from your app' },
};

export const pages = {
  password: {
    heading: (client: string): Phrase => ['Sign in to ', name(client)],
    name: 'Name or e-mail address',
    password: 'Password',
    forgotten: 'Forgotten it?',
    show: 'Show',
    hide: 'Hide',
    submit: 'Sign in',
    refused: 'Name or password isn’t right.',
    incomplete: 'Type your name and your password.',
    wait: 'Too many tries.',
    terms: { refused: 'name or password', incomplete: 'incomplete', wait: 'must wait' },
  },
  methods,
  options: {
    /** What the numbers of one person are called. */
    phones: { mobile: 'Mobile', alternate: 'Alternate', office: 'Office' } as Readonly<Record<string, string>>,
    /** Behind a switchboard. */
    extension: (digits: string): string => `extension ${digits}`,
    unavailable: {
      paused: 'Paused after “this was not me”.',
      attempts: 'Too many wrong codes.',
      'send-limit': 'Too many messages.',
    },
    isDefault: 'Default',
    isLastUsed: 'Last used',
    waiting: 'Waiting',
    none: 'I can’t use any of these',
  },
  stepUp: {
    heading: 'Confirm it’s you',
    stronger: (client: string): Phrase => [name(client), ' asks for a second step before you go on.'],
    'new-method': (client: string): Phrase => [
      'You added a second step after you signed in here. Confirm it once, then you go on to ',
      name(client),
      '.',
    ],
  },
  unmet: {
    heading: 'Your account needs another method',
    sentence: (client: string): Phrase => [name(client), ' asks for a stronger second step than you have set up.'],
    wanted: 'What would be accepted',
    help: 'Your help desk can add it to your account.',
    term: 'no method reaches the need',
  },
  consent: {
    heading: (client: string): Phrase => ['Let ', name(client), ' see your account?'],
    sentence: 'It asks to:',
    scope: (scope: string): string => (Object.hasOwn(scopes, scope) && scopes[scope]) || scope,
    allow: 'Allow',
    deny: 'Don’t allow',
    policy: 'Privacy policy',
    terms: 'Terms of use',
  },
  continuing: {
    heading: 'You’re signed in',
    sentence: (client: string): Phrase => ['Going on to ', name(client), '.'],
    back: (client: string): Phrase => ['This sign-in is finished. Go on to ', name(client), ', or close this tab.'],
    backUnknown: 'This sign-in is finished. You can close this tab.',
    sentenceUnknown: 'Going on.',
  },
  signedOut: {
    heading: 'You’re signed out',
    sentence: 'On a shared computer, close the browser too.',
    returning: (client: string): Phrase => ['Going back to ', name(client), '.'],
  },
  logout: {
    heading: 'Sign out?',
    sentence: 'You sign out here and in every website you opened with this sign-in.',
    yes: 'Sign out',
    no: 'Stay signed in',
  },
  switch: {
    heading: (wanted: string): Phrase => ['Go on as ', name(wanted), '?'],
    sentence: (current: string): Phrase => [
      'This browser is signed in as ',
      name(current),
      '. Going on signs them out.',
    ],
    yes: (wanted: string): string => `Go on as ${wanted}`,
    no: (current: string): string => `Stay signed in as ${current}`,
  },
  startAgain: {
    heading: 'Let’s start again',
    expired: 'This sign-in has ended or took too long. Nothing was changed.',
    elsewhere: 'This sign-in belongs to another browser, or cookies are switched off here.',
    button: (client: string): string => `Start again at ${shortened(client)}`,
    unknown: 'Go back to the page you came from and sign in again.',
    terms: { expired: 'sign-in ended', elsewhere: 'other browser' },
  },
  front: {
    heading: 'This is where you sign in',
    sentence:
      'Websites bring you here when you sign in to them. Open the one you want to use; there is nothing to do here.',
    discovery: 'For developers: OpenID Connect configuration',
  },
  autoSubmit: { heading: 'One moment', sentence: 'Going on. If nothing happens, press the button.' },
};
