/** Reads and compares the codes that people type: one form, one comparison. */
import { constantTimeEqual } from '../../crypto.ts';
import type { Json } from '../../ports/stores.ts';

export const codeDigits = 6;

/** Removes what people type or paste around the digits: spaces, dashes, marks of direction. The rest is compared as it is. */
export const typedDigits = (typed: string): string => typed.replaceAll(/[ \t\u00A0\p{Pd}\p{Cf}]/gu, '');

/** The code in an answer: strictly six ASCII digits, once `typedDigits` is applied ("123 456", as apps print them). */
export const codeIn = (answer: Json): string | undefined => {
  const text = typeof answer === 'string' && answer.length <= 32 ? typedDigits(answer) : '';
  return /^[0-9]{6}$/.test(text) ? text : undefined;
};

/** True where the answer holds this code. Constant time. */
export const isCode = (answer: Json, code: string): boolean => constantTimeEqual(codeIn(answer) ?? '', code);
