/** German words for a code in a mail, and for the page about a mail that did not arrive. */
import type { CodeWords } from '../../code-words.ts';
import type { mailed as master } from '../../en/codes/mailed.ts';
import { ltr } from '../../phrase.ts';
import { attemptsLeft } from '../counts.ts';
import { sent } from './sent.ts';

const words: CodeWords = {
  heading: () => ['Geben Sie den Code aus der E-Mail ein'],
  sentence: to => ['Gesendet an ', ltr(to), '.'],
  malformed: length => `Das ist kein Code. Geben Sie die ${length} Ziffern aus der E-Mail ein.`,
  wrong: left => `Dieser Code stimmt nicht. Sehen Sie in der neuesten E-Mail nach\u00A0– ${attemptsLeft(left)}.`,
  reused: 'Dieser Code wurde schon verwendet. Sehen Sie in der neuesten E-Mail nach.',
  ends: {
    ...sent.ends,
    attempts: {
      heading: 'Zu viele Versuche',
      sentence: () => ['Es gab zu viele falsche Codes. Der Code aus der E-Mail gilt deshalb nicht mehr.'],
      advice: 'Lassen Sie sich einen neuen Code senden und nehmen Sie ihn aus der neuesten E-Mail.',
      term: 'zu viele Versuche',
    },
    expired: {
      heading: 'Dieser Code ist abgelaufen',
      sentence: to => ['Wir haben zu lange auf den Code gewartet, den wir an ', ltr(to), ' gesendet haben.'],
      advice: 'Lassen Sie sich einen neuen Code senden. Der alte gilt nicht mehr.',
      term: 'abgelaufen',
    },
    undeliverable: {
      heading: 'Wir konnten Ihnen keine E-Mail senden',
      sentence: () => ['Wir können gerade keine E-Mails senden. An Ihrem Postfach liegt es nicht.'],
      advice: 'Versuchen Sie es in einer Minute noch einmal oder verwenden Sie eine andere Methode.',
      term: 'E-Mail nicht möglich',
    },
    'carrier-busy': {
      heading: 'Gerade sind es zu viele E-Mails',
      sentence: to => ['Wir haben in der letzten Stunde viele E-Mails an ', ltr(to), ' gesendet.'],
      advice:
        'Warten Sie eine Weile und lassen Sie sich dann einen neuen Code senden, oder verwenden Sie eine andere Methode.',
      term: 'zu viele E-Mails',
    },
    'send-limit': {
      heading: 'Wir können Ihnen noch keine neue E-Mail senden',
      sentence: to => ['Wir haben zu oft Codes an ', ltr(to), ' gesendet, ohne dass jemand geantwortet hat.'],
      advice: 'Das schützt Ihr Postfach vor unerwünschten E-Mails.',
      term: 'zu viele E-Mails',
    },
    disabled: {
      heading: 'Codes an dieses Postfach sind ausgeschaltet',
      sentence: () => ['Es gab zu viele falsche Codes. Ihr Support kann sie wieder einschalten.'],
      term: 'Methode gesperrt',
    },
  },
};

export const mailed: typeof master = {
  ...words,
  status: { starting: 'E-Mail wird gesendet', sent: 'E-Mail gesendet', delivered: 'E-Mail gesendet' },
  late: 'Noch nicht da? Unten gibt es eine neue E-Mail',
  resend: {
    ...sent.resend,
    heading: 'Keine E-Mail erhalten?',
    sentence: to => ['Wir haben Ihren Code an ', ltr(to), ' gesendet. Das kann eine Minute dauern.'],
    again: 'E-Mail noch einmal senden',
    same: 'Es wird derselbe Code sein, jede der E-Mails gilt also.',
    noMore:
      'Diesen Code können wir nicht noch einmal senden. Verwenden Sie eine andere Methode, oder gehen Sie zurück und geben Sie den Code ein, wenn er kommt.',
    refused: 'Die E-Mail wurde nicht noch einmal gesendet',
    stillGood: 'Der Code aus der ersten E-Mail gilt weiterhin.',
    tips: [
      'Prüfen Sie, ob Sie in das richtige Postfach sehen.',
      'Sehen Sie im Ordner für Spam nach.',
      'Vergleichen Sie die Adresse oben mit Ihrer.',
    ],
  },
};
