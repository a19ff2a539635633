/** French words for passkeys. */
import type { passkeys as master } from '../en/passkeys.ts';

export const passkeys: typeof master = {
  what: 'Une clé d’accès est une clé que votre téléphone, votre ordinateur ou votre clé de sécurité garde pour vous\u202F; vous l’ouvrez avec votre visage, votre doigt ou un code PIN, sans rien à saisir.',
  securityKey: 'Clé de sécurité',
  noScript:
    'Les clés d’accès ont besoin de JavaScript, qui est désactivé dans ce navigateur. Activez-le ou utilisez une autre méthode.',
  unsupported:
    'Ce navigateur ne sait pas utiliser les clés d’accès. Utilisez ici une autre méthode, ou connectez-vous avec un autre navigateur.',
  failures: {
    cancelled: 'Il ne s’est rien passé. Réessayez ou utilisez une autre méthode.',
    known:
      'Cet appareil ou cette clé de sécurité est déjà configuré. Prenez-en un autre, ou choisissez une autre méthode.',
    insecure:
      'Les clés d’accès ne fonctionnent pas à cette adresse. Retournez d’où vous venez, et connectez-vous à nouveau à partir de là.',
    failed: 'Votre appareil n’a pas pu le faire. Réessayez ou utilisez une autre méthode.',
  },
  step: {
    heading: 'Utilisez votre clé d’accès',
    sentence: 'Votre appareil vous demande votre visage, votre doigt ou votre code PIN.',
    wrong: 'Cette clé d’accès n’a pas été acceptée. Utilisez celle que vous avez configurée pour ce compte.',
    copied:
      'Cette clé d’accès a peut-être été copiée, nous l’avons donc refusée. Utilisez une autre méthode, et supprimez-la sur votre page de sécurité.',
    malformed: 'Nous n’avons pas pu lire la réponse de votre appareil. Réessayez.',
    tooSoon: 'C’était trop tôt après une autre réponse\u202F: celle-ci n’a pas été vérifiée.',
    terms: {
      copied: 'clé d’accès copiée',
      wrong: 'clé d’accès refusée',
      malformed: 'pas de réponse',
      reused: 'réponse déjà utilisée',
      wait: 'délai à respecter',
    },
  },
  ends: {
    expired: {
      heading: 'Le temps est écoulé',
      sentence: () => ['Nous avons attendu trop longtemps votre clé d’accès.'],
      advice: 'Prenez d’abord le téléphone ou la clé de sécurité qui la contient, puis réessayez.',
      term: 'expiré',
    },
    attempts: {
      heading: 'Cette clé d’accès n’a pas été acceptée',
      sentence: () => ['Elle appartient peut-être à un autre compte. Rien n’a été approuvé.'],
      advice: 'Utilisez une clé d’accès que vous avez configurée pour ce compte, ou une autre méthode.',
      term: 'trop d’essais',
    },
    lost: {
      heading: 'Réessayons avec votre clé d’accès',
      sentence: () => ['Cette page ne peut plus accepter de réponse. Rien n’a été approuvé.'],
      advice: 'Réessayez. Votre clé d’accès ne change pas.',
      term: 'terminé',
    },
  },
  trouble: {
    question: 'Votre clé d’accès ne fonctionne pas\u202F?',
    steps: [
      'Sur un autre ordinateur\u202F: choisissez «\u202Fun autre appareil\u202F», et scannez l’image avec le téléphone qui a votre clé d’accès.',
      'Téléphone ou clé de sécurité perdu\u202F? Utilisez une autre méthode. Supprimez ensuite la clé d’accès sur votre page de sécurité.',
      'Refusée\u202F? Elle a peut-être été supprimée de votre compte. Utilisez une autre méthode, et configurez-en une nouvelle.',
    ],
  },
  alone: 'Se connecter avec une clé d’accès',
  setUp: {
    heading: 'Configurez une clé d’accès',
    button: 'Créer une clé d’accès',
    where:
      'Votre navigateur demande où la garder\u202F: sur cet appareil, sur votre téléphone ou sur une clé de sécurité.',
    wrong:
      'Nous n’avons pas pu accepter cette clé d’accès. Réessayez, ou prenez un autre appareil ou une autre clé de sécurité.',
    bound: 'Cette clé est déjà configurée pour un compte. Prenez-en une autre.',
    policy: 'Les clés de ce type ne sont pas autorisées ici. Prenez un autre appareil ou une autre clé de sécurité.',
    unsupported:
      'Ce navigateur ne sait pas créer de clé d’accès. Choisissez une autre méthode, ou revenez avec un autre navigateur.',
    noScript:
      'Les clés d’accès ont besoin de JavaScript, qui est désactivé dans ce navigateur. Activez-le ou choisissez une autre méthode.',
    terms: { bound: 'clé d’accès connue', policy: 'type de clé non autorisé' },
    endedHeading: 'Recommençons',
    ended:
      'Cette page est restée ouverte trop longtemps, ou les réponses n’étaient pas bonnes. Rien n’a été configuré.',
    again: 'Recommencer',
  },
};
