/** French words that codes in texts and in mails have in common: two ends, and the page about a message that did not arrive. */
import type { sent as master } from '../../en/codes/sent.ts';
import { isShortWait, secondsLeft, time } from '../../phrase.ts';
import { seconds } from '../counts.ts';

export const sent: typeof master = {
  ends: {
    cancelled: {
      heading: 'Ce code a été annulé',
      sentence: () => ['Vous avez choisi une autre méthode ou fait marche arrière. Rien n’a été approuvé.'],
      term: 'annulé',
    },
    lost: {
      heading: 'Nous avons perdu la trace de ce code',
      sentence: () => ['Un problème est survenu de notre côté. Rien n’a été approuvé.'],
      advice: 'Demandez un nouveau code ou utilisez une autre méthode.',
      term: 'état perdu',
    },
  },
  resend: {
    wait: (now, from) =>
      isShortWait(now, from)
        ? ['Vous pourrez le redemander dans ', secondsLeft(now, from, seconds), '.']
        : ['Vous pourrez le redemander après ', time(from), '.'],
    back: 'Retour à la saisie du code',
    helps: 'Ce qui aide',
  },
};
