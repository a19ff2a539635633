/** One account whatever the spelling: the form in which names are compared. Passwords never come through here. */

/** UTF-16 units of what somebody typed; looked at first, because NFKC can make a text 18 times as long. */
const longestSpelling = 256;
const longestName = 128;

/**
 * Letters that may stand in one name together (after UTS #39 §5.2, highly restrictive): one script, or the ones that
 * Chinese, Japanese and Korean write beside Latin. A Cyrillic а in a Latin name is somebody else's name in disguise.
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
const wellFormed = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+'-]*$/u;

/**
 * The one spelling of `typed` that is stored and compared; undefined for what cannot be anyone's name.
 * Case folding and NFKC, twice, as one may undo the other: `Alice`, `ＡＬＩＣＥ` and ` alice ` are one account, and so are
 * both normal forms of `André`.
 */
export const canonicalName = (typed: string): string | undefined => {
  if (typed.length > longestSpelling || !typed.isWellFormed()) return undefined;
  const name = folded(folded(typed)).trim();
  if (name.length > longestName || !wellFormed.test(name)) return undefined;
  const letters = name.replaceAll(/[^\p{L}\p{M}]/gu, '');
  return scripts.some(script => script.test(letters)) ? name : undefined;
};

/** Through upper case first: ß and ſ have no other way to the letters they stand for (Unicode, full case folding). */
const folded = (text: string): string => text.toUpperCase().toLowerCase().normalize('NFKC');
