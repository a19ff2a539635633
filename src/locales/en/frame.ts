/** English words that several pages share: header, footer, details and common buttons. */
import { isShortWait, laterTime, secondsLeft, shortened, type Phrase } from '../phrase.ts';
import { duration } from '../duration.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';
import { seconds, units } from './counts.ts';

export const frame = {
  product: 'Sallyport',
  secondStep: 'Second step',
  notYou: 'Not you?',
  signingInAs: 'Signing in as',
  /** On the page of the authenticator, where scripts are off. */
  authenticatorNeedsScript:
    'The authenticator needs JavaScript, which is turned off in this browser. Turn it on, then load this page again.',
  help: 'Help',
  language: 'Language',
  /** A label before what it is about: `Error: Page not found`. */
  labelled: (label: string, text: string): string => `${label}: ${text}`,
  reference: 'Reference',
  details: 'View details',
  time: 'Time',
  code: 'Code',
  copy: 'Copy',
  copied: 'Copied',
  cancel: 'Cancel',
  back: 'Back',
  error: 'Error',
  tryAgain: 'Try again',
  /** Spoken by screen readers at the end of a wait. */
  waitOver: 'You can try again now.',
  /** The box on pages of the second step. */
  remember: {
    label: (lasts: Millis): string => `Don’t ask again in this browser for ${duration(lasts, units)}`,
    note: 'Only if nobody else uses this browser.',
  },
  otherOption: 'Use a different verification option',
  getHelp: 'Get help signing in',
  backTo: (client: string): string => `Back to ${shortened(client)}`,
  continueTo: (client: string): string => `Continue to ${shortened(client)}`,
  continue: 'Continue',
  /** `left`: a number; in the text that script counts down, `{n}` stands for it. */
  secondsLeft: (left: string): string => `${left} s left`,
  /** When another attempt is possible: in seconds when it is soon, else as a time of day. */
  tryAgainAt: (now: EpochMillis, until: EpochMillis): Phrase =>
    isShortWait(now, until)
      ? ['Try again in ', secondsLeft(now, until, seconds), '.']
      : ['Try again after ', laterTime(now, until), '.'],
};
