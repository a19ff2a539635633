/** German words for a request in the authenticator. */
import { name, shortened, time } from '../phrase.ts';
import type { approve as master } from '../en/approve.ts';

const stopped = 'Sie sind noch nicht angemeldet';

export const approve: typeof master = {
  heading: 'Bestätigen Sie im Authenticator',
  sentence: device => ['Öffnen Sie den Authenticator auf ', name(device), ' und tippen Sie diese Zahl ein.'],
  status: {
    starting: device => `Wird an ${shortened(device)} gesendet`,
    sent: device => `An ${shortened(device)} gesendet`,
    delivered: device => `Offen auf ${shortened(device)}. Zahl eintippen`,
    undelivered: device => `Keine Mitteilung an ${shortened(device)} möglich`,
    over: 'Die Anfrage ist beendet',
  },
  hint: 'Keine Mitteilung? Öffnen Sie den Authenticator: Die Anfrage wartet dort.',
  checkAgain: 'Noch einmal prüfen',
  passedHeading: 'Sie haben die Anfrage bestätigt',
  passedSentence: client => ['Es geht weiter zu ', name(client), '.'],
  passedStatus: client => `Bestätigt für ${shortened(client)}`,
  denied: {
    heading: 'Die Anfrage wurde gemeldet',
    sentence: 'Ihr Authenticator hat gemeldet: „Das war ich nicht“. Sie sind nicht angemeldet.',
    pausedUntil: until => ['Bis ', time(until, true), ' schicken wir Ihnen keine Anfragen und rufen Sie nicht an.'],
    mistake: methods =>
      `Versehentlich gewählt? Verwenden Sie eine andere Methode${methods.length === 0 ? '' : `: ${methods.join(', ')}`}.`,
    mistakeAlone: 'Versehentlich gewählt? Ihr Support kann Ihnen weiterhelfen.',
    term: 'gemeldet',
  },
  ends: {
    expired: {
      heading: 'Noch keine Antwort',
      sentence: device => ['Die Anfrage auf ', name(device), ' wurde nicht rechtzeitig beantwortet.'],
      advice: 'Öffnen Sie dort zuerst den Authenticator und senden Sie dann eine neue Anfrage.',
      term: 'nicht rechtzeitig beantwortet',
    },
    'wrong-number': {
      heading: stopped,
      sentence: device => ['Auf ', name(device), ' wurde eine andere Zahl eingetippt, als auf dieser Seite stand.'],
      advice: 'Senden Sie eine neue Anfrage und tippen Sie die Zahl ein, die diese Seite dann zeigt.',
      term: 'falsche Zahl',
    },
    declined: {
      heading: 'Die Anfrage wurde abgelehnt',
      sentence: device => ['Auf ', name(device), ' wurde „Ablehnen“ gewählt.'],
      advice: 'War das ein Versehen? Senden Sie eine neue Anfrage.',
      term: 'auf dem Telefon abgelehnt',
    },
    elsewhere: {
      heading: 'Eine andere Anfrage wartet',
      sentence: device => ['Im Authenticator auf ', name(device), ' wartet eine Anfrage für eine andere Anmeldung.'],
      advice:
        'Sind Sie das in einem anderen Fenster? Dann machen Sie dort weiter. Sonst wählen Sie dort „Das war ich nicht“.',
      term: 'andere Anfrage offen',
    },
    cancelled: {
      heading: 'Die Anfrage wurde beendet',
      sentence: () => ['Sie haben eine andere Methode gewählt oder sind zurückgegangen. Es wurde nichts bestätigt.'],
      term: 'abgebrochen',
    },
    paused: {
      heading: 'Anfragen an Sie sind pausiert',
      sentence: () => ['Für Ihr Konto wurde gemeldet: „Das war ich nicht“.'],
      term: 'Anfragen pausiert',
    },
    'push-limit': {
      heading: 'Wir können noch keine neue Anfrage senden',
      sentence: () => ['Es gab in wenigen Minuten zu viele Anfragen an Sie.'],
      advice: 'Das schützt Sie vor Anfragen, die Sie nicht ausgelöst haben.',
      term: 'zu viele Anfragen',
    },
    'push-unanswered': {
      heading: 'Wir können noch keine neue Anfrage senden',
      sentence: () => ['Die letzten Anfragen an Sie wurden abgelehnt oder nicht beantwortet.'],
      advice: 'Das schützt Sie vor Anfragen, die Sie nicht ausgelöst haben.',
      term: 'Anfragen nicht beantwortet',
    },
    'push-spent': {
      heading: 'Vorerst senden wir Ihnen keine Anfragen mehr',
      sentence: () => ['Seit Ihrer letzten Anmeldung gab es viele Anfragen an Sie.'],
      advice: 'Melden Sie sich einmal mit einer anderen Methode an. Danach gehen Anfragen wieder.',
      term: 'zu viele seit der letzten Anmeldung',
    },
    disabled: {
      heading: 'Dieses Telefon muss neu verbunden werden',
      sentence: device => ['Auf ', name(device), ' wurde zu oft eine falsche PIN eingegeben.'],
      advice:
        'Verwenden Sie jetzt eine andere Methode. Entfernen Sie danach das Telefon auf Ihrer Sicherheitsseite und verbinden Sie es neu.',
      term: 'zu viele falsche PINs',
    },
    bound: {
      heading: 'Schon verbunden',
      sentence: device => [name(device), ' war schon verbunden. Es wurde nichts hinzugefügt.'],
      advice: 'Fangen Sie mit dem Verbinden neu an. Diese Seite zeigt dann einen neuen Code.',
      term: 'schon verbunden',
    },
    lost: {
      heading: 'Diese Anfrage ging uns verloren',
      sentence: () => ['Bei uns ist etwas schiefgegangen. Es wurde nichts bestätigt.'],
      advice: 'Senden Sie eine neue Anfrage oder verwenden Sie eine andere Methode.',
      term: 'Stand verloren',
    },
  },
};
