/** German words for the page that asks for a code: from an app, a text, a call, or a set of recovery codes. */
import type { CodeWords } from '../code-words.ts';
import type { codes as master } from '../en/codes.ts';
import { dictated } from './codes/dictated.ts';
import { codesLeft, pass, recovery } from './codes/given.ts';
import { mailed } from './codes/mailed.ts';
import { texted } from './codes/texted.ts';
import { attemptsLeft } from './counts.ts';

const app: CodeWords = {
  heading: () => ['Geben Sie den Code aus Ihrer App ein'],
  sentence: () => ['Nehmen Sie den, den Ihre App jetzt anzeigt.'],
  malformed: length => `Das ist kein Code. Geben Sie die ${length} Ziffern aus Ihrer App ein.`,
  wrong: left =>
    `Dieser Code stimmt nicht. Sehen Sie nach dem neuesten Code in Ihrer App\u00A0– ${attemptsLeft(left)}.`,
  reused: 'Dieser Code wurde schon verwendet. Warten Sie auf den nächsten in Ihrer App.',
  ends: {
    attempts: {
      heading: 'Zu viele Versuche',
      sentence: () => ['Das war vorerst der letzte Versuch.'],
      advice: 'Versuchen Sie es mit einem neuen Code.',
      term: 'zu viele Versuche',
    },
    expired: {
      heading: 'Die Zeit ist abgelaufen',
      sentence: () => ['Wir haben zu lange auf einen Code gewartet.'],
      advice: 'Versuchen Sie es mit einem neuen Code.',
      term: 'abgelaufen',
    },
    disabled: {
      heading: 'Codes aus Ihrer App sind ausgeschaltet',
      sentence: () => ['Es gab zu viele falsche Codes. Ihr Support hilft Ihnen, Ihre App neu einzurichten.'],
      term: 'Methode gesperrt',
    },
    lost: {
      heading: 'Beginnen wir mit einem neuen Code',
      sentence: () => ['Wir können hier keinen Code mehr annehmen. Es wurde nichts bestätigt.'],
      advice: 'Versuchen Sie es mit einem neuen Code.',
      term: 'beendet',
    },
  },
};

export const codes: typeof master = {
  hint: length => `Wir prüfen ihn, sobald alle ${length} Ziffern da sind.`,
  label: 'Code',
  tooSoon: 'Das war zu früh nach einem falschen Code und wurde nicht geprüft.',
  wait: 'Es gab mehrere falsche Codes.',
  terms: { malformed: 'kein Code', wrong: 'falscher Code', reused: 'Code schon verwendet', wait: 'Wartezeit' },
  app,
  texted,
  mailed,
  dictated,
  recovery,
  codesLeft,
  pass,
};
