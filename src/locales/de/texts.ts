/** German text messages, in the GSM alphabet only (3GPP TS 23.038 §6.2.1). */
import type { texts as master } from '../en/texts.ts';

export const texts: typeof master = {
  'sign-in': (code, to) =>
    to === ''
      ? `${code} ist Ihr Anmeldecode. Geben Sie ihn nie weiter.`
      : `${code} ist Ihr Code für ${to}. Geben Sie ihn nie weiter.`,
  enrollment: (code, to) =>
    to === ''
      ? `${code} fügt dieses Telefon Ihrem Konto hinzu. Geben Sie den Code nie weiter.`
      : `${code} fügt dieses Telefon Ihrem Konto bei ${to} hinzu. Geben Sie den Code nie weiter.`,
  notices: {
    'method-added': 'Ihr Konto hat eine neue Anmeldemethode.',
    'method-removed': 'Eine Anmeldemethode Ihres Kontos wurde entfernt.',
    'method-renamed': 'Eine Anmeldemethode Ihres Kontos heißt jetzt anders.',
    'method-made-default': 'Wir fragen Sie jetzt zuerst nach einer anderen Anmeldemethode.',
    'passkey-required': 'Ihr Konto verlangt jetzt jedes Mal Ihren Passkey.',
    'passkey-optional': 'Ihr Konto besteht nicht mehr auf Ihrem Passkey.',
    'methods-reset': 'Die Verwaltung hat alle Ihre Anmeldemethoden entfernt.',
    'recovery-codes-made': 'Ihr Konto hat neue Wiederherstellungscodes.',
    'recovery-code-used': 'Anmeldung mit einem Ihrer Wiederherstellungscodes.',
    'temporary-pass-made': 'Für Ihr Konto wurde ein befristeter Zugangscode erstellt.',
    'temporary-pass-used': 'Anmeldung mit einem befristeten Zugangscode.',
    'password-changed': 'Ihr Passwort wurde geändert.',
    'password-set': 'Die Verwaltung hat Ihr Passwort geändert.',
    'password-reset': 'Ihr Passwort wurde zurückgesetzt.',
    'email-changed': 'Die E-Mail-Adresse Ihres Kontos wurde geändert.',
    'sessions-ended': 'Sie wurden abgemeldet.',
    'app-access-revoked': 'Eine App hat keinen Zugriff mehr auf Ihr Konto.',
    'account-locked': 'Die Verwaltung hat Ihr Konto gesperrt.',
    'account-unlocked': 'Die Verwaltung hat Ihr Konto freigegeben.',
    'not-me': 'Sie haben eine Anmeldung gemeldet. Sie wurde beendet.',
    'factor-disabled': 'Zu viele falsche Codes. Eine Anmeldemethode ist ausgeschaltet.',
    'code-reused': 'Jemand hat einen schon benutzten Code eingegeben.',
    'passkey-copied': 'Einer Ihrer Passkeys wurde vielleicht kopiert. Wir haben ihn abgelehnt.',
    'remembered-browser-copied': 'Die Kopie eines gemerkten Browsers wurde benutzt. Er ist nicht mehr gemerkt.',
    'changes-frozen': 'Sie sind überall abgemeldet, Änderungen 7 Tage lang gestoppt.',
    'changes-unfrozen': 'Die Verwaltung erlaubt wieder Änderungen an Ihrem Konto.',
  },
  notYou: link => `Nicht Sie? ${link}`,
  notYouDesk: 'Nicht Sie? Sagen Sie es Ihrem Support.',
};
