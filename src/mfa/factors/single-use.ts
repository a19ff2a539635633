/**
 * Hashes and compares random secrets that a person types once. Only a salted HMAC-SHA-256 is kept, and the record that holds it is
 * sealed with a key that no store has. A slow hash is not needed: the secrets are random and not chosen by people
 * (NIST SP 800-63B-4 §3.1.2.2).
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import { constantTimeEqual, hmac } from '../../crypto.ts';
import { randomCrockford, typedCrockford } from '../../crockford.ts';
import type { Json } from '../../ports/stores.ts';

/** A salt as it is stored, 128 bits. */
export const newSalt = (): string => randomBytes(16).toString('base64url');

/** Hash of a secret in its canonical form (`typedCrockford`). */
export const hashOf = (salt: string, secret: string): string =>
  hmac(createSecretKey(Buffer.from(salt, 'base64url')), secret);

/** `count` different secrets of `length` characters. */
export const newSecrets = (count: number, length: number): readonly string[] => {
  const secrets = new Set<string>();
  while (secrets.size < count) secrets.add(randomCrockford(length));
  return [...secrets];
};

/** The secret in an answer: exactly `length` characters. */
export const secretIn = (answer: Json, length: number): string | undefined => {
  const text = typeof answer === 'string' ? typedCrockford(answer) : undefined;
  return text?.length === length ? text : undefined;
};

/** Whether one of the hashes is this one. Compares with each in constant time. */
export const includesHash = (hashes: readonly string[], hash: string): boolean =>
  hashes.filter(each => constantTimeEqual(each, hash)).length > 0;
