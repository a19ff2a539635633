/** The second step by a code from an authenticator app. */
import type { codes as master } from '../en/codes.ts';

const tries = (left: number): string => (left === 1 ? 'noch 1 Versuch' : `noch ${left} Versuche`);

export const codes: typeof master = {
  heading: 'Geben Sie den Code aus Ihrer App ein',
  sentence: 'Er ändert sich alle 30 Sekunden.',
  hint: length => `Wir prüfen ihn, sobald alle ${length} Ziffern da sind.`,
  label: 'Code',
  malformed: length => `Das ist noch kein Code. Geben Sie die ${length} Ziffern aus Ihrer App ein.`,
  wrong: left => `Dieser Code stimmt nicht. Sehen Sie nach dem neuesten Code in Ihrer App – ${tries(left)}.`,
  reused: 'Dieser Code wurde schon verwendet. Warten Sie auf den nächsten in Ihrer App.',
  wait: 'Das war zu früh nach einem falschen Code.',
  useAnother: 'Oder verwenden Sie eine andere Methode.',
  freshCode: 'Versuchen Sie es mit einem neuen Code.',
  headings: {
    tries: 'Zu viele Versuche',
    expired: 'Die Zeit ist abgelaufen',
    disabled: 'Codes aus Ihrer App sind ausgeschaltet',
    other: 'Beginnen wir mit einem neuen Code',
  },
  ended: {
    tries: 'Das war vorerst der letzte Versuch.',
    expired: 'Wir haben zu lange auf einen Code gewartet.',
    disabled: 'Es gab zu viele falsche Codes. Ihr Support hilft Ihnen, Ihre App neu einzurichten.',
    other: 'Wir können hier keinen Code mehr annehmen. Es wurde nichts bestätigt.',
  },
  terms: {
    malformed: 'kein Code',
    wrong: 'falscher Code',
    reused: 'Code schon verwendet',
    wait: 'Wartezeit',
    tries: 'zu viele Versuche',
    expired: 'abgelaufen',
    disabled: 'Methode gesperrt',
    other: 'beendet',
  },
};
