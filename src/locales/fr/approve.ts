/** French words for a request in the authenticator. */
import { name, shortened, time } from '../phrase.ts';
import type { approve as master } from '../en/approve.ts';

const stopped = 'Vous n’êtes pas encore connecté';

export const approve: typeof master = {
  heading: 'Approuvez dans votre authentificateur',
  sentence: device => ['Ouvrez l’authentificateur sur ', name(device), ' et saisissez ce nombre.'],
  status: {
    starting: device => `Envoi à ${shortened(device)}`,
    sent: device => `Envoyée à ${shortened(device)}`,
    delivered: device => `Ouverte sur ${shortened(device)}. Saisissez le nombre`,
    undelivered: device => `Notification impossible sur ${shortened(device)}`,
    over: 'La demande est terminée',
  },
  hint: 'Pas de notification\u202F? Ouvrez l’authentificateur\u202F: la demande y attend.',
  checkAgain: 'Vérifier à nouveau',
  passedHeading: 'Vous avez approuvé la demande',
  passedSentence: client => ['Vous allez vers ', name(client), '.'],
  passedStatus: client => `Approuvée pour ${shortened(client)}`,
  denied: {
    heading: 'La demande a été signalée',
    sentence: 'Votre authentificateur a signalé\u202F: «\u202Fce n’était pas moi\u202F». La connexion n’a pas eu lieu.',
    pausedUntil: until => ['Aucune demande et aucun appel ne vous parviendra avant ', time(until, true), '.'],
    mistake: methods =>
      `Vous l’avez choisi par erreur\u202F? Utilisez une autre méthode${methods.length === 0 ? '' : `\u202F: ${methods.join(', ')}`}.`,
    mistakeAlone: 'Vous l’avez choisi par erreur\u202F? Votre assistance peut vous donner accès.',
    term: 'signalé',
  },
  ends: {
    expired: {
      heading: 'Pas encore de réponse',
      sentence: device => ['La demande sur ', name(device), ' est restée sans réponse.'],
      advice: 'Ouvrez-y d’abord l’authentificateur, puis envoyez une nouvelle demande.',
      term: 'sans réponse à temps',
    },
    'wrong-number': {
      heading: stopped,
      sentence: device => ['Le nombre saisi sur ', name(device), ' n’est pas celui qui était sur cette page.'],
      advice: 'Envoyez une nouvelle demande, et saisissez le nombre que cette page affichera alors.',
      term: 'nombre inexact',
    },
    declined: {
      heading: 'La demande a été refusée',
      sentence: device => ['Quelqu’un a choisi «\u202FRefuser\u202F» sur ', name(device), '.'],
      advice: 'C’était une erreur\u202F? Envoyez une nouvelle demande.',
      term: 'refusée sur le téléphone',
    },
    elsewhere: {
      heading: 'Une autre demande attend',
      sentence: device => ['L’authentificateur sur ', name(device), ' a une demande pour une autre connexion.'],
      advice:
        'Si c’est vous dans une autre fenêtre, continuez là-bas. Sinon, choisissez-y «\u202FCe n’était pas moi\u202F».',
      term: 'autre demande en cours',
    },
    cancelled: {
      heading: 'La demande a été arrêtée',
      sentence: () => ['Vous avez choisi une autre méthode, ou vous êtes revenu en arrière. Rien n’a été approuvé.'],
      term: 'annulée',
    },
    paused: {
      heading: 'Les demandes sont suspendues pour vous',
      sentence: () => ['Quelqu’un a signalé pour votre compte\u202F: «\u202Fce n’était pas moi\u202F».'],
      term: 'demandes suspendues',
    },
    'push-limit': {
      heading: 'Il est trop tôt pour une nouvelle demande',
      sentence: () => ['Vous avez reçu trop de demandes en quelques minutes.'],
      advice: 'Cela vous protège des demandes qui ne viennent pas de vous.',
      term: 'trop de demandes',
    },
    'push-unanswered': {
      heading: 'Il est trop tôt pour une nouvelle demande',
      sentence: () => ['Vos dernières demandes ont été refusées ou sont restées sans réponse.'],
      advice: 'Cela vous protège des demandes qui ne viennent pas de vous.',
      term: 'demandes sans réponse',
    },
    'push-spent': {
      heading: 'Nous ne vous envoyons plus de demandes pour l’instant',
      sentence: () => ['Il y a eu beaucoup de demandes depuis votre dernière connexion.'],
      advice: 'Connectez-vous une fois avec une autre méthode. Ensuite, les demandes fonctionnent de nouveau.',
      term: 'trop depuis la dernière connexion',
    },
    disabled: {
      heading: 'Ce téléphone doit être associé de nouveau',
      sentence: device => ['Trop de codes PIN inexacts ont été saisis sur ', name(device), '.'],
      advice:
        'Utilisez maintenant une autre méthode. Supprimez ensuite le téléphone sur votre page de sécurité, et associez-le de nouveau.',
      term: 'trop de codes PIN inexacts',
    },
    bound: {
      heading: 'Déjà associé',
      sentence: device => [name(device), ' était déjà associé. Rien n’a été ajouté.'],
      advice: 'Recommencez l’association\u202F: cette page affichera un nouveau code.',
      term: 'déjà associé',
    },
    lost: {
      heading: 'Nous avons perdu la trace de cette demande',
      sentence: () => ['Un problème est survenu de notre côté. Rien n’a été approuvé.'],
      advice: 'Envoyez une nouvelle demande, ou utilisez une autre méthode.',
      term: 'état perdu',
    },
  },
};
