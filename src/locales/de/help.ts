/** German words for the help page. */
import type { help as master } from '../en/help.ts';

export const help: typeof master = {
  heading: 'Hilfe bei der Anmeldung',
  nothingLeft: 'Sie brauchen Hilfe bei der Anmeldung',
  sentence: 'Was ist passiert?',
  nothingLeftSentence:
    'Ihr Support kann Ihnen Zugang geben. Nennen Sie dort diese Referenz; sie führt zu dieser Anmeldung.',
  back: 'Zurück zur Anmeldung',
  desk: 'Ihr Support',
  deskDefault:
    'Fragen Sie die Stelle, von der Sie dieses Konto haben. Nennen Sie die Referenz unten, aber nie Ihr Passwort oder einen Code.',
  reset: 'Neues Passwort wählen, über einen Link in einer E-Mail',
  topics: [
    {
      id: 'no-phone',
      question: 'Ich habe mein Telefon nicht dabei',
      steps: [
        'Wählen Sie „Andere Methode verwenden“: Jede Methode dort funktioniert, auf jedem Gerät.',
        'Keine andere Methode? Bitten Sie Ihren Support um Zugang für heute. Ihr Telefon bleibt bei Ihrem Konto.',
      ],
    },
    {
      id: 'lost-phone',
      question: 'Ich habe mein Telefon verloren',
      steps: [
        'Sagen Sie es jetzt Ihrem Support: Er entfernt das Telefon aus Ihrem Konto, damit sich niemand damit anmelden kann.',
        'Haben Sie einen Wiederherstellungscode? Damit melden Sie sich ohne Telefon an; alle anderen Sitzungen enden.',
        'Lassen Sie die SIM-Karte bei Ihrem Anbieter sperren.',
        'Melden Sie sich bis dahin mit einer anderen Methode an, und ändern Sie Ihr Passwort, wenn das Telefon nicht gesperrt war.',
      ],
    },
    {
      id: 'nothing-arrives',
      question: 'Der Code oder der Anruf kommt nicht an',
      steps: [
        'Prüfen Sie, ob das Telefon eingeschaltet ist, Empfang hat und unbekannte Nummern nicht stummschaltet.',
        'Vergleichen Sie die letzten beiden Ziffern der Nummer auf der Seite mit Ihrer eigenen.',
        'Keine SMS? Wählen Sie „Keine SMS erhalten?“: Derselbe Code wird noch einmal gesendet.',
        'Warten Sie eine Minute und wählen Sie dann „Erneut anrufen“. Wird ein Code aus Ihrer App abgelehnt, stellen Sie die Uhr des Telefons auf automatisch.',
        'Immer noch nichts? Verwenden Sie eine andere Methode.',
      ],
    },
    {
      id: 'new-number',
      question: 'Ich habe eine neue Nummer',
      steps: [
        'Können Sie sich mit einer anderen Methode anmelden? Dann fügen Sie auf Ihrer Sicherheitsseite die neue Nummer hinzu und entfernen dort die alte.',
        'Keine andere Methode? Bitten Sie Ihren Support, die Nummer zu ersetzen. Man ruft Sie unter einer bekannten Nummer zurück.',
      ],
    },
    {
      id: 'authenticator',
      question: 'Mein Authenticator zeigt keine Anfrage',
      steps: [
        'Öffnen Sie den Authenticator auf Ihrem Telefon: Eine Anfrage wartet dort, mit oder ohne Mitteilung.',
        'Seit einiger Zeit keine Mitteilung? Wählen Sie in seinen Einstellungen „Test senden“ und folgen Sie den Hinweisen.',
        'Neues Telefon, oder die Daten des Browsers wurden gelöscht? Melden Sie sich mit einer anderen Methode an. Verbinden Sie dann das Telefon auf Ihrer Sicherheitsseite.',
      ],
    },
    {
      id: 'passkey',
      question: 'Mein Passkey funktioniert nicht',
      steps: [
        'An einem anderen Computer wählen Sie „anderes Gerät“ und scannen das Bild mit dem Telefon, das Ihren Passkey hat.',
        'Telefon oder Schlüssel verloren? Melden Sie sich mit einer anderen Methode oder einem Wiederherstellungscode an. Entfernen Sie dann den Passkey auf Ihrer Sicherheitsseite.',
        'Nicht angenommen? Er gehört vielleicht zu einem anderen Konto, oder er wurde aus Ihrem entfernt. Melden Sie sich mit einer anderen Methode an, und richten Sie einen neuen ein.',
        'Es passiert nichts? Entsperren Sie Ihr Telefon, schalten Sie auf beiden Geräten Bluetooth ein, und versuchen Sie es noch einmal.',
      ],
    },
    {
      id: 'password',
      question: 'Ich habe mein Passwort vergessen',
      steps: ['Bitten Sie Ihren Support um ein neues. Ihr zweiter Schritt bleibt, wie er ist.'],
    },
  ],
};
