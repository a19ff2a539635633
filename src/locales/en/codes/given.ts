/** English words for codes that a person was given earlier: recovery codes, and a temporary pass from the help desk. */
import type { CodeWords } from '../../code-words.ts';
import { attemptsLeft } from '../counts.ts';

export const recovery: CodeWords = {
  heading: () => ['Enter a recovery code'],
  sentence: () => ['It is one of the codes that you saved when you set up your account. Each code works once.'],
  malformed: length => `That isn’t a recovery code. It has ${length} letters and digits, in groups of four.`,
  wrong: left => `That code isn’t right. Check each letter, or use another code — ${attemptsLeft(left)}.`,
  reused: 'That code was already used. Cross it out, and use another one.',
  ends: {
    attempts: {
      heading: 'Too many attempts',
      sentence: () => ['That was the last attempt for now.'],
      advice: 'Try again with another code.',
      term: 'too many attempts',
    },
    expired: {
      heading: 'Time ran out',
      sentence: () => ['We waited too long for a code.'],
      advice: 'Find your codes first, then try again.',
      term: 'expired',
    },
    disabled: {
      heading: 'Your recovery codes are turned off',
      sentence: () => ['There were too many wrong codes. Your help desk can help you get back into your account.'],
      term: 'factor disabled',
    },
    lost: {
      heading: 'Let’s start again',
      sentence: () => ['We can no longer accept a code here. Nothing was approved.'],
      advice: 'Try again with a recovery code.',
      term: 'ended',
    },
  },
};

/** `You have 6 left.` */
export const codesLeft = (count: number): string =>
  count === 1 ? 'This is your last one.' : `You have ${count} left.`;

export const pass: CodeWords = {
  heading: () => ['Enter your temporary pass'],
  sentence: () => ['Your help desk gave it to you. It works for a short time.'],
  malformed: length => `That isn’t a temporary pass. It has ${length} letters and digits.`,
  wrong: attempts => `That pass isn’t right, or it doesn’t work now. Check each letter — ${attemptsLeft(attempts)}.`,
  reused: 'That pass isn’t right, or it doesn’t work now.',
  ends: {
    attempts: {
      heading: 'Too many attempts',
      sentence: () => ['That was the last attempt for now.'],
      advice: 'Compare the pass with what your help desk gave you, then try again.',
      term: 'too many attempts',
    },
    expired: {
      heading: 'Time ran out',
      sentence: () => ['We waited too long for your pass.'],
      advice: 'Try again.',
      term: 'expired',
    },
    disabled: {
      heading: 'Your temporary pass is turned off',
      sentence: () => ['There were too many wrong ones. Your help desk can give you a new pass.'],
      term: 'factor disabled',
    },
    lost: {
      heading: 'Let’s start again',
      sentence: () => ['We can no longer accept a pass here. Nothing was approved.'],
      advice: 'Try again with your pass.',
      term: 'ended',
    },
  },
};
