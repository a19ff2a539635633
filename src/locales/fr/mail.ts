/** French words that every mail shares. */
import type { mail as master } from '../en/mail.ts';

export const mail: typeof master = {
  footer: host =>
    `Vous recevez ce message parce qu’il concerne votre compte sur ${host}. Merci de ne pas répondre\u202F: personne ne lit cette boîte.`,
  administratorFooter: host =>
    `Vous recevez ce message parce que vous êtes indiqué comme administrateur de ${host}. Merci de ne pas répondre\u202F: personne ne lit cette boîte.`,
  linkInstead: 'Si le bouton ne fonctionne pas, ouvrez cette adresse\u202F:',
};
