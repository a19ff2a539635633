/** Gives random bytes for keys, tokens and ids. */
import { randomBytes } from 'node:crypto';

/** Bytes that are drawn at once. A draw costs as much for 12 bytes as for these. */
const drawn = 4096;
let left: Buffer = Buffer.alloc(0);

/** Cryptographically strong random bytes. Each one is given once. */
export const random = (bytes: number): Buffer => {
  if (left.length < bytes) left = randomBytes(Math.max(bytes, drawn));
  const given = left.subarray(0, bytes);
  left = left.subarray(bytes);
  return given;
};
