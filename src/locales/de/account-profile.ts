/** German words for password and e-mail address on the security page. */
import { name } from '../phrase.ts';
import type { accountProfile as master } from '../en/account-profile.ts';

export const accountProfile: typeof master = {
  first: 'Vor einer Änderung bestätigen Sie, dass Sie es sind.',
  password: {
    heading: 'Passwort',
    current: 'Ihr jetziges Passwort',
    effect: 'Danach sind alle anderen Browser und Apps abgemeldet. Dieser hier bleibt angemeldet.',
    submit: 'Passwort ändern',
    absent: 'Sie melden sich hier ohne Passwort an.',
    wrong: 'Das ist nicht Ihr Passwort.',
    changed: 'Ihr Passwort wurde gerade an anderer Stelle geändert. Laden Sie die Seite neu.',
    wait: 'Zu viele Versuche.',
  },
  address: {
    heading: 'E-Mail-Adresse',
    now: 'Aktuell',
    absent: 'Sie haben hier keine E-Mail-Adresse.',
    confirmed: 'bestätigt',
    unconfirmed: 'nicht bestätigt',
    confirm: 'Diese Adresse bestätigen',
    change: 'Adresse ändern',
    new: 'Neue Adresse',
    effect: 'Wir senden einen Link an die neue Adresse. Die alte gilt, bis Sie ihn geöffnet haben.',
    submit: 'Link senden',
    waiting: address => ['Ein Link ist unterwegs an ', name(address), '. Er gilt 30 Minuten.'],
    noMail: 'Dieser Server sendet keine E-Mails. Ihr Support kann die Adresse ändern.',
    faults: {
      email: 'Das ist keine E-Mail-Adresse.',
      same: 'Das ist schon Ihre Adresse, und sie ist bestätigt.',
      limit: 'Sie bekommen höchstens 3 Links in einer Stunde. Versuchen Sie es in einer Stunde noch einmal.',
      off: 'Dieser Server sendet keine E-Mails. Ihr Support kann die Adresse ändern.',
      full: 'Gerade können keine E-Mails gesendet werden. Versuchen Sie es in einer Minute noch einmal.',
    },
  },
  confirm: {
    heading: 'Ist das Ihre Adresse?',
    sentence: address => [name(address), ' wird die E-Mail-Adresse Ihres Kontos.'],
    submit: 'Ja, bestätigen',
    no: 'Nein, nichts ändern',
    gone: 'Dieser Link gilt nicht mehr. Er wurde benutzt, ist älter als 30 Minuten, Sie haben einen neueren angefordert, oder er gehört zu einem anderen Konto.',
    taken: 'Diese Adresse lässt sich für Ihr Konto nicht verwenden. Wählen Sie eine andere.',
    back: 'Zurück zu Ihrem Profil',
  },
  mail: {
    subject: 'E-Mail-Adresse bestätigen',
    heading: 'Ist das Ihre Adresse?',
    asked: (account, service) =>
      `Das Konto ${account} bei ${service} soll diese Adresse verwenden. Ist es Ihr Konto, öffnen Sie den Link, während Sie angemeldet sind.`,
    lifetime: 'Er gilt 30 Minuten und nur einmal.',
    button: 'Diese Adresse bestätigen',
    closing: 'Kennen Sie dieses Konto nicht, müssen Sie nichts tun. Öffnen Sie den Link nicht für jemand anderen.',
  },
};
