/** Sentences that calls speak in French. The key # is the touche dièse. */
import { nameForVoice } from '../../client-name.ts';
import { duration } from '../duration.ts';
import type { phone as master } from '../en/phone.ts';
import { units } from './counts.ts';

/** Digits that the voice reads one by one. */
const digit = (digits: string): string => Array.from(digits).join(' ');
/** Digits with a pause after each, for a person who writes them down. */
const slowly = (digits: string): string => Array.from(digits).join('. ');

const client = (name: string): string => nameForVoice(name, 'un site web');

export const phone: typeof master = {
  voice: 'fr-FR',
  announcement: to =>
    `Bonjour. Quelqu’un se connecte à ${client(to)} en votre nom. Si c’est vous, appuyez sur la touche dièse. Si ce n’est pas vous, appuyez sur zéro, puis sur dièse.`,
  repeat: to =>
    `Pour vous connecter à ${client(to)}, appuyez sur la touche dièse. Si ce n’est pas vous, appuyez sur zéro, puis sur dièse.`,
  report:
    'Appuyez maintenant sur dièse pour signaler que ce n’était pas vous. Si vous avez appuyé sur zéro par erreur, appuyez sur un.',
  announcementOfNumber: to =>
    `Bonjour. Quelqu’un se connecte à ${client(to)} en votre nom. Si c’est vous, saisissez les six chiffres affichés à l’écran, puis appuyez sur dièse. Si ce n’est pas vous, appuyez sur zéro, puis sur dièse.`,
  repeatOfNumber: to =>
    `Ce n’est pas le bon nombre. Pour vous connecter à ${client(to)}, saisissez les six chiffres affichés à l’écran, puis appuyez sur dièse. Si ce n’est pas vous, appuyez sur zéro, puis sur dièse.`,
  extension: digits =>
    `Bonjour. Cet appel est pour le poste ${digit(digits)}. Merci de le transférer au poste ${digit(digits)}. Si vous êtes déjà à ce poste, appuyez sur dièse pour continuer.`,
  beforeDictation: to =>
    `Bonjour. Quelqu’un se connecte à ${client(to)} en votre nom. Pour entendre le code, appuyez sur dièse. Si ce n’est pas vous, appuyez sur zéro, puis sur dièse.`,
  dictation: code =>
    `Votre code est le suivant\u202F: ${slowly(code)}. Je répète\u202F: ${slowly(code)}. Pour l’entendre encore, appuyez sur dièse. Si ce n’est pas vous, appuyez sur zéro, puis sur dièse. Ne donnez jamais ce code à personne.`,
  afterDictation: 'Saisissez le code sur la page où vous vous connectez. Au revoir.',
  moment: 'Un instant, s’il vous plaît.',
  approved: 'Merci. Votre connexion se poursuit dans votre navigateur. Au revoir.',
  declined:
    'Vous avez indiqué que ce n’était pas vous. La connexion a été arrêtée et personne n’a été connecté. Au revoir.',
  denied: pause =>
    `Merci de nous avoir prévenus. Cette connexion a été arrêtée, et nous ne vous appellerons pas pendant ${duration(pause, units)}. Au revoir.`,
  tooLate: 'C’était trop tard. Personne n’a été connecté. Relancez l’appel depuis votre navigateur. Au revoir.',
  silence: 'Nous n’avons entendu aucune touche. Personne n’a été connecté. Au revoir.',
  over: 'Cet appel n’est plus valable. Vous pouvez raccrocher. Au revoir.',
  enrollment: product =>
    `Bonjour. Quelqu’un ajoute ce téléphone à un compte chez ${client(product)}. Si c’est vous, appuyez sur dièse pour ajouter ce téléphone à votre compte. Si ce n’est pas vous, appuyez sur zéro, puis sur dièse.`,
  enrolled: 'Merci. Ce téléphone a été ajouté à votre compte. Au revoir.',
};
