/** Checks who sends a push (VAPID, RFC 8292). */
import { createPublicKey, verify } from 'node:crypto';

/** A day, in seconds. */
const longestLife = 86_400;

/** A sender that has proven who it is. `key` as in `applicationServerKey` of a subscription, base64url. */
export interface PushSender {
  readonly key: string;
  readonly contact: string;
}

/**
 * Reads `authorization` of a push to a service at `origin`. Gives the sender, or the reason for a refusal. `now` in milliseconds since
 * 1970.
 */
export const senderOf = (authorization: string | undefined, origin: string, now: number): PushSender | string => {
  const [, token = '', key = ''] = /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(authorization ?? '') ?? [];
  const [head = '', body = '', signature = ''] = token.split('.');
  const header = objectOf(head);
  const { aud, exp, sub } = objectOf(body);
  if (header['alg'] !== 'ES256' || header['typ'] !== 'JWT') return 'there is no JWT with ES256';
  if (!isSigned(`${head}.${body}`, signature, key)) return 'the signature is not by the key k';
  if (aud !== origin) return `aud is ${String(aud)}, expected ${origin}`;
  const seconds = now / 1000;
  if (typeof exp !== 'number' || exp <= seconds) return 'the JWT is expired';
  if (exp > seconds + longestLife) return 'exp is more than 24 hours away';
  if (typeof sub !== 'string' || !/^(?:mailto:[^\s<>]+|https?:\/\/\S+)$/.test(sub))
    return 'sub is no address of a contact';
  return { key, contact: sub };
};

const objectOf = (part: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

/** `key`: an uncompressed point of P-256. */
const isSigned = (text: string, signature: string, key: string): boolean => {
  const point = Buffer.from(key, 'base64url');
  if (point.length !== 65) return false;
  const [x = '', y = ''] = [point.subarray(1, 33), point.subarray(33)].map(each => each.toString('base64url'));
  try {
    const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
    const signed = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
    return verify('sha256', Buffer.from(text), signed, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
};
