/** French words for sessions, sign-ins and apps on the security page. */
import type { accountSessions as master } from '../en/account-sessions.ts';
import { name, time, type Phrase } from '../phrase.ts';
import { browserName } from './browsers.ts';

const notices: (typeof master)['notices'] = {
  'session-ended': 'Ce navigateur est déconnecté, et ses applications avec lui.',
  'others-ended': 'Vous êtes déconnecté partout ailleurs.',
  'not-me':
    'Vous êtes déconnecté partout ailleurs, et vos administrateurs sont prévenus. Veuillez choisir un nouveau mot de passe maintenant.',
  'app-removed': 'L’application n’a plus accès à votre compte.',
  'detail-withdrawn':
    'L’application ne peut plus le faire, et son accès a pris fin. Elle vous le redemandera à la prochaine utilisation.',
  'browser-forgotten': 'Nous redemandons la deuxième étape dans ce navigateur.',
  'browsers-forgotten': 'Nous redemandons la deuxième étape dans tous les navigateurs.',
  gone: 'C’était déjà terminé.',
};

const to = (app: string | undefined): Phrase => (app === undefined ? [] : [' à ', name(app)]);
const ends: (typeof master)['signIns']['ends'] = {
  'signed-in': app => ['Vous vous êtes connecté', ...to(app), '.'],
  confirmed: app =>
    app === undefined
      ? ['Vous avez confirmé que c’est vous.']
      : ['Vous avez confirmé que c’est vous pour ', name(app), '.'],
  approval: app => (app === undefined ? ['On a demandé votre accord.'] : [name(app), ' a demandé votre accord.']),
  denied: app => ['Une connexion', ...to(app), ' a été arrêtée\u202F: vous avez dit que ce n’était pas vous.'],
  'wrong-password': app =>
    app === undefined
      ? ['Quelqu’un a saisi un mauvais mot de passe.']
      : ['Quelqu’un a saisi un mauvais mot de passe pour ', name(app), '.'],
  stopped: app => ['Le mot de passe était bon, mais la connexion', ...to(app), ' n’a pas été terminée.'],
  unfinished: app => ['La connexion', ...to(app), ' n’a pas été terminée.'],
  cancelled: app => ['La connexion', ...to(app), ' a été annulée.'],
  refused: app => ['La connexion', ...to(app), ' n’a pas été possible.'],
};

const steps: (typeof master)['signIns']['steps'] = {
  call: 'Vous avez répondu à l’appel et appuyé sur #.',
  sms: 'Vous avez saisi le code d’un SMS.',
  spoken: 'Vous avez saisi le code d’un appel.',
  totp: 'Vous avez saisi le code de votre application.',
  passkey: 'Vous avez utilisé votre clé d’accès.',
  email: 'Vous avez saisi le code d’un e-mail.',
  push: 'Vous avez approuvé dans l’authentificateur de votre téléphone.',
  'recovery-code': 'Vous avez utilisé un code de secours.',
  'temporary-access-pass': 'Vous avez utilisé un code d’accès temporaire.',
};

const stepEnds: (typeof master)['signIns']['stepEnds'] = {
  busy: 'La ligne était occupée.',
  'no-answer': 'Personne n’a répondu à l’appel.',
  unreachable: 'Le téléphone était injoignable.',
  machine: 'Une messagerie a répondu à l’appel.',
  'hung-up': 'L’appel s’est terminé avant toute confirmation.',
  silence: 'Rien n’a été confirmé pendant l’appel.',
  unheard: 'L’appel s’est terminé avant d’être entendu.',
  attempts: 'Trop de mauvais codes ont été saisis.',
  expired: 'Rien n’a été confirmé à temps.',
  declined: 'La demande a été refusée sur votre téléphone.',
  denied: 'Vous avez dit que ce n’était pas vous.',
  'wrong-number': 'Un autre nombre a été saisi sur votre téléphone.',
  'push-limit': 'Votre téléphone a reçu trop de demandes en peu de temps.',
  'push-spent': 'Votre téléphone a reçu trop de demandes.',
  'push-unanswered': 'Votre téléphone a reçu plusieurs demandes, et personne n’a approuvé.',
};

export const accountSessions: typeof master = {
  notices,
  browser: browserName,
  sessions: {
    heading: 'Sessions et connexions',
    open: 'Où vous êtes connecté',
    here: 'Ce navigateur',
    since: at => ['Connecté\u202F: ', time(at, true)],
    used: at => ['Dernière utilisation\u202F: ', time(at, true)],
    apps: apps => `Utilisé pour ${apps}`,
    end: 'Déconnecter',
    others: 'Déconnecter partout ailleurs',
    all: 'Déconnecter partout',
    effect:
      'Si vous vous déconnectez vous-même, les applications auxquelles vous l’avez permis gardent leur accès. Si vous déconnectez un navigateur sur cette page, ses applications perdent aussi leur accès.',
    none: 'Vous n’êtes connecté qu’ici.',
  },
  remembered: {
    heading: 'Navigateurs mémorisés',
    since: at => ['Depuis\u202F: ', time(at, true)],
    until: at => ['Jusqu’au\u202F: ', time(at, true)],
    forget: 'Oublier',
    forgetAll: 'Tout oublier',
    effect:
      'Dans ces navigateurs, votre mot de passe suffit, sauf si une application demande plus. Dès que vous changez de mot de passe ou de méthode, nous redemandons partout la deuxième étape. L’un d’eux n’est pas à vous\u202F? Choisissez «\u202FOublier\u202F» et changez de mot de passe.',
    empty:
      'Aucun. Si personne d’autre n’utilise le navigateur, vous pouvez cocher une case à la connexion. Pendant un temps, seul le mot de passe y est demandé.',
  },
  all: {
    heading: 'Déconnecter partout\u202F?',
    sentence:
      'Tous les navigateurs sont déconnectés, celui-ci aussi, et toutes les applications perdent leur accès. Vous pouvez vous reconnecter aussitôt.',
    keep: 'Rester connecté',
  },
  signIns: {
    heading: 'Vos dernières connexions',
    none: 'Rien n’est encore enregistré.',
    ends,
    steps,
    passwordOnly: 'Avec votre mot de passe seul.',
    remembered: {
      used: 'Avec votre mot de passe, dans un navigateur mémorisé.',
      added: 'Vous avez demandé de mémoriser ce navigateur.',
      copied: 'Une copie d’un navigateur mémorisé a servi. Nous l’avons donc oublié.',
    },
    stepEnds,
    stepOpen: 'La deuxième étape n’a pas été terminée.',
    wrongPasswords: count =>
      count === 1 ? 'Le mot de passe était mauvais une fois.' : `Le mot de passe était mauvais ${count} fois.`,
    wrongCodes: count => (count === 1 ? 'Un code était mauvais.' : `${count} codes étaient mauvais.`),
    notMe: 'Ce n’était pas moi',
  },
  notMe: {
    heading: 'Quelqu’un d’autre était là\u202F?',
    sentence:
      'Nous vous déconnectons partout ailleurs, retirons l’accès à toutes les applications et prévenons vos administrateurs. Ensuite, vous choisissez un nouveau mot de passe.',
    submit: 'Ce n’était pas moi',
    keep: 'C’était bien moi',
  },
  apps: {
    heading: 'Applications',
    lead: 'Ces applications peuvent utiliser votre compte.',
    empty: 'Aucune application n’utilise votre compte pour le moment.',
    own: 'Appartient à votre organisation',
    since: at => ['Depuis\u202F: ', time(at, true)],
    allowed: at => ['Autorisé\u202F: ', time(at, true)],
    withdraw: 'Retirer',
    offline: 'Garde son accès pendant votre absence',
    remove: 'Retirer l’accès',
    signOut: 'S’en déconnecter',
  },
};
