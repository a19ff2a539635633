/** French words for the other pages: password, options, step-up, consent, continuing, signing out and starting again. */
import { methods } from './methods.ts';
import { name, shortened } from '../phrase.ts';
import type { pages as master } from '../en/pages.ts';

const scopes: Readonly<Record<string, string>> = {
  openid: 'Savoir qui vous êtes ici',
  profile: 'Voir votre nom, votre langue et votre fuseau horaire',
  email: 'Voir votre adresse e-mail',
  groups: 'Voir à quels groupes vous appartenez',
  phone: 'Voir votre numéro de téléphone',
  address: 'Voir votre adresse postale',
  offline_access: 'Garder l’accès en votre absence, jusqu’à ce que vous y mettiez fin',
};

export const pages: typeof master = {
  password: {
    heading: client => ['Connexion à ', name(client)],
    name: 'Nom ou adresse e-mail',
    password: 'Mot de passe',
    forgotten: 'Oublié\u202F?',
    show: 'Afficher',
    hide: 'Masquer',
    submit: 'Se connecter',
    refused: 'Le nom ou le mot de passe n’est pas le bon.',
    incomplete: 'Saisissez votre nom et votre mot de passe.',
    wait: 'Trop d’essais.',
    'passkey-refused': 'Cette clé d’accès n’a pas fonctionné ici. Réessayez, ou utilisez votre mot de passe.',
    'passkey-unknown':
      'Cette clé d’accès n’appartient plus à aucun compte ici. Choisissez-en une autre, ou utilisez votre mot de passe.',
    'passkey-other-account':
      'Cette clé d’accès appartient à un autre compte que le nom saisi. Videz le champ du nom pour l’utiliser, ou choisissez une autre clé d’accès.',
    'passkey-late': 'C’était trop long. Réessayez avec la clé d’accès.',
    'passkey-wait': 'Trop d’essais avec une clé d’accès. Votre mot de passe fonctionne toujours.',
    terms: {
      refused: 'nom ou mot de passe',
      incomplete: 'incomplet',
      wait: 'délai à respecter',
      'passkey-refused': 'clé d’accès non acceptée',
      'passkey-unknown': 'clé d’accès inconnue',
      'passkey-other-account': 'clé d’accès d’un autre compte',
      'passkey-late': 'clé d’accès trop tard',
      'passkey-wait': 'délai à respecter pour les clés d’accès',
    },
  },
  methods,
  options: {
    extension: digits => `poste ${digits}`,
    phones: { mobile: 'Mobile', alternate: 'Autre téléphone', office: 'Téléphone du bureau' },
    unavailable: {
      paused: 'Les appels sont suspendus après «\u202Fce n’était pas moi\u202F».',
      attempts: 'Trop de mauvais codes.',
      'send-limit': 'Trop de messages.',
      requests: 'Trop de demandes, ou pas de réponse.',
    },
    /** Of devices, where calls are paused too. */
    requestsPaused: 'Les appels et demandes sont suspendus après «\u202Fce n’était pas moi\u202F».',
    pairAgain: device => ['Il faut associer ', name(device), ' de nouveau sur votre page de sécurité.'],
    disabled: 'Désactivé après trop de mauvais codes. Votre assistance peut y remédier.',
    isDefault: 'Par défaut',
    isLastUsed: 'Dernière utilisée',
    waiting: 'En attente',
    none: 'Aucune de ces méthodes ne convient',
  },
  stepUp: {
    heading: 'Confirmez que c’est vous',
    testHeading: 'Essayer cette méthode',
    test: () => ['Nous vous demandons la même chose qu’à une connexion. Rien ne change sur votre compte.'],
    stronger: client => [name(client), ' demande une connexion plus forte avant de continuer.'],
    device: client => ['Ensuite, ', name(client), ' sur votre appareil sera connecté à votre compte.'],
    'password-only': client => [
      'Vous vous êtes connecté ici avec votre mot de passe seul. Confirmez une fois votre deuxième étape pour continuer vers ',
      name(client),
      '.',
    ],
  },
  unmet: {
    heading: 'Votre compte a besoin d’une autre méthode',
    sentence: client => [name(client), ' demande une deuxième étape plus forte que celle que vous avez configurée.'],
    wanted: 'Méthodes acceptées',
    help: 'Votre assistance peut l’ajouter à votre compte.',
    term: 'aucune méthode suffisante',
  },
  consent: {
    heading: client => ['Laisser ', name(client), ' voir votre compte\u202F?'],
    sentence: 'L’autorisation demandée\u202F:',
    scope: scope => (Object.hasOwn(scopes, scope) && scopes[scope]) || scope,
    scopeAt: (scope: string, resource: string) => [name(scope), ' auprès de ', name(resource)],
    allow: 'Autoriser',
    deny: 'Ne pas autoriser',
    policy: 'Politique de confidentialité',
    terms: 'Conditions d’utilisation',
  },
  continuing: {
    heading: 'Connexion réussie',
    sentence: client => ['Vous allez vers ', name(client), '.'],
    back: client => ['Cette connexion est terminée. Continuez vers ', name(client), ' ou fermez cet onglet.'],
    backUnknown: 'Cette connexion est terminée. Vous pouvez fermer cet onglet.',
    sentenceUnknown: 'Veuillez patienter.',
    fewCodes: left =>
      left === 0
        ? 'C’était votre dernier code de secours. Créez-en de nouveaux sur votre page de sécurité.'
        : `Il vous reste ${left === 1 ? 'un code de secours' : `${left} codes de secours`}. Créez-en de nouveaux sur votre page de sécurité.`,
  },
  otherTab: {
    heading: 'Votre autre onglet vous connecte',
    sentence: client => [
      'Vous avez aussi ouvert cette connexion à ',
      name(client),
      ' dans un autre onglet. Celui-ci continue dès que l’autre a terminé.',
    ],
  },
  signedOut: {
    heading: 'Déconnexion réussie',
    sentence: 'Sur un ordinateur partagé, fermez aussi le navigateur.',
    returning: client => ['Vous retournez à ', name(client), '.'],
  },
  logout: {
    heading: 'Se déconnecter\u202F?',
    sentence: 'Vous vous déconnectez ici et de chaque site ouvert avec cette connexion.',
    yes: 'Se déconnecter',
    no: 'Ne pas se déconnecter',
    stayed: { heading: 'Votre session reste ouverte', sentence: 'Vous pouvez fermer cet onglet.' },
  },
  selectAccount: {
    heading: 'Choisir un compte',
    sentence: client => [name(client), ' demande quel compte vous voulez utiliser.'],
    same: account => `Continuer en tant que ${account}`,
    another: 'Utiliser un autre compte',
  },
  switch: {
    heading: wanted => ['Continuer en tant que ', name(wanted), '\u202F?'],
    sentence: current => [
      'Ce navigateur est connecté en tant que ',
      name(current),
      '. Si vous continuez, ce compte sera déconnecté.',
    ],
    yes: wanted => `Continuer en tant que ${wanted}`,
    no: current => `Rester en tant que ${current}`,
  },
  startAgain: {
    heading: 'Recommençons',
    expired: 'Cette connexion est terminée ou a pris trop de temps. Rien n’a été modifié.',
    elsewhere:
      'Cette connexion appartient à un autre navigateur ou s’est terminée avec votre déconnexion, ou les cookies sont désactivés ici.',
    button: client => `Recommencer sur ${shortened(client)}`,
    unknown: 'Retournez à la page d’où vous venez et connectez-vous à nouveau.',
    terms: { expired: 'connexion terminée', elsewhere: 'autre navigateur' },
  },
  anew: {
    heading: 'Un instant',
    sentence: 'Cette page est restée ouverte longtemps. Nous relançons votre connexion.',
    form: 'Cette page est restée ouverte longtemps. Saisissez à nouveau votre mot de passe.',
  },
  errorCode: {
    heading: (code: string) => `Erreur ${code}`,
    remedy: 'Que faire',
    readers: {
      everyone: 'Vous pouvez résoudre cela vous-même.',
      'help desk': 'Si vous n’y arrivez pas, donnez ce code à votre assistance.',
      operator: 'Ceci s’adresse aux personnes qui gèrent ce serveur.',
      developer: 'Ceci s’adresse aux développeurs de l’application.',
    },
    english: 'L’explication est en anglais.',
  },
  front: {
    heading: 'C’est ici que vous vous connectez',
    sentence:
      'Les sites vous amènent ici quand vous vous y connectez. Ouvrez celui que vous voulez utiliser\u202F; il n’y a rien à faire ici.',
    account: 'Aller à votre compte',
    discovery: 'Pour les développeurs\u202F: configuration OpenID Connect',
  },
  autoSubmit: { heading: 'Un instant', sentence: 'Veuillez patienter. Si rien ne se passe, appuyez sur le bouton.' },
};
