/** Checks the public key of a new passkey. Without this, a broken key would be bound and fail at the next sign-in. */
import { createPublicKey, type AsymmetricKeyDetails, type JsonWebKey } from 'node:crypto';

/** Labels of a COSE_Key (RFC 9052 §7, RFC 9053 §7): key type, algorithm, and the members of the key type. */
const label = { kty: 1, alg: 3, crv: -1, x: -2, y: -3, n: -1, e: -2 } as const;

type CoseKey = { get(label: number): unknown };

/**
 * FIPS 186-5 §5.1 on RSA: at least 2,048 bits, and an odd exponent above 2^16. More than 4,096 bits take long to verify, and with
 * an exponent of more than 64 bits OpenSSL verifies no long key at all.
 */
const isValidRsa = ({ modulusLength = 0, publicExponent = 0n }: AsymmetricKeyDetails): boolean =>
  modulusLength >= 2048 &&
  modulusLength <= 4096 &&
  publicExponent > 65_536n &&
  publicExponent < 2n ** 64n &&
  publicExponent % 2n === 1n;

const text = (key: CoseKey, member: number): string => {
  const bytes = key.get(member);
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64url') : '';
};

/** The key as its algorithm demands it (WebAuthn §5.8.5): ES256 on P-256, EdDSA on Ed25519; undefined for any other. */
const toJwk = (key: CoseKey): JsonWebKey | undefined => {
  const kind = [label.alg, label.kty].map(member => String(key.get(member))).join();
  const x = text(key, label.x);
  if (kind === '-7,2' && key.get(label.crv) === 1) return { kty: 'EC', crv: 'P-256', x, y: text(key, label.y) };
  if (kind === '-8,1' && key.get(label.crv) === 6) return { kty: 'OKP', crv: 'Ed25519', x };
  return kind === '-257,3' ? { kty: 'RSA', n: text(key, label.n), e: text(key, label.e) } : undefined;
};

/** True for a complete key of an offered algorithm: its point is on the curve, its modulus is long enough. */
export const isValidKey = async (coseKey: Uint8Array<ArrayBuffer>): Promise<boolean> => {
  const { decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers');
  try {
    const jwk = toJwk(decodeCredentialPublicKey(coseKey));
    if (jwk === undefined) return false;
    const { asymmetricKeyType, asymmetricKeyDetails = {} } = createPublicKey({ key: jwk, format: 'jwk' });
    return asymmetricKeyType !== 'rsa' || isValidRsa(asymmetricKeyDetails);
  } catch {
    return false;
  }
};
