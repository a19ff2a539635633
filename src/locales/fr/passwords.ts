/** French words for choosing a password: the field, why one is refused, and the pages around it. */
import { name } from '../phrase.ts';
import type { passwords as master } from '../en/passwords.ts';

export const passwords: typeof master = {
  field: {
    label: 'Nouveau mot de passe',
    hint: 'Au moins 8 caractères. Quelques mots qui ne vont ensemble que pour vous se retiennent facilement.',
  },
  faults: {
    unreadable: 'Saisissez un nouveau mot de passe.',
    short: 'C’est trop court. Utilisez au moins 8 caractères.',
    common: 'Beaucoup de gens utilisent ce mot de passe, il est donc deviné en premier. Choisissez-en un autre.',
    pattern: 'C’est facile à deviner, car il se répète ou se suit. Choisissez-en un autre.',
    personal: 'Il est fait de votre nom ou du nom de ce service. Choisissez-en un autre.',
    breached: 'Ce mot de passe a été volé sur un autre site et les pirates le connaissent. Choisissez-en un autre.',
    same: 'C’est votre mot de passe actuel. Choisissez-en un autre.',
  },
  required: {
    heading: 'Choisissez un nouveau mot de passe',
    sentence: client => ['Vous continuerez ensuite vers ', name(client), '. L’ancien ne fonctionnera plus.'],
    submit: 'Enregistrer et continuer',
  },
};
