/** Seals, hashes and compares values, and makes random ones. Uses node:crypto only. */
import { createCipheriv, createDecipheriv, createHmac, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import { isProblem, Problem } from './errors.ts';
import { random } from './random.ts';

/** A key that seals stored values (AES-256: 32 bytes). */
export interface SealingKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** Encrypts values that must not be readable in a store, each bound to its record. */
export interface Sealer {
  /** `boundTo` names the record, so that a value cannot be opened after it was moved to another one. */
  seal(plain: string, boundTo: string): string;
  /** @throws Problem 'unreadable' for another record, an unknown key, or changed bytes. */
  open(sealed: string, boundTo: string): string;
  /** Reports a stored value that does not open, which is an incident. Not for values that browsers send. */
  tell(sealed: string, boundTo: string): void;
}

/** A stored value that does not open: the record that it belongs to, and the id of the key that sealed it. */
export interface UnreadableValue {
  readonly boundTo: string;
  readonly sealingKey: string;
}

const ivLength = 12;
const tagLength = 16;

// By hand instead of JWE: the format contains no algorithm that an attacker could change (RFC 8725 §2.1), and is synchronous.
/**
 * AES-256-GCM with a random 96-bit IV (NIST SP 800-38D §8.2.2). The first key seals, all of them open.
 * Form: `1.<key id>.<base64url of iv ‖ ciphertext ‖ tag>`.
 */
export const createSealer = (
  keys: readonly [SealingKey, ...SealingKey[]],
  onUnreadable: (value: UnreadableValue) => void = () => {},
): Sealer => ({
  seal(plain, boundTo) {
    const [{ id, key }] = keys;
    const iv = random(ivLength);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    cipher.setAAD(Buffer.from(`${id}\0${boundTo}`));
    const text = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `1.${id}.${text.toString('base64url')}`;
  },
  open(sealed, boundTo) {
    const [version, id, text] = sealed.split('.');
    const sealingKey = keys.find(each => each.id === id);
    if (version !== '1' || sealingKey === undefined || text === undefined) {
      throw new Problem(
        'unreadable',
        `got a value sealed by key ${String(id)}, expected one of ${keys.map(each => each.id).join(', ')}`,
      );
    }
    const bytes = Buffer.from(text, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', sealingKey.key, bytes.subarray(0, ivLength), {
        authTagLength: tagLength,
      });
      decipher.setAAD(Buffer.from(`${sealingKey.id}\0${boundTo}`));
      decipher.setAuthTag(bytes.subarray(-tagLength));
      return Buffer.concat([decipher.update(bytes.subarray(ivLength, -tagLength)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new Problem(
        'unreadable',
        `got a changed value or that of another record, expected one sealed for ${boundTo}`,
        {
          cause,
        },
      );
    }
  },
  tell: (sealed, boundTo) => onUnreadable({ boundTo, sealingKey: sealingKeyOf(sealed) }),
});

declare const holds: unique symbol;
/** Sealed JSON of a T. The type remembers T for `openJson`. */
export type Sealed<T> = string & { readonly [holds]?: T };

/** Seals a value as JSON. */
export const sealJson = <T>(sealer: Sealer, value: T, boundTo: string): Sealed<T> =>
  sealer.seal(JSON.stringify(value), boundTo);

/** Opens what `sealJson` sealed for the same record. @throws Problem 'unreadable' as `Sealer.open`. */
export const openJson = <T>(sealer: Sealer, sealed: Sealed<T>, boundTo: string): T =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the authenticated value is the one that sealJson was given
  JSON.parse(sealer.open(sealed, boundTo)) as T;

/**
 * Opens a stored value that `sealJson` sealed. undefined: its bytes were changed, or its key is missing. Then the sealer reports it,
 * and the value counts as absent, so that one damaged record fails no request of others.
 */
export const openStored = <T>(sealer: Sealer, sealed: Sealed<T>, boundTo: string): T | undefined => {
  const text = openStoredText(sealer, sealed, boundTo);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the authenticated value is the one that sealJson was given
  return text === undefined ? undefined : (JSON.parse(text) as T);
};

/** The same for what `Sealer.seal` sealed. */
export const openStoredText = (sealer: Sealer, sealed: string, boundTo: string): string | undefined => {
  try {
    return sealer.open(sealed, boundTo);
  } catch (error) {
    if (!isProblem(error, 'unreadable')) throw error;
    sealer.tell(sealed, boundTo);
    return undefined;
  }
};

/**
 * Opens a value that `sealJson` sealed and that a browser sent back, such as a cookie. undefined: it is absent, not ours, or its key was
 * removed. None of these is reported, because anybody can send anything.
 */
export const openSent = <T>(sealer: Sealer, sealed: Sealed<T> | undefined, boundTo: string): T | undefined => {
  if (sealed === undefined) return undefined;
  try {
    return openJson(sealer, sealed, boundTo);
  } catch (error) {
    if (isProblem(error, 'unreadable')) return undefined;
    throw error;
  }
};

/** Id of the key that sealed this. Empty: the value has another form. */
export const sealingKeyOf = (sealed: string): string => sealed.split('.')[1] ?? '';

/** `bytes` random bytes as base64url; 16 (128 bits) unless told. */
export const randomToken = (bytes = 16): string => random(bytes).toString('base64url');

/** SHA-256 as base64url, for values that are random themselves (tokens), never for what people choose. */
export const sha256 = (value: string): string => hash('sha256', value, 'base64url');

/** HMAC-SHA-256 as base64url, for values that could be guessed (numbers). */
export const hmac = (key: KeyObject, value: string): string =>
  createHmac('sha256', key).update(value).digest('base64url');

/** Decimal digits that only the holder of `key` can compute for this name. From 64 bits of HMAC-SHA-256: the bias is negligible. */
export const hmacDigits = (key: KeyObject, name: string, digits: number): string => {
  const number = createHmac('sha256', key).update(name).digest().readBigUInt64BE() % 10n ** BigInt(digits);
  return number.toString().padStart(digits, '0');
};

/** Compares in constant time. False for different lengths. */
export const constantTimeEqual = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};
