/** A challenge that came to nothing, in words: what the page says happened, and what may help. */
import type { Phrase } from './phrase.ts';

export interface EndWords {
  readonly heading: string;
  /** `to`: the masked number, `client`: where the person is going. */
  readonly sentence: (to: string, client: string) => Phrase;
  /** Label of the step of the track that failed, where there was a call. */
  readonly step?: string;
  readonly advice?: string;
  /** Beside the stable code. */
  readonly term: string;
}
