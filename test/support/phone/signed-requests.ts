/** Verifies what the server signs, with the key that the phone pinned when it was paired. */
import type { JsonWebKey } from 'node:crypto';
import type { RequestClaims, ServerKeys } from '../../../src/mfa/push/protocol.ts';
import { isSignedBy, readJwt, thumbprintOf } from './jwt.ts';

/** The keys that sign requests: the pinned one, and each that a statement of the one before names. */
export const followKeys = ({ first, successors }: ServerKeys, pinned: string): readonly JsonWebKey[] => {
  if (thumbprintOf(first) !== pinned) throw new Error('the first key is not the pinned one');
  const keys = [first];
  for (const statement of successors) {
    const last = keys.at(-1);
    if (last === undefined || !isSignedBy(statement, 'sallyport-successor+jwt', last))
      throw new Error('a key is named by somebody else than the one before');
    keys.push(readJwt(statement).claims['jwk'] as JsonWebKey);
  }
  return keys;
};

/** What a request must be, for the phone to show it. `now` in milliseconds. */
export interface Expected {
  readonly keys: readonly JsonWebKey[];
  /** Origin of the server. */
  readonly iss: string;
  /** Thumbprint of the phone's key. */
  readonly aud: string;
  readonly now: number;
}

/** @throws Error where the phone must not show it. */
export const readRequest = (jwt: string, { keys, iss, aud, now }: Expected): RequestClaims => {
  if (!keys.some(key => isSignedBy(jwt, 'sallyport-request+jwt', key))) throw new Error('no known key signed this');
  const claims = readJwt(jwt).claims as unknown as RequestClaims;
  if (claims.iss !== iss || claims.aud !== aud) throw new Error(`got a request of ${claims.iss} for ${claims.aud}`);
  if (claims.exp * 1000 <= now) throw new Error('the request has expired');
  return claims;
};
