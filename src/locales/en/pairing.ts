/** English words for pairing a device with an account: QR code and typed code, the two digits that both show, and the test. */
import { name, type Phrase } from '../phrase.ts';

interface End {
  readonly heading: string;
  readonly sentence: string;
  readonly advice?: string;
  readonly term: string;
}

export const pairing = {
  heading: 'Pair your phone',
  lead: 'The Sallyport Authenticator opens in the browser of your phone. You need no app store.',
  scan: 'Point the camera of your phone at this picture, and open the link.',
  picture: 'QR code that opens the Sallyport Authenticator',
  byHand: 'No camera? Open this address on your phone:',
  type: 'Where the authenticator asks for a code, type this one:',
  /** Of the code. Screen readers hear its characters one by one. */
  code: 'Code',
  comeBack: 'Then come back here. This page goes on by itself.',
  here: 'Is this your phone? Open the authenticator here',
  iphone: {
    question: 'On an iPhone or iPad',
    why: 'There, the authenticator can notify you only from the Home Screen.',
    steps: [
      'Open the link in Safari.',
      'Tap Share, then “Add to Home Screen”.',
      'Open the authenticator from the Home Screen, and type the code of this page there.',
    ],
  },
  status: 'Waiting for your phone',
  /** `left`: a number; in the text that script counts down, `{n}` stands for it. */
  minutesLeft: (left: string): string => `${left} min left`,
  checkAgain: 'Check again',
  confirm: {
    heading: (device: string): Phrase => ['Pair ', name(device), '?'],
    sentence: (): Phrase => ['Your phone shows a number. Is it this one?'],
    yes: 'Yes, pair it',
    no: 'No',
  },
  test: {
    heading: 'Try it once',
    sentence: (device: string): Phrase => [
      'Type this number in the authenticator on ',
      name(device),
      '. Then it is ready.',
    ],
    passedHeading: 'It works',
    passedSentence: 'One moment, we add it to your account.',
    again: 'Try it again',
    stopped: 'It is not paired yet',
    denied: 'Your authenticator reported “this was not me”. Nothing was paired.',
    advice: 'If you did not start this, tell your help desk: someone knows your password.',
  },
  again: 'Start with a new code',
  ends: {
    expired: {
      heading: 'This code has expired',
      sentence: 'A code works for ten minutes. Nothing was paired.',
      term: 'code expired',
    },
    guessed: {
      heading: 'This code no longer works',
      sentence: 'It was typed wrong too often. Nothing was paired.',
      advice: 'If it was not you who typed it, someone was guessing. A new code is safe.',
      term: 'too many wrong codes',
    },
    refused: {
      heading: 'That phone was not paired',
      sentence: 'It showed another number, or somebody chose “Cancel” on it.',
      advice: 'Did somebody see your code? Start with a new one where nobody looks on.',
      term: 'phone refused',
    },
    lost: {
      heading: 'Let’s start with a new code',
      sentence: 'This code no longer works. Nothing was paired.',
      term: 'pairing ended',
    },
  } satisfies Readonly<Record<string, End>> as Readonly<Record<'expired' | 'guessed' | 'refused' | 'lost', End>>,
};
