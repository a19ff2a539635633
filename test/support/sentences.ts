/** Lists every sentence of a catalogue by its place, including those with arguments. */
import { plain, type Phrase } from '../../src/locales/phrase.ts';
import type { Words } from '../../src/locales/wording.ts';

/** Words of no language, which no catalogue shortens or respells. */
export const marks = ['Qaxo', 'Qbyo', 'Qczo'] as const;
/** Times some seconds apart, for sentences with a time. */
const moments = [Date.UTC(2026, 10, 22, 13, 0), Date.UTC(2026, 10, 22, 13, 0, 45), 7] as const;

export type Sentence = (...given: readonly unknown[]) => string | Phrase;
export const isSentence = (value: unknown): value is Sentence => typeof value === 'function';

export const asText = (said: string | Phrase): string =>
  typeof said === 'string' ? said : plain(said, { language: 'en' });

/** Arguments of a sentence: words, lists of words, or times. The first that it accepts is used. */
const samples = [marks, marks.map(mark => [mark, `${mark}z`]), moments] as const;

/** The sentence with marks as arguments, or with times where it refuses words. */
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

/** The sentences that people read or hear, without values for machines. */
export const sentencesOf = (words: Words): ReadonlyMap<string, string> =>
  new Map(
    leavesOf(words)
      .filter(([place]) => !/^(?:language|direction|phone\.voice|help\.topics\.\d+\.id)$/u.test(place))
      .map(([place, value]) => [place, typeof value === 'string' ? value : filled(value)]),
  );
