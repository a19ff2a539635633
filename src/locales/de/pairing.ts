/** German words for pairing a device with the authenticator. */
import { name } from '../phrase.ts';
import type { pairing as master } from '../en/pairing.ts';

export const pairing: typeof master = {
  heading: 'Verbinden Sie Ihr Telefon',
  lead: 'Der Sallyport Authenticator öffnet sich im Browser Ihres Telefons. Sie brauchen keinen App-Store.',
  scan: 'Richten Sie die Kamera Ihres Telefons auf dieses Bild und öffnen Sie den Link.',
  picture: 'QR-Code, der den Sallyport Authenticator öffnet',
  byHand: 'Keine Kamera? Öffnen Sie auf Ihrem Telefon diese Adresse:',
  type: 'Wo der Authenticator nach einem Code fragt, tippen Sie diesen ein:',
  code: 'Code zum Eintippen',
  comeBack: 'Kommen Sie dann hierher zurück. Diese Seite geht von selbst weiter.',
  here: 'Ist das hier Ihr Telefon? Dann öffnen Sie den Authenticator hier',
  iphone: {
    question: 'Auf einem iPhone oder iPad',
    why: 'Dort kann Ihnen der Authenticator nur vom Home-Bildschirm aus Mitteilungen schicken.',
    steps: [
      'Öffnen Sie den Link in Safari.',
      'Tippen Sie auf „Teilen“ und dann auf „Zum Home-Bildschirm“.',
      'Öffnen Sie den Authenticator vom Home-Bildschirm aus und tippen Sie dort den Code von dieser Seite ein.',
    ],
  },
  status: 'Wir warten auf Ihr Telefon',
  minutesLeft: left => `noch ${left} min`,
  checkAgain: 'Noch einmal prüfen',
  confirm: {
    heading: device => [name(device), ' verbinden?'],
    sentence: () => ['Ihr Telefon zeigt eine Zahl. Ist es diese?'],
    yes: 'Ja, verbinden',
    no: 'Nein',
  },
  test: {
    heading: 'Probieren Sie es einmal aus',
    sentence: device => ['Tippen Sie diese Zahl im Authenticator auf ', name(device), ' ein. Dann ist er bereit.'],
    passedHeading: 'Es funktioniert',
    passedSentence: 'Einen Moment, wir fügen ihn Ihrem Konto hinzu.',
    again: 'Noch einmal ausprobieren',
    stopped: 'Noch nicht verbunden',
    denied: 'Ihr Authenticator hat gemeldet: „Das war ich nicht“. Es wurde nichts verbunden.',
    advice: 'Haben nicht Sie das begonnen? Sagen Sie Ihrem Support Bescheid: Jemand kennt Ihr Passwort.',
  },
  again: 'Mit einem neuen Code beginnen',
  ends: {
    expired: {
      heading: 'Dieser Code ist abgelaufen',
      sentence: 'Ein Code gilt zehn Minuten. Es wurde nichts verbunden.',
      term: 'Code abgelaufen',
    },
    guessed: {
      heading: 'Dieser Code gilt nicht mehr',
      sentence: 'Er wurde zu oft falsch eingetippt. Es wurde nichts verbunden.',
      advice: 'Haben nicht Sie ihn eingetippt? Dann hat jemand geraten. Ein neuer Code ist sicher.',
      term: 'zu viele falsche Codes',
    },
    refused: {
      heading: 'Dieses Telefon wurde nicht verbunden',
      sentence: 'Es zeigte eine andere Zahl, oder jemand hat darauf „Abbrechen“ gewählt.',
      advice: 'Hat jemand Ihren Code gesehen? Beginnen Sie mit einem neuen, wo niemand zusieht.',
      term: 'Telefon abgelehnt',
    },
    lost: {
      heading: 'Beginnen wir mit einem neuen Code',
      sentence: 'Dieser Code gilt nicht mehr. Es wurde nichts verbunden.',
      term: 'Verbinden beendet',
    },
  },
};
