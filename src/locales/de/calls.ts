/** German words for the page of a call. */
import { duration } from '../duration.ts';
import { ltr, name, shortened, strong, time } from '../phrase.ts';
import type { calls as master } from '../en/calls.ts';
import { units } from './counts.ts';

const unreached = 'Wir konnten Sie nicht erreichen';
const stopped = 'Sie sind noch nicht angemeldet';

const ends: (typeof master)['ends'] = {
  busy: {
    heading: unreached,
    sentence: number => ['Die Nummer ', ltr(number), ' war besetzt, oder der Anruf wurde abgelehnt.'],
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
    step: 'Nicht erreicht',
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
  attempts: {
    heading: 'Zu viele Versuche',
    sentence: () => ['Bei diesem Anruf wurden zu viele andere Tasten gedrückt.'],
    step: 'Falsche Tasten',
    advice: 'Wählen Sie „Erneut anrufen“, hören Sie bis zum Ende zu und drücken Sie nur #.',
    term: 'zu viele Versuche',
  },
  expired: {
    heading: 'Dieser Anruf ist abgelaufen',
    sentence: () => ['Der Anruf wurde bestätigt, aber diese Seite ging nicht rechtzeitig weiter.'],
    step: 'Abgelaufen',
    term: 'abgelaufen',
  },
  cancelled: {
    heading: 'Der Anruf wurde beendet',
    sentence: () => ['Sie haben eine andere Methode gewählt oder sind zurückgegangen. Es wurde nichts bestätigt.'],
    step: 'Beendet',
    term: 'abgebrochen',
  },
  'opted-out': {
    heading: 'Wir dürfen Ihnen keine SMS mehr senden',
    sentence: () => ['Sie haben auf unsere SMS mit STOP geantwortet, deshalb blockiert das Telefonnetz sie.'],
    step: 'Blockiert',
    advice:
      'Senden Sie START an die Nummer, von der unsere SMS kamen. Fordern Sie dann einen neuen Code an oder verwenden Sie eine andere Methode.',
    term: 'SMS durch STOP blockiert',
  },
  'send-limit': {
    heading: 'Wir können Sie noch nicht wieder anrufen',
    sentence: number => ['Wir haben ', ltr(number), ' zu oft angerufen, ohne dass jemand geantwortet hat.'],
    step: 'Nicht gewählt',
    advice: 'Das schützt Ihr Telefon vor unerwünschten Anrufen.',
    term: 'zu viele Anrufe',
  },
  'send-ceiling': {
    heading: 'Anrufe sind gerade angehalten',
    sentence: () => [
      'So viele unserer Anrufe blieben ohne Antwort, dass wir vorerst niemanden anrufen. An Ihrem Telefon liegt es nicht.',
    ],
    step: 'Nicht gewählt',
    advice: 'Verwenden Sie eine andere Methode oder warten Sie.',
    term: 'Anrufe für alle angehalten',
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
    term: 'Anrufe pausiert',
  },
  declined: {
    heading: 'Die Anmeldung wurde abgelehnt',
    sentence: () => ['Jemand hat auf Ihrem Telefon gemeldet: „Das war ich nicht“. Sie sind nicht angemeldet.'],
    step: 'Abgelehnt',
    advice:
      'Waren Sie das nicht, kennt jemand Ihr Passwort: Ändern Sie es. Haben Sie die 0 versehentlich gedrückt, verwenden Sie eine andere Methode.',
    term: 'abgelehnt',
  },
  unheard: {
    heading: unreached,
    sentence: number => ['Der Anruf an ', ltr(number), ' wurde angenommen, endete aber, bevor wir sprechen konnten.'],
    step: 'Keine Ansage',
    advice:
      'An Ihrem Telefon liegt es nicht. Wählen Sie „Erneut anrufen“ und bleiben Sie einige Sekunden am Apparat, oder verwenden Sie eine andere Methode.',
    term: 'vor der Ansage beendet',
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
  sentence: client => ['Nehmen Sie ab und drücken Sie ', strong('#'), ', um sich bei ', name(client), ' anzumelden.'],
  extensionSentence: (extension, client) => [
    'Der Anruf geht an die Durchwahl ',
    ltr(extension),
    '. Drücken Sie dort ',
    strong('#'),
    ' und dann ',
    strong('#'),
    ', um sich bei ',
    name(client),
    ' anzumelden.',
  ],
  number: {
    sentence: client => [
      'Nehmen Sie ab, tippen Sie diese Zahl in das Telefon und drücken Sie ',
      strong('#'),
      ', um sich bei ',
      name(client),
      ' anzumelden.',
    ],
    extensionSentence: (extension, client) => [
      'Der Anruf geht an die Durchwahl ',
      ltr(extension),
      '. Drücken Sie dort ',
      strong('#'),
      ', tippen Sie diese Zahl und dann ',
      strong('#'),
      ', um sich bei ',
      name(client),
      ' anzumelden.',
    ],
    answered: 'Jetzt die Zahl tippen',
  },
  report: pause => [
    'Haben Sie diesen Anruf nicht ausgelöst? Drücken Sie ',
    strong('0#'),
    `. Dann rufen wir Sie ${duration(pause, units)} lang nicht an.`,
  ],
  steps: { dialled: 'Gewählt', ringing: 'Klingelt', answered: 'Abgehoben' },
  trackLabel: 'Wie weit der Anruf ist',
  status: {
    starting: 'Wir rufen an',
    dialled: 'Wir rufen an',
    ringing: 'Ihr Telefon klingelt',
    answered: 'Jetzt # drücken',
    over: 'Der Anruf ist beendet',
  },
  held: 'Taste gedrückt. Einen Moment bitte',
  answeredAtExtension: '# an der Durchwahl drücken',
  passedStatus: client => `Bestätigt für ${shortened(client)}`,
  passedHeading: 'Sie haben # gedrückt',
  passedSentence: client => ['Es geht weiter zu ', name(client), '.'],
  checkAgain: 'Noch einmal prüfen',
  callAgain: 'Erneut anrufen',
  callsFrom: number => ['Wir rufen von ', ltr(number), ' an. Manche Telefone schalten unbekannte Nummern stumm.'],
  denied: {
    heading: 'Die Anmeldung wurde abgelehnt',
    sentence: 'Jemand hat auf Ihrem Telefon gemeldet: „Das war ich nicht“. Sie sind nicht angemeldet.',
    step: 'Abgelehnt',
    notMe: 'Wollten nicht Sie sich anmelden?',
    notMeNext: 'Dann kennt jemand Ihr Passwort. Ändern Sie es jetzt und sagen Sie Ihrem Support Bescheid.',
    mistake: methods =>
      `Versehentlich gedrückt? Verwenden Sie eine andere Methode${methods.length === 0 ? '' : `: ${methods.join(', ')}`}.`,
    mistakeAlone: 'Versehentlich gedrückt? Ihr Support kann Ihnen weiterhelfen.',
    pausedUntil: until => ['Bis ', time(until, true), ' rufen wir Sie nicht mehr an.'],
    works: methods => `Das geht weiterhin: ${methods.join(', ')}`,
    othersWork: 'Ihre anderen Methoden funktionieren weiterhin.',
    deskWorks: 'Ihr Support kann Ihnen weiterhelfen.',
    term: 'abgelehnt',
  },
  /** This browser asked for a call, for another sign-in than this one. */
  ownOtherCall: {
    heading: 'Ihr Telefon klingelt für eine andere Anmeldung',
    sentence: (number, client) => ['Wir rufen ', ltr(number), ' gerade für Ihre Anmeldung bei ', name(client), ' an.'],
    advice:
      'Nehmen Sie ab, um sich dort anzumelden. Oder beenden Sie jenen Anruf, dann rufen wir für diese Anmeldung an.',
    again: 'Jenen Anruf beenden und hier anrufen',
  },
  otherCallOver: {
    heading: 'Ihr Telefon ist wieder frei',
    sentence: number => ['Der Anruf bei ', ltr(number), ' für eine andere Anmeldung ist beendet.'],
    advice: 'Haben Sie jenen Anruf nicht ausgelöst? Dann kennt jemand Ihr Passwort: Ändern Sie es.',
  },
  ends,
};
