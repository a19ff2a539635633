/**
 * Makes the key of a device and signs with it. The private key is not extractable: no script can read it, ours neither. It can
 * only be used, in this browser.
 */
import { calculateJwkThumbprint, SignJWT, type CryptoKey, type JWK } from 'jose';
import { jwtTypes } from '../../../../src/mfa/push/protocol.ts';
import type { EpochMillis } from '../../../../src/ports/time.ts';
import { randomText, sha256 } from './bytes.ts';

/** The key of one account on this device. `kid`: JWK thumbprint (RFC 7638), the name of the device at the server. */
export interface DeviceKey {
  readonly kid: string;
  readonly publicKey: JWK;
  readonly privateKey: CryptoKey;
}

/** Makes a key on P-256. */
export const createDeviceKey = async (): Promise<DeviceKey> => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
  ]);
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey);
  if (kty === undefined || crv === undefined || x === undefined || y === undefined)
    throw new Error('expected a public key on P-256');
  const jwk: JWK = { kty, crv, x, y };
  return { kid: await calculateJwkThumbprint(jwk), publicKey: jwk, privateKey };
};

/** Seconds that a signature counts for. */
const lifetime = 60;

/** Signs claims as a JWT of this type. `now` by the server's clock. */
export const signAs = async (
  typ: (typeof jwtTypes)[keyof typeof jwtTypes],
  { kid, privateKey }: DeviceKey,
  { claims, now }: { readonly claims: Readonly<Record<string, unknown>>; readonly now: EpochMillis },
): Promise<string> => {
  const iat = Math.floor(now / 1000);
  return new SignJWT({ ...claims, iss: kid, iat, exp: iat + lifetime })
    .setProtectedHeader({ alg: 'ES256', typ, kid })
    .sign(privateKey);
};

/** A call to the API, as the header that proves it names it. */
export interface ProvenCall {
  /** Origin of the server. */
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string | undefined;
}

/** Value of `Authorization`: proves this one call, with its body, for a minute. */
export const proveCall = async (
  key: DeviceKey,
  { origin, method, path, body }: ProvenCall,
  now: EpochMillis,
): Promise<string> => {
  const claims = {
    aud: origin,
    jti: randomText(16),
    htm: method,
    htu: path,
    ...(body !== undefined && { bsh: await sha256(body) }),
  };
  return `Device ${await signAs(jwtTypes.device, key, { claims, now })}`;
};
