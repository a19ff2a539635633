/** Says to a push service who sends (VAPID, RFC 8292). Browsers bind a subscription to the key: nobody else can use it. */
import type { KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { EpochMillis } from '../../src/ports/time.ts';

/** The key pair of this installation for VAPID. `publicKey`: uncompressed point of P-256, base64url. */
export interface VapidKey {
  readonly privateKey: KeyObject;
  readonly publicKey: string;
}

/** Seconds. RFC 8292 §2 allows a day; a shorter life leaves less to somebody who reads a push. */
const lifetime = 3600;

/** The value of `authorization` for a push to `endpoint`. `contact`: a mailto: or https: address of the operator. */
export const authorization = async (
  endpoint: URL,
  { privateKey, publicKey }: VapidKey,
  { contact, now }: { readonly contact: string; readonly now: EpochMillis },
): Promise<string> => {
  const token = await new SignJWT({ aud: endpoint.origin, exp: Math.floor(now / 1000) + lifetime, sub: contact })
    .setProtectedHeader({ typ: 'JWT', alg: 'ES256' })
    .sign(privateKey);
  return `vapid t=${token}, k=${publicKey}`;
};
