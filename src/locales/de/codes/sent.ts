/** German words that codes in texts and in mails have in common: two ends, and the page about a message that did not arrive. */
import type { sent as master } from '../../en/codes/sent.ts';
import { isShortWait, secondsLeft, time } from '../../phrase.ts';
import { seconds } from '../counts.ts';

export const sent: typeof master = {
  ends: {
    cancelled: {
      heading: 'Dieser Code wurde abgebrochen',
      sentence: () => ['Sie haben eine andere Methode gewählt oder sind zurückgegangen. Es wurde nichts bestätigt.'],
      term: 'abgebrochen',
    },
    lost: {
      heading: 'Dieser Code ging uns verloren',
      sentence: () => ['Bei uns ist etwas schiefgegangen. Es wurde nichts bestätigt.'],
      advice: 'Lassen Sie sich einen neuen Code senden oder verwenden Sie eine andere Methode.',
      term: 'Stand verloren',
    },
  },
  resend: {
    wait: (now, from) =>
      isShortWait(now, from)
        ? ['Noch einmal möglich in ', secondsLeft(now, from, seconds), '.']
        : ['Noch einmal möglich ab ', time(from), '.'],
    back: 'Zurück zur Eingabe des Codes',
    helps: 'Was hilft',
  },
};
