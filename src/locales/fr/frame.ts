/** What stands on every page. */
import { shortened, strong, time } from '../phrase.ts';
import type { frame as master } from '../en/frame.ts';

const seconds = (count: number): string => (count === 1 ? '1 seconde' : `${count} secondes`);

const halfDay = 43_200_000;

export const frame: typeof master = {
  product: 'Sallyport',
  secondStep: 'Deuxième étape',
  notYou: 'Pas vous\u202F?',
  signingInAs: 'Connexion en tant que',
  help: 'Aide',
  language: 'Langue',
  reference: 'Référence',
  details: 'Voir les détails',
  time: 'Heure',
  code: 'Code',
  copy: 'Copier',
  copied: 'Copié',
  cancel: 'Annuler',
  back: 'Retour',
  error: 'Erreur',
  tryAgain: 'Réessayer',
  otherOption: 'Utiliser une autre méthode',
  getHelp: 'Obtenir de l’aide',
  backTo: client => `Retour à ${shortened(client)}`,
  continueTo: client => `Continuer vers ${shortened(client)}`,
  continue: 'Continuer',
  secondsLeft: left => `encore ${left} s`,
  tryAgainAt: (now, until) => {
    const left = Math.max(1, Math.ceil((until - now) / 1000));
    return left <= 90
      ? ['Réessayez dans ', strong(seconds(left)), '.']
      : ['Réessayez après ', time(until, until - now > halfDay), '.'];
  },
};
