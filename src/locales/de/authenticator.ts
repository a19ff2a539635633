/** German words of the authenticator: the web app that approves sign-ins and shows codes. */
import type { authenticator as master } from '../en/authenticator.ts';
import { ltr, name, strong } from '../phrase.ts';
import { attemptsLeft } from './counts.ts';
import { browserName } from './browsers.ts';

export const authenticator: typeof master = {
  name: 'Authenticator',
  fullName: 'Sallyport Authenticator',
  starting: 'Startet …',
  back: 'Zurück',
  cancel: 'Abbrechen',
  done: 'Fertig',
  continue: 'Weiter',
  settings: 'Einstellungen',
  seconds: seconds => `${seconds} s`,

  home: {
    request: 'Anmeldung bestätigen?',
    otherRequest: 'Anfrage',
    from: (client, seconds) => [name(client), `, vor ${seconds} s`],
    accounts: 'Konten',
    showCode: 'Code zeigen',
    hideCode: 'Code verbergen',
    copy: 'Kopieren',
    add: 'Konto hinzufügen',
    install: 'App installieren',
    offline: 'Sie sind offline. Ihre Codes funktionieren trotzdem.',
    pairing: 'Noch nicht fertig',
    removed: 'Dieses Telefon wurde von diesem Konto entfernt.',
    untrusted:
      'Die Unterschrift des Servers passt nicht, darum werden seine Anfragen nicht gezeigt. Sagen Sie es Ihrem Support.',
    pairAgain: 'Neu verbinden',
  },

  welcome: {
    heading: 'Dieses Telefon bestätigt Ihre Anmeldungen',
    sentence:
      'Wenn Sie sich am Computer anmelden, fragt es, ob Sie das sind. Es zeigt auch Codes, sogar ohne Internet.',
  },

  browser: browserName,
  request: {
    headings: {
      'sign-in': 'Sind Sie das?',
      pairing: 'Zum Schluss: probieren Sie es aus',
      approval: 'Sind Sie damit einverstanden?',
      caller: 'Telefonieren Sie gerade mit Ihrem Support?',
    },
    app: 'App',
    account: 'Konto',
    where: 'Wo',
    on: 'Mit',
    near: place => ['Bei ', name(place)],
    message: 'Nachricht',
    callerWarning: 'Nur wenn Sie selbst angerufen haben. Hat jemand Sie angerufen? Dann wählen Sie „Ablehnen“.',
    left: seconds => `noch ${seconds} s`,
    number: 'Zahl von der Anmeldeseite eintippen',
    otherNumbers: {
      pairing: 'Zahl von Ihrem Computer eintippen',
      caller: 'Zahl eintippen, die man Ihnen nennt',
    },
    typed: (digits, of) => `${digits} von ${of} Ziffern eingetippt`,
    erase: 'Letzte Ziffer löschen',
    incomplete: digits => `Die Zahl hat ${digits} Ziffern.`,
    verify: 'Bestätigen',
    deny: 'Ablehnen',
    notMe: 'Das war ich nicht',
    sending: 'Wird gesendet …',
    unreachable: 'Keine Verbindung. Ihre Antwort wurde nicht gesendet. Versuchen Sie es noch einmal.',
    failed: 'Ihre Antwort wurde nicht angenommen. Versuchen Sie es noch einmal.',
    notVerified: 'Ihr Telefon konnte nicht prüfen, dass Sie es sind. Versuchen Sie es noch einmal.',
    wrongCode: 'Der Code Ihres Telefons stimmte nicht. Warten Sie eine halbe Minute und versuchen Sie es noch einmal.',
  },

  pin: {
    heading: 'PIN eingeben',
    label: 'PIN',
    sentence: 'Die PIN, die Sie für dieses Konto gewählt haben.',
    wrong: left => `Diese PIN stimmt nicht – ${attemptsLeft(left)}.`,
    chooseHeading: 'Wählen Sie eine PIN',
    chooseSentence: 'Ihre Organisation verlangt bei jeder Bestätigung eine PIN. Sie gilt nur für diese App.',
    newLabel: 'Neue PIN',
    repeatLabel: 'Dieselbe PIN noch einmal',
    length: (fewest, most) => `${fewest} bis ${most} Ziffern.`,
    invalid: (fewest, most) => `Eine PIN hat ${fewest} bis ${most} Ziffern.`,
    different: 'Die beiden sind nicht gleich.',
  },

  report: {
    heading: 'Diese Anmeldung melden?',
    sentence: 'Vielleicht kennt jemand Ihr Passwort. Wenn Sie es melden:',
    effects: {
      stop: 'wird die Anmeldung gestoppt',
      pause: 'bekommen Sie eine Zeit lang keine Anrufe und Anfragen',
      tell: 'erfahren es Ihre Administratoren',
    },
    submit: 'Ja, melden',
    keep: 'Zurück zur Anfrage',
  },

  ended: {
    approved: {
      heading: 'Bestätigt',
      sentence: 'Die Anmeldung geht von selbst weiter. Sie können diese App schließen.',
      other: 'Ihre Zustimmung wurde gesendet. Sie können diese App schließen.',
    },
    declined: {
      heading: 'Abgelehnt',
      sentence: 'Niemand wurde angemeldet. Kam die Anmeldung nicht von Ihnen, ändern Sie Ihr Passwort.',
      other: 'Es wurde nichts bestätigt.',
    },
    reported: {
      heading: 'Gemeldet und gestoppt',
      sentence:
        'Danke. Niemand wurde angemeldet, und Ihre Administratoren wissen Bescheid. Ändern Sie jetzt Ihr Passwort.',
    },
    'wrong-number': {
      heading: 'Das war eine andere Zahl',
      sentence:
        'Zur Sicherheit haben wir gestoppt. Fangen Sie neu an, und tippen Sie die Zahl ein, die Sie dann sehen.',
    },
    bound: {
      heading: 'Dieses Telefon war schon verbunden',
      sentence: 'Es wurde nichts hinzugefügt. Fangen Sie auf der Seite neu an, und tippen Sie hier den neuen Code ein.',
    },
    expired: { heading: 'Zu spät', sentence: 'Niemand hat rechtzeitig geantwortet. Es wurde nichts bestätigt.' },
    over: {
      heading: 'Schon vorbei',
      sentence: 'Die Anfrage wurde anderswo beantwortet oder gestoppt. Hier ist nichts zu tun.',
    },
    locked: {
      heading: 'Zu viele falsche PINs',
      sentence: 'Dieses Telefon kann jetzt nichts bestätigen. Verbinden Sie es auf Ihrer Sicherheitsseite neu.',
    },
    removed: {
      heading: 'Dieses Telefon ist nicht mehr verbunden',
      sentence: 'Es wurde auf Ihrer Sicherheitsseite entfernt. Verbinden Sie es neu, wenn Sie es noch benutzen.',
    },
  },

  add: {
    heading: 'Konto hinzufügen',
    sentence:
      'Öffnen Sie am Computer Ihre Sicherheitsseite, und wählen Sie „Methode hinzufügen“. Sie zeigt einen QR-Code und einen kurzen Code.',
    scan: 'QR-Code scannen',
    or: 'oder den kurzen Code eintippen',
    code: 'Kurzer Code',
    hint: 'Zum Beispiel ABCD-1234',
    device: 'Name dieses Telefons',
    deviceHint: 'So steht es auf Ihrer Sicherheitsseite.',
    submit: 'Weiter',
    incomplete: 'Ein Code hat 8 Buchstaben und Ziffern.',
    noName: 'Geben Sie diesem Telefon einen Namen.',
    otherCodes: 'Codes für eine andere Website',
  },

  scan: {
    heading: 'QR-Code scannen',
    sentence: 'Richten Sie die Kamera auf den QR-Code.',
    starting: 'Kamera wird geöffnet …',
    type: 'Code lieber eintippen',
    problems: {
      'no-camera': 'Es wurde keine Kamera gefunden. Tippen Sie den Code ein.',
      refused:
        'Diese App darf die Kamera nicht benutzen. Erlauben Sie es in den Einstellungen Ihres Browsers, oder tippen Sie den Code ein.',
      foreign: 'Dieser QR-Code ist für etwas anderes.',
      elsewhere:
        'Dieser QR-Code gehört zu einer anderen Organisation. Öffnen Sie deren Authenticator, und scannen Sie ihn dort.',
      'unsupported-codes': 'Codes dieser Art kann diese App nicht zeigen.',
    },
  },

  pairing: {
    heading: 'Dieses Telefon verbinden?',
    warning:
      'Nur wenn Sie das selbst begonnen haben. Hat Ihnen jemand den Link oder den Code geschickt? Dann brechen Sie ab.',
    notifications: {
      heading: 'Dürfen wir uns melden?',
      sentence:
        'Dann meldet sich dieses Telefon bei einer Anfrage, auch wenn die App zu ist. Sonst schicken wir nie etwas.',
      allow: 'Mitteilungen erlauben',
      skip: 'Jetzt nicht',
    },
    claiming: 'Wird verbunden …',
    compare: {
      heading: 'Zeigt die andere Seite diese Zahl?',
      sentence: 'Wenn ja, wählen Sie dort „Ja, verbinden“. Wenn nicht, brechen Sie hier ab.',
      digits: 'Zahl',
      waiting: 'Wartet auf Ihr „Ja, verbinden“',
      minutesLeft: minutes => `noch ${minutes} min`,
    },
    done: {
      heading: 'Dieses Telefon ist verbunden',
      sentence: account => ['Es bestätigt jetzt Anmeldungen von ', strong(account), '.'],
      backup: 'Telefone gehen verloren. Fügen Sie am Computer gleich eine zweite Methode hinzu.',
      closed: 'Dieses Telefon meldet sich noch nicht von selbst. Öffnen Sie diese App, wenn Sie sich anmelden.',
    },
    failed: {
      heading: 'Nicht verbunden',
      reasons: {
        'wrong-code': 'Dieser Code stimmt nicht oder ist zu alt. Bitte sehen Sie am Computer nach.',
        expired:
          'Dieser QR-Code ist zu alt oder wurde schon benutzt. Wählen Sie am Computer „Mit einem neuen Code beginnen“.',
        refused: 'Auf der Seite am Computer wurde Nein gesagt oder neu begonnen. Es wurde nichts verbunden.',
        later: 'Von hier kamen zu viele falsche Codes. Warten Sie zehn Minuten.',
        elsewhere: 'Dieser Code gehört zu einer anderen Organisation. Öffnen Sie deren Authenticator.',
        unreachable: 'Keine Verbindung. Prüfen Sie sie, und versuchen Sie es noch einmal.',
        failed: 'Das hat nicht geklappt. Versuchen Sie es noch einmal.',
      },
      again: 'Noch einmal versuchen',
    },
  },

  codes: {
    heading: 'Codes für eine andere Website',
    sentence:
      'Wo diese Website eine „Authenticator-App“ einrichtet, scannen Sie ihren QR-Code, oder tippen Sie den Schlüssel ein.',
    readHeading: 'Diese Codes behalten?',
    issuer: 'Website',
    account: 'Konto',
    secret: 'Schlüssel',
    secretHint: 'Buchstaben und Ziffern, Leerzeichen sind egal.',
    submit: 'Behalten',
    noIssuer: 'Tippen Sie den Namen der Website ein.',
    problems: {
      secret: 'Das ist kein Schlüssel. Er hat die Buchstaben A bis Z und die Ziffern 2 bis 7.',
      'kept-already': 'Diese Codes haben Sie schon.',
    },
  },

  history: {
    heading: 'Verlauf',
    none: 'Noch keine Anfragen.',
    results: {
      approved: 'Bestätigt',
      declined: 'Abgelehnt',
      reported: 'Gemeldet',
      'wrong-number': 'Falsche Zahl',
      bound: 'War schon verbunden',
      expired: 'Nicht beantwortet',
      over: 'Anderswo beendet',
      locked: 'Falsche PIN',
      removed: 'Nicht mehr verbunden',
    },
    purposes: {
      'sign-in': 'Anmeldung',
      pairing: 'Verbinden dieses Telefons',
      approval: 'Zustimmung',
      caller: 'Telefonat mit dem Support',
    },
  },

  notifications: {
    heading: 'Mitteilungen',
    states: {
      checking: 'Wird geprüft …',
      works: 'Anfragen erreichen dieses Telefon.',
      ask: 'Dieses Telefon meldet sich noch nicht von selbst.',
      blocked:
        'Mitteilungen dieser App sind gesperrt, darum meldet sich das Telefon nicht. Öffnen Sie die App, um Anfragen zu sehen.',
      unsupported:
        'Dieser Browser kann sich nicht melden. Öffnen Sie die App, wenn Sie sich anmelden: Anfragen warten dort.',
      failed: 'Dieser Browser hat seinen Mitteilungsdienst nicht erreicht. Öffnen Sie die App, wenn Sie sich anmelden.',
      gone: 'Anfragen haben dieses Telefon zuletzt nicht erreicht. Schalten Sie die Mitteilungen noch einmal ein.',
    },
    unblock:
      'Um sie zu erlauben: Öffnen Sie die Einstellungen Ihres Telefons oder Browsers, suchen Sie diese App, und schalten Sie Mitteilungen ein.',
    turnOn: 'Einschalten',
    test: 'Test senden',
    tests: {
      sending: 'Test wird gesendet …',
      sent: 'Gesendet. Er sollte gleich ankommen.',
      arrived: 'Der Test ist angekommen.',
      missing: 'Der Test ist nicht angekommen. Ist Ihr Telefon stumm oder im Energiesparmodus?',
      later: 'Das waren viele Tests. Versuchen Sie es in zehn Minuten noch einmal.',
      unreachable: 'Keine Verbindung. Der Test wurde nicht gesendet.',
    },
  },

  settingsPage: {
    language: 'Sprache',
    history: 'Verlauf',
    about:
      'Schlüssel und Codes verlassen dieses Telefon nie. Die App spricht mit einem einzigen Server: dem Ihrer Organisation.',
  },

  entry: {
    device: 'Dieses Telefon',
    save: 'Speichern',
    remove: 'Von diesem Telefon entfernen',
  },

  remove: {
    heading: entry => [name(entry), ' entfernen?'],
    account: 'Dieses Telefon bestätigt dann keine Anmeldungen dieses Kontos mehr, und seine Codes sind weg.',
    another: 'Können Sie sich auf andere Weise anmelden? Sehen Sie vorher auf Ihrer Sicherheitsseite nach.',
    codes: 'Die Codes sind dann endgültig weg. Schalten Sie zuerst auf dieser Website den zweiten Schritt aus.',
    offline: 'Sie sind offline. Entfernen Sie dieses Telefon auch auf Ihrer Sicherheitsseite.',
    submit: 'Entfernen',
    removing: 'Wird entfernt …',
    keep: 'Behalten',
  },

  toasts: {
    copied: 'Kopiert',
    'not-copied': 'Ihr Browser hat das Kopieren nicht erlaubt.',
    added: 'Hinzugefügt',
    removed: 'Entfernt',
    'notifications-on': 'Mitteilungen sind eingeschaltet',
  },

  obstacles: {
    insecure: {
      heading: 'Diese Adresse ist nicht sicher',
      sentence: 'Der Authenticator funktioniert nur über https. Fragen Sie Ihren Support nach der richtigen Adresse.',
    },
    old: {
      heading: 'Dieser Browser ist zu alt',
      sentence: 'Aktualisieren Sie ihn, oder öffnen Sie diese Seite mit einem anderen Browser.',
    },
    storage: {
      heading: 'Dieser Browser merkt sich nichts',
      sentence:
        'Ein privates Fenster vergisst alles, wenn Sie es schließen. Öffnen Sie diese Seite in einem gewöhnlichen.',
    },
    'home-screen': {
      heading: 'Zuerst zum Home-Bildschirm hinzufügen',
      sentence: 'Auf iPhone und iPad funktioniert der Authenticator nur von dort.',
    },
  },

  homeScreen: {
    share: () => ['Tippen Sie in Safari auf ', strong('Teilen'), '.'],
    add: () => ['Wählen Sie ', strong('Zum Home-Bildschirm'), ', dann ', strong('Hinzufügen'), '.'],
    open: () => ['Öffnen Sie ', strong('Authenticator'), ' auf Ihrem Home-Bildschirm.'],
    code: () => [
      'Scannen Sie dort den QR-Code noch einmal, oder tippen Sie den kurzen Code darunter ein: ',
      ltr('ABCD-1234'),
      '.',
    ],
  },
};
