/** Verifies requests of the server. Only those are shown that the last key signed which descends from the pinned one. */
import { decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { jwtTypes, unlocks, type RequestClaims, type RequestPurpose } from '../../../../src/mfa/push/protocol.ts';
import type { EpochMillis } from '../../../../src/ports/time.ts';
import type { ServerKey } from './server-keys.ts';

/** For whom a request must be, and who must have signed it. */
export interface Expected {
  readonly signer: ServerKey;
  /** Origin of the server. */
  readonly origin: string;
  /** Thumbprint of this device's key. */
  readonly kid: string;
  /** By the server's clock. */
  readonly now: EpochMillis;
}

const purposes: readonly RequestPurpose[] = ['sign-in', 'pairing', 'approval', 'caller'];

const isText = (value: unknown): value is string => typeof value === 'string';
const isTextOrAbsent = (value: unknown): boolean => value === undefined || isText(value);
const isOneOf = (value: unknown, list: readonly string[]): boolean => isText(value) && list.includes(value);

/** True for claims of a request with all that a view needs. */
const isRequest = (claims: object): claims is RequestClaims => {
  const of = (name: keyof RequestClaims): unknown => Reflect.get(claims, name);
  return (
    (['iss', 'aud', 'jti', 'nonce', 'account', 'client'] as const).every(name => isText(of(name))) &&
    (['address', 'place', 'browser', 'message'] as const).every(name => isTextOrAbsent(of(name))) &&
    (['iat', 'exp', 'digits'] as const).every(name => Number.isInteger(of(name))) &&
    isOneOf(of('purpose'), purposes) &&
    isOneOf(of('unlock'), unlocks)
  );
};

/** Thumbprint of the key that a request names; undefined: it is no JWT, or has no `kid`. */
export const signerOf = (jwt: string): string | undefined => {
  try {
    return decodeProtectedHeader(jwt).kid;
  } catch {
    return undefined;
  }
};

/** The claims of a request; undefined for one that must not be shown. */
export const verifyRequest = async (
  jwt: string,
  { signer, origin, kid, now }: Expected,
): Promise<RequestClaims | undefined> => {
  if (signerOf(jwt) !== signer.kid) return undefined;
  try {
    const { payload } = await jwtVerify(jwt, await importJWK(signer.key, 'ES256'), {
      algorithms: ['ES256'],
      typ: jwtTypes.request,
      issuer: origin,
      audience: kid,
      currentDate: new Date(now),
    });
    return isRequest(payload) ? payload : undefined;
  } catch {
    return undefined;
  }
};
