/** French words for error pages, by the code of the `Problem`. */
import type { problems as master } from '../en/problems.ts';

const advice =
  'Si cela se reproduit, donnez la référence ci-dessous à votre assistance\u202F: elle aide à trouver la cause.';
const ours = {
  heading: 'Cela n’a pas fonctionné',
  sentence: 'Une panne est survenue de notre côté. Rien n’a été modifié. Réessayez dans une minute.',
  advice,
};
const busy = {
  heading: 'Nous ne pouvons pas vous connecter pour le moment',
  sentence: 'La panne est de notre côté. Attendez une minute, puis réessayez.',
  advice,
};
const unclear = {
  heading: 'Nous n’avons pas compris',
  sentence:
    'La page ou le lien qui vous amène ici n’est pas correct. Retournez à la page d’où vous venez et réessayez.',
};

export const problems: typeof master = {
  conflict: {
    heading: 'Quelqu’un d’autre l’a modifié avant vous',
    sentence: 'Cela a changé pendant que cette page était ouverte. Réessayez.',
    term: 'conflit',
  },
  'bad-request': { ...unclear, term: 'requête incorrecte' },
  'not-found': {
    heading: 'Il n’y a pas de page ici',
    sentence: 'Vérifiez l’adresse ou retournez d’où vous venez.',
    term: 'introuvable',
  },
  'method-not-allowed': { ...unclear, term: 'type de requête refusé' },
  'too-large': {
    heading: 'C’était trop long',
    sentence:
      'Ce que vous avez envoyé dépasse ce que nous acceptons. Revenez en arrière et essayez un texte plus court.',
    term: 'trop long',
  },
  'unsupported-type': { ...unclear, term: 'format non accepté' },
  'wrong-host': {
    heading: 'Ce n’est pas la bonne adresse',
    sentence: 'Retournez d’où vous venez. Si cela se reproduit, prévenez votre assistance.',
    term: 'mauvaise adresse',
  },
  forbidden: {
    heading: 'Cela venait d’une autre page',
    sentence:
      'Pour votre sécurité, nous n’acceptons que les formulaires de nos propres pages. Revenez en arrière et réessayez.',
    term: 'refusé',
  },
  'changes-frozen': {
    heading: 'Les changements sont bloqués',
    sentence:
      'Après «\u202FCe n’était pas moi\u202F», personne ne peut changer la façon de se connecter à ce compte pendant 7 jours. Votre assistance peut le permettre plus tôt.',
    term: 'changements bloqués',
  },
  'sign-in-lost': {
    heading: 'Recommençons',
    sentence:
      'Cette connexion est terminée ou a pris trop de temps. Retournez à la page d’où vous venez et connectez-vous à nouveau.',
    term: 'connexion terminée',
  },
  'sign-in-elsewhere': {
    heading: 'Recommençons',
    sentence:
      'Cette connexion appartient à un autre navigateur ou s’est terminée avec votre déconnexion, ou les cookies sont désactivés ici.',
    term: 'autre navigateur',
  },
  'too-many-sign-ins': {
    heading: 'Trop de connexions à la fois',
    sentence: 'De très nombreuses connexions viennent de commencer là où vous êtes. La vôtre n’a pas été lancée.',
    term: 'trop de connexions',
  },
  forged: {
    heading: 'Cela n’était pas autorisé',
    sentence: 'Le message n’était pas signé correctement.',
    term: 'non signé',
  },
  // Without the advice: the page of a refused request has no reference.
  overloaded: { heading: busy.heading, sentence: busy.sentence, term: 'surchargé' },
  unavailable: { ...busy, term: 'stockage indisponible' },
  undeliverable: {
    heading: 'Nous n’avons pas pu envoyer cela',
    sentence: 'Réessayez dans une minute ou utilisez une autre méthode.',
    term: 'non remis',
  },
  unreached: { ...ours, term: 'autre serveur injoignable' },
  unreadable: { ...ours, term: 'illisible' },
  'in-use': { ...ours, term: 'en cours d’utilisation' },
  internal: { ...ours, term: 'erreur interne' },
};
