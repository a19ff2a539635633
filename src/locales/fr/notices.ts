/** French words of notices, and of the page behind their link. */
import { name, time } from '../phrase.ts';
import type { notices as master } from '../en/notices.ts';

export const notices: typeof master = {
  kinds: {
    'method-added': {
      subject: 'Une méthode de connexion a été ajoutée',
      sentence: method => [name(method), ' permet désormais de se connecter à votre compte.'],
    },
    'method-removed': {
      subject: 'Une méthode de connexion a été supprimée',
      sentence: method => [name(method), ' ne permet plus de se connecter à votre compte.'],
    },
    'method-renamed': {
      subject: 'Une méthode de connexion a changé de nom',
      sentence: method => ['Une méthode de connexion de votre compte s’appelle maintenant ', name(method), '.'],
    },
    'method-made-default': {
      subject: 'Une autre méthode de connexion passe en premier',
      sentence: method => ['Désormais, nous vous demandons d’abord ', name(method), '.'],
    },
    'passkey-required': {
      subject: 'Votre compte exige désormais votre clé d’accès',
      sentence:
        'Désormais, un mot de passe et un code ne suffisent plus\u202F: chaque connexion demande l’une de vos clés d’accès.',
    },
    'passkey-optional': {
      subject: 'Votre compte n’exige plus votre clé d’accès',
      sentence:
        'Désormais, toutes les méthodes de connexion de votre compte suffisent à nouveau, pas seulement vos clés d’accès.',
    },
    'methods-reset': {
      subject: 'Vos méthodes de connexion ont été supprimées',
      sentence:
        'Un administrateur a supprimé toutes les méthodes de connexion de votre compte. Vous en ajouterez de nouvelles à la prochaine connexion.',
    },
    'recovery-codes-made': {
      subject: 'De nouveaux codes de secours ont été créés',
      sentence: 'Votre compte a de nouveaux codes de secours. Les anciens ne fonctionnent plus.',
    },
    'recovery-code-used': {
      subject: 'Un code de secours a été utilisé',
      sentence:
        'Quelqu’un s’est connecté à votre compte avec l’un de vos codes de secours. Ce code ne fonctionne plus.',
    },
    'recovery-codes-low': {
      subject: 'Il reste peu de codes de secours',
      sentence: count => ['Codes de secours restants\u202F: ', count, '. Créez-en de nouveaux avant d’en manquer.'],
    },
    'temporary-pass-made': {
      subject: 'Un code d’accès temporaire a été créé pour vous',
      sentence:
        'Un administrateur a créé un code d’accès temporaire. Avec ce code et votre mot de passe, on peut se connecter à votre compte.',
    },
    'temporary-pass-used': {
      subject: 'Un code d’accès temporaire a été utilisé',
      sentence: 'Quelqu’un s’est connecté à votre compte avec le code d’accès temporaire créé par un administrateur.',
    },
    'password-changed': {
      subject: 'Votre mot de passe a été changé',
      sentence: 'Le mot de passe de votre compte a été changé. Vous êtes déconnecté partout ailleurs.',
    },
    'password-set': {
      subject: 'Un administrateur a changé votre mot de passe',
      sentence: 'Un administrateur a donné un nouveau mot de passe à votre compte. Vous êtes déconnecté partout.',
    },
    'password-reset': {
      subject: 'Votre mot de passe a été réinitialisé',
      sentence:
        'Le mot de passe de votre compte a été réinitialisé par un lien que nous vous avons envoyé. Vous êtes déconnecté partout.',
    },
    'email-changed': {
      subject: 'Votre adresse e-mail a été changée',
      sentence:
        'Votre compte a maintenant une autre adresse e-mail, ou n’en a plus. Ceci est le dernier message à cette adresse.',
    },
    'sessions-ended': {
      subject: 'Vous avez été déconnecté',
      sentence: 'Un ou plusieurs navigateurs ont été déconnectés de votre compte.',
    },
    'app-access-revoked': {
      subject: 'Une application n’a plus accès',
      sentence: app => [name(app), ' n’a plus accès à votre compte.'],
    },
    'account-locked': {
      subject: 'Votre compte est bloqué',
      sentence: 'Un administrateur a bloqué votre compte. Personne ne peut s’y connecter avant son déblocage.',
    },
    'account-unlocked': {
      subject: 'Votre compte est débloqué',
      sentence: 'Un administrateur a débloqué votre compte. Vous pouvez de nouveau vous connecter.',
    },
    'not-me': {
      subject: 'Une connexion a été signalée',
      sentence:
        'Vous nous avez dit qu’une connexion à votre compte ne venait pas de vous. Nous l’avons arrêtée. Quelqu’un connaît peut-être votre mot de passe.',
    },
    'factor-disabled': {
      subject: 'Une méthode de connexion est désactivée',
      sentence:
        'Trop de mauvais codes ont été saisis pour votre compte. Les codes de l’une de vos méthodes ne fonctionnent donc plus. Votre assistance peut vous aider à la remettre en service.',
    },
    'code-reused': {
      subject: 'Un code a été utilisé deux fois',
      sentence:
        'Quelqu’un a saisi un code qui avait déjà servi. Nous l’avons refusé. Quelqu’un voit peut-être vos codes ou connaît votre mot de passe.',
    },
    'passkey-copied': {
      subject: 'Une clé d’accès a peut-être été copiée',
      sentence:
        'Une de vos clés d’accès a été utilisée comme cela n’arrive que s’il en existe une copie. Nous l’avons refusée. Supprimez cette clé d’accès et créez-en une nouvelle.',
    },
    'remembered-browser-copied': {
      subject: 'Les données de votre navigateur ont peut-être été copiées',
      sentence:
        'Un navigateur où nous ne vous demandons pas de deuxième étape a été utilisé à deux endroits, les deux fois avec votre mot de passe. Nous l’avons oublié et nous vous la demandons de nouveau. Si votre navigateur a été remis dans un état antérieur, cela peut en être la raison. Sinon, choisissez un nouveau mot de passe.',
    },
    'new-browser': {
      subject: 'Connexion depuis un nouveau navigateur',
      sentence: app => [
        'Quelqu’un s’est connecté à ',
        name(app),
        ' avec votre compte, dans un navigateur nouveau ou qui avait été déconnecté.',
      ],
    },
    'break-glass-used': {
      subject: 'Un compte d’urgence a été utilisé',
      sentence: 'Quelqu’un s’est connecté avec un compte d’urgence. Cherchez qui et pourquoi.',
    },
    'passwords-sprayed': {
      subject: 'Mots de passe erronés pour de nombreux comptes',
      sentence:
        'En une minute, les mots de passe étaient erronés pour de nombreux comptes, plus nombreux que ceux où ils étaient justes. Quelqu’un essaie peut-être des mots de passe courants ou volés depuis de nombreuses adresses. Les comptes avec une seconde étape sont protégés\u202F; cherchez ceux qui n’en ont pas, et les adresses dans le journal («\u202Fpassword.refused\u202F»).',
    },
    'changes-frozen': {
      subject: '«\u202FCe n’était pas moi\u202F» a été utilisé',
      sentence:
        'Vous êtes déconnecté partout, et pendant 7 jours personne ne peut changer la façon de se connecter à ce compte. Votre assistance peut le permettre plus tôt.',
    },
    'changes-unfrozen': {
      subject: 'Votre compte peut de nouveau être modifié',
      sentence:
        'Un administrateur permet de nouveau de changer vos méthodes de connexion, votre mot de passe et votre adresse e-mail.',
    },
  },
  administrators: {
    'not-me': {
      subject: 'Quelqu’un a signalé une connexion étrangère',
      sentence:
        'Nous l’avons arrêtée. Quelqu’un connaît peut-être le mot de passe de ce compte. Parlez à la personne, par un numéro que vous connaissez.',
    },
    'changes-frozen': {
      subject: 'Quelqu’un a utilisé «\u202FCe n’était pas moi\u202F»',
      sentence:
        'Quelqu’un a peut-être changé la façon de se connecter à ce compte. Ses sessions ont pris fin et les changements sont bloqués 7 jours. Parlez à la personne, retirez ce qui n’est pas à elle, puis permettez les changements avec «\u202Fsallyport users unfreeze\u202F».',
    },
    'passwords-sprayed': {
      subject: 'Mots de passe erronés pour de nombreux comptes',
      sentence:
        'En une minute, les mots de passe étaient erronés pour de nombreux comptes, plus nombreux que ceux où ils étaient justes. Quelqu’un essaie peut-être des mots de passe courants ou volés depuis de nombreuses adresses. Les comptes avec une seconde étape sont protégés\u202F; cherchez ceux qui n’en ont pas, et les adresses dans le journal («\u202Fpassword.refused\u202F»).',
    },
    other: 'Cherchez qui l’a fait et pourquoi.',
  },
  unnamed: 'un élément sans nom',
  facts: {
    account: 'Compte',
    when: 'Quand',
    address: 'Depuis',
    browser: 'Navigateur',
    app: 'Application',
    by: 'Par',
    administrator: 'un administrateur',
    reason: 'Motif',
    reference: 'Référence',
  },
  wasYou: 'C’était vous\u202F? Alors vous n’avez rien à faire.',
  notYou:
    'Sinon, appuyez sur le bouton. Nous vous déconnectons alors partout et bloquons tout changement. Cela est possible pendant 7 jours.',
  notYouDesk: 'Sinon, prévenez tout de suite votre assistance.',
  noSecrets: 'Nous ne demandons jamais votre mot de passe ni un code dans un message.',
  button: 'Ce n’était pas moi',
  page: {
    usable: {
      heading: 'Ce n’était pas vous\u202F?',
      sentence: 'Si c’était vous, fermez cette page\u202F: rien ne s’est passé. Sinon, appuyez sur le bouton.',
      what: 'Ce que nous vous avons signalé',
      effects: 'Voici ce qui se passe aussitôt',
      signedOut: 'Vous êtes déconnecté partout, sur tous les appareils.',
      stopped:
        'Pendant 7 jours, personne ne peut changer les méthodes de connexion, le mot de passe ou l’adresse e-mail de votre compte. Vous non plus.',
      told: 'Vos administrateurs sont prévenus, pour pouvoir vous aider.',
      stays: 'Nous n’annulons rien\u202F: votre assistance le fait avec vous.',
      submit: 'Protéger mon compte maintenant',
    },
    used: {
      heading: 'Votre compte est protégé',
      sentence: at => ['Vous nous avez prévenus le ', time(at, true), '. Vous avez alors été déconnecté partout.'],
      until: until => ['Personne ne peut changer la façon de se connecter avant le ', time(until, true), '.'],
      lifted: 'Votre compte peut de nouveau être modifié. Ce lien n’a plus d’effet.',
      next: 'Appelez maintenant votre assistance. Elle retire ce qui n’est pas à vous, vous donne un nouveau mot de passe et permet de nouveau les changements.',
    },
    unknown: {
      heading: 'Ce lien ne fonctionne plus',
      sentence:
        'Un lien dans un message fonctionne pendant 7 jours. Un problème avec votre compte\u202F? Prévenez votre assistance.',
    },
  },
};
