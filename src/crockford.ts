/**
 * Crockford's base 32: digits and letters without I, L, O and U, which can be misheard or misread. For what people read aloud,
 * write down and type again.
 */
import { random } from './random.ts';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Longer texts are not read: no reference or code comes near it. */
const longestTyped = 128;

/** One character for each byte, from its low five bits. */
export const crockford = (bytes: Uint8Array): string =>
  bytes.reduce((text, byte) => text + (alphabet[byte % 32] ?? ''), '');

/** `length` random characters of five bits each. */
export const randomCrockford = (length: number): string => crockford(random(length));

/**
 * The characters in a typed text: any case and width, without spaces, dashes and marks of direction, `O` as `0`, `I` and `L` as
 * `1`. undefined: another character, or too long a text.
 */
export const typedCrockford = (typed: string): string | undefined => {
  if (typed.length > longestTyped) return undefined;
  const text = typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[\s\p{Pd}\p{Cf}]/gu, '')
    .replaceAll(/[IL]/g, '1')
    .replaceAll('O', '0');
  return /^[0-9A-HJKMNP-TV-Z]*$/.test(text) ? text : undefined;
};

/** Groups of `size` characters with dashes between them: `7K3M-Q2XA`. */
export const inGroups = (text: string, size: number): string =>
  (text.match(new RegExp(`.{1,${size}}`, 'gu')) ?? []).join('-');
