/** French notifications on a locked phone. */
import type { pushes as master } from '../en/pushes.ts';

export const pushes: typeof master = {
  request: { title: 'Est-ce bien vous\u202F?', body: 'Touchez pour voir qui demande.' },
  test: { title: 'Ceci est un test', body: 'Tout va bien\u202F: les demandes arrivent sur ce téléphone.' },
};
