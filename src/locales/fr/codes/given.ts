/** French words for codes that a person was given earlier: recovery codes, and a temporary pass from the help desk. */
import type { CodeWords } from '../../code-words.ts';
import { attemptsLeft } from '../counts.ts';

export const recovery: CodeWords = {
  heading: () => ['Saisissez un code de secours'],
  sentence: () => [
    'C’est l’un des codes que vous avez gardés en configurant votre compte. Chaque code sert une seule fois.',
  ],
  malformed: length => `Ce n’est pas un code de secours. Il a ${length} lettres et chiffres, par groupes de quatre.`,
  wrong: left =>
    `Ce code n’est pas le bon. Vérifiez chaque caractère, ou prenez un autre code\u00A0– ${attemptsLeft(left)}.`,
  reused: 'Ce code a déjà servi. Rayez-le et prenez-en un autre.',
  ends: {
    attempts: {
      heading: 'Trop d’essais',
      sentence: () => ['C’était le dernier essai pour le moment.'],
      advice: 'Réessayez avec un autre code.',
      term: 'trop d’essais',
    },
    expired: {
      heading: 'Le temps est écoulé',
      sentence: () => ['Nous avons attendu un code trop longtemps.'],
      advice: 'Retrouvez d’abord vos codes, puis réessayez.',
      term: 'expiré',
    },
    disabled: {
      heading: 'Vos codes de secours sont désactivés',
      sentence: () => ['Il y a eu trop de mauvais codes. Votre assistance peut vous aider à retrouver votre compte.'],
      term: 'méthode désactivée',
    },
    lost: {
      heading: 'Recommençons',
      sentence: () => ['Nous ne pouvons plus accepter de code ici. Rien n’a été approuvé.'],
      advice: 'Réessayez avec un code de secours.',
      term: 'terminé',
    },
  },
};

export const codesLeft = (count: number): string =>
  count === 1 ? 'C’est votre dernier.' : `Il vous en reste ${count}.`;

export const pass: CodeWords = {
  heading: () => ['Saisissez votre code d’accès temporaire'],
  sentence: () => ['Votre assistance vous l’a donné. Il ne sert que peu de temps.'],
  malformed: length => `Ce n’est pas un code d’accès temporaire. Il a ${length} lettres et chiffres.`,
  wrong: attempts =>
    `Ce code n’est pas le bon, ou il n’est pas valable maintenant. Vérifiez chaque caractère\u00A0– ${attemptsLeft(attempts)}.`,
  reused: 'Ce code n’est pas le bon, ou il n’est pas valable maintenant.',
  ends: {
    attempts: {
      heading: 'Trop d’essais',
      sentence: () => ['C’était le dernier essai pour le moment.'],
      advice: 'Comparez le code avec celui de votre assistance, puis réessayez.',
      term: 'trop d’essais',
    },
    expired: {
      heading: 'Le temps est écoulé',
      sentence: () => ['Nous avons attendu votre code trop longtemps.'],
      advice: 'Réessayez.',
      term: 'expiré',
    },
    disabled: {
      heading: 'Votre code d’accès temporaire est désactivé',
      sentence: () => ['Il y a eu trop d’erreurs. Votre assistance peut vous en donner un nouveau.'],
      term: 'méthode désactivée',
    },
    lost: {
      heading: 'Recommençons',
      sentence: () => ['Nous ne pouvons plus accepter de code ici. Rien n’a été approuvé.'],
      advice: 'Réessayez avec votre code d’accès temporaire.',
      term: 'terminé',
    },
  },
};
