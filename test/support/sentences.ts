/** Every sentence of a catalogue by its place in it, those that take arguments too. */
import { plain, type Phrase } from '../../src/locales/phrase.ts';
import type { Words } from '../../src/locales/wording.ts';

/** Words of no language, which nothing shortens or respells. */
export const marks = ['Qaxo', 'Qbyo', 'Qczo'] as const;
/** Moments a while apart, for sentences that tell a time. */
const moments = [Date.UTC(2026, 10, 22, 13, 0), Date.UTC(2026, 10, 22, 13, 0, 45), 7] as const;

export type Sentence = (...given: readonly unknown[]) => string | Phrase;
export const isSentence = (value: unknown): value is Sentence => typeof value === 'function';

export const asText = (said: string | Phrase): string => (typeof said === 'string' ? said : plain(said));

/** What a sentence may take: words, lists of words, moments. The first that it understands is its kind. */
const samples = [marks, marks.map(mark => [mark, `${mark}z`]), moments] as const;

/** With marks in place of its arguments; with moments where words make no sense. */
export const filled = (sentence: Sentence): string => {
  for (const given of samples) {
    try {
      return asText(sentence(...given));
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    }
  }
  throw new TypeError('a sentence that takes neither words, nor lists of words, nor moments');
};

export type Leaf = readonly [place: string, value: string | Sentence];

const leaves = (value: unknown, place: string): readonly Leaf[] => {
  if (typeof value === 'string' || isSentence(value)) return [[place, value]];
  if (typeof value !== 'object' || value === null) throw new TypeError(`${place} is neither words nor holds any`);
  return Object.entries(value).flatMap(([name, each]) => leaves(each, place === '' ? name : `${place}.${name}`));
};

/** `calls.outcomes.busy.heading`, `help.topics.0.steps.1`, … */
export const leavesOf = (words: Words): readonly Leaf[] => leaves(words, '');

/** As people read or hear them; what only machines read is left out. */
export const sentencesOf = (words: Words): ReadonlyMap<string, string> =>
  new Map(
    leavesOf(words)
      .filter(([place]) => !/^(?:language|direction|phone\.voice|help\.topics\.\d+\.id)$/u.test(place))
      .map(([place, value]) => [place, typeof value === 'string' ? value : filled(value)]),
  );
