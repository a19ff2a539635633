/**
 * Judges who made an authenticator: which formats of attestation are accepted, and whether their certificates lead to a trusted
 * root. It requests nothing: the library would fetch revocation lists from addresses in the certificates, which an attacker
 * writes (CWE-918). What it verifies afterwards is the signature.
 */
import { X509Certificate } from 'node:crypto';
import type { EpochMillis } from '../../ports/time.ts';
import type { PasskeyPolicy } from './policy.ts';

/** Formats with certificates that security keys and Windows Hello send (WebAuthn §8). */
const attestedFormats: ReadonlySet<string> = new Set(['packed', 'fido-u2f', 'tpm']);

/** More certificates than any maker's chain has. */
const maxChain = 6;

/**
 * True where the attestation is what this policy asks for. `none`: browsers then send no attestation, or a self-attestation
 * ('packed' without certificates); anything else is refused unread. `direct`: a chain of certificates below a trusted root.
 */
export const isTrusted = async (
  attestationObject: string,
  { attestation, roots }: PasskeyPolicy,
  now: EpochMillis,
): Promise<true | 'invalid' | 'policy'> => {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers');
  try {
    const decoded = decodeAttestationObject(Buffer.from(attestationObject, 'base64url'));
    const format = decoded.get('fmt');
    const chain = decoded.get('attStmt').get('x5c');
    if (attestation === 'none')
      return format === 'none' || (format === 'packed' && chain === undefined) ? true : 'invalid';
    if (!attestedFormats.has(format) || !Array.isArray(chain) || chain.length > maxChain) return 'policy';
    const certificates = chain.map(each => new X509Certificate(each));
    return leadsToRoot(
      certificates,
      roots.map(each => new X509Certificate(each)),
      now,
    )
      ? true
      : 'policy';
  } catch {
    return 'invalid';
  }
};

const isValidAt = (certificate: X509Certificate, now: EpochMillis): boolean =>
  certificate.validFromDate.getTime() <= now && now <= certificate.validToDate.getTime();

const issued = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

/**
 * True where each certificate was issued by the next one, and the last by a root of `roots`, or is one of them. A root that the
 * authenticator sends along is not trusted for it.
 */
const leadsToRoot = (
  chain: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  now: EpochMillis,
): boolean => {
  const [leaf] = chain;
  const last = chain.at(-1);
  if (leaf === undefined || last === undefined || leaf.ca) return false;
  const isChained = chain.slice(1).every((issuer, at) => issued(issuer, chain[at] ?? leaf));
  const root = roots.find(each => each.raw.equals(last.raw) || issued(each, last));
  return isChained && root !== undefined && [...chain, root].every(each => isValidAt(each, now));
};
