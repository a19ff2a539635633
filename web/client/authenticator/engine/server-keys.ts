/**
 * Follows the keys with which the server signs requests. The first one is pinned when the device is paired; each later one counts
 * only where the one before has signed a statement that names it. So a server that was taken over without its keys, or a proxy
 * that reads TLS, cannot make this device show a request.
 */
import { calculateJwkThumbprint, importJWK, jwtVerify, type JWK } from 'jose';
import { jwtTypes, type ServerKeys } from '../../../../src/mfa/push/protocol.ts';

/** Most keys of a chain. One a year is usual. */
const mostKeys = 100;

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

/**
 * The keys that count, by their thumbprint. `pinned`: thumbprint of the first key at the pairing. undefined: the first key is
 * another one, or a statement is not by the key before.
 */
export const followKeys = async (
  { first, successors }: ServerKeys,
  { pinned, origin }: { readonly pinned: string; readonly origin: string },
): Promise<ReadonlyMap<string, JWK> | undefined> => {
  if ((await calculateJwkThumbprint(first)) !== pinned || successors.length > mostKeys) return undefined;
  const keys = new Map([[pinned, first]]);
  let last = first;
  for (const statement of successors) {
    const next = await nextKey(statement, last, origin);
    if (next === undefined) return undefined;
    keys.set(await calculateJwkThumbprint(next), next);
    last = next;
  }
  return keys;
};

/** Thumbprint of a first key, to be pinned. */
export const pinOf = async ({ first }: ServerKeys): Promise<string> => calculateJwkThumbprint(first);
