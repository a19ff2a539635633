/** English words that codes in texts and in mails have in common: two ends, and the page about a message that did not arrive. */
import type { EpochMillis } from '../../../ports/time.ts';
import { isShortWait, secondsLeft, time, type Phrase } from '../../phrase.ts';
import type { EndWords } from '../../end-words.ts';
import { seconds } from '../counts.ts';

const ends: Readonly<Record<'cancelled' | 'lost', EndWords>> = {
  cancelled: {
    heading: 'This code was cancelled',
    sentence: () => ['You chose another option, or went back. Nothing was approved.'],
    term: 'cancelled',
  },
  lost: {
    heading: 'We lost track of this code',
    sentence: () => ['Something went wrong on our side. Nothing was approved.'],
    advice: 'Ask for a new code, or use another option.',
    term: 'state lost',
  },
};

export const sent = {
  ends,
  resend: {
    /** When the next message can be requested. */
    wait: (now: EpochMillis, from: EpochMillis): Phrase =>
      isShortWait(now, from)
        ? ['You can ask for it again in ', secondsLeft(now, from, seconds), '.']
        : ['You can ask for it again after ', time(from), '.'],
    back: 'Back to entering the code',
    helps: 'What helps',
  },
};
