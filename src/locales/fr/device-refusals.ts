/** French sentences that the authenticator shows where the server refuses a call. */
import type { deviceRefusals as english } from '../en/device-refusals.ts';

export const deviceRefusals: typeof english = {
  'device-unknown': 'Ce téléphone n’est plus associé à votre compte. Vous pouvez l’associer de nouveau.',
  proof: 'Nous n’avons pas pu vérifier que cela venait de votre téléphone. Réessayez.',
  clock:
    'L’horloge de ce téléphone n’est pas à l’heure. Laissez-le régler la date et l’heure lui-même, puis réessayez.',
  'pairing-unknown':
    'Ce code n’est pas le bon ou n’est plus valable. Vérifiez-le, ou demandez-en un nouveau sur la page où vous l’avez vu.',
  'pairing-used': 'Un autre téléphone a utilisé ce code. Demandez-en un nouveau sur la page où vous l’avez vu.',
  over: 'Cette demande est terminée.',
  'not-subscribed': 'Les notifications sont désactivées sur ce téléphone. Activez-les d’abord.',
  'code-malformed': 'Le code compte 8 lettres et chiffres. Vérifiez-le et saisissez-le de nouveau.',
  'subscription-refused':
    'Les notifications de ce navigateur ne peuvent pas servir ici. Ouvrez l’authentificateur quand vous vous connectez.',
  malformed: 'Nous n’avons pas compris l’authentificateur. Fermez-le, rouvrez-le et réessayez.',
  wait: 'C’était trop souvent. Attendez quelques minutes, puis réessayez.',
  'not-sent': 'La notification n’a pas pu être envoyée. Réessayez dans quelques minutes.',
};
