/** Writes and reads JWTs (RFC 7515, RFC 7519) of ES256 by hand, so that a test can make each byte wrong. */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';

/** A key pair on P-256. `kid`: JWK thumbprint of the public key (RFC 7638). */
export interface DeviceKey {
  readonly privateKey: KeyObject;
  readonly jwk: JsonWebKey;
  readonly kid: string;
}

/** Differences from the right JWT. A member that is undefined is left out. */
export interface JwtChanges {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Signs with this key; the header and the claims stay. */
  readonly signedBy?: DeviceKey;
  /** der: the signature as X.509 and WebAuthn have it, which JWTs do not (RFC 7518 §3.4). */
  readonly signature?: 'der' | 'empty';
  /** Rewrites the finished text. */
  readonly rewrite?: (jwt: string) => string;
}

export const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** RFC 7638 §3.2: the required members of an EC key, in the order of their names. */
export const thumbprintOf = ({ crv, kty, x, y }: JsonWebKey): string =>
  sha256(JSON.stringify({ crv, kty, x, y })).toString('base64url');

export const createDeviceKey = (): DeviceKey =>
  deviceKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);

/** The key of a device that was created before. */
export const deviceKeyOf = (privateKey: KeyObject): DeviceKey => {
  const { kty, crv, x, y } = createPublicKey(privateKey).export({ format: 'jwk' });
  const jwk = { kty, crv, x, y } as JsonWebKey;
  return { privateKey, jwk, kid: thumbprintOf(jwk) };
};

export const signJwt = (
  typ: string,
  key: DeviceKey,
  claims: Readonly<Record<string, unknown>>,
  changes: JwtChanges = {},
): string => {
  const header = { alg: 'ES256', typ, kid: key.kid, ...changes.header };
  const signed = `${encode(header)}.${encode({ ...claims, ...changes.claims })}`;
  const dsaEncoding = changes.signature === 'der' ? 'der' : 'ieee-p1363';
  const { privateKey } = changes.signedBy ?? key;
  const signature =
    changes.signature === 'empty'
      ? ''
      : sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding }).toString('base64url');
  const jwt = `${signed}.${signature}`;
  return changes.rewrite?.(jwt) ?? jwt;
};

export interface ReadJwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

const decode = (part: string): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Readonly<Record<string, unknown>>;

/** Reads without verifying. */
export const readJwt = (jwt: string): ReadJwt => {
  const [header = '', claims = ''] = jwt.split('.');
  return { header: decode(header), claims: decode(claims) };
};

/** True where this key signed it with ES256, as this type. */
export const isSignedBy = (jwt: string, typ: string, jwk: JsonWebKey): boolean => {
  const [header = '', claims = '', signature = ''] = jwt.split('.');
  const said = decode(header);
  if (said['typ'] !== typ || said['alg'] !== 'ES256') return false;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const data = Buffer.from(`${header}.${claims}`);
  return verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
};
