/** Reads the public key of a device: ECDSA on P-256 (RFC 7518 §6.2). Its JWK thumbprint (RFC 7638) is the id of the device. */
import { createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { DeviceKey } from '../../pairing-device.ts';

/** 32 bytes in base64url, without padding. */
const coordinate = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/**
 * The key in `value`, without members that do not matter (`ext`, `key_ops`). undefined: another type or curve, a point that is not
 * on the curve, or a private key, which must never leave the device.
 */
export const readDeviceKey = (value: unknown): DeviceKey | undefined => {
  if (typeof value !== 'object' || value === null || 'd' in value) return undefined;
  if (!('kty' in value && 'crv' in value && 'x' in value && 'y' in value)) return undefined;
  const { kty, crv, x, y } = value;
  if (kty !== 'EC' || crv !== 'P-256' || !isCoordinate(x) || !isCoordinate(y)) return undefined;
  const key: DeviceKey = { kty, crv, x, y };
  return isOnCurve(key) ? key : undefined;
};

const isCoordinate = (value: unknown): value is string => typeof value === 'string' && coordinate.test(value);

const isOnCurve = (key: DeviceKey): boolean => {
  try {
    createPublicKey({ key, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
};

/** SHA-256 of the key as RFC 7638 §3 writes it, in base64url: 43 characters. */
export const thumbprintOf = async (key: DeviceKey): Promise<string> => calculateJwkThumbprint(key, 'sha256');
