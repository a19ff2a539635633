/** The second step by a code from an authenticator app. */
import type { codes as master } from '../en/codes.ts';

const tries = (left: number): string => (left === 1 ? 'encore 1 essai' : `encore ${left} essais`);

export const codes: typeof master = {
  heading: 'Saisissez le code de votre application',
  sentence: 'Il change toutes les 30 secondes.',
  hint: length => `Nous le vérifions dès que les ${length} chiffres sont là.`,
  label: 'Code à saisir',
  malformed: length => `Ce n’est pas encore un code. Saisissez les ${length} chiffres de votre application.`,
  wrong: left => `Ce code n’est pas le bon. Regardez le dernier code dans votre application – ${tries(left)}.`,
  reused: 'Ce code a déjà servi. Attendez le prochain dans votre application.',
  wait: 'C’était trop tôt après un mauvais code.',
  useAnother: 'Ou utilisez une autre méthode.',
  freshCode: 'Réessayez avec un nouveau code.',
  headings: {
    tries: 'Trop d’essais',
    expired: 'Le temps est écoulé',
    disabled: 'Les codes de votre application sont désactivés',
    other: 'Reprenons avec un nouveau code',
  },
  ended: {
    tries: 'C’était le dernier essai pour le moment.',
    expired: 'Nous avons attendu un code trop longtemps.',
    disabled: 'Il y a eu trop de mauvais codes. Votre assistance peut vous aider à réinstaller votre application.',
    other: 'Nous ne pouvons plus accepter de code ici. Rien n’a été approuvé.',
  },
  terms: {
    malformed: 'pas un code',
    wrong: 'mauvais code',
    reused: 'code déjà utilisé',
    wait: 'délai à respecter',
    tries: 'trop d’essais',
    expired: 'expiré',
    disabled: 'méthode désactivée',
    other: 'terminé',
  },
};
