/** French words for a code in a text message, and for the page about a text that did not arrive. */
import type { CodeWords } from '../../code-words.ts';
import type { texted as master } from '../../en/codes/texted.ts';
import { ltr } from '../../phrase.ts';
import { calls } from '../calls.ts';
import { attemptsLeft } from '../counts.ts';
import { sent } from './sent.ts';

const unsent = 'Nous n’avons pas pu vous envoyer de SMS';

const words: CodeWords = {
  heading: () => ['Saisissez le code reçu par SMS'],
  sentence: to => ['Envoyé au ', ltr(to), '.'],
  malformed: length => `Ce n’est pas un code. Saisissez les ${length} chiffres du SMS.`,
  wrong: left => `Ce code n’est pas le bon. Regardez le dernier SMS\u00A0– ${attemptsLeft(left)}.`,
  reused: 'Ce code a déjà servi. Regardez le dernier SMS.',
  ends: {
    ...sent.ends,
    attempts: {
      heading: 'Trop d’essais',
      sentence: () => ['Il y a eu trop de mauvais codes\u202F: celui du SMS n’est plus valable.'],
      advice: 'Demandez un nouveau code et prenez-le dans le dernier SMS.',
      term: 'trop d’essais',
    },
    expired: {
      heading: 'Ce code a expiré',
      sentence: to => ['Nous avons attendu trop longtemps le code envoyé au ', ltr(to), '.'],
      advice: 'Demandez un nouveau code. L’ancien n’est plus valable.',
      term: 'expiré',
    },
    undeliverable: {
      heading: unsent,
      sentence: () => ['Nous ne pouvons pas envoyer de SMS pour le moment. Votre téléphone n’est pas en cause.'],
      advice: 'Réessayez dans une minute ou utilisez une autre méthode.',
      term: 'SMS indisponibles',
    },
    slow: {
      heading: unsent,
      sentence: () => ['Le réseau téléphonique ne nous a pas répondu à temps. Votre téléphone n’est pas en cause.'],
      advice:
        'Si un SMS arrive maintenant, son code n’est plus valable. Demandez-en un nouveau ou utilisez une autre méthode.',
      term: 'réseau téléphonique trop lent',
    },
    'carrier-busy': {
      heading: 'Trop de SMS en ce moment',
      sentence: () => [
        'Le réseau téléphonique ne prend plus nos SMS pour l’instant. Votre téléphone n’est pas en cause.',
      ],
      advice: 'Attendez une minute, puis demandez un nouveau code, ou utilisez une autre méthode.',
      term: 'réseau téléphonique saturé',
    },
    'number-refused': {
      heading: 'Nous ne pouvons pas envoyer de SMS à ce numéro',
      sentence: to => ['Le réseau téléphonique ne prend pas nos SMS pour le ', ltr(to), '.'],
      advice:
        'Un nouveau SMS ne servira à rien. Utilisez une autre méthode ou demandez à votre assistance de vérifier le numéro.',
      term: 'numéro rejeté',
    },
    'opted-out': calls.ends['opted-out'],
    'send-limit': {
      heading: 'Nous ne pouvons pas encore vous envoyer de nouveau SMS',
      sentence: to => ['Nous avons envoyé trop de SMS sans réponse au ', ltr(to), '.'],
      advice: 'Cela protège votre téléphone des SMS indésirables.',
      term: 'trop de SMS',
    },
    'send-ceiling': {
      heading: 'Les SMS sont arrêtés pour le moment',
      sentence: () => [
        'Tant de nos SMS sont restés sans réponse que nous n’en envoyons plus pour le moment. Votre téléphone n’est pas en cause.',
      ],
      advice: 'Utilisez une autre méthode ou patientez.',
      term: 'SMS arrêtés pour tous',
    },
    disabled: {
      heading: 'Les codes vers ce téléphone sont désactivés',
      sentence: () => ['Il y a eu trop de mauvais codes, par SMS et par appel. Votre assistance peut les réactiver.'],
      term: 'méthode désactivée',
    },
  },
};

export const texted: typeof master = {
  ...words,
  status: { starting: 'Envoi du SMS', sent: 'SMS envoyé', delivered: 'SMS remis' },
  late: 'Toujours rien\u202F? Demandez un autre SMS ci-dessous',
  undelivered: {
    heading: unsent,
    sentence: to => ['Le SMS envoyé au ', ltr(to), ' n’a pas pu être remis.'],
    bold: 'Le SMS n’a pas pu être remis',
    next: 'Demandez un nouvel envoi ou utilisez une autre méthode.',
    late: 'Le SMS est-il finalement arrivé\u202F?',
    because: {
      unreachable:
        'Le téléphone est éteint ou hors de portée\u202F: tant qu’il le reste, aucun SMS n’arrivera. Utilisez une autre méthode.',
      'unknown-phone':
        'Le réseau ne connaît pas ce téléphone\u202F: un autre SMS n’arriverait pas non plus. Utilisez une autre méthode.',
      'no-texts': 'Ce numéro ne peut pas recevoir de SMS. C’est peut-être une ligne fixe. Utilisez une autre méthode.',
      filtered: 'Le réseau a bloqué le SMS et en bloquerait un autre. Utilisez une autre méthode.',
      unregistered:
        'Le réseau n’accepte pas nos SMS en ce moment. Votre téléphone n’est pas en cause. Utilisez une autre méthode.',
    },
    term: 'non remis',
  },
  resend: {
    ...sent.resend,
    heading: 'Vous n’avez pas reçu de SMS\u202F?',
    sentence: to => ['Nous avons envoyé votre code au ', ltr(to), '. Cela peut prendre une minute.'],
    again: 'Renvoyer le SMS',
    same: 'Ce sera le même code\u202F: chacun des SMS est donc valable.',
    noMore:
      'Nous ne pouvons plus renvoyer ce code. Utilisez une autre méthode, ou revenez en arrière et saisissez le code s’il arrive.',
    refused: 'Le SMS n’a pas été renvoyé',
    stillGood: 'Le code du premier SMS reste valable.',
    callInstead: 'M’appeler à la place',
    tips: [
      'Vérifiez que le téléphone est allumé et a du réseau.',
      'Regardez parmi les expéditeurs bloqués et les messages filtrés.',
      'Comparez les deux derniers chiffres ci-dessus avec votre numéro.',
    ],
  },
};
