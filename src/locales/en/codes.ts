/** English words for the page that asks for a code: from an app, a text, a call, or a set of recovery codes. */
import type { CodeWords } from '../code-words.ts';
import { dictated } from './codes/dictated.ts';
import { codesLeft, pass, recovery } from './codes/given.ts';
import { mailed } from './codes/mailed.ts';
import { texted } from './codes/texted.ts';
import { attemptsLeft } from './counts.ts';

const app: CodeWords = {
  heading: () => ['Enter the code from your app'],
  sentence: () => ['Use the one that your app shows now.'],
  malformed: length => `That isn’t a code. Type the ${length} digits your app shows.`,
  wrong: left => `That code isn’t right. Check the newest code in your app — ${attemptsLeft(left)}.`,
  reused: 'That code was already used. Wait for the next one in your app.',
  ends: {
    attempts: {
      heading: 'Too many attempts',
      sentence: () => ['That was the last attempt for now.'],
      advice: 'Try again with a new code.',
      term: 'too many attempts',
    },
    expired: {
      heading: 'Time ran out',
      sentence: () => ['We waited too long for a code.'],
      advice: 'Try again with a new code.',
      term: 'expired',
    },
    disabled: {
      heading: 'Your app’s codes are turned off',
      sentence: () => ['There were too many wrong codes. Your help desk can help you set up your app again.'],
      term: 'factor disabled',
    },
    lost: {
      heading: 'Let’s start with a new code',
      sentence: () => ['We can no longer accept a code here. Nothing was approved.'],
      advice: 'Try again with a new code.',
      term: 'ended',
    },
  },
};

export const codes = {
  hint: (length: number): string => `We check it as soon as all ${length} digits are in.`,
  label: 'Code',
  /** A code was refused without being compared; it cost no attempt. */
  tooSoon: 'That was too soon after a wrong code, so it was not checked.',
  /** A sign-in that begins during a wait. */
  wait: 'There were several wrong codes.',
  terms: { malformed: 'not a code', wrong: 'wrong code', reused: 'code already used', wait: 'must wait' },
  app,
  texted,
  mailed,
  dictated,
  recovery,
  codesLeft,
  pass,
};
