/** Sealing, hashing and random values: the few primitives everything else uses, on node:crypto alone. */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';
import { Problem } from './errors.ts';

/** A key that seals what is kept (AES-256: 32 bytes). */
export interface SealingKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** Encrypts what must not be readable in a store, bound to the record it belongs to. */
export interface Sealer {
  /** `boundTo` names the record, so that a value moved to another row cannot be opened. */
  seal(plain: string, boundTo: string): string;
  /** @throws Problem 'unreadable': another record's, an unknown key's, or changed bytes. */
  open(sealed: string, boundTo: string): string;
}

const ivLength = 12;
const tagLength = 16;

// By hand, not JWE: a fixed format names no algorithm that an attacker could change (RFC 8725 §2.1), and is synchronous.
/**
 * AES-256-GCM with a random 96-bit IV (NIST SP 800-38D §8.2.2). The first key seals, all of them open.
 * Form: `1.<key id>.<base64url of iv ‖ ciphertext ‖ tag>`.
 */
export const createSealer = (keys: readonly [SealingKey, ...SealingKey[]]): Sealer => ({
  seal(plain, boundTo) {
    const [{ id, key }] = keys;
    const iv = randomBytes(ivLength);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    cipher.setAAD(Buffer.from(`${id}\0${boundTo}`));
    const text = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `1.${id}.${text.toString('base64url')}`;
  },
  open(sealed, boundTo) {
    const [version, id, text] = sealed.split('.');
    const known = keys.find(each => each.id === id);
    if (version !== '1' || known === undefined || text === undefined) {
      throw new Problem(
        'unreadable',
        `sealed by key ${String(id)}: expected one of ${keys.map(each => each.id).join(', ')}`,
      );
    }
    const bytes = Buffer.from(text, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', known.key, bytes.subarray(0, ivLength), {
        authTagLength: tagLength,
      });
      decipher.setAAD(Buffer.from(`${known.id}\0${boundTo}`));
      decipher.setAuthTag(bytes.subarray(-tagLength));
      return Buffer.concat([decipher.update(bytes.subarray(ivLength, -tagLength)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new Problem('unreadable', `what is kept for ${boundTo} does not open: changed, or another record's`, {
        cause,
      });
    }
  },
});

declare const holds: unique symbol;
/** Sealed JSON of a T. */
export type Sealed<T> = string & { readonly [holds]?: T };

/** Seals a value as JSON. */
export const sealJson = <T>(sealer: Sealer, value: T, boundTo: string): Sealed<T> =>
  sealer.seal(JSON.stringify(value), boundTo);

/** Opens what `sealJson` sealed for the same record. @throws Problem 'unreadable' as `Sealer.open`. */
export const openJson = <T>(sealer: Sealer, sealed: Sealed<T>, boundTo: string): T =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its tag vouches for it: this is what sealJson was given
  JSON.parse(sealer.open(sealed, boundTo)) as T;

/** `bytes` random bytes as base64url; 16 (128 bits) unless told. */
export const randomToken = (bytes = 16): string => randomBytes(bytes).toString('base64url');

/** SHA-256 as base64url, for values that are random themselves (tokens), never for what people choose. */
export const sha256 = (value: string): string => createHash('sha256').update(value).digest('base64url');

/** HMAC-SHA-256 as base64url, for values that could be guessed (numbers). */
export const hmac = (key: KeyObject, value: string): string =>
  createHmac('sha256', key).update(value).digest('base64url');

/** Decimal digits that only the holder of `key` can tell for this name. 64 bits of HMAC-SHA-256: no digit is likelier. */
export const hmacDigits = (key: KeyObject, name: string, digits: number): string => {
  const number = createHmac('sha256', key).update(name).digest().readBigUInt64BE() % 10n ** BigInt(digits);
  return number.toString().padStart(digits, '0');
};

/** Compares in constant time; false for different lengths. */
export const constantTimeEqual = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};
