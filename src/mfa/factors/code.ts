/** Codes that people type: one shape, one comparison. */
import { constantTimeEqual } from '../../crypto.ts';
import type { Json } from '../../ports/stores.ts';

export const codeDigits = 6;

/** Strictly six ASCII digits; spaces around and inside, as apps print them ("123 456"), are nobody's guess. */
export const codeIn = (answer: Json): string | undefined => {
  const text = typeof answer === 'string' && answer.length <= 32 ? answer.replaceAll(' ', '') : '';
  return /^[0-9]{6}$/.test(text) ? text : undefined;
};

/** Whether it is this code. Constant time. */
export const isCode = (answer: Json, code: string): boolean => constantTimeEqual(codeIn(answer) ?? '', code);
