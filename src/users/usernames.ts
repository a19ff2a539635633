/** One account whatever the spelling: the form in which names are compared. Passwords never come through here. */
import { skeleton } from './confusables.ts';

/** UTF-16 units of what somebody typed; looked at first, because NFKC can make a text 18 times as long. */
const longestSpelling = 256;
const longestName = 128;

/**
 * What may stand in one name together (after UTS #39 §5.2, highly restrictive): one script, or the ones that Chinese,
 * Japanese and Korean write beside Latin. A Cyrillic а in a Latin name is somebody else's name in disguise.
 */
const scripts: readonly RegExp[] = [
  /^[\p{scx=Latin}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}]*$/u,
  /^[\p{scx=Latin}\p{scx=Han}\p{scx=Hangul}]*$/u,
  /^\p{scx=Cyrillic}*$/u,
  /^\p{scx=Greek}*$/u,
  /^\p{scx=Arabic}*$/u,
  /^\p{scx=Hebrew}*$/u,
  /^\p{scx=Armenian}*$/u,
  /^\p{scx=Georgian}*$/u,
  /^\p{scx=Ethiopic}*$/u,
  /^\p{scx=Devanagari}*$/u,
  /^\p{scx=Bengali}*$/u,
  /^\p{scx=Gurmukhi}*$/u,
  /^\p{scx=Gujarati}*$/u,
  /^\p{scx=Tamil}*$/u,
  /^\p{scx=Telugu}*$/u,
  /^\p{scx=Kannada}*$/u,
  /^\p{scx=Malayalam}*$/u,
  /^\p{scx=Sinhala}*$/u,
  /^\p{scx=Thai}*$/u,
  /^\p{scx=Lao}*$/u,
  /^\p{scx=Khmer}*$/u,
  /^\p{scx=Myanmar}*$/u,
];

/** Letters, their marks, digits, and what e-mail addresses and staff numbers use. No space, control or format character. */
const wellFormed = /^[\p{L}\p{Nd}][\p{L}\p{M}\p{Nd}._@+'-]*$/u;

/** What stands in nobody's name, and hides in names that somebody made up. */
const refused: readonly RegExp[] = [
  // Letters without ink: the Hangul fillers, the inherent vowels of Khmer.
  /\p{Default_Ignorable_Code_Point}/u,
  // Marks beside letters, which pass for accents, dots and dashes.
  /[\u02B0-\u02FF]/u,
  // Latin letters without a capital (phonetic signs, clicks, small capitals), and those of scholars and scribes.
  /(?=\p{Script=Latin})(?!\p{Changes_When_Uppercased})\p{L}/u,
  /[\u0185\u01A8\u01BD\u01BF\u021D\u0223\u1EFA-\u1EFF\u2184\u2C60-\u2C7F\uA720-\uA7FF]/u,
  // Parts of Korean syllables (one of them is a stroke like l), after NFKC has put together what belongs together.
  /[\u1100-\u11FF\uA960-\uA97F\uD7B0-\uD7FF]/u,
  // Marks of phonetics and of music.
  // oxlint-disable-next-line no-misleading-character-class -- marks alone are what is looked for
  /[\u0332-\u0341\u0343\u0344\u0346-\u0357\u0359-\u036F\u0951\u0952\u20F0\u302A-\u302D\u3099\u309A]/u,
  // A mark on the same mark looks like one; and nobody can tell five of them apart.
  /(\p{M})\1/u,
  /\p{M}{5}/u,
];

/** Runs of Chinese and Japanese letters, and those of them that pass for - l / and _ where nothing else is beside them. */
const eastAsian = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]+/gu;
const strokesAlone = /^[\u30CE\u30FC\u3031-\u3035\u4E00\u4E28\u4E36\u4E3F]+$/u;
const hidesStrokes = (name: string): boolean => (name.match(eastAsian) ?? []).some(run => strokesAlone.test(run));

/**
 * The one spelling of `typed` that is stored and compared; undefined for what cannot be anyone's name.
 * Case folding and NFKC, twice, as one may undo the other: `Alice`, `ＡＬＩＣＥ` and ` alice ` are one account, and so are
 * both normal forms of `André`. Then what nobody can tell apart: `O’Brien` and `O'Brien`, `сара` and `capa`, `علي١` and `علي1`.
 */
export const canonicalName = (typed: string): string | undefined => {
  let name = compared(typed);
  // Reading letters as others may bring marks together that belong together: what is compared is compared by itself.
  for (let turn = 0; turn < turns && name !== undefined; turn += 1) {
    const next = compared(name);
    if (next === name) return name;
    name = next;
  }
  return undefined;
};

/** More turns than any name takes. */
const turns = 4;

const compared = (typed: string): string | undefined => {
  if (typed.length > longestSpelling || !typed.isWellFormed() || hasIotaBelow.test(typed.normalize('NFD')))
    return undefined;
  const name = plainMarks(folded(folded(typed)).trim());
  if (name.length > longestName || !wellFormed.test(name) || refused.some(each => each.test(name))) return undefined;
  // The digits that everybody uses belong to every script, the dots and dashes to none.
  const letters = name.replaceAll(/[^\p{L}\p{M}\p{Nd}]|[0-9]/gu, '');
  if (!scripts.some(script => script.test(letters)) || hidesStrokes(name)) return undefined;
  // Digits of other scripts stand beside letters that tell which: a Bengali ৪ alone is an 8 to the rest of the world.
  if (/^\p{Nd}+$/u.test(letters)) return undefined;
  const canonical = skeleton(name.replaceAll(/\p{Nd}/gu, digitOf));
  return canonical.length > longestName ? undefined : canonical;
};

/** A letter in capitals and a mark in small ones (of ancient Greek): where it stands among other marks, its accents move. */
const hasIotaBelow = /\u0345/u;

/** Through upper case first: ß and ſ have no other way to the letters they stand for (Unicode, full case folding). */
const folded = (text: string): string => text.toUpperCase().toLowerCase().normalize('NFKC');

/** One apostrophe; no dot on a letter that has one already (İ in small letters); no line that only stretches Arabic. */
const plainMarks = (name: string): string =>
  name
    .replaceAll(/[\u2018\u2019\u02B9\u02BB-\u02BD]/gu, "'")
    .replaceAll(/(?<=\p{Soft_Dotted}\p{M}{0,4})\u0307|\u0640/gu, '');

/** Digits of every script stand in their own ten, in order, and no two of these tens touch (once NFKC took the others away). */
const digitOf = (digit: string): string => {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
};
