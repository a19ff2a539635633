/** The sentences of a page that asks for a code. */
import type { EndReason } from '../end-reason.ts';
import type { EndWords } from './end-words.ts';
import type { Phrase } from './phrase.ts';

/** What the page of one kind of code says. What `ends` does not know is told as `lost`, or in the words of a call. */
export interface CodeWords {
  readonly heading: (to: string) => Phrase;
  /** What to do. `extension`: the call is put through to it. */
  readonly sentence: (to: string, extension?: string) => Phrase;
  readonly malformed: (length: number) => string;
  readonly wrong: (left: number) => string;
  readonly reused: string;
  readonly ends: { readonly lost: EndWords } & { readonly [Each in EndReason]?: EndWords };
}
