/** The code that a call dictates. What is not said here is said as of any call. */
import type { CodeWords } from '../../code-words.ts';
import { ltr, strong } from '../../phrase.ts';
import { calls } from '../calls.ts';
import { attemptsLeft } from '../counts.ts';

const ends: CodeWords['ends'] = {
  ...calls.ends,
  'hung-up': {
    ...calls.ends['hung-up'],
    sentence: () => ['The call ended before its code was typed.'],
    advice: 'Call again, press #, and type the code while you listen.',
  },
  silence: {
    ...calls.ends.silence,
    advice: 'If voicemail picked up, call again and answer yourself. Then press # to hear the code.',
  },
  attempts: {
    ...calls.ends.attempts,
    sentence: () => ['There were too many wrong codes, so the one you heard does not work any more.'],
    step: 'Wrong codes',
    advice: 'Call again and type the new code while you listen.',
  },
  expired: {
    ...calls.ends.expired,
    heading: 'This code has expired',
    sentence: () => ['No code was typed in time.'],
    advice: 'Call again. The old code does not work any more.',
  },
  disabled: {
    ...calls.ends.disabled,
    heading: 'Codes by call are turned off for you',
    sentence: () => ['There were too many wrong codes. Your help desk can turn them on again.'],
  },
};

const words: CodeWords = {
  heading: calls.heading,
  sentence: (_, extension) =>
    extension === undefined
      ? ['Answer, press ', strong('#'), ' and type the code you hear.']
      : ['The call goes to extension ', ltr(extension), '. There press ', strong('#'), ' and type the code you hear.'],
  malformed: length => `That isn’t a code yet. Type the ${length} digits you hear.`,
  wrong: left => `That code isn’t right. Press # to hear it again — ${attemptsLeft(left)}.`,
  reused: 'That code was used already. Choose another option, or call again.',
  ends,
};

export const dictated = {
  ...words,
  answered: 'Press # to hear the code',
  /** Once the call has ended. */
  afterwards: 'Enter the code you heard',
  over: 'The call has ended. Type the code, or be called again',
};
