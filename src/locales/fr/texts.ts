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
  notices: {
    'method-added': 'Une méthode de connexion a été ajoutée à votre compte.',
    'method-removed': 'Une méthode de connexion a été supprimée de votre compte.',
    'method-renamed': 'Une méthode de connexion de votre compte a un autre nom.',
    'method-made-default': 'Une autre méthode de connexion passe en premier.',
    'passkey-required': "Votre compte demande désormais votre clé d'accès.",
    'passkey-optional': "Votre compte n'exige plus votre clé d'accès.",
    'methods-reset': 'Un administrateur a supprimé vos méthodes de connexion.',
    'recovery-codes-made': 'Votre compte a de nouveaux codes de secours.',
    'recovery-code-used': 'Connexion à votre compte avec un code de secours.',
    'temporary-pass-made': "Un code d'accès temporaire a été créé pour vous.",
    'temporary-pass-used': "Connexion à votre compte avec un code d'accès temporaire.",
    'password-changed': 'Votre mot de passe a été changé.',
    'password-set': 'Un administrateur a changé votre mot de passe.',
    'password-reset': 'Votre mot de passe a été réinitialisé.',
    'email-changed': "L'adresse e-mail de votre compte a été changée.",
    'sessions-ended': 'Vous avez été déconnecté.',
    'app-access-revoked': "Une application n'a plus accès à votre compte.",
    'account-locked': 'Un administrateur a bloqué votre compte.',
    'account-unlocked': 'Un administrateur a débloqué votre compte.',
    'not-me': 'Vous avez signalé une connexion. Elle est bloquée.',
    'factor-disabled': 'Trop de mauvais codes. Une méthode de connexion est désactivée.',
    'code-reused': 'Un code déjà utilisé a été saisi pour votre compte.',
    'passkey-copied': "Une de vos clés d'accès semble copiée. Elle a été refusée.",
    'remembered-browser-copied': "Une copie d'un navigateur mémorisé a servi. Nous l'avons oublié.",
    'changes-frozen': 'Vos sessions ont pris fin, tout changement est bloqué 7 jours.',
    'changes-unfrozen': 'Un administrateur permet de nouveau de modifier votre compte.',
  },
  notYou: link => `Pas vous ? ${link}`,
  notYouDesk: 'Pas vous ? Prévenez votre assistance.',
};
