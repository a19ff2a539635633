/** German words for "Why was I asked?", and for a sign-in that a rule refuses. */
import { name } from '../phrase.ts';
import type { why as english } from '../en/why.ts';

export const why: typeof english = {
  question: 'Warum werde ich gefragt?',
  reasons: {
    server: 'Diese Anmeldung verlangt von allen einen zweiten Schritt.',
    client: client => [name(client), ' verlangt ihn immer.'],
    request: client => [name(client), ' hat ihn dieses Mal verlangt.'],
    person: 'Sie haben einen zweiten Schritt eingerichtet, daher reicht das Passwort allein nicht.',
    chosen: 'Sie haben auf Ihrer Sicherheitsseite gewählt, sich nicht schwächer als mit Ihrem Passkey anzumelden.',
    age: 'Ihr letzter zweiter Schritt liegt zu lange zurück.',
    factors: 'Hier werden nur einige Methoden anerkannt.',
    device: 'Sie verbinden ein Gerät mit Ihrem Konto.',
    task: 'Sie ändern, wie Sie sich anmelden.',
  },
  rule: 'Eine Regel Ihrer Organisation verlangt ihn.',
  denied: {
    heading: client => ['Sie können sich bei ', name(client), ' jetzt nicht anmelden'],
    help: 'Wenn Sie das für falsch halten, nennen Sie Ihrem Support die Referenz unten.',
    term: 'durch eine Regel abgelehnt',
  },
};
