/** Signs oidc-provider's cookies and our own. By hand, because Keygrip does the same at seven times the cost (bench/README.md). */
import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

/** Methods that Koa's cookies call (the shape of Keygrip). */
export interface CookieKeys {
  sign(data: string): string;
  verify(data: string, signature: string): boolean;
  /** 0: one of the keys signed this. -1: another signature. */
  index(data: string, signature: string): number;
}

const mac = (key: KeyObject, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/**
 * HMAC-SHA-256 (RFC 2104) as base64url. The first key signs, all of them verify. `index` does not tell an older key apart: Koa would
 * sign the value again in a cookie of another path and lifetime. Each of our cookies is signed again when it is next set.
 */
export const createCookieKeys = (keys: readonly [KeyObject, ...KeyObject[]]): CookieKeys => {
  const verify = (data: string, signature: string): boolean => {
    const given = Buffer.from(signature, 'base64url');
    return keys.some(key => {
      const right = mac(key, data);
      return given.length === right.length && timingSafeEqual(given, right);
    });
  };
  return {
    sign: data => mac(keys[0], data).toString('base64url'),
    verify,
    index: (data, signature) => (verify(data, signature) ? 0 : -1),
  };
};
