/** English words for a code in a mail, and for the page about a mail that did not arrive. */
import type { CodeWords } from '../../code-words.ts';
import { ltr, type Phrase } from '../../phrase.ts';
import { attemptsLeft } from '../counts.ts';
import { sent } from './sent.ts';

const words: CodeWords = {
  heading: () => ['Enter the code we e-mailed you'],
  sentence: to => ['Sent to ', ltr(to), '.'],
  malformed: length => `That isn’t a code. Type the ${length} digits from the e-mail.`,
  wrong: left => `That code isn’t right. Check the newest e-mail — ${attemptsLeft(left)}.`,
  reused: 'That code was already used. Check the newest e-mail.',
  ends: {
    ...sent.ends,
    attempts: {
      heading: 'Too many attempts',
      sentence: () => ['There were too many wrong codes, so the one we e-mailed no longer works.'],
      advice: 'Ask for a new code, then use the newest e-mail.',
      term: 'too many attempts',
    },
    expired: {
      heading: 'This code has expired',
      sentence: to => ['We waited too long for the code we e-mailed to ', ltr(to), '.'],
      advice: 'Ask for a new code. The old one no longer works.',
      term: 'expired',
    },
    undeliverable: {
      heading: 'We couldn’t send you an e-mail',
      sentence: () => ['We can’t send e-mails right now. Your mailbox is not the problem.'],
      advice: 'Try again in a minute, or use another option.',
      term: 'mail unavailable',
    },
    'carrier-busy': {
      heading: 'Too many e-mails right now',
      sentence: to => ['We have sent many e-mails to ', ltr(to), ' in the last hour.'],
      advice: 'Wait a while, then ask for a new code, or use another option.',
      term: 'too many e-mails',
    },
    'send-limit': {
      heading: 'We can’t e-mail you again yet',
      sentence: to => ['We have sent codes to ', ltr(to), ' too often without an answer.'],
      advice: 'This protects your mailbox from unwanted e-mails.',
      term: 'too many e-mails',
    },
    disabled: {
      heading: 'Codes to this mailbox are turned off',
      sentence: () => ['There were too many wrong codes. Your help desk can turn them on again.'],
      term: 'factor disabled',
    },
  },
};

export const mailed = {
  ...words,
  status: { starting: 'Sending your e-mail', sent: 'E-mail sent', delivered: 'E-mail sent' },
  /** Status of a mail that may be late. */
  late: 'Not here yet? Ask for another e-mail below',
  resend: {
    ...sent.resend,
    heading: 'Not received an e-mail?',
    sentence: (to: string): Phrase => ['We e-mailed your code to ', ltr(to), '. It can take a minute.'],
    again: 'E-mail it again',
    same: 'It will be the same code, so you can use any of the e-mails.',
    noMore: 'We can’t e-mail this code again. Use another option, or go back and type the code if it arrives.',
    refused: 'We did not e-mail it again',
    stillGood: 'The code in the first e-mail still works.',
    tips: [
      'Check that you are looking into the right mailbox.',
      'Look into the folder for spam.',
      'Compare the address above with your own.',
    ],
  },
};
