/** Computes codes as an authenticator app does. By hand, as a second opinion on the library that the product uses. */
import { createHmac } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Seconds for which a code is shown. */
const period = 30;

/** Decodes base32 (RFC 4648 §6); ignores case, spaces and padding. @throws RangeError for another character. */
export const decodeBase32 = (text: string): Buffer => {
  const bytes: number[] = [];
  let [bits, held] = [0, 0];
  for (const letter of text.toUpperCase().replace(/[\s=]/g, '')) {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw new RangeError('A TOTP secret is written in base32: A to Z and 2 to 7');
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
};

/** The HOTP value of a counter (RFC 4226 §5.3). */
export const hotp = (key: Buffer, counter: number, digits: number): string => {
  const moving = Buffer.alloc(8);
  moving.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac('sha1', key).update(moving).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const truncated = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
};

/**
 * The code at `now` and the time until which it is shown, both in milliseconds. `secret` in base32.
 * RFC 6238 with SHA-1, 6 digits and 30 seconds.
 */
export const codeAt = (secret: string, now: number): { readonly code: string; readonly until: number } => {
  const step = Math.floor(now / 1000 / period);
  return { code: hotp(decodeBase32(secret), step, 6), until: (step + 1) * period * 1000 };
};
