/** German notifications on a locked phone. */
import type { pushes as master } from '../en/pushes.ts';

export const pushes: typeof master = {
  request: { title: 'Sind Sie das?', body: 'Antippen, um zu sehen, wer fragt.' },
  test: { title: 'Das ist ein Test', body: 'Es klappt: Anfragen erreichen dieses Telefon.' },
};
