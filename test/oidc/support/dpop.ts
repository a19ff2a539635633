/** Proves the possession of a key with each request (DPoP, RFC 9449). */
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Clock } from '../../../src/ports/time.ts';

/** Gives the header with a new proof for one request. `more`: further claims, such as `ath` and `nonce`. */
export type Prover = (
  method: string,
  path: string,
  more?: Readonly<Record<string, string>>,
) => Promise<{ readonly dpop: string }>;

/** A holder of a new key, towards this issuer. */
export const createProver = async (world: { readonly issuer: URL; readonly clock: Clock }): Promise<Prover> => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  return async (method, path, more = {}) => ({
    dpop: await new SignJWT({ htm: method, htu: new URL(path, world.issuer).href, jti: randomUUID(), ...more })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt(Math.floor(world.clock() / 1000))
      .sign(privateKey),
  });
};
