/** Says to a push service who sends (VAPID, RFC 8292). Browsers bind a subscription to the key: nobody else can use it. */
import { SignJWT } from 'jose';
import type { VapidKey } from '../../src/ports/push.ts';
import type { EpochMillis } from '../../src/ports/time.ts';

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
