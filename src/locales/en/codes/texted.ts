/** English words for a code in a text message, and for the page about a text that did not arrive. */
import type { CodeWords } from '../../code-words.ts';
import { ltr, type Phrase } from '../../phrase.ts';
import { calls } from '../calls.ts';
import { attemptsLeft } from '../counts.ts';
import { sent } from './sent.ts';

const unsent = 'We couldn’t text you';

const words: CodeWords = {
  heading: () => ['Enter the code we texted you'],
  sentence: to => ['Sent to ', ltr(to), '.'],
  malformed: length => `That isn’t a code. Type the ${length} digits from the message.`,
  wrong: left => `That code isn’t right. Check the newest message — ${attemptsLeft(left)}.`,
  reused: 'That code was already used. Check the newest message.',
  ends: {
    ...sent.ends,
    attempts: {
      heading: 'Too many attempts',
      sentence: () => ['There were too many wrong codes, so the one we texted no longer works.'],
      advice: 'Ask for a new code, then use the newest message.',
      term: 'too many attempts',
    },
    expired: {
      heading: 'This code has expired',
      sentence: to => ['We waited too long for the code we texted to ', ltr(to), '.'],
      advice: 'Ask for a new code. The old one no longer works.',
      term: 'expired',
    },
    undeliverable: {
      heading: unsent,
      sentence: () => ['We can’t send texts right now. Your phone is not the problem.'],
      advice: 'Try again in a minute, or use another option.',
      term: 'texts unavailable',
    },
    slow: {
      heading: unsent,
      sentence: () => ['The phone network did not respond in time. Your phone is not the problem.'],
      advice: 'If a text arrives now, its code will not work. Ask for a new one, or use another option.',
      term: 'phone network too slow',
    },
    'carrier-busy': {
      heading: 'Too many texts right now',
      sentence: () => [
        'The phone network is not accepting more texts from us right now. Your phone is not the problem.',
      ],
      advice: 'Wait a minute, then ask for a new code, or use another option.',
      term: 'phone network busy',
    },
    'number-refused': {
      heading: 'We can’t text this number',
      sentence: to => ['The phone network does not deliver our texts to ', ltr(to), '.'],
      advice: 'A new text will not help. Use another option, or ask your help desk to check the number.',
      term: 'number refused',
    },
    'opted-out': calls.ends['opted-out'],
    'send-limit': {
      heading: 'We can’t text you again yet',
      sentence: to => ['We have texted ', ltr(to), ' too often without an answer.'],
      advice: 'This protects your phone from unwanted texts.',
      term: 'too many texts',
    },
    'send-ceiling': {
      heading: 'Texts are stopped right now',
      sentence: () => [
        'So many of our texts went unanswered that we have stopped texting for now. Your phone is not the problem.',
      ],
      advice: 'Use another option, or wait.',
      term: 'texts stopped for all',
    },
    disabled: {
      heading: 'Codes to this phone are turned off',
      sentence: () => ['There were too many wrong codes, by text and by call. Your help desk can turn them on again.'],
      term: 'factor disabled',
    },
  },
};

export const texted = {
  ...words,
  /** Status lines. */
  status: { starting: 'Sending your text', sent: 'Text sent', delivered: 'Text delivered' },
  /** Status of a text that is late. */
  late: 'Not here yet? Ask for another text below',
  undelivered: {
    heading: unsent,
    sentence: (to: string): Phrase => ['The text to ', ltr(to), ' did not arrive.'],
    bold: 'The text did not arrive',
    next: 'Text it again, or use another option.',
    /** Above the field, below the buttons. */
    late: 'Did the text arrive after all?',
    /** Where another text would not arrive either. */
    because: {
      unreachable: 'The phone is off or out of reach. Until it is back, no text will arrive, so use another option.',
      'unknown-phone':
        'The phone network does not know this phone, so another text will not arrive either. Use another option.',
      'no-texts': 'This number can’t receive texts. It may be a landline. Use another option.',
      filtered: 'The phone network blocked the text and would block another one. Use another option.',
      unregistered:
        'The phone network does not take our texts right now. Your phone is not the problem. Use another option.',
    },
    term: 'not delivered',
  },
  resend: {
    ...sent.resend,
    heading: 'Not received a text message?',
    sentence: (to: string): Phrase => ['We texted your code to ', ltr(to), '. It can take a minute.'],
    again: 'Text it again',
    same: 'It will be the same code, so you can use any of the messages.',
    noMore: 'We can’t text this code again. Use another option, or go back and type the code if it arrives.',
    /** The next text was refused. The code of the first text is still valid. */
    refused: 'We did not text it again',
    stillGood: 'The code in the first text still works.',
    callInstead: 'Call me instead',
    tips: [
      'Check that the phone is on and has reception.',
      'Check your blocked senders and filtered messages.',
      'Compare the last two digits above with your own number.',
    ],
  },
};
