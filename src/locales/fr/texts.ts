/** Texts to a telephone, in characters of GSM 03.38 alone: é, è, à and ù are among them, ê and ç are not. */
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
