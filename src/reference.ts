/** The short name of a sign-in that people read to a help desk. */
import { createHash } from 'node:crypto';

/** Crockford's base 32: no I, L, O or U, so that nothing is misread or misheard. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Eight characters for `flow`, which stays the same over all prompts of one authorization request: the first 40 bits of
 * its SHA-256, so that the reference never leads back to the flow. Pages write it XXXX-XXXX; log and audit without the hyphen.
 */
export const referenceOf = (flow: string): string => {
  const bytes = createHash('sha256').update(flow).digest();
  const bits = bytes.readUIntBE(0, 5);
  return Array.from({ length: 8 }, (_, place) => alphabet.charAt(Math.floor(bits / 32 ** (7 - place)) % 32)).join('');
};
