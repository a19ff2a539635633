/** French words for the page of a call. */
import { duration } from '../duration.ts';
import { ltr, name, shortened, strong, time } from '../phrase.ts';
import type { calls as master } from '../en/calls.ts';
import { units } from './counts.ts';

const unreached = 'Nous n’avons pas pu vous joindre';
const stopped = 'La connexion n’est pas encore faite';

const ends: (typeof master)['ends'] = {
  busy: {
    heading: unreached,
    sentence: number => ['La ligne ', ltr(number), ' était occupée, ou l’appel a été refusé.'],
    step: 'Ligne occupée',
    advice: 'Terminez tout autre appel, puis choisissez «\u202FRappeler\u202F».',
    term: 'ligne occupée',
  },
  'no-answer': {
    heading: unreached,
    sentence: number => ['Personne n’a répondu au ', ltr(number), '.'],
    step: 'Sans réponse',
    advice: 'Gardez le téléphone près de vous, puis choisissez «\u202FRappeler\u202F».',
    term: 'sans réponse',
  },
  unreachable: {
    heading: unreached,
    sentence: number => ['L’appel vers le ', ltr(number), ' n’a pas abouti.'],
    step: 'Injoignable',
    advice: 'Vérifiez que le téléphone est allumé et a du réseau, puis choisissez «\u202FRappeler\u202F».',
    term: 'injoignable',
  },
  undeliverable: {
    heading: unreached,
    sentence: () => ['Nous ne pouvons pas appeler pour le moment. Votre téléphone n’est pas en cause.'],
    step: 'Non composé',
    advice: 'Réessayez dans une minute ou utilisez une autre méthode.',
    term: 'appels indisponibles',
  },
  machine: {
    heading: unreached,
    sentence: number => ['Une messagerie ou un fax a répondu au ', ltr(number), '.'],
    step: 'Messagerie',
    advice: 'Gardez le téléphone près de vous, choisissez «\u202FRappeler\u202F» et décrochez vous-même.',
    term: 'répondeur',
  },
  slow: {
    heading: unreached,
    sentence: () => ['Le réseau téléphonique ne nous a pas répondu à temps. Votre téléphone n’est pas en cause.'],
    step: 'Non composé',
    advice:
      'S’il sonne maintenant, n’appuyez pas sur #\u202F: cet appel n’est plus valable. Utilisez une autre méthode ou choisissez «\u202FRappeler\u202F».',
    term: 'réseau téléphonique trop lent',
  },
  'carrier-busy': {
    heading: 'Trop d’appels en ce moment',
    sentence: () => [
      'Le réseau téléphonique ne prend plus nos appels pour l’instant. Votre téléphone n’est pas en cause.',
    ],
    step: 'Non composé',
    advice: 'Attendez une minute, puis choisissez «\u202FRappeler\u202F», ou utilisez une autre méthode.',
    term: 'réseau téléphonique saturé',
  },
  'number-refused': {
    heading: 'Nous ne pouvons pas joindre ce numéro',
    sentence: number => ['Le réseau téléphonique ne nous met pas en relation avec le ', ltr(number), '.'],
    step: 'Rejeté',
    advice:
      'Rappeler ne servira à rien. Utilisez une autre méthode ou demandez à votre assistance de vérifier le numéro.',
    term: 'numéro rejeté',
  },
  'hung-up': {
    heading: stopped,
    sentence: () => ['L’appel s’est terminé avant que # soit pressé.'],
    step: 'Raccroché',
    advice: 'Choisissez «\u202FRappeler\u202F», écoutez jusqu’au bout, puis appuyez sur #.',
    term: 'raccroché',
  },
  silence: {
    heading: stopped,
    sentence: () => ['Quelqu’un a répondu, mais # n’a pas été pressé à temps.'],
    step: 'Sans touche',
    advice: 'Si la messagerie a répondu, choisissez «\u202FRappeler\u202F» et décrochez vous-même.',
    term: 'aucune touche',
  },
  attempts: {
    heading: 'Trop d’essais',
    sentence: () => ['Trop d’autres touches ont été pressées pendant cet appel.'],
    step: 'Autres touches',
    advice: 'Choisissez «\u202FRappeler\u202F», écoutez jusqu’au bout, puis appuyez seulement sur #.',
    term: 'trop d’essais',
  },
  expired: {
    heading: 'Cet appel a expiré',
    sentence: () => ['L’appel a été approuvé, mais cette page n’a pas continué à temps.'],
    step: 'Expiré',
    term: 'expiré',
  },
  cancelled: {
    heading: 'L’appel a été arrêté',
    sentence: () => ['Vous avez choisi une autre méthode ou fait marche arrière. Rien n’a été approuvé.'],
    step: 'Arrêté',
    term: 'annulé',
  },
  'opted-out': {
    heading: 'Nous ne pouvons plus vous envoyer de SMS',
    sentence: () => ['Vous avez répondu STOP à nos SMS\u202F: le réseau téléphonique les bloque.'],
    step: 'Bloqué',
    advice:
      'Envoyez START au numéro d’où venaient nos SMS. Demandez ensuite un nouveau code ou utilisez une autre méthode.',
    term: 'SMS bloqués par STOP',
  },
  'send-limit': {
    heading: 'Nous ne pouvons pas encore vous rappeler',
    sentence: number => ['Nous avons appelé le ', ltr(number), ' trop souvent sans réponse.'],
    step: 'Non composé',
    advice: 'Cela protège votre téléphone des appels indésirables.',
    term: 'trop d’appels',
  },
  'send-ceiling': {
    heading: 'Les appels sont arrêtés pour le moment',
    sentence: () => [
      'Tant de nos appels sont restés sans réponse que nous n’appelons plus personne pour le moment. Votre téléphone n’est pas en cause.',
    ],
    step: 'Non composé',
    advice: 'Utilisez une autre méthode ou patientez.',
    term: 'appels arrêtés pour tous',
  },
  elsewhere: {
    heading: 'Ce téléphone est occupé en ce moment',
    sentence: number => ['Une autre connexion appelle le ', ltr(number), ' en ce moment.'],
    step: 'Non composé',
    advice:
      'Si c’est vous dans une autre fenêtre, continuez là-bas. Sinon, n’appuyez pas sur #\u202F: appuyez sur 0# pendant cet appel.',
    term: 'autre appel en cours',
  },
  paused: {
    heading: 'Les appels vers vous sont suspendus',
    sentence: () => ['Quelqu’un a signalé un appel à votre téléphone\u202F: «\u202Fce n’était pas moi\u202F».'],
    step: 'Non composé',
    term: 'appels suspendus',
  },
  declined: {
    heading: 'La demande a été refusée',
    sentence: () => [
      'Quelqu’un a signalé sur votre téléphone\u202F: «\u202Fce n’était pas moi\u202F». La connexion n’a pas eu lieu.',
    ],
    step: 'Refusé',
    advice:
      'Si ce n’était pas vous, quelqu’un connaît votre mot de passe\u202F: changez-le. Si vous avez appuyé sur 0 par erreur, utilisez une autre méthode.',
    term: 'refusé',
  },
  unheard: {
    heading: unreached,
    sentence: number => [
      'Quelqu’un a décroché au ',
      ltr(number),
      ', mais l’appel s’est terminé avant que nous puissions parler.',
    ],
    step: 'Sans annonce',
    advice:
      'Votre téléphone n’est pas en cause. Choisissez «\u202FRappeler\u202F» et restez en ligne quelques secondes, ou utilisez une autre méthode.',
    term: 'terminé avant l’annonce',
  },
  lost: {
    heading: 'Nous avons perdu la trace de cet appel',
    sentence: () => ['Un problème est survenu de notre côté. Rien n’a été approuvé.'],
    step: 'Perdu',
    advice: 'Choisissez «\u202FRappeler\u202F» ou utilisez une autre méthode.',
    term: 'état perdu',
  },
  disabled: {
    heading: 'Les appels sont désactivés pour vous',
    sentence: () => ['Votre assistance peut les réactiver.'],
    step: 'Non composé',
    term: 'méthode désactivée',
  },
};

export const calls: typeof master = {
  heading: number => ['Nous appelons le ', ltr(number)],
  sentence: client => ['Répondez et appuyez sur ', strong('#'), ' pour vous connecter à ', name(client), '.'],
  extensionSentence: (extension, client) => [
    'L’appel va au poste ',
    ltr(extension),
    '. Là, appuyez sur ',
    strong('#'),
    ' pour continuer, puis sur ',
    strong('#'),
    ' pour vous connecter à ',
    name(client),
    '.',
  ],
  number: {
    sentence: client => [
      'Répondez, tapez ce nombre sur le téléphone, puis appuyez sur ',
      strong('#'),
      ' pour vous connecter à ',
      name(client),
      '.',
    ],
    extensionSentence: (extension, client) => [
      'L’appel va au poste ',
      ltr(extension),
      '. Là, appuyez sur ',
      strong('#'),
      ' pour continuer, tapez ce nombre, puis ',
      strong('#'),
      ' pour vous connecter à ',
      name(client),
      '.',
    ],
    answered: 'Tapez le nombre',
  },
  report: pause => [
    'Vous n’avez pas demandé cet appel\u202F? Appuyez sur ',
    strong('0#'),
    `, et nous ne vous appellerons plus pendant ${duration(pause, units)}.`,
  ],
  steps: { dialled: 'Composé', ringing: 'Sonne', answered: 'Répondu' },
  trackLabel: 'Où en est l’appel',
  status: {
    starting: 'Appel en cours',
    dialled: 'Appel en cours',
    ringing: 'Votre téléphone sonne',
    answered: 'Appuyez sur #',
    over: 'L’appel est terminé',
  },
  held: 'Touche reçue. Un instant',
  answeredAtExtension: 'Appuyez sur # au poste',
  passedStatus: client => `Approuvé pour ${shortened(client)}`,
  passedHeading: 'Vous avez appuyé sur #',
  passedSentence: client => ['Vous allez vers ', name(client), '.'],
  checkAgain: 'Vérifier à nouveau',
  callAgain: 'Rappeler',
  callsFrom: number => ['Nous appelons du ', ltr(number), '. Certains téléphones coupent le son des numéros inconnus.'],
  denied: {
    heading: 'La demande a été refusée',
    sentence:
      'Quelqu’un a signalé sur votre téléphone\u202F: «\u202Fce n’était pas moi\u202F». La connexion n’a pas eu lieu.',
    step: 'Refusé',
    notMe: 'Ce n’était pas vous\u202F?',
    notMeNext: 'Quelqu’un connaît votre mot de passe. Changez-le maintenant et prévenez votre assistance.',
    mistake: methods =>
      `Vous avez appuyé par erreur\u202F? Utilisez une autre méthode${methods.length === 0 ? '' : `\u202F: ${methods.join(', ')}`}.`,
    mistakeAlone: 'Vous avez appuyé par erreur\u202F? Votre assistance peut vous donner accès.',
    pausedUntil: until => ['Nous ne vous appellerons pas avant ', time(until, true), '.'],
    works: methods => `Toujours possible\u202F: ${methods.join(', ')}`,
    othersWork: 'Vos autres méthodes fonctionnent toujours.',
    deskWorks: 'Votre assistance peut vous donner accès.',
    term: 'refusé',
  },
  /** This browser asked for a call, for another sign-in than this one. */
  ownOtherCall: {
    heading: 'Votre téléphone sonne pour une autre connexion',
    sentence: (number, client) => ['Nous appelons le ', ltr(number), ' pour votre connexion à ', name(client), '.'],
    advice:
      'Répondez à cet appel pour vous connecter là-bas. Ou mettez-y fin, et nous vous appelons pour cette connexion.',
    again: 'Terminer cet appel et m’appeler ici',
  },
  otherCallOver: {
    heading: 'Votre téléphone est de nouveau libre',
    sentence: number => ['L’appel au ', ltr(number), ' pour une autre connexion est terminé.'],
    advice: 'Vous n’avez pas demandé cet appel\u202F? Alors quelqu’un connaît votre mot de passe\u202F: changez-le.',
  },
  ends,
};
