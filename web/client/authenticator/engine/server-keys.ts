/**
 * Follows the key with which the server signs requests. The first one is pinned when the device is paired; each later one counts
 * only where the one before has signed a statement that names it, and then the one before counts no more. So a server that was taken
 * over without its key, a proxy that reads TLS, or a thief of a replaced key cannot make this device show a request.
 */
import { calculateJwkThumbprint, importJWK, jwtVerify, type JWK } from 'jose';
import { jwtTypes, type ServerKeys } from '../../../../src/mfa/push/protocol.ts';

/** Most keys of a chain. One a year is usual. */
const maxKeys = 100;

const isJwk = (value: unknown): value is JWK => typeof value === 'object' && value !== null && 'kty' in value;

/** Verifies a statement with the key before. Gives the key that it names. */
const nextKey = async (statement: string, before: JWK, origin: string): Promise<JWK | undefined> => {
  try {
    const { payload } = await jwtVerify(statement, await importJWK(before, 'ES256'), {
      algorithms: ['ES256'],
      typ: jwtTypes.successor,
      issuer: origin,
    });
    const { jwk } = payload;
    return isJwk(jwk) ? jwk : undefined;
  } catch {
    return undefined;
  }
};

/** The key that counts. `kid`: its thumbprint (RFC 7638). */
export interface ServerKey {
  readonly kid: string;
  readonly key: JWK;
}

/**
 * The last key. `pinned`: thumbprint of the first key at the pairing. undefined: the first key is another one, or a statement is not
 * by the key before.
 */
export const lastKey = async (
  { first, successors }: ServerKeys,
  { pinned, origin }: { readonly pinned: string; readonly origin: string },
): Promise<ServerKey | undefined> => {
  if ((await calculateJwkThumbprint(first)) !== pinned || successors.length > maxKeys) return undefined;
  let key = first;
  for (const statement of successors) {
    const next = await nextKey(statement, key, origin);
    if (next === undefined) return undefined;
    key = next;
  }
  return { kid: await calculateJwkThumbprint(key), key };
};

/**
 * How the keys that a server tells now go on from those that it told before. behind: a node that has not read the last one yet.
 * elsewhere: a replaced key has named another successor.
 */
export const continuationOf = (
  { successors: before }: ServerKeys,
  { successors: told }: ServerKeys,
): 'on' | 'behind' | 'elsewhere' => {
  const isSame = before.slice(0, told.length).every((statement, at) => statement === told[at]);
  if (!isSame) return 'elsewhere';
  return told.length < before.length ? 'behind' : 'on';
};

/** Thumbprint of a first key, to be pinned. */
export const pinOf = async ({ first }: ServerKeys): Promise<string> => calculateJwkThumbprint(first);
