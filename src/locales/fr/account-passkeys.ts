/** French words for passkeys on the security page. */
import type { accountPasskeys as master } from '../en/account-passkeys.ts';

export const accountPasskeys: typeof master = {
  synced: 'dans votre gestionnaire de mots de passe, pour tous vos appareils',
  bound: 'sur un seul appareil ou une seule clé',
  unverified: 'sans code PIN ni doigt, donc seulement avec votre mot de passe',
  refused: 'Les clés de ce type ne sont plus acceptées ici. Supprimez-la et ajoutez-en une autre.',
  deleteToo:
    'Supprimez-la aussi dans votre gestionnaire de mots de passe ou sur la clé. Certains navigateurs le font d’eux-mêmes.',
  endsOnly:
    'C’est votre dernière clé d’accès qui demande votre visage, votre doigt ou votre code PIN. Ensuite, vos autres méthodes suffiront à nouveau.',
  only: {
    heading: 'Seulement avec une clé d’accès',
    off: 'Votre mot de passe avec un appel, un SMS ou un code ouvre aussi votre compte. Vous pouvez l’empêcher\u202F: chaque connexion demandera alors une clé d’accès.',
    on: 'Chaque connexion demande l’une de vos clés d’accès. Vos autres méthodes ne suffisent pas.',
    lost: 'Si vous perdez vos clés d’accès, un code de secours ou votre assistance vous ouvre encore le compte.',
    noCodes:
      'Vous n’avez pas de codes de secours. Si vous perdez vos clés d’accès, seule votre assistance pourra vous aider.',
    turnOn: 'Demander une clé d’accès à chaque fois',
    turnOff: 'Accepter de nouveau mes autres méthodes',
  },
  notices: {
    'passkey-only': 'Désormais, chaque connexion demande l’une de vos clés d’accès.',
    'passkey-optional': 'Désormais, chacune de vos méthodes suffit à nouveau.',
    'passkey-missing':
      'Il vous faut pour cela une clé d’accès qui demande votre visage, votre doigt ou votre code PIN. Ajoutez-en d’abord une.',
  },
};
