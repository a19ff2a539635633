/** German words for the other pages: password, options, step-up, consent, continuing, signing out and starting again. */
import { methods } from './methods.ts';
import { name, shortened } from '../phrase.ts';
import type { pages as master } from '../en/pages.ts';

const scopes: Readonly<Record<string, string>> = {
  openid: 'Wissen, wer Sie hier sind',
  profile: 'Ihren Namen, Ihre Sprache und Ihre Zeitzone sehen',
  email: 'Ihre E-Mail-Adresse sehen',
  groups: 'Sehen, zu welchen Gruppen Sie gehören',
  phone: 'Ihre Telefonnummer sehen',
  address: 'Ihre Postanschrift sehen',
  offline_access: 'Diesen Zugriff behalten, während Sie weg sind, bis Sie ihn entziehen',
};

export const pages: typeof master = {
  password: {
    heading: client => ['Bei ', name(client), ' anmelden'],
    name: 'Name oder E-Mail-Adresse',
    password: 'Passwort',
    forgotten: 'Vergessen?',
    show: 'Anzeigen',
    hide: 'Verbergen',
    submit: 'Anmelden',
    refused: 'Name oder Passwort stimmt nicht.',
    incomplete: 'Geben Sie Ihren Namen und Ihr Passwort ein.',
    wait: 'Zu viele Versuche.',
    'passkey-refused':
      'Dieser Passkey hat hier nicht funktioniert. Versuchen Sie es noch einmal, oder verwenden Sie Ihr Passwort.',
    'passkey-unknown':
      'Dieser Passkey gehört hier zu keinem Konto mehr. Wählen Sie einen anderen, oder verwenden Sie Ihr Passwort.',
    'passkey-other-account':
      'Dieser Passkey gehört zu einem anderen Konto als dem eingegebenen Namen. Leeren Sie das Feld mit dem Namen, um ihn zu verwenden, oder wählen Sie einen anderen Passkey.',
    'passkey-late': 'Das hat zu lange gedauert. Bitte versuchen Sie es mit dem Passkey noch einmal.',
    'passkey-wait': 'Zu viele Versuche mit einem Passkey. Ihr Passwort funktioniert weiterhin.',
    terms: {
      refused: 'Name oder Passwort',
      incomplete: 'unvollständig',
      wait: 'Wartezeit',
      'passkey-refused': 'Passkey nicht angenommen',
      'passkey-unknown': 'Passkey unbekannt',
      'passkey-other-account': 'Passkey eines anderen Kontos',
      'passkey-late': 'Passkey zu spät',
      'passkey-wait': 'Wartezeit für Passkeys',
    },
  },
  methods,
  options: {
    extension: digits => `Durchwahl ${digits}`,
    phones: { mobile: 'Mobiltelefon', alternate: 'Anderes Telefon', office: 'Bürotelefon' },
    unavailable: {
      paused: 'Nach „Das war ich nicht“ sind Anrufe pausiert.',
      attempts: 'Zu viele falsche Codes.',
      'send-limit': 'Zu viele Nachrichten.',
      requests: 'Zu viele Anfragen, oder keine Antwort.',
    },
    /** Of devices, where calls are paused too. */
    requestsPaused: 'Nach „Das war ich nicht“ sind Anrufe und Anfragen pausiert.',
    pairAgain: device => [name(device), ' muss auf Ihrer Sicherheitsseite neu verbunden werden.'],
    disabled: 'Nach zu vielen falschen Codes ausgeschaltet. Ihr Support kann das ändern.',
    isDefault: 'Standard',
    isLastUsed: 'Zuletzt verwendet',
    waiting: 'Wartet',
    none: 'Ich kann nichts davon verwenden',
  },
  stepUp: {
    heading: 'Bestätigen Sie, dass Sie es sind',
    testHeading: 'Diese Methode ausprobieren',
    test: () => ['Wir fragen Sie wie bei einer Anmeldung. An Ihrem Konto ändert sich nichts.'],
    stronger: client => [name(client), ' verlangt eine stärkere Anmeldung, bevor es weitergeht.'],
    device: client => ['Danach ist ', name(client), ' auf Ihrem Gerät mit Ihrem Konto verbunden.'],
    'password-only': client => [
      'Sie haben sich hier nur mit Ihrem Passwort angemeldet. Bestätigen Sie einmal Ihren zweiten Schritt, dann geht es weiter zu ',
      name(client),
      '.',
    ],
  },
  unmet: {
    heading: 'Ihr Konto braucht eine weitere Methode',
    sentence: client => [name(client), ' verlangt einen stärkeren zweiten Schritt, als Sie eingerichtet haben.'],
    wanted: 'Diese Methoden genügen',
    help: 'Ihr Support kann sie Ihrem Konto hinzufügen.',
    term: 'keine Methode genügt',
  },
  consent: {
    heading: client => ['Darf ', name(client), ' Ihr Konto sehen?'],
    sentence: 'Erbeten wird:',
    scope: scope => (Object.hasOwn(scopes, scope) && scopes[scope]) || scope,
    scopeAt: (scope: string, resource: string) => [name(scope), ' bei ', name(resource)],
    allow: 'Erlauben',
    deny: 'Nicht erlauben',
    policy: 'Datenschutzerklärung',
    terms: 'Nutzungsbedingungen',
  },
  continuing: {
    heading: 'Sie sind angemeldet',
    sentence: client => ['Es geht weiter zu ', name(client), '.'],
    back: client => [
      'Diese Anmeldung ist abgeschlossen. Gehen Sie weiter zu ',
      name(client),
      ' oder schließen Sie diesen Tab.',
    ],
    backUnknown: 'Diese Anmeldung ist abgeschlossen. Sie können diesen Tab schließen.',
    sentenceUnknown: 'Bitte warten Sie.',
    fewCodes: left =>
      left === 0
        ? 'Das war Ihr letzter Wiederherstellungscode. Erstellen Sie neue auf Ihrer Sicherheitsseite.'
        : `Sie haben noch ${left === 1 ? 'einen Wiederherstellungscode' : `${left} Wiederherstellungscodes`}. Erstellen Sie neue auf Ihrer Sicherheitsseite.`,
  },
  otherTab: {
    heading: 'Ihr anderer Tab meldet Sie an',
    sentence: client => [
      'Diese Anmeldung bei ',
      name(client),
      ' haben Sie auch in einem anderen Tab geöffnet. Sobald sie dort fertig ist, geht es hier weiter.',
    ],
  },
  signedOut: {
    heading: 'Sie sind abgemeldet',
    sentence: 'Schließen Sie an einem gemeinsam genutzten Computer auch den Browser.',
    returning: client => ['Es geht zurück zu ', name(client), '.'],
  },
  logout: {
    heading: 'Abmelden?',
    sentence: 'Sie melden sich hier ab und bei jeder Website, die Sie mit dieser Anmeldung geöffnet haben.',
    yes: 'Abmelden',
    no: 'Angemeldet bleiben',
    stayed: { heading: 'Sie sind weiter angemeldet', sentence: 'Sie können diesen Tab schließen.' },
  },
  selectAccount: {
    heading: 'Konto wählen',
    sentence: client => [name(client), ' fragt, welches Konto Sie verwenden möchten.'],
    same: account => `Weiter als ${account}`,
    another: 'Anderes Konto verwenden',
  },
  switch: {
    heading: wanted => ['Weiter als ', name(wanted), '?'],
    sentence: current => [
      'In diesem Browser ist ',
      name(current),
      ' angemeldet. Wenn es weitergeht, wird dieses Konto abgemeldet.',
    ],
    yes: wanted => `Weiter als ${wanted}`,
    no: current => `Angemeldet bleiben als ${current}`,
  },
  startAgain: {
    heading: 'Fangen wir noch einmal an',
    expired: 'Diese Anmeldung ist beendet oder hat zu lange gedauert. Es wurde nichts geändert.',
    elsewhere:
      'Diese Anmeldung gehört zu einem anderen Browser oder endete mit Ihrer Abmeldung, oder Cookies sind hier ausgeschaltet.',
    button: client => `Neu anfangen bei ${shortened(client)}`,
    unknown: 'Gehen Sie zu der Seite zurück, von der Sie kommen, und melden Sie sich dort noch einmal an.',
    terms: { expired: 'Anmeldung beendet', elsewhere: 'anderer Browser' },
  },
  anew: {
    heading: 'Einen Moment',
    sentence: 'Diese Seite war lange offen. Wir beginnen Ihre Anmeldung neu.',
    form: 'Diese Seite war lange offen. Geben Sie Ihr Passwort noch einmal ein.',
  },
  errorCode: {
    heading: (code: string) => `Fehler ${code}`,
    remedy: 'Was zu tun ist',
    readers: {
      everyone: 'Das können Sie selbst lösen.',
      'help desk': 'Wenn Sie es nicht lösen können, nennen Sie diesen Code Ihrem Support.',
      operator: 'Das ist für die Betreiber dieses Servers.',
      developer: 'Das ist für die Entwickler der App.',
    },
    english: 'Die Erklärung ist auf Englisch.',
  },
  front: {
    heading: 'Hier melden Sie sich an',
    sentence:
      'Websites bringen Sie hierher, wenn Sie sich bei ihnen anmelden. Öffnen Sie die gewünschte Website; hier ist nichts zu tun.',
    account: 'Zu Ihrem Konto',
    discovery: 'Für Entwickler: OpenID-Connect-Konfiguration',
  },
  autoSubmit: {
    heading: 'Einen Moment',
    sentence: 'Bitte warten Sie. Wenn nichts passiert, drücken Sie die Schaltfläche.',
  },
};
