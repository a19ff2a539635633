/** German words for choosing a password: the field, why one is refused, and the pages around it. */
import { name } from '../phrase.ts';
import type { passwords as master } from '../en/passwords.ts';

export const passwords: typeof master = {
  field: {
    label: 'Neues Passwort',
    hint: 'Mindestens 8 Zeichen. Einige Wörter, die nur für Sie zusammengehören, merken Sie sich leicht.',
  },
  faults: {
    unreadable: 'Geben Sie ein neues Passwort ein.',
    short: 'Das ist zu kurz. Nehmen Sie mindestens 8 Zeichen.',
    common: 'Dieses Passwort haben viele, deshalb wird es zuerst erraten. Wählen Sie ein anderes.',
    pattern:
      'Das ist leicht zu erraten, weil sich darin etwas wiederholt oder der Reihe nach kommt. Wählen Sie ein anderes.',
    personal: 'Das besteht aus Ihrem Namen oder dem Namen dieses Dienstes. Wählen Sie ein anderes.',
    breached:
      'Dieses Passwort wurde auf einer anderen Website gestohlen und ist Angreifern bekannt. Wählen Sie ein anderes.',
    same: 'Das ist Ihr jetziges Passwort. Wählen Sie ein anderes.',
  },
  required: {
    heading: 'Wählen Sie ein neues Passwort',
    sentence: client => ['Danach geht es weiter zu ', name(client), '. Ihr altes Passwort gilt dann nicht mehr.'],
    submit: 'Speichern und weiter',
  },
  forgotten: {
    heading: 'Passwort vergessen?',
    sentence: 'Wir senden einen Link an Ihre E-Mail-Adresse. Damit wählen Sie ein neues Passwort.',
    name: 'Name oder E-Mail-Adresse',
    submit: 'Link senden',
    incomplete: 'Geben Sie Ihren Namen oder Ihre E-Mail-Adresse ein.',
    wait: 'Von Ihrem Standort kamen zu viele Anfragen.',
    full: 'Gerade sind zu viele Anfragen unterwegs. Versuchen Sie es in einer Minute noch einmal.',
    back: 'Zurück zur Anmeldung',
  },
  noMail: {
    heading: 'Ihr Support gibt Ihnen ein neues Passwort',
    sentence:
      'Fragen Sie die Stelle, von der Sie dieses Konto haben. Sie setzt ein neues Passwort. Ihr zweiter Schritt bleibt, wie er ist.',
  },
  sent: {
    heading: 'Sehen Sie in Ihr Postfach',
    sentence: 'Wenn dieses Konto eine bestätigte E-Mail-Adresse hat, ist ein Link dorthin unterwegs.',
    steps: [
      'Öffnen Sie den Link innerhalb von 30 Minuten. Er gilt einmal.',
      'Nichts angekommen? Sehen Sie im Spam-Ordner nach und prüfen Sie den eingegebenen Namen.',
      'Mehrmals angefordert? Nur der neueste Link gilt. Es gibt höchstens 3 in einer Stunde.',
      'Immer noch nichts? Bitten Sie Ihren Support um ein neues Passwort.',
    ],
    again: 'Noch einen Link senden',
  },
  reset: {
    heading: 'Wählen Sie ein neues Passwort',
    sentence: account => ['Für das Konto ', name(account), '. Ihr zweiter Schritt bleibt, wie er ist.'],
    effect: 'Danach sind Sie überall abgemeldet und melden sich mit dem neuen Passwort an.',
    submit: 'Neues Passwort speichern',
  },
  gone: {
    heading: 'Dieser Link gilt nicht mehr',
    sentence:
      'Er wurde benutzt, ist älter als 30 Minuten, oder Sie haben einen neueren angefordert. Ihr Passwort wurde nicht geändert.',
    again: 'Neuen Link anfordern',
  },
  done: {
    heading: 'Ihr neues Passwort ist gespeichert',
    sentence: 'Sie sind überall abgemeldet. Melden Sie sich jetzt mit dem neuen Passwort an.',
    unknown: 'Öffnen Sie die App oder Website, die Sie nutzen möchten, und melden Sie sich dort an.',
  },
  mail: {
    subject: 'Neues Passwort wählen',
    heading: 'Wählen Sie ein neues Passwort',
    asked: (account, service) =>
      `Für das Konto ${account} bei ${service} wurde ein neues Passwort angefordert. Waren Sie es, öffnen Sie den Link.`,
    lifetime: 'Er gilt 30 Minuten und nur einmal. Ihr zweiter Schritt bleibt, wie er ist.',
    button: 'Neues Passwort wählen',
    closing:
      'Waren Sie es nicht, müssen Sie nichts tun. Ihr Passwort bleibt, wie es ist. Geben Sie diesen Link niemandem weiter.',
  },
};
