/** French words for pairing a device with the authenticator. */
import { name } from '../phrase.ts';
import type { pairing as master } from '../en/pairing.ts';

export const pairing: typeof master = {
  heading: 'Associez votre téléphone',
  lead: 'Sallyport Authenticator s’ouvre dans le navigateur de votre téléphone. Aucun magasin d’applications n’est nécessaire.',
  scan: 'Visez cette image avec l’appareil photo de votre téléphone, et ouvrez le lien.',
  picture: 'Code QR qui ouvre Sallyport Authenticator',
  byHand: 'Pas d’appareil photo\u202F? Ouvrez cette adresse sur votre téléphone\u202F:',
  type: 'Quand l’authentificateur demande un code, saisissez celui-ci\u202F:',
  code: 'Code à saisir',
  comeBack: 'Revenez ensuite ici. Cette page continue toute seule.',
  here: 'Vous lisez ceci sur votre téléphone\u202F? Ouvrez l’authentificateur ici',
  iphone: {
    question: 'Sur un iPhone ou un iPad',
    why: 'L’authentificateur ne peut y envoyer de notifications que depuis l’écran d’accueil.',
    steps: [
      'Ouvrez le lien dans Safari.',
      'Touchez «\u202FPartager\u202F», puis «\u202FSur l’écran d’accueil\u202F».',
      'Ouvrez l’authentificateur depuis l’écran d’accueil, et saisissez-y le code de cette page.',
    ],
  },
  status: 'Nous attendons votre téléphone',
  minutesLeft: left => `encore ${left} min`,
  checkAgain: 'Vérifier à nouveau',
  confirm: {
    heading: device => ['Associer ', name(device), '\u202F?'],
    sentence: () => ['Votre téléphone affiche un nombre. Est-ce celui-ci\u202F?'],
    yes: 'Oui, l’associer',
    no: 'Non',
  },
  test: {
    heading: 'Essayez une fois',
    sentence: device => ['Saisissez ce nombre dans l’authentificateur sur ', name(device), '. Ensuite, il est prêt.'],
    passedHeading: 'Cela fonctionne',
    passedSentence: 'Un instant, nous l’ajoutons à votre compte.',
    again: 'Essayer à nouveau',
    stopped: 'Il n’est pas encore associé',
    denied: 'Votre authentificateur a signalé\u202F: «\u202Fce n’était pas moi\u202F». Rien n’a été associé.',
    advice:
      'Si ce n’est pas vous qui avez commencé, prévenez votre assistance\u202F: quelqu’un connaît votre mot de passe.',
  },
  again: 'Recommencer avec un nouveau code',
  ends: {
    expired: {
      heading: 'Ce code a expiré',
      sentence: 'Un code est valable dix minutes. Rien n’a été associé.',
      term: 'code expiré',
    },
    guessed: {
      heading: 'Ce code n’est plus valable',
      sentence: 'Il a été mal saisi trop souvent. Rien n’a été associé.',
      advice: 'Si ce n’est pas vous qui l’avez saisi, quelqu’un cherchait à le deviner. Un nouveau code est sûr.',
      term: 'trop de codes inexacts',
    },
    refused: {
      heading: 'Ce téléphone n’a pas été associé',
      sentence: 'Il affichait un autre nombre, ou quelqu’un y a choisi «\u202FAnnuler\u202F».',
      advice: 'Quelqu’un a vu votre code\u202F? Recommencez avec un nouveau, à l’abri des regards.',
      term: 'téléphone refusé',
    },
    lost: {
      heading: 'Recommençons avec un nouveau code',
      sentence: 'Ce code n’est plus valable. Rien n’a été associé.',
      term: 'association terminée',
    },
  },
};
