/** Reads the decimal digits of other scripts and widths, as keyboards of other languages type them. */

/**
 * Replaces each decimal digit (`２`, `٢`, `२`, `𝟐`) by its ASCII digit. Everything else stays, also `²`, which is no decimal
 * digit.
 */
export const asciiDigits = (text: string): string =>
  text.replaceAll(/\p{Nd}/gu, each => digitOf(each.normalize('NFKC')));

/** The ASCII digit. Each script has ten consecutive digits, and after NFKC no two such tens are adjacent. */
const digitOf = (digit: string): string => {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
};
