/** Signs assertions and requests as clients with a key do. */
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import type { Clock } from '../../../src/ports/time.ts';

type Issuer = { readonly issuer: URL; readonly clock: Clock };
type Claims = Readonly<Record<string, unknown>>;

/** The key of a client. A claim that is undefined is left out. */
export interface ClientKey {
  readonly jwk: JWK;
  readonly privateKey: CryptoKey;
  /** Signs these claims, as they are. */
  sign(claims: Claims, header?: Readonly<Record<string, unknown>>): Promise<string>;
  /** The parameters by which the client authenticates (RFC 7523 §2.2). */
  prove(clientId: string, claims?: Claims, header?: Readonly<Record<string, unknown>>): Promise<Assertion>;
  /** A request of the client as one JWT (RFC 9101). */
  request(clientId: string, params: Claims, header?: Readonly<Record<string, unknown>>): Promise<string>;
}

/** For a form. */
export type Assertion = Record<'client_assertion' | 'client_assertion_type', string>;

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** A new key, for this issuer. */
export const createClientKey = async (world: Issuer, alg = 'ES256'): Promise<ClientKey> => {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const kid = randomUUID();
  const now = (): number => Math.floor(world.clock() / 1000);
  const sign: ClientKey['sign'] = (claims, header = {}) =>
    // A member that is undefined is not in the JSON.
    new SignJWT(JSON.parse(JSON.stringify(claims)) as JWTPayload)
      .setProtectedHeader({ alg, kid, ...header })
      .sign(privateKey);
  return {
    jwk: { ...(await exportJWK(publicKey)), kid, alg },
    privateKey,
    sign,
    async prove(clientId, claims = {}, header = {}) {
      const base = { iss: clientId, sub: clientId, aud: world.issuer.origin, jti: randomUUID(), exp: now() + 60 };
      return {
        client_assertion: await sign({ ...base, ...claims }, header),
        client_assertion_type: assertionType,
      };
    },
    request: (clientId, params, header = {}) =>
      sign(
        { iss: clientId, client_id: clientId, aud: world.issuer.origin, nbf: now(), exp: now() + 60, ...params },
        header,
      ),
  };
};
