/**
 * Makes a right-to-left language for tests: English in Hebrew letters, 40 % longer, with the same numbers and names. Only
 * tests and pictures use it. It is not in the product's list of languages.
 */
import type { Piece } from '../../src/locales/phrase.ts';
import { wording, type Words } from '../../src/locales/wording.ts';
import { isSentence, type Sentence } from './sentences.ts';

const latin = 'abcdefghijklmnopqrstuvwxyz';
const hebrew = 'אבגדהופגיזקלמנוצקרסתעבחכסז';
const filler = 'שלום עולם רחב ';
const growth = 0.4;

const letters = (text: string): string =>
  text.replaceAll(/[a-z]/giu, letter => hebrew[latin.indexOf(letter.toLowerCase())] ?? letter);

/** Lengthens a text after its last letter, so that spaces and full stops keep their place. */
const longer = (text: string): string => {
  const count = Math.ceil(text.trim().length * growth);
  const more = filler.repeat(Math.ceil(count / filler.length)).slice(0, count);
  return text.replace(/\p{L}(?=\P{L}*$)/u, last => `${last}${count > 2 ? ' ' : ''}${more.trim()}`);
};

const between = '\uE000';
/** Transforms a text. `kept`: arguments of the sentence, which stay unchanged. */
const inPseudo = (text: string, kept: readonly string[] = []): string => {
  const found = kept.filter(each => each !== '' && text.includes(each));
  const marked = found.reduce((rest, each) => rest.replaceAll(each, between), text);
  const parts = marked.split(between).map(part => longer(letters(part)));
  return found.length === 1
    ? parts.join(found[0])
    : parts.reduce((whole, part, i) => `${whole}${found[i - 1] ?? ''}${part}`);
};

const piece = (part: Piece, kept: readonly string[]): Piece => {
  if (typeof part === 'string') return inPseudo(part, kept);
  return 'strong' in part ? { strong: letters(part.strong) } : part;
};

const pseudoSentence =
  (sentence: Sentence): Sentence =>
  (...given) => {
    const kept = given.flat().filter(each => typeof each === 'string');
    const result = sentence(...given);
    return typeof result === 'string' ? inPseudo(result, kept) : result.map(part => piece(part, kept));
  };

/** Values for machines, which stay unchanged. */
const asIs = /^(?:language|direction|phone\.voice|help\.topics\.\d+\.id)$/u;

const transformed = (value: unknown, place = ''): unknown => {
  if (isSentence(value)) return pseudoSentence(value);
  if (typeof value === 'string') return asIs.test(place) ? value : inPseudo(value);
  const at = (name: string | number): string => (place === '' ? String(name) : `${place}.${name}`);
  if (Array.isArray(value)) return value.map((each, i) => transformed(each, at(i)));
  return Object.fromEntries(Object.entries(value ?? {}).map(([name, each]) => [name, transformed(each, at(name))]));
};

export const pseudo: Words = {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- member by member from what it is asserted to be
  ...(transformed(wording('en')) as Words),
  language: 'ar-XB',
  direction: 'rtl',
};
