/** What the telephone says in German: `#` is the Raute-Taste. */
import { spoken } from '../spoken.ts';
import type { phone as master } from '../en/phone.ts';

const client = (name: string): string => spoken(name, 'einer Website');

export const phone: typeof master = {
  voice: 'de-DE',
  announcement: to =>
    `Guten Tag. Jemand meldet sich gerade unter Ihrem Namen bei ${client(to)} an. Wenn Sie das sind, drücken Sie die Raute-Taste. Wenn Sie das nicht sind, drücken Sie die Null und dann die Raute-Taste.`,
  repeat: to =>
    `Um sich bei ${client(to)} anzumelden, drücken Sie die Raute-Taste. Wenn Sie das nicht sind, drücken Sie die Null und dann die Raute-Taste.`,
  report: 'Drücken Sie jetzt die Raute-Taste, um zu melden, dass Sie das nicht waren. Sonst warten Sie einfach.',
  approved: 'Vielen Dank. Ihre Anmeldung geht im Browser weiter. Auf Wiederhören.',
  denied:
    'Danke für die Meldung. Diese Anmeldung wurde gestoppt, und wir rufen Sie einen Tag lang nicht an. Auf Wiederhören.',
  tooLate:
    'Das war zu spät. Niemand wurde angemeldet. Bitte lassen Sie sich vom Browser aus erneut anrufen. Auf Wiederhören.',
  silence: 'Wir haben keine Taste gehört. Niemand wurde angemeldet. Auf Wiederhören.',
  over: 'Dieser Anruf gilt nicht mehr. Sie können auflegen. Auf Wiederhören.',
  enrollment: product =>
    `Guten Tag. Jemand fügt dieses Telefon einem Konto bei ${client(product)} hinzu. Wenn Sie das sind, drücken Sie die Raute-Taste, um dieses Telefon Ihrem Konto hinzuzufügen. Wenn Sie das nicht sind, drücken Sie die Null und dann die Raute-Taste.`,
  enrolled: 'Vielen Dank. Dieses Telefon gehört jetzt zu Ihrem Konto. Auf Wiederhören.',
};
