/** Converts between bytes and text: base64url (RFC 4648 §5), base32 (§6) and UTF-8. */

type Bytes = Uint8Array<ArrayBuffer>;

/** Bytes of a text in UTF-8. */
export const utf8 = (text: string): Bytes => new TextEncoder().encode(text);

export const base64url = (bytes: ArrayBuffer | Bytes): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** `count` random bytes in base64url. */
export const randomText = (count: number): string => base64url(crypto.getRandomValues(new Uint8Array(count)));

/** SHA-256 in base64url. */
export const sha256 = async (text: string): Promise<string> =>
  base64url(await crypto.subtle.digest('SHA-256', utf8(text)));

const base32Digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Bytes of base32 as people type it: in either case, with spaces, hyphens and padding. undefined: it is something else, or empty. */
export const fromBase32 = (typed: string): Bytes | undefined => {
  const text = typed.replaceAll(/[\s=-]/gu, '').toUpperCase();
  const bytes: number[] = [];
  let [bits, value] = [0, 0];
  for (const digit of text) {
    const number = base32Digits.indexOf(digit);
    if (number === -1) return undefined;
    value = (value << 5) | number;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 255);
    value &= (1 << bits) - 1;
  }
  return bytes.length === 0 ? undefined : Uint8Array.from(bytes);
};
