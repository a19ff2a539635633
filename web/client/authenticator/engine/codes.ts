/**
 * Makes the codes of TOTP (RFC 6238). A secret is kept encrypted under a key that is not extractable and can only wrap and unwrap.
 * It is unwrapped into a key that can only sign, so no script reads a secret again once it is kept.
 */
import type { CryptoKey } from 'jose';
import type { EpochMillis } from '../../../../src/ports/time.ts';
import { fromBase32 } from './bytes.ts';

/** The hash functions of RFC 6238, as WebCrypto names them. */
type Hash = 'SHA-1' | 'SHA-256' | 'SHA-512';

/** Codes as a QR code or a person tells them. `secret` in base32. */
export interface CodesUri {
  readonly issuer: string;
  readonly account: string;
  readonly secret: string;
  readonly hash: Hash;
  readonly digits: number;
  /** Seconds. */
  readonly period: number;
}

/** Codes as they are kept. */
export interface KeptCodes {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly wrapped: ArrayBuffer;
  readonly hash: Hash;
  readonly digits: number;
  /** Seconds. */
  readonly period: number;
}

const hashes: Readonly<Record<string, Hash>> = {
  SHA1: 'SHA-1',
  SHA256: 'SHA-256',
  SHA512: 'SHA-512',
};

/** Codes with the parameters that almost every site has. */
export const usualCodes = { hash: 'SHA-1', digits: 6, period: 30 } as const;

const numberOf = (text: string | null, usual: number): number => (text === null ? usual : Number(text));

/**
 * Reads an `otpauth://totp/…` URI (https://github.com/google/google-authenticator/wiki/Key-Uri-Format). undefined: it is another
 * one, counts instead of looking at the clock, or has parameters that cannot be.
 */
export const readCodesUri = (text: string): CodesUri | undefined => {
  let uri: URL;
  let label: string;
  try {
    uri = new URL(text);
    label = decodeURIComponent(uri.pathname.replace(/^\/+/u, '').replace(/^totp\//iu, ''));
  } catch {
    return undefined;
  }
  const type = uri.host === '' ? /^\/*(?<type>[a-z]+)/iu.exec(uri.pathname)?.groups?.['type'] : uri.host;
  if (uri.protocol !== 'otpauth:' || type?.toLowerCase() !== 'totp') return undefined;
  const { searchParams: given } = uri;
  const secret = given.get('secret') ?? '';
  const hash = hashes[(given.get('algorithm') ?? 'SHA1').toUpperCase().replaceAll('-', '')];
  const digits = numberOf(given.get('digits'), usualCodes.digits);
  const period = numberOf(given.get('period'), usualCodes.period);
  if (fromBase32(secret) === undefined || hash === undefined) return undefined;
  if (![6, 7, 8].includes(digits) || !Number.isInteger(period) || period < 10 || period > 300) return undefined;
  const [first = '', ...rest] = label.split(':');
  const issuer = given.get('issuer') ?? (rest.length > 0 ? first : '');
  return { issuer, account: (rest.length > 0 ? rest.join(':') : first).trim(), secret, hash, digits, period };
};

/** The key that wraps secrets. Neither this key nor an unwrapped one can be exported. */
export const createWrappingKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['wrapKey', 'unwrapKey']);

/** Wraps a secret. undefined: it is not base32. */
export const wrapCodes = async (
  { secret, hash, digits, period }: Pick<CodesUri, 'secret' | 'hash' | 'digits' | 'period'>,
  wrapping: CryptoKey,
): Promise<KeptCodes | undefined> => {
  const bytes = fromBase32(secret);
  if (bytes === undefined) return undefined;
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash }, true, ['sign']);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const wrapped = await crypto.subtle.wrapKey('raw', key, wrapping, { name: 'AES-GCM', iv });
  return { iv, wrapped, hash, digits, period };
};

/** The code of a moment, and when the next one comes. RFC 6238 §4, RFC 4226 §5.3. */
export const codeAt = async (
  { iv, wrapped, hash, digits, period }: KeptCodes,
  wrapping: CryptoKey,
  now: EpochMillis,
): Promise<{ readonly code: string; readonly until: EpochMillis }> => {
  const algorithm = { name: 'HMAC', hash };
  const key = await crypto.subtle.unwrapKey('raw', wrapped, wrapping, { name: 'AES-GCM', iv }, algorithm, false, [
    'sign',
  ]);
  const step = Math.floor(now / 1000 / period);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter));
  const offset = mac.getUint8(mac.byteLength - 1) & 15;
  const number = (mac.getUint32(offset) & 0x7f_ff_ff_ff) % 10 ** digits;
  return { code: String(number).padStart(digits, '0'), until: (step + 1) * period * 1000 };
};
