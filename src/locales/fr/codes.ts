/** French words for the page that asks for a code: from an app, a text, a call, or a set of recovery codes. */
import type { CodeWords } from '../code-words.ts';
import type { codes as master } from '../en/codes.ts';
import { dictated } from './codes/dictated.ts';
import { codesLeft, pass, recovery } from './codes/given.ts';
import { mailed } from './codes/mailed.ts';
import { texted } from './codes/texted.ts';
import { attemptsLeft } from './counts.ts';

const app: CodeWords = {
  heading: () => ['Saisissez le code de votre application'],
  sentence: () => ['Utilisez celui que votre application affiche maintenant.'],
  malformed: length => `Ce n’est pas un code. Saisissez les ${length} chiffres de votre application.`,
  wrong: left =>
    `Ce code n’est pas le bon. Regardez le dernier code dans votre application\u00A0– ${attemptsLeft(left)}.`,
  reused: 'Ce code a déjà servi. Attendez le prochain dans votre application.',
  ends: {
    attempts: {
      heading: 'Trop d’essais',
      sentence: () => ['C’était le dernier essai pour le moment.'],
      advice: 'Réessayez avec un nouveau code.',
      term: 'trop d’essais',
    },
    expired: {
      heading: 'Le temps est écoulé',
      sentence: () => ['Nous avons attendu un code trop longtemps.'],
      advice: 'Réessayez avec un nouveau code.',
      term: 'expiré',
    },
    disabled: {
      heading: 'Les codes de votre application sont désactivés',
      sentence: () => [
        'Il y a eu trop de mauvais codes. Votre assistance peut vous aider à reconfigurer votre application.',
      ],
      term: 'méthode désactivée',
    },
    lost: {
      heading: 'Reprenons avec un nouveau code',
      sentence: () => ['Nous ne pouvons plus accepter de code ici. Rien n’a été approuvé.'],
      advice: 'Réessayez avec un nouveau code.',
      term: 'terminé',
    },
  },
};

export const codes: typeof master = {
  hint: length => `Nous le vérifions dès que les ${length} chiffres sont là.`,
  label: 'Code à saisir',
  tooSoon: 'C’était trop tôt après un mauvais code\u202F: le dernier n’a pas été vérifié.',
  wait: 'Il y a eu plusieurs mauvais codes.',
  terms: {
    malformed: 'pas un code',
    wrong: 'mauvais code',
    reused: 'code déjà utilisé',
    wait: 'délai à respecter',
  },
  app,
  texted,
  mailed,
  dictated,
  recovery,
  codesLeft,
  pass,
};
