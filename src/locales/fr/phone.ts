/** What the telephone says in French: `#` is the touche dièse. */
import { spoken } from '../spoken.ts';
import type { phone as master } from '../en/phone.ts';

const client = (name: string): string => spoken(name, 'un site web');

export const phone: typeof master = {
  voice: 'fr-FR',
  announcement: to =>
    `Bonjour. Quelqu’un se connecte à ${client(to)} en votre nom. Si c’est vous, appuyez sur la touche dièse. Si ce n’est pas vous, appuyez sur zéro, puis sur dièse.`,
  repeat: to =>
    `Pour vous connecter à ${client(to)}, appuyez sur la touche dièse. Si ce n’est pas vous, appuyez sur zéro, puis sur dièse.`,
  report: 'Appuyez maintenant sur dièse pour signaler que ce n’était pas vous. Sinon, attendez simplement.',
  approved: 'Merci. Votre connexion se poursuit dans votre navigateur. Au revoir.',
  denied:
    'Merci de nous avoir prévenus. Cette connexion a été arrêtée, et nous ne vous appellerons pas pendant un jour. Au revoir.',
  tooLate: 'C’était trop tard. Personne n’a été connecté. Relancez l’appel depuis votre navigateur. Au revoir.',
  silence: 'Nous n’avons entendu aucune touche. Personne n’a été connecté. Au revoir.',
  over: 'Cet appel n’est plus valable. Vous pouvez raccrocher. Au revoir.',
  enrollment: product =>
    `Bonjour. Quelqu’un ajoute ce téléphone à un compte chez ${client(product)}. Si c’est vous, appuyez sur dièse pour ajouter ce téléphone à votre compte. Si ce n’est pas vous, appuyez sur zéro, puis sur dièse.`,
  enrolled: 'Merci. Ce téléphone a été ajouté à votre compte. Au revoir.',
};
