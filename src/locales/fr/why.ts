/** French words for "Why was I asked?", and for a sign-in that a rule refuses. */
import { name } from '../phrase.ts';
import type { why as english } from '../en/why.ts';

export const why: typeof english = {
  question: 'Pourquoi cette demande\u202F?',
  reasons: {
    server: 'Cette connexion demande une deuxième étape à tout le monde.',
    client: client => [name(client), ' la demande toujours.'],
    request: client => [name(client), ' l’a demandée cette fois.'],
    person: 'Vous avez configuré une deuxième étape\u202F: le mot de passe seul ne suffit pas.',
    chosen:
      'Vous avez choisi, sur votre page de sécurité, de ne pas vous connecter de façon moins sûre qu’avec votre clé d’accès.',
    age: 'Votre dernière deuxième étape est trop ancienne.',
    factors: 'Seules certaines méthodes sont acceptées ici.',
    device: 'Vous connectez un appareil à votre compte.',
    task: 'Vous modifiez votre façon de vous connecter.',
  },
  rule: 'Une règle de votre organisation la demande.',
  denied: {
    heading: client => ['Vous ne pouvez pas vous connecter à ', name(client), ' maintenant'],
    help: 'Si cela vous semble être une erreur, indiquez la référence ci-dessous à votre assistance.',
    term: 'refusé par une règle',
  },
};
