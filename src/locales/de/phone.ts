/** Sentences that calls speak in German. The key # is the Raute-Taste. */
import { nameForVoice } from '../../client-name.ts';
import { duration } from '../duration.ts';
import type { phone as master } from '../en/phone.ts';
import { units } from './counts.ts';

/** Digits that the voice reads one by one. */
const digit = (digits: string): string => Array.from(digits).join(' ');

const names = ['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'];
/** Digits with a pause after each. As words, because a German voice reads “1.” as “first”. */
const slowly = (digits: string): string =>
  Array.from(digits, character => names[Number.parseInt(character, 10)] ?? character).join('. ');

const client = (name: string): string => nameForVoice(name, 'einer Website');

export const phone: typeof master = {
  voice: 'de-DE',
  announcement: to =>
    `Guten Tag. Jemand meldet sich gerade unter Ihrem Namen bei ${client(to)} an. Wenn Sie das sind, drücken Sie die Raute-Taste. Wenn Sie das nicht sind, drücken Sie die Null und dann die Raute-Taste.`,
  repeat: to =>
    `Um sich bei ${client(to)} anzumelden, drücken Sie die Raute-Taste. Wenn Sie das nicht sind, drücken Sie die Null und dann die Raute-Taste.`,
  report:
    'Drücken Sie jetzt die Raute-Taste, um zu melden, dass Sie das nicht waren. Haben Sie die Null nur aus Versehen gedrückt, drücken Sie die Eins.',
  announcementOfNumber: to =>
    `Guten Tag. Jemand meldet sich gerade unter Ihrem Namen bei ${client(to)} an. Wenn Sie das sind, geben Sie die sechs Ziffern von Ihrem Bildschirm ein und drücken Sie dann die Raute-Taste. Wenn Sie das nicht sind, drücken Sie die Null und dann die Raute-Taste.`,
  repeatOfNumber: to =>
    `Das ist nicht die richtige Zahl. Um sich bei ${client(to)} anzumelden, geben Sie die sechs Ziffern von Ihrem Bildschirm ein und drücken Sie dann die Raute-Taste. Wenn Sie das nicht sind, drücken Sie die Null und dann die Raute-Taste.`,
  extension: digits =>
    `Guten Tag. Dies ist ein Anruf für die Durchwahl ${digit(digits)}. Bitte verbinden Sie mit der Durchwahl ${digit(digits)}. Wenn Sie diese Durchwahl schon haben, drücken Sie die Raute-Taste, damit es weitergeht.`,
  beforeDictation: to =>
    `Guten Tag. Jemand meldet sich gerade unter Ihrem Namen bei ${client(to)} an. Um den Code zu hören, drücken Sie die Raute-Taste. Wenn Sie das nicht sind, drücken Sie die Null und dann die Raute-Taste.`,
  dictation: code =>
    `Ihr Code lautet: ${slowly(code)}. Noch einmal: ${slowly(code)}. Um ihn wieder zu hören, drücken Sie die Raute-Taste. Wenn Sie das nicht sind, drücken Sie die Null und dann die Raute-Taste. Sagen Sie den Code niemandem.`,
  afterDictation: 'Geben Sie den Code auf der Seite ein, auf der Sie sich anmelden. Auf Wiederhören.',
  moment: 'Einen Moment bitte.',
  approved: 'Vielen Dank. Ihre Anmeldung geht im Browser weiter. Auf Wiederhören.',
  declined:
    'Sie haben gesagt, dass Sie das nicht waren. Die Anmeldung wurde gestoppt, niemand wurde angemeldet. Auf Wiederhören.',
  denied: pause =>
    `Danke für die Meldung. Diese Anmeldung wurde gestoppt, und wir rufen Sie ${duration(pause, units)} lang nicht an. Auf Wiederhören.`,
  tooLate:
    'Das war zu spät. Niemand wurde angemeldet. Bitte lassen Sie sich vom Browser aus erneut anrufen. Auf Wiederhören.',
  silence: 'Wir haben keine Taste gehört. Niemand wurde angemeldet. Auf Wiederhören.',
  over: 'Dieser Anruf gilt nicht mehr. Sie können auflegen. Auf Wiederhören.',
  enrollment: product =>
    `Guten Tag. Jemand fügt dieses Telefon einem Konto bei ${client(product)} hinzu. Wenn Sie das sind, drücken Sie die Raute-Taste, um dieses Telefon Ihrem Konto hinzuzufügen. Wenn Sie das nicht sind, drücken Sie die Null und dann die Raute-Taste.`,
  enrolled: 'Vielen Dank. Dieses Telefon gehört jetzt zu Ihrem Konto. Auf Wiederhören.',
};
