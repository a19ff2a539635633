/** French text messages, in the GSM alphabet only (3GPP TS 23.038 §6.2.1): it has é, è, à and ù, but not ê and ç. */
import type { texts as master } from '../en/texts.ts';

export const texts: typeof master = {
  'sign-in': (code, to) =>
    to === ''
      ? `${code} est votre code de connexion. Ne le partagez jamais.`
      : `${code} est votre code pour ${to}. Ne le partagez jamais.`,
  enrollment: (code, to) =>
    to === ''
      ? `${code} ajoute ce téléphone à votre compte. Ne partagez jamais ce code.`
      : `${code} ajoute ce téléphone à votre compte chez ${to}. Ne partagez jamais ce code.`,
};
