/** German words of the security page below /account. */
import { accountMethods } from './account-methods.ts';
import { accountPasskeys } from './account-passkeys.ts';
import { accountSessions } from './account-sessions.ts';
import type { account as master } from '../en/account.ts';

const notices: (typeof master)['notices'] = {
  repeat: 'Danke, Sie sind es. Bitte nehmen Sie Ihre Änderung jetzt noch einmal vor.',
  cancelled: 'Es wurde nichts geändert.',
  added: 'Fertig. Sie können sie ab jetzt benutzen.',
  tested: 'Es funktioniert: Sie haben eben damit bestätigt.',
  renamed: 'Der Name wurde geändert.',
  removed: 'Das wurde entfernt. Damit kann sich niemand mehr anmelden.',
  'made-default': 'Ab jetzt fragen wir zuerst danach.',
  'language-set': 'Die Sprache wurde geändert.',
  'password-changed': 'Ihr neues Passwort ist gespeichert. Alle anderen Browser und Apps sind abgemeldet.',
  'address-asked': 'Wenn Sie diese Adresse nutzen können, ist ein Link dorthin unterwegs.',
  'address-proven': 'Ihre E-Mail-Adresse ist bestätigt.',
};

export const account: typeof master = {
  signedInAs: 'Angemeldet als',
  signOut: 'Abmelden',
  navigation: {
    label: 'Ihr Konto',
    security: 'Sicherheit',
    sessions: 'Sitzungen und Anmeldungen',
    apps: 'Verbundene Apps',
    profile: 'Profil und Passwort',
  },
  notices: { ...notices, ...accountSessions.notices, ...accountPasskeys.notices },
  methods: accountMethods,
  passkeys: accountPasskeys,
  language: {
    heading: 'Sprache',
    label: 'Für Seiten, Anrufe, SMS und E-Mails',
    save: 'Speichern',
  },
  appPasswords: {
    heading: 'App-Passwörter',
    sentence:
      'Sie brauchen keine. Jede App öffnet die Anmeldeseite, die Sie kennen, und muss darum kein eigenes Passwort speichern. Wenn ein altes E-Mail-Programm danach fragt: Richten Sie Ihr Konto darin neu ein und wählen Sie die Anmeldung auf einer Webseite, oder benutzen Sie die E-Mail-App Ihres Telefons.',
  },
  notSignedIn: {
    heading: 'Sie sind nicht angemeldet',
    sentence: 'Die Anmeldung wurde verlassen oder hat zu lange gedauert. Es wurde nichts geändert.',
    again: 'Anmelden',
  },
};
