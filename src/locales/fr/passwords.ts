/** French words for choosing a password: the field, why one is refused, and the pages around it. */
import { name } from '../phrase.ts';
import type { passwords as master } from '../en/passwords.ts';

export const passwords: typeof master = {
  field: {
    label: 'Nouveau mot de passe',
    hint: 'Au moins 8 caractères. Quelques mots qui ne vont ensemble que pour vous se retiennent facilement.',
  },
  faults: {
    unreadable: 'Saisissez un nouveau mot de passe.',
    short: 'C’est trop court. Utilisez au moins 8 caractères.',
    common: 'Beaucoup de gens utilisent ce mot de passe, il est donc deviné en premier. Choisissez-en un autre.',
    pattern: 'C’est facile à deviner, car il se répète ou suit un ordre. Choisissez-en un autre.',
    personal: 'Il est fait de votre nom ou du nom de ce service. Choisissez-en un autre.',
    breached: 'Ce mot de passe a été volé sur un autre site et les pirates le connaissent. Choisissez-en un autre.',
    same: 'C’est votre mot de passe actuel. Choisissez-en un autre.',
  },
  required: {
    heading: 'Choisissez un nouveau mot de passe',
    sentence: client => ['Vous continuerez ensuite vers ', name(client), '. L’ancien ne fonctionnera plus.'],
    submit: 'Enregistrer et continuer',
  },
  forgotten: {
    heading: 'Mot de passe oublié\u202F?',
    sentence: 'Nous envoyons un lien à votre adresse e-mail. Il vous permet de choisir un nouveau mot de passe.',
    name: 'Nom ou adresse e-mail',
    submit: 'Envoyer le lien',
    incomplete: 'Saisissez votre nom ou votre adresse e-mail.',
    wait: 'Trop de demandes sont venues de l’endroit où vous êtes.',
    full: 'Trop de demandes sont en cours. Attendez une minute, puis réessayez.',
    back: 'Retour à la connexion',
  },
  noMail: {
    heading: 'Demandez un nouveau mot de passe à votre assistance',
    sentence:
      'Adressez-vous aux personnes qui vous ont donné ce compte. Elles définissent un nouveau mot de passe. Votre deuxième étape reste la même.',
  },
  sent: {
    heading: 'Regardez dans votre boîte de réception',
    sentence: 'Si ce compte a une adresse e-mail confirmée, un lien y est en route.',
    steps: [
      'Ouvrez le lien dans les 30 minutes. Il ne sert qu’une fois.',
      'Rien reçu\u202F? Regardez dans les indésirables et vérifiez le nom saisi.',
      'Demandé plusieurs fois\u202F? Seul le lien le plus récent fonctionne. Il y en a 3 au plus par heure.',
      'Toujours rien\u202F? Demandez un nouveau mot de passe à votre assistance.',
    ],
    again: 'Envoyer un autre lien',
  },
  reset: {
    heading: 'Choisissez un nouveau mot de passe',
    sentence: account => ['Pour le compte ', name(account), '. Votre deuxième étape reste la même.'],
    effect: 'Vous serez ensuite déconnecté partout, et vous vous connecterez avec le nouveau mot de passe.',
    submit: 'Enregistrer le nouveau mot de passe',
  },
  gone: {
    heading: 'Ce lien ne fonctionne plus',
    sentence:
      'Il a servi, il a plus de 30 minutes, ou vous en avez demandé un plus récent. Votre mot de passe n’a pas changé.',
    again: 'Obtenir un nouveau lien',
  },
  done: {
    heading: 'Votre nouveau mot de passe est enregistré',
    sentence: 'Vous êtes déconnecté partout. Connectez-vous maintenant avec le nouveau mot de passe.',
    unknown: 'Ouvrez l’application ou le site que vous voulez utiliser, et connectez-vous là.',
  },
  mail: {
    subject: 'Choisir un nouveau mot de passe',
    heading: 'Choisissez un nouveau mot de passe',
    asked: (account, service) =>
      `Quelqu’un a demandé un nouveau mot de passe pour le compte ${account} sur ${service}. Si c’était vous, ouvrez le lien.`,
    lifetime: 'Il fonctionne 30 minutes et une seule fois. Votre deuxième étape reste la même.',
    button: 'Choisir un nouveau mot de passe',
    closing:
      'Si ce n’était pas vous, vous n’avez rien à faire. Votre mot de passe reste le même. Ne donnez ce lien à personne.',
  },
};
