/** Sentences that calls speak in English. The key # is "pound" in North America and "hash" elsewhere, where pound is money. */
import { nameForVoice } from '../../client-name.ts';
import type { Millis } from '../../ports/time.ts';
import { duration } from '../duration.ts';
import { units } from './counts.ts';

/** Digits that the voice reads one by one. */
const digit = (digits: string): string => Array.from(digits).join(' ');
/** Digits with a pause after each, for a person who writes them down. */
const slowly = (digits: string): string => Array.from(digits).join('. ');

const client = (name: string): string => nameForVoice(name, 'a website');

/** `hash`: the name of the key #. `voice`: BCP 47, of the voice. */
const named = (hash: 'pound' | 'hash', voice: string) => ({
  /** Language of the voice (BCP 47). */
  voice,
  /** First sentences of a call to sign in. */
  announcement: (to: string): string =>
    `Hello. Someone is signing in to ${client(to)} as you. If this is you, press the ${hash} key. If this was not you, press zero, then ${hash}.`,
  /** After another key, or a pause. */
  repeat: (to: string): string =>
    `To sign in to ${client(to)}, press the ${hash} key. If this was not you, press zero, then ${hash}.`,
  /** After 0, before # confirms it. Any other key asks the question again; silence declines. */
  report: `Press ${hash} now to report that this was not you. If you pressed zero by mistake, press one.`,
  /** First sentences where the page shows a number to type. */
  announcementOfNumber: (to: string): string =>
    `Hello. Someone is signing in to ${client(to)} as you. If this is you, enter the six digits on your screen, then press ${hash}. If this was not you, press zero, then ${hash}.`,
  repeatOfNumber: (to: string): string =>
    `That is not the number. To sign in to ${client(to)}, enter the six digits on your screen, then press ${hash}. If this was not you, press zero, then ${hash}.`,
  /** For a switchboard, machine or person: asks to be put through. */
  extension: (digits: string): string =>
    `Hello. This is a call for extension ${digit(digits)}. Please put it through to extension ${digit(digits)}. If you are at this extension already, press ${hash} to continue.`,
  /** Before a code is dictated. It is dictated after a key only, so that voicemail does not record it. */
  beforeDictation: (to: string): string =>
    `Hello. Someone is signing in to ${client(to)} as you. To hear the code, press ${hash}. If this was not you, press zero, then ${hash}.`,
  dictation: (code: string): string =>
    `Your code is: ${slowly(code)}. Once more: ${slowly(code)}. To hear it again, press ${hash}. If this was not you, press zero, then ${hash}. Never tell the code to anyone.`,
  /** Last sentences after the code, when no further key was pressed. */
  afterDictation: 'Type the code on the page where you sign in. Goodbye.',
  /** After keys that answer, until it is known whether a person picked up. */
  moment: 'One moment, please.',
  approved: 'Thank you. Your sign-in continues in your browser. Goodbye.',
  /** `pause`: how long calls pause. */
  denied: (pause: Millis): string =>
    `Thank you for telling us. That sign-in was stopped, and we will not call you for ${duration(pause, units)}. Goodbye.`,
  /** After 0 without a confirmation. */
  declined: 'You told us that this was not you. That sign-in was stopped, and no one was signed in. Goodbye.',
  /** The right key, but after the time to answer. */
  tooLate: 'That was too late. No one was signed in. Please ask for another call in your browser. Goodbye.',
  silence: 'We did not hear a key. No one was signed in. Goodbye.',
  /** The sign-in continued with another method, or ended. */
  over: 'This call is no longer valid. You can hang up. Goodbye.',
  /** A call that adds this phone to an account. */
  enrollment: (product: string): string =>
    `Hello. Someone is adding this phone to an account at ${client(product)}. If this is you, press ${hash} to add this phone to your account. If this was not you, press zero, then ${hash}.`,
  enrolled: 'Thank you. This phone was added to your account. Goodbye.',
});

export const phone = named('pound', 'en-US');

/** The same sentences as people say them outside North America. */
export const phoneElsewhere = (voice: string): typeof phone => named('hash', voice);
