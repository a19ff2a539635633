/**
 * Letters that look like others, for the comparing of names alone: whoever is `сара` in Cyrillic letters is `capa` for
 * everybody who reads it, and so they are one name. The pairs are those of Unicode's confusables.txt (UTS #39 §4), as far as
 * they concern letters that names are written with.
 */

type Letters = Readonly<Record<string, string>>;

/** From `{ a: 'αа' }` to α → a, а → a. */
const reading = (table: Letters): ReadonlyMap<string, string> =>
  new Map(Object.entries(table).flatMap(([read, written]) => Array.from(written, letter => [letter, read])));

/** Variants within one script, wherever they stand. */
const everywhere = reading({
  a: 'ɑ',
  ae: 'æ',
  ə: 'ǝ',
  g: 'ɡ',
  i: 'ɩɪ',
  oe: 'œ',
  u: 'ʋ',
  w: 'ɯ',
  y: 'ɣ',
  // Arabic and Persian keyboards write the same letter with different ones.
  ی: 'يى',
  ک: 'كڪ',
  ه: 'ہھە',
  ة: 'ۃ',
  וו: 'װ',
  וי: 'ױ',
  יי: 'ײ',
});

/** Accents: hooks and bends that nobody reads apart (Romanian ș and Turkish ş, ğ and ǧ). */
const accents = reading({
  '\u0302': '\u0311',
  '\u0303': '\u0342',
  '\u0304': '\u0305',
  '\u0306': '\u030C',
  '\u0307': '\u0358',
  '\u0327': '\u0326',
});

/** Chinese characters and Japanese syllables of the same strokes; also hiragana and katakana. */
const inJapan = reading({
  イ: '亻',
  エ: '工',
  カ: '力',
  タ: '夕',
  ト: '卜',
  ニ: '二',
  ノ: '丿',
  ハ: '八',
  ヘ: 'へ',
  ベ: 'べ',
  ペ: 'ぺ',
  ロ: '口囗',
  ー: '一',
});

/**
 * Where a whole name could be read as Latin letters, small or capital: one or two of these are no disguise among others of
 * their own script. Greek ν and υ are read as their capitals, in which names begin.
 */
const asLatin = reading({
  '3': 'зӡ',
  '6': 'б',
  a: 'αа',
  ae: 'ӕ',
  b: 'βвь',
  c: 'с',
  ç: 'ҫ',
  d: 'ԁ',
  e: 'εеҽ',
  ę: 'ҿ',
  ə: 'ә',
  f: 'ϝք',
  g: 'ԍց',
  h: 'ηһнհ',
  ħ: 'ћ',
  i: 'ιіӏꙇ',
  j: 'ϳј',
  k: 'κк',
  m: 'μм',
  n: 'νոռ',
  o: 'οσоօჿ',
  p: 'ρр',
  q: 'ԛգզ',
  r: 'г',
  s: 'ѕտ',
  t: 'τт',
  u: 'ս',
  v: 'ѵ',
  w: 'ѡԝա',
  x: 'χх',
  y: 'γυуүყ',
  z: 'ζ',
});

const read = (text: string, letters: ReadonlyMap<string, string>): string =>
  Array.from(text, each => letters.get(each) ?? each).join('');

/** What may stand on or under a Latin letter too. */
const isNeutral = (each: string): boolean => !/[\p{L}\p{M}]/u.test(each) || /^(?=\p{M})\p{scx=Latin}$/u.test(each);

/** How `name` (of one script, in small letters, NFKC) reads. What it gives reads as itself. */
export const skeleton = (name: string): string => {
  const plain = read(name, everywhere);
  // Korean names have no kana to be taken for.
  if (/\p{Script=Hangul}/u.test(plain)) return plain;
  const parts = read(plain.normalize('NFD'), accents);
  const isDisguise = Array.from(parts).every(each => isNeutral(each) || asLatin.has(each));
  return (isDisguise ? read(parts, asLatin) : read(parts.normalize('NFKC'), inJapan)).normalize('NFKC');
};
