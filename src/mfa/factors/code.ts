/** Reads and compares the codes that people type: one form, one comparison. */
import { constantTimeEqual } from '../../crypto.ts';
import { asciiDigits } from '../../digits.ts';
import type { Json } from '../../ports/stores.ts';

export const codeDigits = 6;

/**
 * ASCII digits for those that a keyboard of another width or script types (`２`, `٢`), without what people type or paste around
 * them: spaces, dashes, marks of direction. The rest is compared as it is.
 */
export const typedDigits = (typed: string): string => asciiDigits(typed).replaceAll(/[\t\p{Zs}\p{Pd}\p{Cf}]/gu, '');

/** The code in an answer: exactly this number of digits after `typedDigits` (apps print "123 456"). */
export const codeIn = (answer: Json, digits: number = codeDigits): string | undefined => {
  const text = typeof answer === 'string' && answer.length <= 32 ? typedDigits(answer) : '';
  return text.length === digits && /^[0-9]+$/.test(text) ? text : undefined;
};

/** True where the answer holds this code. Constant time. */
export const isCode = (answer: Json, code: string): boolean => constantTimeEqual(codeIn(answer) ?? '', code);
