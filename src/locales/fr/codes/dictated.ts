/** French words for a code that a call dictates. Other ends have the words of any call. */
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
    sentence: () => ['L’appel s’est terminé avant que le code soit saisi.'],
    advice: 'Faites-vous rappeler, appuyez sur # et saisissez le code en écoutant.',
  },
  silence: {
    ...calls.ends.silence,
    advice:
      'Si la messagerie a répondu, faites-vous rappeler et décrochez vous-même. Appuyez ensuite sur # pour entendre le code.',
  },
  attempts: {
    ...calls.ends.attempts,
    sentence: () => ['Il y a eu trop de mauvais codes\u202F: celui de l’appel n’est plus valable.'],
    step: 'Mauvais codes',
    advice: 'Faites-vous rappeler et saisissez le nouveau code en écoutant.',
  },
  expired: {
    ...calls.ends.expired,
    heading: 'Ce code a expiré',
    sentence: () => ['Aucun code n’a été saisi à temps.'],
    advice: 'Faites-vous rappeler. L’ancien code n’est plus valable.',
  },
  // One count disables all codes to a phone.
  disabled: { ...calls.ends.disabled, ...texted.ends.disabled },
};

const words: CodeWords = {
  heading: calls.heading,
  sentence: (_, extension) =>
    extension === undefined
      ? ['Répondez, appuyez sur ', strong('#'), ' et saisissez le code que vous entendez.']
      : [
          'L’appel va au poste ',
          ltr(extension),
          '. Là, appuyez sur ',
          strong('#'),
          ' et saisissez le code que vous entendez.',
        ],
  malformed: length => `Ce n’est pas un code. Saisissez les ${length} chiffres que vous entendez.`,
  wrong: left => `Ce code n’est pas le bon. Tant que l’appel dure, réécoutez-le avec #\u00A0– ${attemptsLeft(left)}.`,
  reused: 'Ce code a déjà servi. Utilisez une autre méthode ou faites-vous rappeler.',
  ends,
};

export const dictated: typeof master = {
  ...words,
  answered: 'Appuyez sur # pour le code',
  afterwards: 'Saisissez le code entendu',
  over: 'L’appel est terminé. Saisissez le code, ou faites-vous rappeler',
};
