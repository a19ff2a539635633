/** French notifications on a locked phone. */
import type { pushes as master } from '../en/pushes.ts';

export const pushes: typeof master = {
  request: { title: 'Est-ce bien vous ?', body: 'Touchez pour voir qui demande.' },
  test: { title: 'Ceci est un test', body: 'Tout va bien : les demandes arrivent sur ce téléphone.' },
};
