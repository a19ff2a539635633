/** Generates keys, seals them for their ring, and opens them. */
import { createSecretKey, generateKeyPair, randomBytes, type JsonWebKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, type JWK } from 'jose';
import { sha256, type Sealer } from '../crypto.ts';
import { isProblem, Problem } from '../errors.ts';
import type { RingKey } from '../records.ts';
import type { NewKey, Ring } from './ring.ts';

/** A private signing key as a JWK (RFC 7517), with `kid` (RFC 7638), `alg` and `use`. */
export interface SigningKey extends JWK {
  readonly kty: string;
  readonly kid: string;
  readonly alg: 'ES256' | 'RS256';
  readonly use: 'sig';
}

const makePair = promisify(generateKeyPair);

/** A new private signing key. RSA keys have 2048 bits. */
export const makeSigningKey = async (alg: SigningKey['alg']): Promise<SigningKey> => {
  const { privateKey } = await (alg === 'ES256'
    ? makePair('ec', { namedCurve: 'P-256' })
    : makePair('rsa', { modulusLength: 2048 }));
  const { kty = '', ...rest }: JsonWebKey = privateKey.export({ format: 'jwk' });
  const jwk = { ...rest, kty };
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' };
};

/** A new secret of 256 bits that signs cookies, as base64url. */
export const makeCookieKey = (): string => randomBytes(32).toString('base64url');

/** A new key for this ring. */
export const makeKey = async (sealer: Sealer, ring: Ring): Promise<NewKey> =>
  ring.alg === 'HS256'
    ? sealCookieKey(sealer, ring, makeCookieKey())
    : sealSigningKey(sealer, ring, await makeSigningKey(ring.alg));

/** A signing key, sealed for its ring. */
export const sealSigningKey = (sealer: Sealer, ring: Ring, key: SigningKey): NewKey => ({
  kid: key.kid,
  sealed: sealer.seal(JSON.stringify(key), keyBinding(ring.id, key.kid)),
});

/** A cookie key, sealed for its ring. Its id is a digest, so that the same key has the same id on every node. */
export const sealCookieKey = (sealer: Sealer, ring: Ring, key: string): NewKey => {
  const kid = sha256(`cookie-key:${key}`).slice(0, 22);
  return { kid, sealed: sealer.seal(key, keyBinding(ring.id, kid)) };
};

/** @throws Problem 'unreadable' where no configured sealing key opens it */
export const openSigningKey = (sealer: Sealer, ring: Ring, key: RingKey): SigningKey => {
  const jwk: unknown = JSON.parse(open(sealer, ring, key));
  if (isSigningKey(jwk)) return jwk;
  throw new Problem('unreadable', `${ring.id}: got a stored key of another form, expected a JWK`);
};

/** @throws Problem 'unreadable' where no configured sealing key opens it */
export const openCookieKey = (sealer: Sealer, ring: Ring, key: RingKey): KeyObject =>
  createSecretKey(Buffer.from(open(sealer, ring, key), 'base64url'));

/** Whether this process could sign with the key. */
export const opens = (sealer: Sealer, ring: Ring, key: RingKey): boolean => {
  try {
    if (ring.use === 'signing') openSigningKey(sealer, ring, key);
    else openCookieKey(sealer, ring, key);
    return true;
  } catch (error) {
    if (isProblem(error, 'unreadable')) return false;
    throw error;
  }
};

/** The binding of a sealed key: with another ring or another id it does not open. */
export const keyBinding = (ringId: string, kid: string): string => `key:${ringId}:${kid}`;

const open = (sealer: Sealer, ring: Ring, { kid, sealed }: RingKey): string => {
  try {
    return sealer.open(sealed, keyBinding(ring.id, kid));
  } catch (cause) {
    if (!isProblem(cause, 'unreadable')) throw cause;
    throw new Problem('unreadable', `the key ${kid} of ${ring.id} does not open: ${cause.message}`, { cause });
  }
};

/** Whether a parsed text is a signing key. */
export const isSigningKey = (value: unknown): value is SigningKey =>
  typeof value === 'object' && value !== null && 'kid' in value && 'alg' in value && 'kty' in value;
