/** English words for setting up a method: choosing it, proving it, naming it, and saving recovery codes. */
import { ltr, name, strong, time, type Phrase } from '../phrase.ts';
import type { EpochMillis } from '../../ports/time.ts';

interface KindWords {
  readonly name: string;
  /** What it is, and what the person needs for it. */
  readonly sentence: string;
  /** Heading of the page after it was proven. */
  readonly ready: string;
}

/** Kinds of methods, as people choose them. One telephone is called and texted. */
const kinds: Readonly<Record<string, KindWords>> = {
  push: {
    name: 'Sallyport Authenticator',
    sentence: 'Your phone asks you, and you type a two-digit number. You need no app store.',
    ready: 'Your authenticator is ready',
  },
  totp: {
    name: 'Authenticator app',
    sentence: 'An app on your phone shows six digits. It works without a network.',
    ready: 'Your app is ready',
  },
  phone: {
    name: 'Phone number',
    sentence: 'We call you or text you a code. Any phone works, also a landline.',
    ready: 'Your phone is ready',
  },
  passkey: {
    name: 'Passkey',
    sentence: 'Sign in with your face, finger or PIN. Your phone, computer or security key keeps it.',
    ready: 'Your passkey is ready',
  },
  email: {
    name: 'E-mail',
    sentence: 'We send a code to the e-mail address of your account.',
    ready: 'Your mailbox is ready',
  },
};

export const enroll = {
  /** Instead of "Second step" in the header. */
  stage: 'Set-up',
  progress: (at: number, of: number): string => `Step ${at} of ${of}`,
  kinds,
  choose: {
    first: {
      heading: 'More information required',
      lead: (client: string): Phrase => [
        'A password alone can be stolen. Choose how else you prove that it’s you at ',
        name(client),
        '. It takes about two minutes.',
      ],
    },
    backup: {
      heading: 'Add a backup',
      lead: (client: string): Phrase => [
        'If your phone or computer is lost or broken, a second method still lets you in at ',
        name(client),
        '. It must work without that device.',
      ],
    },
    passkey: {
      heading: 'Sign in with your face, finger or PIN next time',
      lead: (client: string): Phrase => [
        'Next time at ',
        name(client),
        ', you type no password and no code. Your phone, computer or security key does it for you.',
      ],
    },
    authenticator: {
      heading: 'Next time, just approve on your phone',
      lead: (client: string): Phrase => [
        'No call to answer and no code to copy: your phone asks whether it’s you at ',
        name(client),
        ', and you type the number on the screen. It costs nothing and needs no app store.',
      ],
    },
    level: {
      heading: 'A stronger method is needed',
      lead: (client: string): Phrase => [
        name(client),
        ' asks for more than your methods can prove. Choose one to add now.',
      ],
    },
    more: {
      heading: 'Add a method',
      lead: (client: string): Phrase => [
        'Choose how else you want to prove that it’s you. Then you return to ',
        name(client),
        '.',
      ],
    },
    /** Name of the kind `totp` beside the Sallyport Authenticator. */
    otherApp: 'Another authenticator app',
    sharedPasskey: 'As a backup, keep it on a security key. Passkeys that your devices share count as one method.',
    skip: 'Not now',
    skipUntil: (until: EpochMillis): Phrase => ['You can put this off until ', time(until, true), '.'],
  },
  barred: {
    heading: 'Ask your help desk',
    sentence: (client: string): Phrase => [name(client), ' needs a method that you cannot set up here on your own.'],
    help: 'Your help desk can give you a temporary pass, or add the method for you.',
    term: 'set-up not allowed',
  },
  phone: {
    heading: 'Your phone number',
    lead: 'We check it once now, by a call or a text. Later we use it only when you sign in.',
    country: 'Country',
    noCountry: 'Choose a country',
    number: 'Phone number',
    numberHint: 'As you dial it in that country, or beginning with +.',
    kind: 'Which phone is it?',
    extension: 'Extension',
    extensionHint: 'Only of an office phone, where the switchboard needs one.',
    by: 'How shall we check it?',
    ways: {
      sms: 'Text me a code',
      spoken: 'Call me and say a code',
      call: 'Call me, I press #',
    } as Readonly<Record<string, string>>,
    errors: {
      'no-number': 'Type your phone number.',
      'no-country': 'Choose the country of the number.',
      unreadable: 'That isn’t a number we can call. Check the country and each digit.',
      extension: 'An extension has only digits, at most ten.',
      type: 'Calls to this number cost extra, or no person answers it. Use a mobile or a landline.',
      network: 'We do not call satellite phones. Use a mobile or a landline.',
      country: 'We do not call or text this country. Use another number, or go back and choose another method.',
      'no-texts': 'Texts do not arrive at this number. Let us call you instead.',
      bound: 'This number is on your account already. Use another one.',
    },
    terms: {
      'no-number': 'no number',
      'no-country': 'no country',
      unreadable: 'not a number',
      extension: 'not an extension',
      type: 'type of number',
      network: 'satellite number',
      country: 'country not allowed',
      'no-texts': 'no texts',
      bound: 'number known',
    },
  },
  scan: {
    heading: 'Set up your app',
    steps: [
      'Open your authenticator app. If you have none, install one from the app store of your phone.',
      'In the app, choose + or “Add account” and scan this picture.',
      'Type the six digits that the app shows.',
    ],
    picture: 'QR code for your authenticator app',
    byHand: 'Can’t scan the picture?',
    byHandSentence: 'In the app, choose to type a key. Use these:',
    key: 'Key',
    account: 'Account',
    anew: 'Start with a new picture',
    ends: {
      attempts: 'There were too many wrong codes, so this picture no longer works.',
      expired: 'This picture was open too long, so it no longer works.',
      lost: 'This picture no longer works.',
    },
    endedHeading: 'Let’s start with a new picture',
    endedAdvice: 'Remove the entry from your app first, if there is one already.',
  },
  call: {
    sentence: (): Phrase => ['Answer and press ', strong('#'), '. Then we know that this phone is yours.'],
    extensionSentence: (extension: string): Phrase => [
      'The call goes to extension ',
      ltr(extension),
      '. There, press ',
      strong('#'),
      '. Then we know that this phone is yours.',
    ],
    passedHeading: 'Your phone has answered',
    passedSentence: 'One moment, we add it to your account.',
  },
  /** Ways on from a call or a text that failed. */
  again: {
    call: 'Call again',
    sms: 'Text me a new code',
    spoken: 'Call again with a code',
    email: 'E-mail me a new code',
  } as Readonly<Record<string, string>>,
  instead: {
    call: 'Call me instead',
    sms: 'Text me a code instead',
    spoken: 'Call me with a code instead',
  } as Readonly<Record<string, string>>,
  otherNumber: 'Use another number',
  otherMethod: 'Choose another method',
  name: {
    lead: 'Give it a name that you will know again.',
    label: 'Name',
    hint: 'Such as “My phone”. Only you and your help desk see it.',
    error: 'A name has 1 to 60 characters.',
    term: 'name too long',
  },
  codes: {
    heading: 'Save your recovery codes',
    lead: 'When your phone is gone, one of these codes lets you in together with your password. Each works once.',
    keep: 'Keep them on paper or in a password manager. We show them only now.',
    list: 'Recovery codes',
    make: 'Show the codes',
    copy: 'Copy the codes',
    download: 'Download the codes',
    saved: 'I saved them',
    error: 'Save the codes, then tick the box.',
    term: 'codes not saved',
    file: (service: string): string => `Recovery codes for ${service}`,
    fileNote: 'Each code works once, together with your password. Keep this file private.',
  },
};
