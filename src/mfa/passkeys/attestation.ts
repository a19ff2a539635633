/**
 * Judges an attestation: whether its format is accepted, and whether its certificates lead to a trusted root. Requests nothing. The
 * library would fetch revocation lists from addresses in the certificates, which an attacker writes (CWE-918). So this runs first,
 * and the library verifies the signature afterwards.
 */
import { X509Certificate } from 'node:crypto';
import type { EpochMillis } from '../../ports/time.ts';
import type { PasskeyPolicy } from './policy.ts';

/** Formats with certificates that security keys and Windows Hello send (WebAuthn §8). */
const attestedFormats: ReadonlySet<string> = new Set(['packed', 'fido-u2f', 'tpm']);

/** More certificates than any maker's chain has. */
const maxChain = 6;

/**
 * Why this policy refuses the attestation; undefined: it is accepted. Policy `none` accepts no attestation, or a self-attestation
 * ('packed' without certificates); certificates are refused unread. Policy `direct` demands a chain of certificates below a trusted root.
 */
export const attestationFault = async (
  attestationObject: string,
  { attestation, roots }: PasskeyPolicy,
  now: EpochMillis,
): Promise<'invalid' | 'policy' | undefined> => {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  try {
    const decoded = decodeAttestationObject(Buffer.from(attestationObject, 'base64url'));
    const format = decoded.get('fmt');
    const chain = decoded.get('attStmt').get('x5c');
    if (attestation === 'none')
      return format === 'none' || (format === 'packed' && chain === undefined) ? undefined : 'invalid';
    if (!attestedFormats.has(format) || !Array.isArray(chain) || chain.length > maxChain) return 'policy';
    const certificates = chain.map(each => new X509Certificate(each));
    const trusted = roots.map(each => new X509Certificate(each));
    return leadsToRoot(certificates, trusted, now) ? undefined : 'policy';
  } catch {
    return 'invalid';
  }
};

const isValidAt = (certificate: X509Certificate, now: EpochMillis): boolean =>
  certificate.validFromDate.getTime() <= now && now <= certificate.validToDate.getTime();

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/**
 * True where each certificate was issued by the next one, and the last is one of `roots` or was issued by one. A root that only the
 * authenticator sent is not trusted.
 */
const leadsToRoot = (
  chain: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  now: EpochMillis,
): boolean => {
  const [leaf] = chain;
  const last = chain.at(-1);
  if (leaf === undefined || last === undefined || leaf.ca) return false;
  const isChained = chain.slice(1).every((issuer, at) => isIssuedBy(chain[at] ?? leaf, issuer));
  const root = roots.find(each => each.raw.equals(last.raw) || isIssuedBy(last, each));
  return isChained && root !== undefined && [...chain, root].every(each => isValidAt(each, now));
};
