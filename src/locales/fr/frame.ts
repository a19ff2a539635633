/** French words that several pages share: header, footer, details and common buttons. */
import { isShortWait, laterTime, secondsLeft, shortened } from '../phrase.ts';
import type { frame as master } from '../en/frame.ts';
import { duration } from '../duration.ts';
import { seconds, units } from './counts.ts';

export const frame: typeof master = {
  product: 'Sallyport',
  secondStep: 'Deuxième étape',
  notYou: 'Pas vous\u202F?',
  signingInAs: 'Connexion en tant que',
  authenticatorNeedsScript:
    'L’authentificateur a besoin de JavaScript, qui est désactivé dans ce navigateur. Activez-le, puis rechargez la page.',
  help: 'Aide',
  language: 'Langue',
  labelled: (label, text) => `${label}\u202F: ${text}`,
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
  waitOver: 'Vous pouvez réessayer maintenant.',
  remember: {
    label: lasts => `Ne plus demander dans ce navigateur pendant ${duration(lasts, units)}`,
    note: 'Seulement si personne d’autre n’utilise ce navigateur.',
  },
  otherOption: 'Utiliser une autre méthode',
  getHelp: 'Obtenir de l’aide',
  backTo: client => `Retour à ${shortened(client)}`,
  continueTo: client => `Continuer vers ${shortened(client)}`,
  continue: 'Continuer',
  secondsLeft: left => `encore ${left} s`,
  tryAgainAt: (now, until) =>
    isShortWait(now, until)
      ? ['Réessayez dans ', secondsLeft(now, until, seconds), '.']
      : ['Réessayez après ', laterTime(now, until), '.'],
};
