/**
 * Verifies the header by which a device proves a call of the API: `Authorization: Device <JWT>`, good for one method, path and body.
 * Pure: the caller finds the key of the device, and takes each `jti` once.
 */
import { createHash } from 'node:crypto';
import type { EpochMillis } from '../../ports/time.ts';
import { verifyDeviceJwt, type SigningDevice } from './device-jwt.ts';
import { jwtTypes } from './protocol.ts';

/** A header as it was sent. `handle`: the device that it claims to be from, which nothing has proven yet. */
export interface ClaimedProof {
  readonly handle: string;
  readonly jwt: string;
}

/** What the device must have signed. */
export interface ProvenCall {
  readonly method: string;
  readonly path: string;
  /** Empty: the call has none. */
  readonly body: Uint8Array;
}

/** `jti`: of this call alone; to be kept until `until`, from which on no copy is accepted. */
export type DeviceProof =
  | { readonly ok: true; readonly jti: string; readonly until: EpochMillis }
  | { readonly ok: false; readonly reason: 'invalid' | 'clock' };

const headerForm = /^Device (?<jwt>(?<header>[\w-]+)\.[\w-]+\.[\w-]+)$/;
const thumbprint = /^[\w-]{43}$/;
const jtiForm = /^[\w-]{16,64}$/;

/** Reads the header; undefined: it is absent or has another form. */
export const readProof = (authorization: string | undefined): ClaimedProof | undefined => {
  const { jwt = '', header = '' } = headerForm.exec(authorization ?? '')?.groups ?? {};
  try {
    const read: unknown = JSON.parse(Buffer.from(header, 'base64url').toString());
    if (typeof read !== 'object' || read === null || !('kid' in read)) return undefined;
    const { kid } = read;
    return typeof kid === 'string' && thumbprint.test(kid) ? { handle: kid, jwt } : undefined;
  } catch {
    return undefined;
  }
};

/** Verifies that `device` signed this call. */
export const verifyProof = async (
  { jwt }: ClaimedProof,
  { method, path, body }: ProvenCall,
  expected: { readonly device: SigningDevice; readonly origin: string; readonly now: EpochMillis },
): Promise<DeviceProof> => {
  const verified = await verifyDeviceJwt(jwt, { typ: jwtTypes.device, ...expected });
  if (!verified.ok) return verified;
  const { jti, htm, htu, bsh } = verified.claims;
  const digest = body.length === 0 ? undefined : createHash('sha256').update(body).digest('base64url');
  const isThisCall = htm === method && htu === path && bsh === digest;
  if (!isThisCall || typeof jti !== 'string' || !jtiForm.test(jti)) return { ok: false, reason: 'invalid' };
  return { ok: true, jti, until: verified.until };
};
