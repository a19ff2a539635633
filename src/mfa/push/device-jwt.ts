/**
 * Verifies a JWT that a device signed: ES256, of the expected type, by this device, for this server, now. The clock of a phone may
 * differ from ours: `iat` counts within two minutes of it, and `exp`, a minute later at most, with the same tolerance (RFC 7519 §4.1.4).
 */
import { createPublicKey } from 'node:crypto';
import { compactVerify } from 'jose';
import type { EpochMillis, Millis } from '../../ports/time.ts';
import type { DeviceKey } from '../../pairing-device.ts';

/** A device as it signs. `handle`: the thumbprint of its key. */
export interface SigningDevice {
  readonly handle: string;
  readonly key: DeviceKey;
}

/** What the JWT must fit. `typ`: of `jwtTypes`. */
export interface ExpectedJwt {
  readonly typ: string;
  readonly device: SigningDevice;
  /** The issuer's origin. */
  readonly origin: string;
  readonly now: EpochMillis;
}

/**
 * `until`: no clock within the tolerance accepts it any more. clock: the signature is right, and the clock of the device is too far from
 * ours, or the JWT was signed earlier.
 */
export type DeviceJwt =
  | { readonly ok: true; readonly claims: Readonly<Record<string, unknown>>; readonly until: EpochMillis }
  | { readonly ok: false; readonly reason: 'invalid' | 'clock' };

/** Longest JWT: one that holds a WebAuthn credential. */
const longest = 40_960;
/** The clock of a device may differ from ours by this much, after the correction that the API tells it. */
export const clockTolerance: Millis = 120_000;
/** Seconds. */
const longestLifetime = 60;

const invalid = { ok: false, reason: 'invalid' } as const;

/** Verifies `jwt`. Never throws for a wrong one. */
export const verifyDeviceJwt = async (jwt: string, { typ, device, origin, now }: ExpectedJwt): Promise<DeviceJwt> => {
  const claims = await readSigned(jwt, typ, device.key);
  if (claims === undefined) return invalid;
  const { iss, aud, iat, exp } = claims;
  if (iss !== device.handle || aud !== origin || !isTime(iat) || !isTime(exp)) return invalid;
  if (exp <= iat || exp - iat > longestLifetime) return invalid;
  if (Math.abs(now - iat * 1000) > clockTolerance) return { ok: false, reason: 'clock' };
  return { ok: true, claims, until: iat * 1000 + clockTolerance };
};

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

/**
 * The claims of a JWT that this key signed as this type; undefined: it did not. ES256 only: the header never chooses the algorithm
 * (RFC 8725 §3.1). For whom and when it is valid is not compared.
 */
export const readSigned = async (
  jwt: string,
  typ: string,
  key: DeviceKey,
): Promise<Readonly<Record<string, unknown>> | undefined> => {
  if (jwt.length > longest) return undefined;
  try {
    const publicKey = createPublicKey({ key, format: 'jwk' });
    const { payload, protectedHeader } = await compactVerify(jwt, publicKey, { algorithms: ['ES256'] });
    if (protectedHeader.typ !== typ) return undefined;
    return asObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
  } catch {
    return undefined;
  }
};

const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
