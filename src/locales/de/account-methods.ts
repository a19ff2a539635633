/** German words for the methods on the security page. */
import type { accountMethods as master } from '../en/account-methods.ts';
import { name, strong } from '../phrase.ts';

const names: (typeof master)['names'] = {
  phone: 'Telefon',
  call: 'Anruf',
  sms: 'SMS',
  spoken: 'Anruf mit Code',
  totp: 'Code aus Ihrer App',
  passkey: 'Passkey',
  email: 'Code per E-Mail',
  push: 'Sallyport Authenticator',
};

const ways: (typeof master)['ways'] = { call: 'Anruf', sms: 'SMS', spoken: 'Anruf mit Code' };

const means: (typeof master)['means'] = {
  phone: 'Ihrem anderen Telefon',
  totp: 'dem Code aus Ihrer App',
  passkey: 'einem Passkey',
  email: 'einem Code per E-Mail',
  'recovery-codes': 'einem Wiederherstellungscode',
};

export const accountMethods: typeof master = {
  heading: 'Ihre Anmeldemethoden',
  add: 'Methode hinzufügen',
  test: 'Testen',
  rename: 'Umbenennen',
  remove: 'Entfernen',
  names,
  ways,
  means,
  used: day => ['zuletzt benutzt: ', day],
  neverUsed: day => ['hinzugefügt: ', day, ', noch nie benutzt'],
  disabled: 'Nach zu vielen falschen Codes ausgeschaltet. Entfernen Sie sie und fügen Sie sie neu hinzu.',
  first: { label: 'Zuerst danach fragen', save: 'Speichern' },
  safety: {
    noMethod: 'Sie haben noch keinen zweiten Schritt. Wer Ihr Passwort kennt, kann sich in Ihrem Namen anmelden.',
    left: listed => [
      strong('Wenn Sie heute Ihr Telefon verlieren, können Sie sich trotzdem anmelden:'),
      ` mit ${listed}.`,
    ],
    others: listed => [strong('Wenn Sie eines davon verlieren, können Sie sich trotzdem anmelden:'), ` mit ${listed}.`],
    noneLeft: () => [
      strong('Wenn Sie heute Ihr Telefon verlieren, können Sie sich nicht mehr anmelden.'),
      ' Fügen Sie jetzt eine weitere Methode hinzu.',
    ],
    onlyOne: () => [
      strong('Sie haben nur eine Anmeldemethode.'),
      ' Fügen Sie eine zweite hinzu, falls Sie sie verlieren.',
    ],
  },
  devices: {
    paired: day => ['verbunden: ', day],
    states: {
      works: 'Anfragen erreichen dieses Telefon',
      silent: 'Keine Mitteilungen: Anfragen sehen Sie im Authenticator',
      gone: 'Keine Mitteilungen mehr: Öffnen Sie einmal den Authenticator auf diesem Telefon',
    },
    pairAgain: 'Ihre Organisation verlangt jetzt mehr Schutz. Entfernen Sie dieses Telefon und verbinden Sie es neu.',
    codes: 'Auch seine Codes gelten dann nicht mehr.',
  },
  codes: {
    name: 'Wiederherstellungscodes',
    left: (count, total) => `noch ${count} von ${total}`,
    made: day => ['erstellt: ', day],
    advice: 'Für den Tag, an dem Sie Ihr Telefon verlieren. Drucken Sie sie aus und verwahren Sie sie sicher.',
    low: 'Es sind nur noch wenige übrig. Erstellen Sie bald neue.',
    make: 'Codes erstellen',
    makeNew: 'Neue Codes erstellen',
  },
  renaming: {
    heading: 'Methode umbenennen',
    label: 'Name der Methode',
    hint: 'Zum Beispiel „Mein neues Handy“. Höchstens 60 Zeichen.',
    submit: 'Speichern',
    invalid: 'Geben Sie einen Namen mit 1 bis 60 Zeichen ein.',
  },
  removing: {
    heading: 'Diese Methode entfernen?',
    ways: listed => `Damit bestätigen Sie dann keine Anmeldungen mehr: kein ${listed}.`,
    lost: 'Damit bestätigen Sie dann keine Anmeldungen mehr.',
    nextFirst: method => ['Heute fragen wir Sie zuerst danach. Künftig fragen wir zuerst nach: ', name(method), '.'],
    changing:
      'Haben Sie eine neue Nummer oder ein neues Telefon? Fügen Sie zuerst das neue hinzu. Das alte gilt, bis Sie es entfernen.',
    others: 'Auch überall sonst abmelden',
    forced:
      'Sie haben sich mit einem Wiederherstellungscode oder einem befristeten Zugangscode angemeldet. Darum werden Sie auch überall sonst abgemeldet.',
    submit: 'Entfernen',
    keep: 'Behalten',
    refused: {
      last: 'Das ist Ihre letzte Anmeldemethode. Fügen Sie zuerst eine andere hinzu.',
      required: 'Ihre Organisation verlangt mehr als eine Anmeldemethode. Fügen Sie zuerst eine andere hinzu.',
      level: 'Eine Ihrer Apps verlangt eine so starke Methode wie diese. Fügen Sie zuerst eine ebenso starke hinzu.',
    },
  },
};
