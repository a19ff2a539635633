/** Types the words for a challenge that failed: what happened, and advice. */
import type { Phrase } from './phrase.ts';

export interface EndWords {
  readonly heading: string;
  /** `to`: the masked number. `client`: its name. */
  readonly sentence: (to: string, client: string) => Phrase;
  /** Of a call: label of the step that failed. */
  readonly step?: string;
  readonly advice?: string;
  /** Shown beside the stable number, under View details. */
  readonly term: string;
}
