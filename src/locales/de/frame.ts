/** What stands on every page. */
import { shortened, strong, time } from '../phrase.ts';
import type { frame as master } from '../en/frame.ts';

const inSeconds = (count: number): string => (count === 1 ? '1 Sekunde' : `${count} Sekunden`);

const halfDay = 43_200_000;

export const frame: typeof master = {
  product: 'Sallyport',
  secondStep: 'Zweiter Schritt',
  notYou: 'Nicht Sie?',
  signingInAs: 'Anmeldung als',
  help: 'Hilfe',
  language: 'Sprache',
  reference: 'Referenz',
  details: 'Details anzeigen',
  time: 'Zeit',
  code: 'Code',
  copy: 'Kopieren',
  copied: 'Kopiert',
  cancel: 'Abbrechen',
  back: 'Zurück',
  error: 'Fehler',
  tryAgain: 'Noch einmal versuchen',
  otherOption: 'Andere Methode verwenden',
  getHelp: 'Hilfe bei der Anmeldung',
  backTo: client => `Zurück zu ${shortened(client)}`,
  continueTo: client => `Weiter zu ${shortened(client)}`,
  continue: 'Weiter',
  secondsLeft: seconds => `noch ${seconds} s`,
  tryAgainAt: (now, until) => {
    const seconds = Math.max(1, Math.ceil((until - now) / 1000));
    return seconds <= 90
      ? ['Versuchen Sie es in ', strong(inSeconds(seconds)), ' noch einmal.']
      : ['Wieder möglich ab ', time(until, until - now > halfDay), '.'];
  },
};
