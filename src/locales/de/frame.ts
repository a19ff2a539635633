/** German words that several pages share: header, footer, details and common buttons. */
import { isShortWait, laterTime, secondsLeft, shortened } from '../phrase.ts';
import type { frame as master } from '../en/frame.ts';
import { duration } from '../duration.ts';
import { seconds, units } from './counts.ts';

export const frame: typeof master = {
  product: 'Sallyport',
  secondStep: 'Zweiter Schritt',
  notYou: 'Nicht Sie?',
  signingInAs: 'Anmeldung als',
  authenticatorNeedsScript:
    'Der Authenticator braucht JavaScript, das in diesem Browser ausgeschaltet ist. Schalten Sie es ein und laden Sie die Seite neu.',
  help: 'Hilfe',
  language: 'Sprache',
  labelled: (label, text) => `${label}: ${text}`,
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
  waitOver: 'Sie können es jetzt noch einmal versuchen.',
  remember: {
    label: lasts => `In diesem Browser ${duration(lasts, units)} lang nicht mehr fragen`,
    note: 'Nur wenn sonst niemand diesen Browser benutzt.',
  },
  otherOption: 'Andere Methode verwenden',
  getHelp: 'Hilfe bei der Anmeldung',
  backTo: client => `Zurück zu ${shortened(client)}`,
  continueTo: client => `Weiter zu ${shortened(client)}`,
  continue: 'Weiter',
  secondsLeft: left => `noch ${left} s`,
  tryAgainAt: (now, until) =>
    isShortWait(now, until)
      ? ['Versuchen Sie es in ', secondsLeft(now, until, seconds), ' noch einmal.']
      : ['Wieder möglich ab ', laterTime(now, until), '.'],
};
