/** French words for the methods of the second step. */
import type { methods as master } from '../en/methods.ts';

export const methods: typeof master = {
  call: {
    name: 'M’appeler',
    start: 'M’appeler maintenant',
    again: 'Rappeler',
    back: 'Retour à l’appel',
    hint: 'appuyer sur #',
  },
  sms: {
    name: 'Code par SMS',
    start: 'M’envoyer un code par SMS',
    again: 'M’envoyer un nouveau code',
    back: 'Retour au code par SMS',
  },
  spoken: {
    name: 'Code par appel',
    start: 'Écouter un code au téléphone',
    again: 'Nouveau code par appel',
    back: 'Retour à l’appel avec code',
    hint: 'entendre six chiffres',
  },
  totp: {
    name: 'Code de votre application',
    note: 'Fonctionne sans réseau',
    start: 'Saisir un code de l’application',
    back: 'Retour au code de l’application',
  },
  passkey: {
    name: 'Utiliser une clé d’accès',
    note: 'Visage, doigt ou code PIN',
    start: 'Utiliser votre clé d’accès',
    again: 'Utiliser votre clé d’accès',
    back: 'Retour à votre clé d’accès',
  },
  push: {
    name: 'Approuver dans l’authentificateur',
    start: 'M’envoyer une demande',
    again: 'Envoyer une nouvelle demande',
    back: 'Retour à la demande',
  },
  'recovery-code': {
    name: 'Utiliser un code de secours',
    note: 'L’un des codes que vous avez gardés',
    start: 'Saisir un code de secours',
    back: 'Retour au code de secours',
  },
  email: {
    name: 'Code par e-mail',
    start: 'M’envoyer un code par e-mail',
    again: 'M’envoyer un nouveau code par e-mail',
    back: 'Retour au code par e-mail',
  },
  'temporary-access-pass': {
    name: 'Utiliser un code d’accès temporaire',
    note: 'Donné par votre assistance',
    start: 'Saisir un code d’accès temporaire',
    back: 'Retour au code d’accès temporaire',
  },
};
