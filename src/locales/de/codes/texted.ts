/** German words for a code in a text message, and for the page about a text that did not arrive. */
import type { CodeWords } from '../../code-words.ts';
import type { texted as master } from '../../en/codes/texted.ts';
import { ltr } from '../../phrase.ts';
import { calls } from '../calls.ts';
import { attemptsLeft } from '../counts.ts';
import { sent } from './sent.ts';

const unsent = 'Wir konnten Ihnen keine SMS senden';

const words: CodeWords = {
  heading: () => ['Geben Sie den Code aus der SMS ein'],
  sentence: to => ['Gesendet an ', ltr(to), '.'],
  malformed: length => `Das ist kein Code. Geben Sie die ${length} Ziffern aus der SMS ein.`,
  wrong: left => `Dieser Code stimmt nicht. Sehen Sie in der neuesten SMS nach\u00A0– ${attemptsLeft(left)}.`,
  reused: 'Dieser Code wurde schon verwendet. Sehen Sie in der neuesten SMS nach.',
  ends: {
    ...sent.ends,
    attempts: {
      heading: 'Zu viele Versuche',
      sentence: () => ['Es gab zu viele falsche Codes. Der Code aus der SMS gilt deshalb nicht mehr.'],
      advice: 'Lassen Sie sich einen neuen Code senden und nehmen Sie ihn aus der neuesten SMS.',
      term: 'zu viele Versuche',
    },
    expired: {
      heading: 'Dieser Code ist abgelaufen',
      sentence: to => ['Wir haben zu lange auf den Code gewartet, den wir an ', ltr(to), ' gesendet haben.'],
      advice: 'Lassen Sie sich einen neuen Code senden. Der alte gilt nicht mehr.',
      term: 'abgelaufen',
    },
    undeliverable: {
      heading: unsent,
      sentence: () => ['Wir können gerade keine SMS senden. An Ihrem Telefon liegt es nicht.'],
      advice: 'Versuchen Sie es in einer Minute noch einmal oder verwenden Sie eine andere Methode.',
      term: 'SMS nicht möglich',
    },
    slow: {
      heading: unsent,
      sentence: () => ['Das Telefonnetz hat uns nicht rechtzeitig geantwortet. An Ihrem Telefon liegt es nicht.'],
      advice:
        'Kommt jetzt eine SMS, gilt ihr Code nicht mehr. Lassen Sie sich einen neuen senden oder verwenden Sie eine andere Methode.',
      term: 'Telefonnetz zu langsam',
    },
    'carrier-busy': {
      heading: 'Gerade sind es zu viele SMS',
      sentence: () => ['Das Telefonnetz nimmt im Moment keine SMS mehr von uns an. An Ihrem Telefon liegt es nicht.'],
      advice:
        'Warten Sie eine Minute und lassen Sie sich dann einen neuen Code senden, oder verwenden Sie eine andere Methode.',
      term: 'Telefonnetz überlastet',
    },
    'number-refused': {
      heading: 'An diese Nummer können wir keine SMS senden',
      sentence: to => ['Das Telefonnetz nimmt von uns keine SMS für ', ltr(to), ' an.'],
      advice:
        'Eine neue SMS hilft nicht. Verwenden Sie eine andere Methode oder lassen Sie Ihren Support die Nummer prüfen.',
      term: 'Nummer abgewiesen',
    },
    'opted-out': calls.ends['opted-out'],
    'send-limit': {
      heading: 'Wir können Ihnen noch keine neue SMS senden',
      sentence: to => ['Wir haben zu oft SMS an ', ltr(to), ' gesendet, ohne dass jemand geantwortet hat.'],
      advice: 'Das schützt Ihr Telefon vor unerwünschten SMS.',
      term: 'zu viele SMS',
    },
    'send-ceiling': {
      heading: 'SMS sind gerade angehalten',
      sentence: () => [
        'So viele unserer SMS blieben ohne Antwort, dass wir vorerst keine senden. An Ihrem Telefon liegt es nicht.',
      ],
      advice: 'Verwenden Sie eine andere Methode oder warten Sie.',
      term: 'SMS für alle angehalten',
    },
    disabled: {
      heading: 'Codes an dieses Telefon sind ausgeschaltet',
      sentence: () => [
        'Es gab zu viele falsche Codes, per SMS und per Anruf. Ihr Support kann sie wieder einschalten.',
      ],
      term: 'Methode gesperrt',
    },
  },
};

export const texted: typeof master = {
  ...words,
  status: { starting: 'SMS wird gesendet', sent: 'SMS gesendet', delivered: 'SMS zugestellt' },
  late: 'Noch nicht da? Unten gibt es eine neue SMS',
  undelivered: {
    heading: unsent,
    sentence: to => ['Die SMS an ', ltr(to), ' konnte nicht zugestellt werden.'],
    bold: 'Die SMS konnte nicht zugestellt werden',
    next: 'Lassen Sie die SMS noch einmal senden oder verwenden Sie eine andere Methode.',
    late: 'Ist die SMS doch noch gekommen?',
    because: {
      unreachable:
        'Das Telefon ist aus oder nicht erreichbar. Solange kommt keine SMS an. Verwenden Sie eine andere Methode.',
      'unknown-phone':
        'Das Telefonnetz kennt dieses Telefon nicht, auch eine weitere SMS käme nicht an. Verwenden Sie eine andere Methode.',
      'no-texts':
        'Diese Nummer kann keine SMS empfangen, vielleicht ist es ein Festnetzanschluss. Verwenden Sie eine andere Methode.',
      filtered:
        'Das Telefonnetz hat die SMS blockiert und würde auch eine weitere blockieren. Verwenden Sie eine andere Methode.',
      unregistered:
        'Das Telefonnetz nimmt zurzeit keine SMS von uns an. An Ihrem Telefon liegt es nicht. Verwenden Sie eine andere Methode.',
    },
    term: 'nicht zugestellt',
  },
  resend: {
    ...sent.resend,
    heading: 'Keine SMS erhalten?',
    sentence: to => ['Wir haben Ihren Code an ', ltr(to), ' gesendet. Das kann eine Minute dauern.'],
    again: 'SMS noch einmal senden',
    same: 'Es wird derselbe Code sein, jede der SMS gilt also.',
    noMore:
      'Diesen Code können wir nicht noch einmal senden. Verwenden Sie eine andere Methode, oder gehen Sie zurück und geben Sie den Code ein, wenn er kommt.',
    refused: 'Die SMS wurde nicht noch einmal gesendet',
    stillGood: 'Der Code aus der ersten SMS gilt weiterhin.',
    callInstead: 'Stattdessen anrufen lassen',
    tips: [
      'Prüfen Sie, ob das Telefon eingeschaltet ist und Empfang hat.',
      'Sehen Sie bei blockierten Absendern und gefilterten Nachrichten nach.',
      'Vergleichen Sie die letzten zwei Ziffern oben mit Ihrer eigenen Nummer.',
    ],
  },
};
