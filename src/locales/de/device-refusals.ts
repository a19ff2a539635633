/** German sentences that the authenticator shows where the server refuses a call. */
import type { deviceRefusals as english } from '../en/device-refusals.ts';

export const deviceRefusals: typeof english = {
  'device-unknown': 'Dieses Telefon ist nicht mehr mit Ihrem Konto verbunden. Sie können es neu verbinden.',
  proof: 'Wir konnten nicht prüfen, ob das von Ihrem Telefon kam. Versuchen Sie es noch einmal.',
  clock:
    'Die Uhr dieses Telefons geht falsch. Lassen Sie Datum und Uhrzeit automatisch stellen und versuchen Sie es noch einmal.',
  'pairing-unknown':
    'Dieser Code stimmt nicht oder gilt nicht mehr. Prüfen Sie ihn, oder holen Sie auf der Seite, auf der er stand, einen neuen.',
  'pairing-used':
    'Ein anderes Telefon hat diesen Code benutzt. Holen Sie auf der Seite, auf der er stand, einen neuen.',
  over: 'Diese Anfrage ist beendet.',
  'not-subscribed': 'Mitteilungen sind auf diesem Telefon aus. Schalten Sie sie zuerst ein.',
  'code-malformed': 'Der Code hat 8 Buchstaben und Ziffern. Prüfen Sie ihn und tippen Sie ihn noch einmal ein.',
  'subscription-refused':
    'Mitteilungen dieses Browsers gehen hier nicht. Öffnen Sie den Authenticator, wenn Sie sich anmelden.',
  malformed:
    'Wir haben den Authenticator nicht verstanden. Schließen Sie ihn, öffnen Sie ihn wieder und versuchen Sie es noch einmal.',
  wait: 'Das war zu oft. Warten Sie einige Minuten und versuchen Sie es noch einmal.',
  'not-sent': 'Die Mitteilung ließ sich nicht senden. Versuchen Sie es in einigen Minuten noch einmal.',
};
