/** The second step by telephone, on the page. */
import { ltr, name, shortened, strong, time } from '../phrase.ts';
import type { calls as master } from '../en/calls.ts';

const unreached = 'Wir konnten Sie nicht erreichen';
const stopped = 'Sie sind noch nicht angemeldet';

const outcomes: (typeof master)['outcomes'] = {
  busy: {
    heading: unreached,
    sentence: number => ['Die Nummer ', ltr(number), ' war besetzt.'],
    step: 'Besetzt',
    advice: 'Beenden Sie andere Gespräche und wählen Sie dann „Erneut anrufen“.',
    term: 'besetzt',
  },
  'no-answer': {
    heading: unreached,
    sentence: number => ['Unter ', ltr(number), ' hat niemand abgenommen.'],
    step: 'Keine Antwort',
    advice: 'Legen Sie das Telefon bereit und wählen Sie dann „Erneut anrufen“.',
    term: 'keine Antwort',
  },
  unreachable: {
    heading: unreached,
    sentence: number => ['Der Anruf an ', ltr(number), ' kam nicht zustande.'],
    step: 'Unerreichbar',
    advice: 'Prüfen Sie, ob das Telefon eingeschaltet ist und Empfang hat. Wählen Sie dann „Erneut anrufen“.',
    term: 'nicht erreichbar',
  },
  undeliverable: {
    heading: unreached,
    sentence: () => ['Wir können gerade nicht anrufen. An Ihrem Telefon liegt es nicht.'],
    step: 'Nicht gewählt',
    advice: 'Versuchen Sie es in einer Minute noch einmal oder verwenden Sie eine andere Methode.',
    term: 'Anrufe nicht möglich',
  },
  machine: {
    heading: unreached,
    sentence: number => ['Unter ', ltr(number), ' hat eine Mailbox oder ein Fax geantwortet.'],
    step: 'Mailbox',
    advice: 'Legen Sie das Telefon bereit, wählen Sie „Erneut anrufen“ und nehmen Sie selbst ab.',
    term: 'Automat hat geantwortet',
  },
  slow: {
    heading: unreached,
    sentence: () => ['Das Telefonnetz hat uns nicht rechtzeitig geantwortet. An Ihrem Telefon liegt es nicht.'],
    step: 'Nicht gewählt',
    advice:
      'Wenn es jetzt klingelt, drücken Sie nicht #: Dieser Anruf gilt nicht mehr. Verwenden Sie eine andere Methode oder wählen Sie „Erneut anrufen“.',
    term: 'Telefonnetz zu langsam',
  },
  'carrier-busy': {
    heading: 'Gerade sind es zu viele Anrufe',
    sentence: () => ['Das Telefonnetz nimmt im Moment keine Anrufe mehr von uns an. An Ihrem Telefon liegt es nicht.'],
    step: 'Nicht gewählt',
    advice: 'Warten Sie eine Minute und wählen Sie dann „Erneut anrufen“, oder verwenden Sie eine andere Methode.',
    term: 'Telefonnetz überlastet',
  },
  'number-refused': {
    heading: 'Wir können diese Nummer nicht erreichen',
    sentence: number => ['Das Telefonnetz verbindet uns nicht mit ', ltr(number), '.'],
    step: 'Abgewiesen',
    advice:
      'Ein neuer Anruf hilft nicht. Verwenden Sie eine andere Methode oder lassen Sie Ihren Support die Nummer prüfen.',
    term: 'Nummer abgewiesen',
  },
  'hung-up': {
    heading: stopped,
    sentence: () => ['Der Anruf endete, bevor # gedrückt wurde.'],
    step: 'Aufgelegt',
    advice: 'Wählen Sie „Erneut anrufen“, hören Sie bis zum Ende zu und drücken Sie dann #.',
    term: 'aufgelegt',
  },
  silence: {
    heading: stopped,
    sentence: () => ['Der Anruf wurde angenommen, aber # wurde nicht rechtzeitig gedrückt.'],
    step: 'Keine Taste',
    advice: 'Ging die Mailbox ran? Wählen Sie „Erneut anrufen“ und nehmen Sie selbst ab.',
    term: 'keine Taste gedrückt',
  },
  tries: {
    heading: 'Zu viele Versuche',
    sentence: () => ['Bei diesem Anruf wurden zu viele andere Tasten gedrückt.'],
    step: 'Falsche Tasten',
    advice: 'Wählen Sie „Erneut anrufen“, hören Sie bis zum Ende zu und drücken Sie nur #.',
    term: 'zu viele Versuche',
  },
  expired: {
    heading: 'Dieser Anruf ist abgelaufen',
    sentence: () => ['Es kam nicht rechtzeitig eine Antwort, deshalb warten wir nicht länger.'],
    step: 'Abgelaufen',
    term: 'abgelaufen',
  },
  cancelled: {
    heading: 'Der Anruf wurde beendet',
    sentence: () => ['Sie haben einen anderen Weg gewählt oder sind zurückgegangen. Es wurde nichts bestätigt.'],
    step: 'Beendet',
    term: 'abgebrochen',
  },
  budget: {
    heading: 'Wir können Sie noch nicht wieder anrufen',
    sentence: number => ['Wir haben ', ltr(number), ' zu oft angerufen, ohne dass jemand geantwortet hat.'],
    step: 'Nicht gewählt',
    advice: 'Das schützt Ihr Telefon vor unerwünschten Anrufen.',
    term: 'zu viele Anrufe',
  },
  elsewhere: {
    heading: 'Dieses Telefon ist gerade belegt',
    sentence: number => ['Eine andere Anmeldung ruft gerade ', ltr(number), ' an.'],
    step: 'Nicht gewählt',
    advice:
      'Sind Sie das in einem anderen Fenster? Dann machen Sie dort weiter. Wenn nicht, drücken Sie bei jenem Anruf nicht #, sondern 0#.',
    term: 'anderer Anruf läuft',
  },
  paused: {
    heading: 'Anrufe an Sie sind pausiert',
    sentence: () => ['Jemand hat zu einem Anruf auf Ihrem Telefon gemeldet: „Das war ich nicht“.'],
    step: 'Nicht gewählt',
    advice: 'Wenn Sie das nicht gemeldet haben, sagen Sie es Ihrem Support.',
    term: 'Anrufe pausiert',
  },
  lost: {
    heading: 'Dieser Anruf ging uns verloren',
    sentence: () => ['Bei uns ist etwas schiefgegangen. Es wurde nichts bestätigt.'],
    step: 'Verloren',
    advice: 'Wählen Sie „Erneut anrufen“ oder verwenden Sie eine andere Methode.',
    term: 'Stand verloren',
  },
  disabled: {
    heading: 'Anrufe sind für Sie ausgeschaltet',
    sentence: () => ['Ihr Support kann sie wieder einschalten.'],
    step: 'Nicht gewählt',
    term: 'Methode gesperrt',
  },
};

export const calls: typeof master = {
  heading: number => ['Wir rufen ', ltr(number), ' an'],
  sentence: client => [
    'Nehmen Sie ab und drücken Sie ',
    strong('#'),
    ', um sich bei ',
    name(client),
    ' anzumelden. Sind Sie das nicht? Drücken Sie ',
    strong('0#'),
    '.',
  ],
  steps: { dialled: 'Gewählt', ringing: 'Klingelt', answered: 'Angenommen' },
  trackLabel: 'Wie weit der Anruf ist',
  status: {
    starting: 'Wir rufen an',
    dialled: 'Wir rufen an',
    ringing: 'Ihr Telefon klingelt',
    answered: 'Jetzt # drücken',
    over: 'Der Anruf ist beendet',
  },
  through: client => `Durch zu ${shortened(client)}`,
  throughHeading: 'Sie haben # gedrückt',
  throughSentence: client => ['Es geht weiter zu ', name(client), '.'],
  checkAgain: 'Noch einmal prüfen',
  callAgain: 'Erneut anrufen',
  callsFrom: number => ['Wir rufen von ', ltr(number), ' an. Manche Telefone schalten unbekannte Nummern stumm.'],
  denied: {
    heading: 'Die Anmeldung wurde abgelehnt',
    sentence: 'Jemand hat auf Ihrem Telefon 0# gedrückt. Sie sind nicht angemeldet.',
    step: 'Abgelehnt',
    notMe: 'Wollten nicht Sie sich anmelden?',
    notMeNext: 'Dann kennt jemand Ihr Passwort. Ändern Sie es jetzt und sagen Sie Ihrem Support Bescheid.',
    mistake: 'Versehentlich gedrückt? Verwenden Sie eine andere Methode.',
    mistakeAlone: 'Versehentlich gedrückt? Ihr Support kann Ihnen weiterhelfen.',
    rests: until => ['Bis ', time(until, true), ' rufen wir Sie nicht mehr an.'],
    term: 'abgelehnt',
  },
  outcomes,
};
