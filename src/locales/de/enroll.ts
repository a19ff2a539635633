/** German words for setting up a method. */
import { ltr, name, strong, time } from '../phrase.ts';
import type { enroll as master } from '../en/enroll.ts';

export const enroll: typeof master = {
  stage: 'Einrichtung',
  progress: (at, of) => `Schritt ${at} von ${of}`,
  kinds: {
    push: {
      name: 'Sallyport Authenticator',
      sentence: 'Ihr Telefon fragt Sie, und Sie tippen eine zweistellige Zahl ein. Sie brauchen keinen App-Store.',
      ready: 'Ihr Authenticator ist eingerichtet',
    },
    totp: {
      name: 'Authenticator-App',
      sentence: 'Eine App auf Ihrem Telefon zeigt sechs Ziffern. Sie funktioniert ohne Netz.',
      ready: 'Ihre App ist eingerichtet',
    },
    phone: {
      name: 'Telefonnummer',
      sentence: 'Wir rufen Sie an oder schicken einen Code. Jedes Telefon geht, auch ein Festnetztelefon.',
      ready: 'Ihr Telefon ist eingerichtet',
    },
    passkey: {
      name: 'Passkey',
      sentence:
        'Melden Sie sich mit Gesicht, Finger oder PIN an. Ihr Telefon, Computer oder Sicherheitsschlüssel bewahrt ihn auf.',
      ready: 'Ihr Passkey ist eingerichtet',
    },
    email: {
      name: 'E-Mail',
      sentence: 'Wir senden einen Code an die E-Mail-Adresse Ihres Kontos.',
      ready: 'Ihr Postfach ist eingerichtet',
    },
  },
  choose: {
    first: {
      heading: 'Wir brauchen noch eine Angabe',
      lead: client => [
        'Ein Passwort allein kann gestohlen werden. Wählen Sie, wie Sie sich bei ',
        name(client),
        ' zusätzlich ausweisen. Das dauert etwa zwei Minuten.',
      ],
    },
    backup: {
      heading: 'Ersatzmethode einrichten',
      lead: client => [
        'Falls Ihr Telefon oder Computer verloren geht oder kaputt ist, kommen Sie mit einer zweiten Methode trotzdem zu ',
        name(client),
        '. Sie muss ohne dieses Gerät funktionieren.',
      ],
    },
    passkey: {
      heading: 'Melden Sie sich nächstes Mal mit Gesicht, Finger oder PIN an',
      lead: client => [
        'Nächstes Mal tippen Sie bei ',
        name(client),
        ' weder Passwort noch Code. Ihr Telefon, Computer oder Sicherheitsschlüssel übernimmt das für Sie.',
      ],
    },
    authenticator: {
      heading: 'Bestätigen Sie nächstes Mal einfach auf Ihrem Telefon',
      lead: client => [
        'Kein Anruf und kein Code zum Abtippen: Ihr Telefon fragt, ob Sie sich bei ',
        name(client),
        ' anmelden, und Sie tippen die Zahl vom Bildschirm ein. Das kostet nichts und braucht keinen App-Store.',
      ],
    },
    level: {
      heading: 'Eine stärkere Methode ist nötig',
      lead: client => [
        name(client),
        ' verlangt mehr, als Ihre Methoden belegen. Wählen Sie eine, die Sie jetzt hinzufügen.',
      ],
    },
    more: {
      heading: 'Methode hinzufügen',
      lead: client => [
        'Wählen Sie, wie Sie sich außerdem ausweisen möchten. Danach geht es zurück zu ',
        name(client),
        '.',
      ],
    },
    otherApp: 'Andere Authenticator-App',
    sharedPasskey:
      'Bewahren Sie ihn als Ersatz auf einem Sicherheitsschlüssel auf. Passkeys, die Ihre Geräte gemeinsam nutzen, zählen als eine Methode.',
    skip: 'Nicht jetzt',
    skipUntil: until => ['Sie können das bis ', time(until, true), ' aufschieben.'],
  },
  barred: {
    heading: 'Fragen Sie Ihren Support',
    sentence: client => [name(client), ' verlangt eine Methode, die Sie hier nicht selbst einrichten können.'],
    help: 'Ihr Support kann Ihnen einen befristeten Zugangscode geben oder die Methode für Sie einrichten.',
    term: 'Einrichtung nicht erlaubt',
  },
  phone: {
    heading: 'Ihre Telefonnummer',
    lead: 'Wir prüfen sie jetzt einmal, per Anruf oder SMS. Später nutzen wir sie nur, wenn Sie sich anmelden.',
    country: 'Land',
    noCountry: 'Land wählen',
    number: 'Telefonnummer',
    numberHint: 'So wie man sie in diesem Land wählt, oder mit + am Anfang.',
    kind: 'Welches Telefon ist es?',
    extension: 'Durchwahl',
    extensionHint: 'Nur bei einem Bürotelefon, wenn die Telefonanlage danach fragt.',
    by: 'Wie sollen wir sie prüfen?',
    ways: {
      sms: 'Code per SMS',
      spoken: 'Anruf, der einen Code ansagt',
      call: 'Anruf, ich drücke die Raute-Taste',
    },
    errors: {
      'no-number': 'Geben Sie Ihre Telefonnummer ein.',
      'no-country': 'Wählen Sie das Land der Nummer.',
      unreadable: 'Diese Nummer können wir nicht anrufen. Prüfen Sie das Land und jede Ziffer.',
      extension: 'Eine Durchwahl hat nur Ziffern, höchstens zehn.',
      type: 'Anrufe bei dieser Nummer kosten extra, oder niemand nimmt dort ab. Nehmen Sie ein Mobiltelefon oder Festnetz.',
      network: 'Satellitentelefone rufen wir nicht an. Nehmen Sie ein Mobiltelefon oder Festnetz.',
      country:
        'In dieses Land rufen wir nicht an und senden keine SMS. Nehmen Sie eine andere Nummer oder wählen Sie eine andere Methode.',
      'no-texts': 'An dieser Nummer kommen keine SMS an. Lassen Sie sich lieber anrufen.',
      bound: 'Diese Nummer gehört schon zu Ihrem Konto. Nehmen Sie eine andere.',
    },
    terms: {
      'no-number': 'keine Nummer',
      'no-country': 'kein Land',
      unreadable: 'keine Telefonnummer',
      extension: 'keine Durchwahl',
      type: 'Art der Nummer',
      network: 'Satellitennummer',
      country: 'Land nicht erlaubt',
      'no-texts': 'keine SMS',
      bound: 'Nummer schon bekannt',
    },
  },
  scan: {
    heading: 'Richten Sie Ihre App ein',
    steps: [
      'Öffnen Sie Ihre Authenticator-App. Falls Sie keine haben, installieren Sie eine aus dem App-Store Ihres Telefons.',
      'Wählen Sie in der App das Pluszeichen oder „Konto hinzufügen“ und scannen Sie dieses Bild.',
      'Geben Sie die sechs Ziffern ein, die die App zeigt.',
    ],
    picture: 'QR-Code für Ihre Authenticator-App',
    byHand: 'Sie können das Bild nicht scannen?',
    byHandSentence: 'Wählen Sie in der App, einen Schlüssel einzugeben. Nehmen Sie diese Angaben:',
    key: 'Schlüssel',
    account: 'Konto',
    anew: 'Mit einem neuen Bild beginnen',
    ends: {
      attempts: 'Es gab zu viele falsche Codes, darum gilt dieses Bild nicht mehr.',
      expired: 'Dieses Bild war zu lange offen, darum gilt es nicht mehr.',
      lost: 'Dieses Bild gilt nicht mehr.',
    },
    endedHeading: 'Beginnen wir mit einem neuen Bild',
    endedAdvice: 'Löschen Sie zuerst den Eintrag in Ihrer App, falls dort schon einer ist.',
  },
  call: {
    sentence: () => [
      'Nehmen Sie ab und drücken Sie die Raute-Taste ',
      strong('#'),
      '. Dann wissen wir, dass dieses Telefon Ihnen gehört.',
    ],
    extensionSentence: extension => [
      'Der Anruf geht an die Durchwahl ',
      ltr(extension),
      '. Drücken Sie dort die Raute-Taste ',
      strong('#'),
      '. Dann wissen wir, dass dieses Telefon Ihnen gehört.',
    ],
    passedHeading: 'Ihr Telefon hat geantwortet',
    passedSentence: 'Einen Moment, wir fügen es Ihrem Konto hinzu.',
  },
  again: {
    call: 'Erneut anrufen',
    sms: 'Neuen Code per SMS',
    spoken: 'Erneut mit Code anrufen',
    email: 'Neuen Code per E-Mail',
  },
  instead: { call: 'Lieber anrufen lassen', sms: 'Lieber Code per SMS', spoken: 'Lieber Code per Anruf' },
  otherNumber: 'Andere Nummer verwenden',
  otherMethod: 'Andere Methode wählen',
  name: {
    lead: 'Geben Sie der Methode einen Namen, den Sie wiedererkennen.',
    label: 'Name',
    hint: 'Zum Beispiel „Mein Handy“. Nur Sie und Ihr Support sehen ihn.',
    error: 'Ein Name hat 1 bis 60 Zeichen.',
    term: 'Name zu lang',
  },
  codes: {
    heading: 'Bewahren Sie Ihre Wiederherstellungscodes auf',
    lead: 'Wenn Ihr Telefon weg ist, kommen Sie mit Ihrem Passwort und einem dieser Codes herein. Jeder gilt einmal.',
    keep: 'Bewahren Sie sie auf Papier oder in einem Passwortmanager auf. Wir zeigen sie nur jetzt.',
    list: 'Wiederherstellungscodes',
    make: 'Codes anzeigen',
    copy: 'Codes kopieren',
    download: 'Codes herunterladen',
    saved: 'Ich habe sie aufbewahrt',
    error: 'Bewahren Sie die Codes auf und setzen Sie dann das Häkchen.',
    term: 'Codes nicht aufbewahrt',
    file: service => `Wiederherstellungscodes für ${service}`,
    fileNote: 'Jeder Code gilt einmal, zusammen mit Ihrem Passwort. Geben Sie diese Datei niemandem.',
  },
};
