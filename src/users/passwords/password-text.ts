/** Brings a typed password into the one form that is hashed. Keyboards send the same letters as different code points. */

/** Of UTF-8, as typed. Longer passwords are refused without hashing them. */
export const maxPasswordBytes = 4096;

/** False for text that has no bytes, or too many. A lone surrogate is refused: UTF-8 turns all of them into U+FFFD. */
export const isHashable = (typed: string): boolean =>
  typed !== '' && typed.isWellFormed() && Buffer.byteLength(typed) <= maxPasswordBytes;

/**
 * The form that is hashed (RFC 8265 §4.2.2, OpaqueString): every space is U+0020, composed letters (NFC). Not NFKC, which makes
 * different passwords equal.
 */
export const normalizedPassword = (typed: string): string => typed.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');

/**
 * The forms to compare with a stored hash: the normalized one, then the text as typed where that differs. Hashes that were made
 * before passwords were normalized, here or elsewhere, are of the text as it was typed. The number of forms depends on the typed
 * text alone, so that it does not tell whether an account exists.
 */
export const formsToCompare = (typed: string): readonly [string, ...string[]] => {
  const normalized = normalizedPassword(typed);
  return normalized === typed ? [typed] : [normalized, typed];
};
