/** What the telephone says in American English: keys are named as people there say them. */
import { nameForVoice } from '../../client-name.ts';

/** One by one, each on its own. */
const digit = (digits: string): string => Array.from(digits).join(' ');
/** As one dictates to somebody who writes it down. */
const slowly = (digits: string): string => Array.from(digits).join('. ');

const client = (name: string): string => nameForVoice(name, 'a website');

export const phone = {
  /** BCP 47, for the voice. */
  voice: 'en-US',
  /** A call to sign in, from its first word. */
  announcement: (to: string): string =>
    `Hello. Someone is signing in to ${client(to)} as you. If this is you, press the pound key. If this was not you, press zero, then pound.`,
  /** After a key that means nothing, or a pause. */
  repeat: (to: string): string =>
    `To sign in to ${client(to)}, press the pound key. If this was not you, press zero, then pound.`,
  /** After 0. */
  report: 'Press pound now to report that this was not you. Otherwise, just wait.',
  /** The same where the page shows a number to be typed. */
  announcementOfNumber: (to: string): string =>
    `Hello. Someone is signing in to ${client(to)} as you. If this is you, enter the six digits on your screen, then press pound. If this was not you, press zero, then pound.`,
  repeatOfNumber: (to: string): string =>
    `That is not the number. To sign in to ${client(to)}, enter the six digits on your screen, then press pound. If this was not you, press zero, then pound.`,
  /** A switchboard or somebody there has answered; the call asks to be put through. */
  extension: (digits: string): string =>
    `Hello. This is a call for extension ${digit(digits)}. Please put it through to extension ${digit(digits)}. If you are at this extension already, press pound to go on.`,
  /** Before a code is dictated: only somebody who presses a key hears it. */
  beforeDictation: (to: string): string =>
    `Hello. Someone is signing in to ${client(to)} as you. To hear the code, press pound. If this was not you, press zero, then pound.`,
  dictation: (code: string): string =>
    `Your code is: ${slowly(code)}. Once more: ${slowly(code)}. To hear it again, press pound. If this was not you, press zero, then pound. Never tell the code to anyone.`,
  /** After the code, when no key was pressed any more. */
  afterDictation: 'Type the code on the page where you sign in. Goodbye.',
  approved: 'Thank you. Your sign-in goes on in your browser. Goodbye.',
  denied: 'Thank you for telling us. That sign-in was stopped, and we will not call you for one day. Goodbye.',
  /** The right key, after the time to answer. */
  tooLate: 'That was too late. Nobody was signed in. Please call again from your browser. Goodbye.',
  silence: 'We did not hear a key. Nobody was signed in. Goodbye.',
  /** The sign-in went on another way, or ended. */
  over: 'This call is not valid any more. You can hang up. Goodbye.',
  /** A call that adds this phone to an account. */
  enrollment: (product: string): string =>
    `Hello. Someone is adding this phone to an account at ${client(product)}. If this is you, press pound to add this phone to your account. If this was not you, press zero, then pound.`,
  enrolled: 'Thank you. This phone was added to your account. Goodbye.',
};
