/** French words for the methods on the security page. */
import type { accountMethods as master } from '../en/account-methods.ts';
import { name, strong } from '../phrase.ts';

const names: (typeof master)['names'] = {
  phone: 'Téléphone',
  call: 'Appel',
  sms: 'SMS',
  spoken: 'Appel avec un code',
  totp: 'Code de votre application',
  email: 'Code par e-mail',
};

const ways: (typeof master)['ways'] = { call: 'appel', sms: 'SMS', spoken: 'appel avec un code' };

const means: (typeof master)['means'] = {
  phone: 'votre autre téléphone',
  totp: 'le code de votre application',
  email: 'un code par e-mail',
  'recovery-codes': 'un code de secours',
};

export const accountMethods: typeof master = {
  heading: 'Vos moyens de confirmation',
  add: 'Ajouter une méthode',
  test: 'Tester',
  rename: 'Renommer',
  remove: 'Supprimer',
  names,
  ways,
  means,
  used: day => `dernier usage : ${day}`,
  neverUsed: day => `ajouté : ${day}, jamais utilisé`,
  disabled: 'Désactivée après trop de codes erronés. Supprimez-la, puis ajoutez-la de nouveau.',
  first: { label: 'Demander d’abord', save: 'Enregistrer' },
  safety: {
    noMethod:
      'Vous n’avez pas encore de deuxième étape. Quiconque connaît votre mot de passe peut se connecter à votre place.',
    left: listed => [
      strong('Si vous perdiez votre téléphone aujourd’hui, vous pourriez encore vous connecter'),
      ` avec ${listed}.`,
    ],
    others: listed => [strong('Si vous en perdiez un, vous pourriez encore vous connecter'), ` avec ${listed}.`],
    noneLeft: () => [
      strong('Si vous perdiez votre téléphone aujourd’hui, vous ne pourriez plus vous connecter.'),
      ' Ajoutez un autre moyen maintenant.',
    ],
    onlyOne: () => [
      strong('Vous n’avez qu’un seul moyen de confirmer que c’est vous.'),
      ' Ajoutez-en un autre, au cas où vous le perdriez.',
    ],
  },
  codes: {
    name: 'Codes de secours',
    left: (count, total) => `il en reste ${count} sur ${total}`,
    made: day => `créés : ${day}`,
    advice: 'Pour le jour où vous perdez votre téléphone. Imprimez-les et gardez-les en lieu sûr.',
    low: 'Il n’en reste que quelques-uns. Créez-en bientôt de nouveaux.',
    make: 'Créer des codes',
    makeNew: 'Créer de nouveaux codes',
  },
  renaming: {
    heading: 'Renommer cette méthode',
    label: 'Nom',
    hint: 'Par exemple « Mon nouveau téléphone ». 60 caractères au plus.',
    submit: 'Enregistrer',
    invalid: 'Saisissez un nom de 1 à 60 caractères.',
  },
  removing: {
    heading: 'Supprimer cette méthode ?',
    ways: listed => `Cela ne confirmera plus vos connexions : plus de ${listed}.`,
    lost: 'Cela ne confirmera plus vos connexions.',
    nextFirst: method => [
      'Aujourd’hui, c’est demandé en premier. Ensuite, nous demanderons d’abord : ',
      name(method),
      '.',
    ],
    changing:
      'Vous avez un nouveau numéro ou un nouveau téléphone ? Ajoutez d’abord le nouveau. L’ancien reste valable jusqu’à sa suppression.',
    others: 'Me déconnecter aussi partout ailleurs',
    forced:
      'Vous vous êtes connecté avec un code de secours ou un laissez-passer. Vous serez donc aussi déconnecté partout ailleurs.',
    submit: 'Supprimer',
    keep: 'Conserver',
    refused: {
      last: 'C’est votre dernier moyen de confirmer que c’est vous. Ajoutez-en d’abord un autre.',
      required: 'Votre organisation exige plus d’un moyen de confirmation. Ajoutez-en d’abord un autre.',
      level:
        'L’une de vos applications exige une méthode aussi sûre que celle-ci. Ajoutez-en d’abord une autre semblable.',
    },
    add: 'Ajouter une méthode',
  },
};
