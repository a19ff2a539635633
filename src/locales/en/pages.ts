/** English words for the other pages: password, options, step-up, consent, continuing, signing out and starting again. */
import { methods } from './methods.ts';
import { name, shortened, type Phrase } from '../phrase.ts';

const scopes: Readonly<Record<string, string>> = {
  openid: 'Know who you are here',
  profile: 'See your name, language and time zone',
  email: 'See your e-mail address',
  groups: 'See which groups you belong to',
  phone: 'See your telephone number',
  address: 'See your postal address',
  offline_access: 'Keep this access while you are away, until you remove it',
};

export const pages = {
  password: {
    heading: (client: string): Phrase => ['Sign in to ', name(client)],
    name: 'Name or e-mail address',
    password: 'Password',
    forgotten: 'Forgot it?',
    show: 'Show',
    hide: 'Hide',
    submit: 'Sign in',
    refused: 'The name or password isn’t right.',
    incomplete: 'Type your name and your password.',
    wait: 'Too many attempts.',
    'passkey-refused': 'This passkey did not work here. Try again, or use your password.',
    'passkey-unknown': 'This passkey no longer belongs to an account here. Choose another one, or use your password.',
    'passkey-other-account':
      'This passkey belongs to another account than the name you typed. Empty the name field to use it, or choose another passkey.',
    'passkey-late': 'That took too long. Please try the passkey again.',
    'passkey-wait': 'Too many attempts with a passkey. Your password still works.',
    terms: {
      refused: 'name or password',
      incomplete: 'incomplete',
      wait: 'must wait',
      'passkey-refused': 'passkey not accepted',
      'passkey-unknown': 'passkey unknown',
      'passkey-other-account': 'passkey of another account',
      'passkey-late': 'passkey too late',
      'passkey-wait': 'passkeys must wait',
    },
  },
  methods,
  options: {
    /** Kinds of a person's phones, and their labels until the person gives other ones. */
    phones: { mobile: 'Mobile', alternate: 'Another phone', office: 'Office phone' } as Readonly<
      Record<string, string>
    >,
    /** Of a number behind a switchboard. */
    extension: (digits: string): string => `extension ${digits}`,
    unavailable: {
      paused: 'Calls are paused after “this was not me”.',
      attempts: 'Too many wrong codes.',
      'send-limit': 'Too many messages.',
      requests: 'There were too many requests, or no answers.',
    },
    /** Of devices, where calls are paused too. */
    requestsPaused: 'Calls and requests are paused after “this was not me”.',
    pairAgain: (device: string): Phrase => [
      name(device),
      ' must be paired again on your security page before it can be used.',
    ],
    /** Of a method after fifty wrong codes. */
    disabled: 'Turned off after too many wrong codes. Your help desk can turn it on again.',
    isDefault: 'Default',
    isLastUsed: 'Last used',
    waiting: 'Waiting',
    none: 'I can’t use any of these',
  },
  stepUp: {
    heading: 'Confirm it’s you',
    testHeading: 'Test this method',
    test: (): Phrase => ['We ask you as in a sign-in. Nothing changes on your account.'],
    stronger: (client: string): Phrase => [name(client), ' asks for a stronger sign-in before you continue.'],
    device: (client: string): Phrase => ['After this, ', name(client), ' on your device is connected to your account.'],
    'password-only': (client: string): Phrase => [
      'You signed in here with your password alone. Confirm your second step once to continue to ',
      name(client),
      '.',
    ],
  },
  unmet: {
    heading: 'Your account needs another method',
    sentence: (client: string): Phrase => [name(client), ' asks for a stronger second step than you have set up.'],
    wanted: 'Methods that are accepted',
    help: 'Your help desk can add it to your account.',
    term: 'no method is strong enough',
  },
  consent: {
    heading: (client: string): Phrase => ['Let ', name(client), ' see your account?'],
    sentence: 'It asks to:',
    scope: (scope: string): string => (Object.hasOwn(scopes, scope) && scopes[scope]) || scope,
    scopeAt: (scope: string, resource: string): Phrase => [name(scope), ' at ', name(resource)],
    allow: 'Allow',
    deny: 'Don’t allow',
    policy: 'Privacy policy',
    terms: 'Terms of use',
  },
  continuing: {
    heading: 'You’re signed in',
    sentence: (client: string): Phrase => ['Continuing to ', name(client), '.'],
    back: (client: string): Phrase => ['This sign-in is finished. Continue to ', name(client), ', or close this tab.'],
    backUnknown: 'This sign-in is finished. You can close this tab.',
    sentenceUnknown: 'Please wait.',
    /** After the sign-in with a recovery code. */
    fewCodes: (left: number): string =>
      left === 0
        ? 'That was your last recovery code. Make new ones on your security page.'
        : `You have ${left === 1 ? 'one recovery code' : `${left} recovery codes`} left. Make new ones on your security page.`,
  },
  otherTab: {
    heading: 'Your other tab is signing in',
    sentence: (client: string): Phrase => [
      'You opened this sign-in to ',
      name(client),
      ' in another tab too. This tab continues as soon as that one is done.',
    ],
  },
  signedOut: {
    heading: 'You’re signed out',
    sentence: 'On a shared computer, close the browser too.',
    returning: (client: string): Phrase => ['Returning to ', name(client), '.'],
  },
  logout: {
    heading: 'Sign out?',
    sentence: 'This signs you out here and from every website you opened with this sign-in.',
    yes: 'Sign out',
    no: 'Stay signed in',
    stayed: { heading: 'You’re still signed in', sentence: 'You can close this tab.' },
  },
  selectAccount: {
    heading: 'Choose an account',
    sentence: (client: string): Phrase => [name(client), ' asks which account you want to use.'],
    same: (account: string): string => `Continue as ${account}`,
    another: 'Use another account',
  },
  switch: {
    heading: (wanted: string): Phrase => ['Continue as ', name(wanted), '?'],
    sentence: (current: string): Phrase => [
      'This browser is signed in as ',
      name(current),
      '. If you continue, that account is signed out.',
    ],
    yes: (wanted: string): string => `Continue as ${wanted}`,
    no: (current: string): string => `Stay signed in as ${current}`,
  },
  startAgain: {
    heading: 'Let’s start again',
    expired: 'This sign-in has ended or took too long. Nothing was changed.',
    elsewhere: 'This sign-in belongs to another browser or ended when you signed out, or cookies are turned off here.',
    button: (client: string): string => `Start again at ${shortened(client)}`,
    unknown: 'Go back to the page you came from and sign in again.',
    terms: { expired: 'sign-in ended', elsewhere: 'other browser' },
  },
  anew: {
    heading: 'One moment',
    sentence: 'This page was open for a long time. We’re starting your sign-in again.',
    form: 'This page was open for a long time. Type your password again.',
  },
  errorCode: {
    heading: (code: string) => `Error ${code}`,
    remedy: 'What to do',
    readers: {
      everyone: 'You can solve this yourself.',
      'help desk': 'If you cannot solve it, tell this code to your help desk.',
      operator: 'This is for the people who run this server.',
      developer: 'This is for the developers of the app.',
    },
    english: 'The explanation is in English.',
  },
  front: {
    heading: 'This is where you sign in',
    sentence:
      'Websites send you here when you sign in to them. Open the website you want to use. You do not need to do anything here.',
    account: 'Go to your account',
    discovery: 'For developers: OpenID Connect configuration',
  },
  autoSubmit: { heading: 'One moment', sentence: 'Please wait. If nothing happens, press the button.' },
};
