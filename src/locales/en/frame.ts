/** What stands on every page. */
import { shortened, strong, time, type Phrase } from '../phrase.ts';
import type { EpochMillis } from '../../ports/time.ts';

const one = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

const halfDay = 43_200_000;

export const frame = {
  product: 'Sallyport',
  secondStep: 'Second step',
  notYou: 'Not you?',
  signingInAs: 'Signing in as',
  help: 'Help',
  language: 'Language',
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
  otherOption: 'Use a different verification option',
  getHelp: 'Get help signing in',
  backTo: (client: string): string => `Back to ${shortened(client)}`,
  continueTo: (client: string): string => `Continue to ${shortened(client)}`,
  continue: 'Continue',
  /** `seconds` may be an empty element that script fills in. */
  secondsLeft: (seconds: string): string => `${seconds} s left`,
  /** When it may be tried again: seconds in words when it is soon, else a time. */
  tryAgainAt: (now: EpochMillis, until: EpochMillis): Phrase => {
    const seconds = Math.max(1, Math.ceil((until - now) / 1000));
    return seconds <= 90
      ? ['Try again in ', strong(one(seconds, 'second')), '.']
      : ['Try again after ', time(until, until - now > halfDay), '.'];
  },
};
