/** French words for password and e-mail address on the security page. */
import { name } from '../phrase.ts';
import type { accountProfile as master } from '../en/account-profile.ts';

export const accountProfile: typeof master = {
  first: 'Avant un changement, vous confirmez que c’est bien vous.',
  password: {
    heading: 'Mot de passe',
    current: 'Votre mot de passe actuel',
    effect: 'Les autres navigateurs et applications sont ensuite déconnectés. Celui-ci reste connecté.',
    submit: 'Changer le mot de passe',
    absent: 'Vous vous connectez ici sans mot de passe.',
    wrong: 'Ce n’est pas votre mot de passe.',
    changed: 'Votre mot de passe vient d’être changé ailleurs. Rechargez la page.',
    wait: 'Trop d’essais.',
  },
  address: {
    heading: 'Adresse e-mail',
    now: 'Actuelle',
    absent: 'Vous n’avez pas d’adresse e-mail ici.',
    confirmed: 'confirmée',
    unconfirmed: 'non confirmée',
    confirm: 'Confirmer cette adresse',
    change: 'Changer l’adresse',
    new: 'Nouvelle adresse',
    effect: 'Nous envoyons un lien à la nouvelle adresse. L’ancienne reste valable jusqu’à ce que vous l’ouvriez.',
    submit: 'Envoyer le lien',
    waiting: address => ['Un lien est en route vers ', name(address), '. Il fonctionne 30 minutes.'],
    noMail: 'Ce serveur n’envoie pas d’e-mails. Votre assistance peut changer l’adresse.',
    faults: {
      email: 'Ce n’est pas une adresse e-mail.',
      same: 'C’est déjà votre adresse, et elle est confirmée.',
      limit: 'Vous recevez 3 liens au plus par heure. Réessayez dans une heure.',
      off: 'Ce serveur n’envoie pas d’e-mails. Votre assistance peut changer l’adresse.',
      full: 'Nous ne pouvons pas envoyer d’e-mail en ce moment. Réessayez dans une minute.',
    },
  },
  confirm: {
    heading: 'Est-ce votre adresse\u202F?',
    sentence: address => [name(address), ' devient l’adresse e-mail de votre compte.'],
    submit: 'Oui, la confirmer',
    no: 'Non, ne rien changer',
    gone: 'Ce lien ne fonctionne plus. Il a servi, il a plus de 30 minutes, vous en avez demandé un plus récent, ou il est pour un autre compte.',
    taken: 'Cette adresse ne peut pas servir pour votre compte. Choisissez-en une autre.',
    back: 'Retour à votre profil',
  },
  mail: {
    subject: 'Confirmer votre adresse e-mail',
    heading: 'Est-ce votre adresse\u202F?',
    asked: (account, service) =>
      `Le compte ${account} sur ${service} veut utiliser cette adresse. Si c’est votre compte, ouvrez le lien pendant que vous êtes connecté.`,
    lifetime: 'Il fonctionne 30 minutes et une seule fois.',
    button: 'Confirmer cette adresse',
    closing:
      'Si vous ne connaissez pas ce compte, vous n’avez rien à faire. N’ouvrez pas le lien pour quelqu’un d’autre.',
  },
};
