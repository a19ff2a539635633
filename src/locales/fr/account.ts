/** French words of the security page below /account. */
import { accountMethods } from './account-methods.ts';
import { accountPasskeys } from './account-passkeys.ts';
import { accountSessions } from './account-sessions.ts';
import type { account as master } from '../en/account.ts';

const notices: (typeof master)['notices'] = {
  repeat: 'Merci, c’est bien vous. Veuillez refaire votre modification.',
  cancelled: 'Rien n’a été modifié.',
  added: 'C’est fait. Vous pouvez l’utiliser dès maintenant.',
  tested: 'Cela fonctionne\u202F: vous venez de confirmer ainsi.',
  renamed: 'Le nom a été modifié.',
  removed: 'C’est supprimé. Personne ne peut plus s’en servir pour se connecter.',
  'made-default': 'Désormais, nous demanderons cela en premier.',
  'language-set': 'La langue a été modifiée.',
  'password-changed':
    'Votre nouveau mot de passe est enregistré. Les autres navigateurs et applications sont déconnectés.',
  'address-asked': 'Si vous pouvez utiliser cette adresse, un lien y est en route.',
  'address-proven': 'Votre adresse e-mail est confirmée.',
};

export const account: typeof master = {
  signedInAs: 'Connecté en tant que',
  signOut: 'Se déconnecter',
  navigation: {
    label: 'Votre compte',
    security: 'Sécurité',
    sessions: 'Sessions et connexions',
    apps: 'Applications',
    profile: 'Profil et mot de passe',
  },
  notices: { ...notices, ...accountSessions.notices, ...accountPasskeys.notices },
  methods: accountMethods,
  passkeys: accountPasskeys,
  language: {
    heading: 'Langue',
    label: 'Pour les pages, appels, SMS et e-mails',
    save: 'Enregistrer',
  },
  appPasswords: {
    heading: 'Mots de passe d’application',
    sentence:
      'Vous n’en avez pas besoin. Chaque application ouvre la page de connexion que vous connaissez et n’a donc aucun mot de passe à garder. Si un ancien logiciel de messagerie en demande un, ajoutez-y de nouveau votre compte en choisissant la connexion par une page web, ou utilisez l’application de messagerie de votre téléphone.',
  },
  notSignedIn: {
    heading: 'Vous n’êtes pas connecté',
    sentence: 'La connexion a été abandonnée ou a duré trop longtemps. Rien n’a été modifié.',
    again: 'Se connecter',
  },
};
