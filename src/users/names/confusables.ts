/**
 * Maps letters that look alike to one of them, for comparing names only: `сара` in Cyrillic letters reads as `capa`, so both are
 * one name. The pairs are those of Unicode's confusables.txt (UTS #39 §4) between letters that occur in names.
 */

type Letters = Readonly<Record<string, string>>;

/** Turns `{ a: 'αа' }` into α → a, а → a. */
const reading = (table: Letters): ReadonlyMap<string, string> =>
  new Map(Object.entries(table).flatMap(([read, written]) => Array.from(written, letter => [letter, read])));

/** Variants within one script. They are mapped in all names. */
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

/** Accents that readers do not tell apart, such as those of Romanian ș and Turkish ş, or of ğ and ǧ. */
const accents = reading({
  '\u0302': '\u0311',
  '\u0303': '\u0342',
  '\u0304': '\u0305',
  '\u0306': '\u030C',
  '\u0307': '\u0358',
  '\u0327': '\u0326',
});

/** Chinese characters and Japanese syllables with the same strokes; also hiragana and katakana. */
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
 * Letters that read as Latin ones, small or capital. Applied only where the whole name could be read as Latin: among other
 * letters of their own script they are not mistaken. Greek ν and υ read as their capitals, with which names begin.
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

/** True for a character that also occurs with Latin letters: a digit, a sign, or one of their marks. */
const isNeutral = (each: string): boolean => !/[\p{L}\p{M}]/u.test(each) || /^(?=\p{M})\p{scx=Latin}$/u.test(each);

/** The skeleton (UTS #39 §4) of `name`, which has one script, small letters and NFKC. The skeleton of a skeleton is itself. */
export const skeleton = (name: string): string => {
  const plain = read(name, everywhere);
  // Korean names contain no kana that could be mistaken.
  if (/\p{Script=Hangul}/u.test(plain)) return plain;
  const parts = read(plain.normalize('NFD'), accents);
  const couldBeLatin = Array.from(parts).every(each => isNeutral(each) || asLatin.has(each));
  return (couldBeLatin ? read(parts, asLatin) : read(parts.normalize('NFKC'), inJapan)).normalize('NFKC');
};
