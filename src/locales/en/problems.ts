/** English words for error pages, by the code of the `Problem`: what happened, and what to do next. */
import type { ProblemCode } from '../../errors.ts';

interface ProblemWords {
  readonly heading: string;
  readonly sentence: string;
  /** Of a failure on our side: what else the person can do. */
  readonly advice?: string;
  /** Shown beside the stable number, under View details. */
  readonly term: string;
}

const advice = 'If it happens again, tell your help desk the reference below: it helps them find the cause.';
const ours: Omit<ProblemWords, 'term'> = {
  heading: 'That didn’t work',
  sentence: 'Something broke on our side. Nothing was changed. Try again in a minute.',
  advice,
};
const busy: Omit<ProblemWords, 'term'> = {
  heading: 'We can’t sign you in right now',
  sentence: 'This is on our side. Wait a minute, then try again.',
  advice,
};
const unclear: Omit<ProblemWords, 'term'> = {
  heading: 'We didn’t understand that',
  sentence: 'The page or the link that sent you here is not right. Go back to where you came from and try again.',
};

export const problems: { readonly [Code in ProblemCode]: ProblemWords } = {
  conflict: {
    heading: 'Someone else changed this first',
    sentence: 'It changed while this page was open. Try again.',
    term: 'conflict',
  },
  'bad-request': { ...unclear, term: 'bad request' },
  'not-found': {
    heading: 'There is no page here',
    sentence: 'Check the address, or go back to where you came from.',
    term: 'not found',
  },
  'method-not-allowed': { ...unclear, term: 'method not allowed' },
  'too-large': {
    heading: 'That was too long',
    sentence: 'What you sent is longer than we can accept. Go back and try a shorter text.',
    term: 'too large',
  },
  'unsupported-type': { ...unclear, term: 'unsupported type' },
  'wrong-host': {
    heading: 'This is not the right address',
    sentence: 'Go back to where you came from. If it happens again, tell your help desk.',
    term: 'wrong host',
  },
  forbidden: {
    heading: 'That came from another page',
    sentence: 'For your safety, we accept forms from our own pages only. Go back and try again.',
    term: 'forbidden',
  },
  'changes-frozen': {
    heading: 'Changes are stopped',
    sentence:
      'After “This wasn’t me”, nobody can change how to sign in to this account for 7 days. Your help desk can allow it sooner.',
    term: 'changes are stopped',
  },
  'sign-in-lost': {
    heading: 'Let’s start again',
    sentence: 'This sign-in has ended or took too long. Go back to the page you came from and sign in again.',
    term: 'sign-in ended',
  },
  'sign-in-elsewhere': {
    heading: 'Let’s start again',
    sentence: 'This sign-in belongs to another browser or ended when you signed out, or cookies are turned off here.',
    term: 'other browser',
  },
  'too-many-sign-ins': {
    heading: 'Too many sign-ins at once',
    sentence: 'Very many sign-ins just began where you are. Yours was not started.',
    term: 'too many sign-ins',
  },
  forged: {
    heading: 'That was not allowed',
    sentence: 'The message was not signed correctly.',
    term: 'not signed',
  },
  // Without the advice: the page of a refused request has no reference.
  overloaded: { heading: busy.heading, sentence: busy.sentence, term: 'too busy' },
  unavailable: { ...busy, term: 'store unavailable' },
  undeliverable: {
    heading: 'We couldn’t send that',
    sentence: 'Try again in a minute, or use a different verification option.',
    term: 'not delivered',
  },
  unreached: { ...ours, term: 'other server not reached' },
  unreadable: { ...ours, term: 'unreadable' },
  'in-use': { ...ours, term: 'in use' },
  internal: { ...ours, term: 'internal' },
};
