/** Compares a password with a stored hash. May block a thread for seconds, so only the hashing process runs it (`password-child.js`). */
// @ts-check
import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { verify as verifyArgon2 } from '@node-rs/argon2';

const derivePbkdf2 = promisify(pbkdf2);
/** @type {(password: string, salt: Buffer, length: number, cost: object) => Promise<Buffer>} */
const deriveScrypt = promisify(scrypt);

const form = /^\$(?<algorithm>pbkdf2-(?<digest>sha\d+)|scrypt)\$(?<parameters>[^$]+)\$(?<salt>[^$]+)\$(?<hash>[^$]+)$/;

/**
 * Whether `phc`, in the spelling of `password-hash.ts`, is a hash of this password. @throws Error for another text
 *
 * @param {string} phc
 * @param {string} password
 */
export const verifyHash = async (phc, password) => {
  if (phc.startsWith('$argon2')) return verifyArgon2(phc, password);
  if (phc.startsWith('$2b$')) {
    // Loaded on demand: most installations have no such hash.
    const { compare } = await import('bcryptjs');
    return compare(password, phc);
  }
  const { digest, parameters = '', salt = '', hash = '' } = form.exec(phc)?.groups ?? {};
  const expected = Buffer.from(hash, 'base64');
  if (expected.length === 0) throw new Error('got no hash that is known here');
  /** @param {string} name */
  const number = name => Number(new RegExp(`(?:^|,)${name}=(\\d+)`).exec(parameters)?.[1]);
  const salted = Buffer.from(salt, 'base64');
  if (digest !== undefined) {
    return timingSafeEqual(await derivePbkdf2(password, salted, number('i'), expected.length, digest), expected);
  }
  const cost = { N: 2 ** number('ln'), r: number('r'), p: number('p') };
  // OpenSSL needs a little more than the memory of the blocks.
  const maxmem = 128 * cost.r * (cost.N + cost.p + 2) + 65_536;
  return timingSafeEqual(await deriveScrypt(password, salted, expected.length, { ...cost, maxmem }), expected);
};
