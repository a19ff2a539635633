/** German words for codes that a person was given earlier: recovery codes, and a temporary pass from the help desk. */
import type { CodeWords } from '../../code-words.ts';
import { attemptsLeft } from '../counts.ts';

export const recovery: CodeWords = {
  heading: () => ['Geben Sie einen Wiederherstellungscode ein'],
  sentence: () => [
    'Das ist einer der Codes, die Sie beim Einrichten Ihres Kontos aufbewahrt haben. Jeder Code gilt einmal.',
  ],
  malformed: length =>
    `Das ist kein Wiederherstellungscode. Er hat ${length} Buchstaben und Ziffern, in Vierergruppen.`,
  wrong: left =>
    `Dieser Code stimmt nicht. Prüfen Sie jedes Zeichen, oder nehmen Sie einen anderen Code\u00A0– ${attemptsLeft(left)}.`,
  reused: 'Dieser Code wurde schon verwendet. Streichen Sie ihn durch und nehmen Sie einen anderen.',
  ends: {
    attempts: {
      heading: 'Zu viele Versuche',
      sentence: () => ['Das war vorerst der letzte Versuch.'],
      advice: 'Versuchen Sie es mit einem anderen Code.',
      term: 'zu viele Versuche',
    },
    expired: {
      heading: 'Die Zeit ist abgelaufen',
      sentence: () => ['Wir haben zu lange auf einen Code gewartet.'],
      advice: 'Suchen Sie zuerst Ihre Codes, dann versuchen Sie es noch einmal.',
      term: 'abgelaufen',
    },
    disabled: {
      heading: 'Ihre Wiederherstellungscodes sind ausgeschaltet',
      sentence: () => ['Es gab zu viele falsche Codes. Ihr Support hilft Ihnen zurück in Ihr Konto.'],
      term: 'Methode gesperrt',
    },
    lost: {
      heading: 'Beginnen wir noch einmal',
      sentence: () => ['Wir können hier keinen Code mehr annehmen. Es wurde nichts bestätigt.'],
      advice: 'Versuchen Sie es mit einem Wiederherstellungscode.',
      term: 'beendet',
    },
  },
};

export const codesLeft = (count: number): string =>
  count === 1 ? 'Das ist Ihr letzter.' : `Sie haben noch ${count} davon.`;

export const pass: CodeWords = {
  heading: () => ['Geben Sie Ihren befristeten Zugangscode ein'],
  sentence: () => ['Sie haben ihn von Ihrem Support bekommen. Er gilt nur kurze Zeit.'],
  malformed: length => `Das ist kein befristeter Zugangscode. Er hat ${length} Buchstaben und Ziffern.`,
  wrong: attempts =>
    `Dieser Zugangscode stimmt nicht oder gilt jetzt nicht. Prüfen Sie jedes Zeichen\u00A0– ${attemptsLeft(attempts)}.`,
  reused: 'Dieser Zugangscode stimmt nicht oder gilt jetzt nicht.',
  ends: {
    attempts: {
      heading: 'Zu viele Versuche',
      sentence: () => ['Das war vorerst der letzte Versuch.'],
      advice: 'Vergleichen Sie den Zugangscode mit dem von Ihrem Support, dann versuchen Sie es noch einmal.',
      term: 'zu viele Versuche',
    },
    expired: {
      heading: 'Die Zeit ist abgelaufen',
      sentence: () => ['Wir haben zu lange auf Ihren Zugangscode gewartet.'],
      advice: 'Versuchen Sie es noch einmal.',
      term: 'abgelaufen',
    },
    disabled: {
      heading: 'Ihr befristeter Zugangscode ist ausgeschaltet',
      sentence: () => ['Es gab zu viele falsche Eingaben. Ihr Support kann Ihnen einen neuen geben.'],
      term: 'Methode gesperrt',
    },
    lost: {
      heading: 'Beginnen wir noch einmal',
      sentence: () => ['Wir können hier keinen Zugangscode mehr annehmen. Es wurde nichts bestätigt.'],
      advice: 'Versuchen Sie es noch einmal mit Ihrem Zugangscode.',
      term: 'beendet',
    },
  },
};
