/** French words for a code in a mail, and for the page about a mail that did not arrive. */
import type { CodeWords } from '../../code-words.ts';
import type { mailed as master } from '../../en/codes/mailed.ts';
import { ltr } from '../../phrase.ts';
import { attemptsLeft } from '../counts.ts';
import { sent } from './sent.ts';

const words: CodeWords = {
  heading: () => ['Saisissez le code reçu par e-mail'],
  sentence: to => ['Envoyé à ', ltr(to), '.'],
  malformed: length => `Ce n’est pas un code. Saisissez les ${length} chiffres de l’e-mail.`,
  wrong: left => `Ce code n’est pas le bon. Regardez le dernier e-mail\u00A0– ${attemptsLeft(left)}.`,
  reused: 'Ce code a déjà servi. Regardez le dernier e-mail.',
  ends: {
    ...sent.ends,
    attempts: {
      heading: 'Trop d’essais',
      sentence: () => ['Il y a eu trop de mauvais codes\u202F: celui de l’e-mail n’est plus valable.'],
      advice: 'Demandez un nouveau code et prenez-le dans le dernier e-mail.',
      term: 'trop d’essais',
    },
    expired: {
      heading: 'Ce code a expiré',
      sentence: to => ['Nous avons attendu trop longtemps le code envoyé à ', ltr(to), '.'],
      advice: 'Demandez un nouveau code. L’ancien n’est plus valable.',
      term: 'expiré',
    },
    undeliverable: {
      heading: 'Nous n’avons pas pu vous envoyer d’e-mail',
      sentence: () => ['Nous ne pouvons pas envoyer d’e-mails pour le moment. Votre boîte n’est pas en cause.'],
      advice: 'Réessayez dans une minute ou utilisez une autre méthode.',
      term: 'e-mail indisponible',
    },
    'carrier-busy': {
      heading: 'Trop d’e-mails en ce moment',
      sentence: to => ['Nous avons envoyé beaucoup d’e-mails à ', ltr(to), ' depuis une heure.'],
      advice: 'Patientez un peu, puis demandez un nouveau code, ou utilisez une autre méthode.',
      term: 'trop d’e-mails',
    },
    'send-limit': {
      heading: 'Nous ne pouvons pas encore vous envoyer de nouvel e-mail',
      sentence: to => ['Nous avons envoyé trop de codes sans réponse à ', ltr(to), '.'],
      advice: 'Cela protège votre boîte des e-mails indésirables.',
      term: 'trop d’e-mails',
    },
    disabled: {
      heading: 'Les codes vers cette boîte sont désactivés',
      sentence: () => ['Il y a eu trop de mauvais codes. Votre assistance peut les réactiver.'],
      term: 'méthode désactivée',
    },
  },
};

export const mailed: typeof master = {
  ...words,
  status: { starting: 'Envoi de l’e-mail', sent: 'E-mail envoyé', delivered: 'E-mail envoyé' },
  late: 'Toujours rien\u202F? Demandez un autre e-mail ci-dessous',
  resend: {
    ...sent.resend,
    heading: 'Vous n’avez pas reçu d’e-mail\u202F?',
    sentence: to => ['Nous avons envoyé votre code à ', ltr(to), '. Cela peut prendre une minute.'],
    again: 'Renvoyer l’e-mail',
    same: 'Ce sera le même code\u202F: chacun des e-mails est donc valable.',
    noMore:
      'Nous ne pouvons plus renvoyer ce code. Utilisez une autre méthode, ou revenez en arrière et saisissez le code s’il arrive.',
    refused: 'L’e-mail n’a pas été renvoyé',
    stillGood: 'Le code du premier e-mail reste valable.',
    tips: [
      'Vérifiez que vous regardez dans la bonne boîte.',
      'Regardez dans le dossier des indésirables.',
      'Comparez l’adresse ci-dessus avec la vôtre.',
    ],
  },
};
