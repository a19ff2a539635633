/** German words for a code that a call dictates. Other ends have the words of any call. */
import type { CodeWords } from '../../code-words.ts';
import type { dictated as master } from '../../en/codes/dictated.ts';
import { ltr, strong } from '../../phrase.ts';
import { calls } from '../calls.ts';
import { attemptsLeft } from '../counts.ts';
import { texted } from './texted.ts';

const ends: CodeWords['ends'] = {
  ...calls.ends,
  'hung-up': {
    ...calls.ends['hung-up'],
    sentence: () => ['Der Anruf endete, bevor der Code eingegeben wurde.'],
    advice: 'Lassen Sie sich erneut anrufen, drücken Sie # und geben Sie den Code ein, während Sie zuhören.',
  },
  silence: {
    ...calls.ends.silence,
    advice:
      'Ging die Mailbox ran? Lassen Sie sich erneut anrufen und nehmen Sie selbst ab. Drücken Sie dann #, um den Code zu hören.',
  },
  attempts: {
    ...calls.ends.attempts,
    sentence: () => ['Es gab zu viele falsche Codes. Der Code aus dem Anruf gilt deshalb nicht mehr.'],
    step: 'Falsche Codes',
    advice: 'Lassen Sie sich erneut anrufen und geben Sie den neuen Code ein, während Sie zuhören.',
  },
  expired: {
    ...calls.ends.expired,
    heading: 'Dieser Code ist abgelaufen',
    sentence: () => ['Es wurde nicht rechtzeitig ein Code eingegeben.'],
    advice: 'Lassen Sie sich erneut anrufen. Der alte Code gilt nicht mehr.',
  },
  // One count disables all codes to a phone.
  disabled: { ...calls.ends.disabled, ...texted.ends.disabled },
};

const words: CodeWords = {
  heading: calls.heading,
  sentence: (_, extension) =>
    extension === undefined
      ? ['Nehmen Sie ab, drücken Sie ', strong('#'), ' und geben Sie den Code ein, den Sie hören.']
      : [
          'Der Anruf geht an die Durchwahl ',
          ltr(extension),
          '. Drücken Sie dort ',
          strong('#'),
          ' und geben Sie den Code ein, den Sie hören.',
        ],
  malformed: length => `Das ist kein Code. Geben Sie die ${length} Ziffern ein, die Sie hören.`,
  wrong: left =>
    `Dieser Code stimmt nicht. Solange der Anruf läuft, hören Sie ihn mit # noch einmal\u00A0– ${attemptsLeft(left)}.`,
  reused: 'Dieser Code wurde schon verwendet. Verwenden Sie eine andere Methode oder lassen Sie sich erneut anrufen.',
  ends,
};

export const dictated: typeof master = {
  ...words,
  answered: '# drücken, um den Code zu hören',
  afterwards: 'Geben Sie den gehörten Code ein',
  over: 'Der Anruf ist beendet. Geben Sie den Code ein, oder lassen Sie sich noch einmal anrufen',
};
