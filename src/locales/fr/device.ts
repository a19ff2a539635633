/** French words for the pages where a person connects a device. */
import { name } from '../phrase.ts';
import type { device as english } from '../en/device.ts';

export const device: typeof english = {
  code: {
    heading: 'Connecter un appareil',
    sentence: 'Saisissez le code affiché par votre appareil.',
    label: 'Code',
    submit: 'Continuer',
    malformed: 'Un code comporte 8 lettres, par exemple WDJB-MJHT.',
    wrong: 'Ce code est inexact ou trop ancien. Vérifiez votre appareil.',
    elsewhere: 'Veuillez saisir de nouveau le code ici.',
    wait: 'Trop de codes inexacts ont été saisis d’ici.',
  },
  question: {
    heading: client => ['Connecter ', name(client), ' ?'],
    sentence: 'Continuez seulement si l’appareil est devant vous et affiche ce code :',
    warning: 'Quelqu’un vous a envoyé ce code ou un lien ? Alors annulez. Cette personne aurait accès à votre compte.',
    askedAt: 'Demandé à',
    address: 'Depuis',
    near: '(le même réseau que le vôtre)',
    far: '(un autre réseau que le vôtre)',
    program: 'Programme',
    allow: 'Oui, connecter mon appareil',
    deny: 'Annuler',
  },
  connected: {
    heading: 'Appareil connecté',
    sentence: 'Vous pouvez fermer cette page. La suite se passe sur l’appareil.',
  },
  refused: {
    heading: 'Appareil non connecté',
    sentence: 'Il n’a pas accès à votre compte. Vous pouvez fermer cette page.',
  },
  expired: {
    heading: 'Ce code n’est plus valable',
    sentence: 'Recommencez sur l’appareil et saisissez son nouveau code.',
  },
  used: {
    heading: 'Ce code a déjà servi',
    sentence: 'Chaque code sert une seule fois. Si l’appareil n’est pas connecté, recommencez sur celui-ci.',
  },
  again: 'Saisir un autre code',
};
