/** English words for a code that a call dictates. Other ends have the words of any call. */
import type { CodeWords } from '../../code-words.ts';
import { ltr, strong } from '../../phrase.ts';
import { calls } from '../calls.ts';
import { attemptsLeft } from '../counts.ts';
import { texted } from './texted.ts';

const ends: CodeWords['ends'] = {
  ...calls.ends,
  'hung-up': {
    ...calls.ends['hung-up'],
    sentence: () => ['The call ended before the code was entered.'],
    advice: 'Ask for another call, press #, and type the code while you listen.',
  },
  silence: {
    ...calls.ends.silence,
    advice: 'If voicemail answered, ask for another call and answer it yourself. Then press # to hear the code.',
  },
  attempts: {
    ...calls.ends.attempts,
    sentence: () => ['There were too many wrong codes, so the one you heard no longer works.'],
    step: 'Wrong codes',
    advice: 'Ask for another call and type the new code while you listen.',
  },
  expired: {
    ...calls.ends.expired,
    heading: 'This code has expired',
    sentence: () => ['No code was entered in time.'],
    advice: 'Ask for another call. The old code no longer works.',
  },
  // One count disables all codes to a phone.
  disabled: { ...calls.ends.disabled, ...texted.ends.disabled },
};

const words: CodeWords = {
  heading: calls.heading,
  sentence: (_, extension) =>
    extension === undefined
      ? ['Answer, press ', strong('#'), ' and type the code you hear.']
      : ['The call goes to extension ', ltr(extension), '. There, press ', strong('#'), ' and type the code you hear.'],
  malformed: length => `That isn’t a code. Type the ${length} digits you hear.`,
  wrong: left => `That code isn’t right. Hear it again with # while the call lasts — ${attemptsLeft(left)}.`,
  reused: 'That code was already used. Use another option, or ask for another call.',
  ends,
};

export const dictated = {
  ...words,
  answered: 'Press # to hear the code',
  /** Heading once the call has ended. */
  afterwards: 'Enter the code you heard',
  over: 'The call has ended. Type the code, or ask for another call',
};
