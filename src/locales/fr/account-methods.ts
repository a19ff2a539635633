/** French words for the methods on the security page. */
import type { accountMethods as master } from '../en/account-methods.ts';
import { name, strong } from '../phrase.ts';

const names: (typeof master)['names'] = {
  phone: 'Téléphone',
  call: 'Appel',
  sms: 'SMS',
  spoken: 'Appel avec un code',
  totp: 'Code de votre application',
  passkey: 'Clé d’accès',
  email: 'Code par e-mail',
  push: 'Sallyport Authenticator',
};

const ways: (typeof master)['ways'] = { call: 'appel', sms: 'SMS', spoken: 'appel avec un code' };

const means: (typeof master)['means'] = {
  phone: 'votre autre téléphone',
  totp: 'le code de votre application',
  passkey: 'une clé d’accès',
  email: 'un code par e-mail',
  'recovery-codes': 'un code de secours',
};

export const accountMethods: typeof master = {
  heading: 'Vos méthodes de connexion',
  add: 'Ajouter une méthode',
  test: 'Tester',
  rename: 'Renommer',
  remove: 'Supprimer',
  names,
  ways,
  means,
  used: day => ['dernier usage\u202F: ', day],
  neverUsed: day => ['ajouté\u202F: ', day, ', jamais utilisé'],
  disabled: 'Désactivée après trop de mauvais codes. Supprimez-la, puis ajoutez-la de nouveau.',
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
      ' Ajoutez une autre méthode maintenant.',
    ],
    onlyOne: () => [
      strong('Vous n’avez qu’une seule méthode de connexion.'),
      ' Ajoutez-en une autre, au cas où vous la perdriez.',
    ],
  },
  devices: {
    paired: day => ['associé\u202F: ', day],
    states: {
      works: 'Les demandes arrivent sur ce téléphone',
      silent: 'Pas de notifications\u202F: ouvrez l’authentificateur pour voir les demandes',
      gone: 'Plus de notifications\u202F: ouvrez une fois l’authentificateur sur ce téléphone',
    },
    pairAgain:
      'Votre organisation demande désormais plus de protection. Supprimez ce téléphone et associez-le de nouveau.',
    codes: 'Ses codes ne fonctionneront plus non plus.',
  },
  codes: {
    name: 'Codes de secours',
    left: (count, total) => `il en reste ${count} sur ${total}`,
    made: day => ['créés\u202F: ', day],
    advice: 'Pour le jour où vous perdez votre téléphone. Imprimez-les et gardez-les en lieu sûr.',
    low: 'Il n’en reste que quelques-uns. Créez-en bientôt de nouveaux.',
    make: 'Créer des codes',
    makeNew: 'Créer de nouveaux codes',
  },
  renaming: {
    heading: 'Renommer cette méthode',
    label: 'Nom',
    hint: 'Par exemple «\u202FMon nouveau téléphone\u202F». 60 caractères au plus.',
    submit: 'Enregistrer',
    invalid: 'Saisissez un nom de 1 à 60 caractères.',
  },
  removing: {
    heading: 'Supprimer cette méthode\u202F?',
    ways: listed => `Cela ne confirmera plus vos connexions\u202F: plus de ${listed}.`,
    lost: 'Cela ne confirmera plus vos connexions.',
    nextFirst: method => [
      'Aujourd’hui, c’est demandé en premier. Ensuite, nous demanderons d’abord\u202F: ',
      name(method),
      '.',
    ],
    changing:
      'Vous avez un nouveau numéro ou un nouveau téléphone\u202F? Ajoutez d’abord le nouveau. L’ancien reste valable jusqu’à sa suppression.',
    others: 'Me déconnecter aussi partout ailleurs',
    forced:
      'Vous vous êtes connecté avec un code de secours ou un code d’accès temporaire. Vous serez donc aussi déconnecté partout ailleurs.',
    submit: 'Supprimer',
    keep: 'Conserver',
    refused: {
      last: 'C’est votre dernière méthode de connexion. Ajoutez-en d’abord une autre.',
      required: 'Votre organisation exige plus d’une méthode de connexion. Ajoutez-en d’abord une autre.',
      level:
        'L’une de vos applications exige une méthode aussi sûre que celle-ci. Ajoutez-en d’abord une autre semblable.',
    },
  },
};
