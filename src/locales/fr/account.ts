/** French words of the security page below /account. */
import type { account as master } from '../en/account.ts';

const notices: (typeof master)['notices'] = {
  repeat: 'Merci, c’est bien vous. Veuillez refaire votre modification.',
  cancelled: 'Rien n’a été modifié.',
};

const names: Readonly<Record<string, string>> = {
  call: 'Appel',
  sms: 'SMS',
  spoken: 'Appel avec un code',
  totp: 'Code de votre application',
};

export const account: typeof master = {
  signedInAs: 'Connecté en tant que',
  signOut: 'Se déconnecter',
  navigation: { label: 'Votre compte', security: 'Sécurité' },
  notices,
  methods: { heading: 'Vos moyens de confirmation', names },
  notSignedIn: {
    heading: 'Vous n’êtes pas connecté',
    sentence: 'La connexion a été abandonnée ou a duré trop longtemps. Rien n’a été modifié.',
    again: 'Se connecter',
  },
};
