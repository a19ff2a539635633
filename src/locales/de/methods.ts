/** German words for the methods of the second step. */
import type { methods as master } from '../en/methods.ts';

export const methods: typeof master = {
  call: {
    name: 'Anruf erhalten',
    start: 'Jetzt anrufen lassen',
    again: 'Erneut anrufen',
    back: 'Zurück zum Anruf',
    hint: '# drücken',
  },
  sms: {
    name: 'Code per SMS',
    start: 'Code per SMS senden',
    again: 'Neuen Code per SMS senden',
    back: 'Zurück zum Code per SMS',
  },
  spoken: {
    name: 'Code per Anruf',
    start: 'Code am Telefon anhören',
    again: 'Neuen Code per Anruf',
    back: 'Zurück zum Anruf mit Code',
    hint: 'sechs Ziffern hören',
  },
  totp: {
    name: 'Code aus Ihrer App',
    note: 'Funktioniert ohne Netz',
    start: 'Code aus Ihrer App eingeben',
    back: 'Zurück zum Code aus Ihrer App',
  },
  passkey: {
    name: 'Passkey verwenden',
    note: 'Gesicht, Finger oder PIN',
    start: 'Passkey verwenden',
    again: 'Passkey verwenden',
    back: 'Zurück zum Passkey',
  },
  push: {
    name: 'Im Authenticator bestätigen',
    start: 'Anfrage senden',
    again: 'Neue Anfrage senden',
    back: 'Zurück zur Anfrage',
  },
  'recovery-code': {
    name: 'Wiederherstellungscode verwenden',
    note: 'Einer der Codes, die Sie aufbewahrt haben',
    start: 'Wiederherstellungscode eingeben',
    back: 'Zurück zum Wiederherstellungscode',
  },
  email: {
    name: 'Code per E-Mail',
    start: 'Code per E-Mail senden',
    again: 'Neuen Code per E-Mail senden',
    back: 'Zurück zum Code per E-Mail',
  },
  'temporary-access-pass': {
    name: 'Befristeten Zugangscode verwenden',
    note: 'Von Ihrem Support',
    start: 'Befristeten Zugangscode eingeben',
    back: 'Zurück zum befristeten Zugangscode',
  },
};
