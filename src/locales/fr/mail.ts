/** French words that every mail shares, and the mail with a code. */
import type { mail as master } from '../en/mail.ts';
import { name } from '../phrase.ts';

export const mail: typeof master = {
  footer: host =>
    `Vous recevez ce message parce qu’il concerne votre compte sur ${host}. Merci de ne pas répondre\u202F: personne ne lit cette boîte.`,
  administratorFooter: host =>
    `Vous recevez ce message parce que vous êtes indiqué comme administrateur de ${host}. Merci de ne pas répondre\u202F: personne ne lit cette boîte.`,
  linkInstead: 'Si le bouton ne fonctionne pas, ouvrez cette adresse\u202F:',
  code: {
    'sign-in': {
      subject: 'Votre code de connexion',
      sentence: client =>
        client === ''
          ? ['Saisissez ce code sur la page où vous vous connectez\u202F:']
          : ['Saisissez ce code sur la page où vous vous connectez à ', name(client), '\u202F:'],
      unexpected:
        'Vous n’essayiez pas de vous connecter\u202F? Alors quelqu’un connaît votre mot de passe. Changez-le et prévenez votre assistance.',
    },
    enrollment: {
      subject: 'Votre code pour recevoir des codes par e-mail',
      sentence: () => ['Saisissez ce code sur la page pour ajouter cette boîte à votre compte\u202F:'],
      unexpected: 'Vous n’avez rien demandé\u202F? Alors vous n’avez rien à faire.',
    },
    lifetime: 'Il est valable cinq minutes et une seule fois. Ne le donnez à personne, pas même à nous.',
  },
};
