/** German words for passkeys. */
import type { passkeys as master } from '../en/passkeys.ts';

export const passkeys: typeof master = {
  what: 'Ein Passkey ist ein Schlüssel, den Ihr Telefon, Computer oder Sicherheitsschlüssel für Sie aufbewahrt; Sie geben ihn mit Gesicht, Finger oder PIN frei und müssen nichts eintippen.',
  securityKey: 'Sicherheitsschlüssel',
  noScript:
    'Passkeys brauchen JavaScript, das in diesem Browser ausgeschaltet ist. Schalten Sie es ein, oder verwenden Sie eine andere Methode.',
  unsupported:
    'Dieser Browser kann keine Passkeys verwenden. Nehmen Sie hier eine andere Methode, oder melden Sie sich mit einem anderen Browser an.',
  failures: {
    cancelled: 'Es ist nichts passiert. Versuchen Sie es noch einmal, oder nehmen Sie eine andere Methode.',
    known:
      'Dieses Gerät oder dieser Schlüssel ist schon eingerichtet. Nehmen Sie ein anderes, oder wählen Sie eine andere Methode.',
    insecure:
      'Passkeys funktionieren unter dieser Adresse nicht. Gehen Sie dorthin zurück, woher Sie kamen, und melden Sie sich von dort noch einmal an.',
    failed: 'Ihr Gerät konnte das nicht. Versuchen Sie es noch einmal, oder nehmen Sie eine andere Methode.',
  },
  step: {
    heading: 'Verwenden Sie Ihren Passkey',
    sentence: 'Ihr Gerät fragt nach Gesicht, Finger oder PIN.',
    wrong: 'Dieser Passkey wurde nicht angenommen. Nehmen Sie den, den Sie für dieses Konto eingerichtet haben.',
    copied:
      'Von diesem Passkey gibt es vielleicht eine Kopie, darum haben wir ihn abgelehnt. Nehmen Sie eine andere Methode, und entfernen Sie ihn auf Ihrer Sicherheitsseite.',
    malformed: 'Wir konnten die Antwort Ihres Geräts nicht lesen. Versuchen Sie es noch einmal.',
    tooSoon: 'Das war zu früh nach einer anderen Antwort und wurde nicht geprüft.',
    terms: {
      copied: 'Passkey kopiert',
      wrong: 'Passkey nicht angenommen',
      malformed: 'keine Antwort',
      reused: 'Antwort schon verwendet',
      wait: 'Wartezeit',
    },
  },
  ends: {
    expired: {
      heading: 'Die Zeit ist abgelaufen',
      sentence: () => ['Wir haben zu lange auf Ihren Passkey gewartet.'],
      advice: 'Legen Sie das Telefon oder den Schlüssel mit Ihrem Passkey bereit, und versuchen Sie es noch einmal.',
      term: 'abgelaufen',
    },
    attempts: {
      heading: 'Dieser Passkey wurde nicht angenommen',
      sentence: () => ['Er gehört vielleicht zu einem anderen Konto. Es wurde nichts bestätigt.'],
      advice: 'Nehmen Sie einen Passkey, den Sie für dieses Konto eingerichtet haben, oder eine andere Methode.',
      term: 'zu viele Versuche',
    },
    lost: {
      heading: 'Versuchen wir Ihren Passkey noch einmal',
      sentence: () => ['Diese Seite kann keine Antwort mehr annehmen. Es wurde nichts bestätigt.'],
      advice: 'Versuchen Sie es noch einmal. Ihr Passkey bleibt, wie er ist.',
      term: 'beendet',
    },
  },
  trouble: {
    question: 'Ihr Passkey funktioniert nicht?',
    steps: [
      'An einem anderen Computer: Wählen Sie „anderes Gerät“, und scannen Sie das Bild mit dem Telefon, das Ihren Passkey hat.',
      'Telefon oder Schlüssel verloren? Nehmen Sie eine andere Methode. Entfernen Sie dann den Passkey auf Ihrer Sicherheitsseite.',
      'Nicht angenommen? Vielleicht wurde er aus Ihrem Konto entfernt. Nehmen Sie eine andere Methode, und richten Sie einen neuen ein.',
    ],
  },
  alone: 'Mit einem Passkey anmelden',
  setUp: {
    heading: 'Passkey einrichten',
    button: 'Passkey erstellen',
    where:
      'Ihr Browser fragt, wo er aufbewahrt werden soll: auf diesem Gerät, auf Ihrem Telefon oder auf einem Sicherheitsschlüssel.',
    wrong:
      'Diesen Passkey konnten wir nicht annehmen. Versuchen Sie es noch einmal, oder nehmen Sie ein anderes Gerät oder einen anderen Schlüssel.',
    bound: 'Dieser Schlüssel ist schon für ein Konto eingerichtet. Nehmen Sie einen anderen.',
    policy: 'Schlüssel dieser Art sind hier nicht erlaubt. Nehmen Sie ein anderes Gerät oder einen anderen Schlüssel.',
    unsupported:
      'Dieser Browser kann keine Passkeys erstellen. Wählen Sie eine andere Methode, oder kommen Sie mit einem anderen Browser wieder.',
    noScript:
      'Passkeys brauchen JavaScript, das in diesem Browser ausgeschaltet ist. Schalten Sie es ein, oder wählen Sie eine andere Methode.',
    terms: { bound: 'Passkey bekannt', policy: 'Art des Schlüssels nicht erlaubt' },
    endedHeading: 'Beginnen wir noch einmal',
    ended: 'Diese Seite war zu lange offen, oder die Antworten stimmten nicht. Es wurde nichts eingerichtet.',
    again: 'Noch einmal beginnen',
  },
};
