/** Checks keys, secrets, certificates, and models of passkeys. */
import { createSecretKey, X509Certificate } from 'node:crypto';
import * as z from 'zod';
import type { SealingKey } from '../../crypto.ts';
import { isDistinct, maxFileLength, separated } from './values.ts';

/** UUIDs of models of authenticators (WebAuthn §6.5.1), in lower case. */
export const aaguids = (): z.ZodType<readonly string[]> =>
  separated
    .pipe(z.array(z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)))
    .transform(values => values.map(value => value.toLowerCase()))
    .refine(isDistinct);

const pemBegin = '-----BEGIN CERTIFICATE-----';
const pemEnd = '-----END CERTIFICATE-----';
/** Each certificate in PEM. Split without a pattern: a file of roots is longer than any other setting. */
const certificatesIn = (file: string): readonly string[] =>
  file
    .split(pemEnd)
    .slice(0, -1)
    .map(part => `${part.slice(Math.max(0, part.lastIndexOf(pemBegin)))}${pemEnd}`);
const isIssuerCertificate = (pem: string): boolean => {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
};

/** One to a hundred certificates of issuers (CA) in PEM. Text between them is ignored. */
export const certificates = (): z.ZodType<readonly string[]> =>
  z
    .string()
    .max(maxFileLength, { abort: true })
    .transform(certificatesIn)
    .refine(pems => pems.length > 0 && pems.length <= 100 && pems.every(isIssuerCertificate));

/** One or two distinct secrets, separated by a comma. During a rotation the old and the new one are both valid. */
export const secrets = (form: RegExp): z.ZodType<readonly [string, ...string[]]> =>
  separated
    .pipe(z.tuple([z.string().regex(form)], z.string().regex(form)))
    .refine(values => values.length <= 2 && isDistinct(values));

/** `id:base64` of 32 random bytes each, separated by commas, each id once. The first seals, all of them open. */
export const sealingKeys = (): z.ZodType<readonly [SealingKey, ...SealingKey[]]> =>
  separated.pipe(z.tuple([sealingKey], sealingKey)).refine(keys => isDistinct(keys.map(({ id }) => id)));

/**
 * Tells random bytes from typed ones. 32 random bytes have at least 16 different values (fewer: once in 10^10), and some
 * that no keyboard types (otherwise: once in 10^13). Phrases, repeated words and hexadecimal digits fail one of the two.
 */
const looksRandom = (bytes: Uint8Array): boolean =>
  new Set(bytes).size >= 16 && bytes.some(each => each < 0x20 || each > 0x7e);

const sealingKey = z
  .string()
  // 43 characters of base64 are 32 bytes
  .regex(/^[a-z0-9-]{1,32}:[A-Za-z0-9+/_-]{43}=?$/, { abort: true })
  .transform(value => {
    const [id = '', encoded = ''] = value.split(':');
    return { id, bytes: Buffer.from(encoded, 'base64') };
  })
  .refine(({ bytes }) => looksRandom(bytes), { abort: true })
  .transform(({ id, bytes }): SealingKey => ({ id, key: createSecretKey(bytes) }));
