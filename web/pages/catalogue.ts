/** Every page in every state, with sample props: screenshots, axe and html-validate run over this list, so a new state joins by a line in `samples/`. */
import { ends, passwords, troubles } from './samples/around.ts';
import { calls } from './samples/calls.ts';
import { choices } from './samples/choices.ts';
import { codes, dictations, resends, texts } from './samples/codes.ts';
import type { Sample } from './samples/shared.ts';

export type { Sample };

export const catalogue: readonly Sample[] = [
  ...passwords,
  ...calls,
  ...codes,
  ...texts,
  ...dictations,
  ...resends,
  ...choices,
  ...troubles,
  ...ends,
];
