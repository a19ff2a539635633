/** The code in a text message, and the page for those whom it did not reach. */
import type { EpochMillis } from '../../../ports/time.ts';
import type { CodeWords } from '../../code-words.ts';
import { isShortWait, ltr, secondsUntil, strong, time, type Phrase } from '../../phrase.ts';
import { attemptsLeft, seconds } from '../counts.ts';

const unsent = 'We couldn’t text you';

const words: CodeWords = {
  heading: () => ['Enter the code we texted you'],
  sentence: to => ['Sent to ', ltr(to), '.'],
  malformed: length => `That isn’t a code yet. Type the ${length} digits of the message.`,
  wrong: left => `That code isn’t right. Check the newest message — ${attemptsLeft(left)}.`,
  reused: 'That code was used already. Check the newest message.',
  ends: {
    attempts: {
      heading: 'Too many tries',
      sentence: () => ['There were too many wrong codes, so the one we texted does not work any more.'],
      advice: 'Ask for a new code and take it from the newest message.',
      term: 'too many tries',
    },
    expired: {
      heading: 'This code has expired',
      sentence: to => ['We waited too long for the code we texted to ', ltr(to), '.'],
      advice: 'Ask for a new code. The old one does not work any more.',
      term: 'expired',
    },
    cancelled: {
      heading: 'This code was stopped',
      sentence: () => ['You chose another way, or went back. Nothing was approved.'],
      term: 'cancelled',
    },
    undeliverable: {
      heading: unsent,
      sentence: () => ['We can’t send texts right now. It isn’t your phone.'],
      advice: 'Try again in a minute, or use another option.',
      term: 'texts unavailable',
    },
    slow: {
      heading: unsent,
      sentence: () => ['The telephone network did not answer us in time. It isn’t your phone.'],
      advice: 'If a text arrives now, its code does not work any more. Ask for a new one, or use another option.',
      term: 'telephone network too slow',
    },
    'carrier-busy': {
      heading: 'Too many texts right now',
      sentence: () => ['The telephone network takes no more texts from us for a moment. It isn’t your phone.'],
      advice: 'Wait a minute, then ask for a new code, or use another option.',
      term: 'telephone network busy',
    },
    'number-refused': {
      heading: 'We can’t text this number',
      sentence: to => ['The telephone network takes no texts from us for ', ltr(to), '.'],
      advice: 'A new text will not help. Use another option, or ask your help desk to check the number.',
      term: 'number refused',
    },
    'send-limit': {
      heading: 'We can’t text you again yet',
      sentence: to => ['We have texted ', ltr(to), ' too often without an answer.'],
      advice: 'This protects your phone from unwanted texts.',
      term: 'too many texts',
    },
    disabled: {
      heading: 'Codes by text are turned off for you',
      sentence: () => ['There were too many wrong codes. Your help desk can turn them on again.'],
      term: 'factor disabled',
    },
    lost: {
      heading: 'We lost track of this code',
      sentence: () => ['Something went wrong on our side. Nothing was approved.'],
      advice: 'Ask for a new code, or use another option.',
      term: 'state lost',
    },
  },
};

export const texted = {
  ...words,
  /** How far the message is. */
  status: { starting: 'Sending your text', sent: 'Text sent', delivered: 'Text delivered' },
  undelivered: {
    bold: 'The text could not be delivered',
    sentence: 'Text it again, or use another option.',
    term: 'not delivered',
  },
  resend: {
    heading: 'Not received a text message?',
    sentence: (to: string): Phrase => ['We texted your code to ', ltr(to), '. It can take a minute.'],
    again: 'Text it again',
    /** When it can be asked for. */
    wait: (now: EpochMillis, from: EpochMillis): Phrase =>
      isShortWait(now, from)
        ? ['You can ask for it again in ', strong(seconds(secondsUntil(now, from))), '.']
        : ['You can ask for it again after ', time(from), '.'],
    same: 'It will be the same code, so any of the messages works.',
    noMore: 'We can’t text this code again. Use another option, or go back and type the code if it comes.',
    /** Something stood in the way of sending it once more; the first text still counts. */
    refused: 'It was not texted again',
    stillGood: 'The code of the first text still works.',
    callInstead: 'Call me instead',
    back: 'Back to entering the code',
    helps: 'What helps',
    tips: [
      'Check that the phone is on and has reception.',
      'Look among blocked senders and filtered messages.',
      'Compare the last two digits above with your own number.',
    ],
  },
};
