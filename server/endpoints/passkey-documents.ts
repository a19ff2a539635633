/** Makes the documents in which browsers and password managers look for the passkeys of this site. */
import type { Settings } from '../../src/config.ts';
import type { Factor } from '../../src/mfa/factor.ts';
import { hasPasskeys } from '../../src/mfa/passkeys/data.ts';
import type { PublicDocuments } from '../../src/http/public-documents.ts';
import { accountLinks } from '../../web/pages/links.ts';

/**
 * None where passkeys are not in use. `passkey-endpoints`: where a person adds and manages them (W3C, Passkey Endpoints). `webauthn`:
 * other origins that may ask for the passkeys of this one (WebAuthn §5.11), where the operator names some.
 */
export const passkeyDocuments = (
  factors: readonly Pick<Factor, 'type'>[],
  { issuer, passkeyOrigins }: Pick<Settings, 'issuer' | 'passkeyOrigins'>,
): PublicDocuments => {
  if (!hasPasskeys(factors)) return new Map();
  const at = (path: string): string => new URL(path, issuer).href;
  const endpoints = { enroll: at(accountLinks.addPasskey), manage: at(accountLinks.security) };
  const origins = passkeyOrigins.map(({ origin }) => origin);
  return new Map([
    ['/.well-known/passkey-endpoints', JSON.stringify(endpoints)],
    ...(origins.length > 0 ? [['/.well-known/webauthn', JSON.stringify({ origins })] as const] : []),
  ]);
};
