/** Types the words of a page that asks for a code. */
import type { EndReason } from '../end-reason.ts';
import type { EndWords } from './end-words.ts';
import type { Phrase } from './phrase.ts';

/** Words for one kind of code. A reason without words in `ends` is shown as `lost`. */
export interface CodeWords {
  readonly heading: (to: string) => Phrase;
  /** What to do. `to`: the masked number. `extension`: where the call goes to one. */
  readonly sentence: (to: string, extension?: string) => Phrase;
  readonly malformed: (length: number) => string;
  readonly wrong: (left: number) => string;
  readonly reused: string;
  readonly ends: { readonly lost: EndWords } & { readonly [Each in EndReason]?: EndWords };
}
