/** Makes the key pairs of credentials, as COSE keys (RFC 9053), and signs with them. */
import { createPublicKey, generateKeyPairSync, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { Cbor } from './cbor.ts';

/** COSE algorithm identifiers that the software authenticator knows. */
export const algorithms = { ES256: -7, EdDSA: -8, ES384: -35, RS256: -257 } as const;
export type Algorithm = keyof typeof algorithms;

export interface CredentialKey {
  readonly algorithm: Algorithm;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
  /** The public key as a COSE_Key map. */
  readonly cose: Cbor;
  sign(data: Uint8Array): Buffer;
}

const generate: Readonly<
  Record<Algorithm, (rsaBits: number) => { readonly publicKey: KeyObject; readonly privateKey: KeyObject }>
> = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  RS256: modulusLength => generateKeyPairSync('rsa', { modulusLength }),
};

const hashes: Readonly<Record<Algorithm, string | null>> = {
  ES256: 'sha256',
  ES384: 'sha384',
  EdDSA: null,
  RS256: 'sha256',
};

const bytes = (member: string): Buffer => Buffer.from(member, 'base64url');

/** Key type (1), algorithm (3) and the members of the type: curve, x and y, or modulus and exponent. */
const toCose = (algorithm: Algorithm, { x = '', y = '', n = '', e = '' }: JsonWebKey): Cbor => {
  const [alg, curve] = [algorithms[algorithm], algorithm === 'ES384' ? 2 : 1];
  if (algorithm === 'RS256')
    return {
      entries: [
        [1, 3],
        [3, alg],
        [-1, bytes(n)],
        [-2, bytes(e)],
      ],
    };
  if (algorithm === 'EdDSA')
    return {
      entries: [
        [1, 1],
        [3, alg],
        [-1, 6],
        [-2, bytes(x)],
      ],
    };
  return {
    entries: [
      [1, 2],
      [3, alg],
      [-1, curve],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ],
  };
};

/** A new key pair. */
export const createKey = (algorithm: Algorithm, rsaBits = 2048): CredentialKey =>
  keyOf(algorithm, generate[algorithm](rsaBits).privateKey);

/** A key pair that was created before. Signatures of ES256 and ES384 are in DER (WebAuthn §6.5.5). */
export const keyOf = (algorithm: Algorithm, privateKey: KeyObject): CredentialKey => {
  const publicKey = createPublicKey(privateKey);
  return {
    algorithm,
    publicKey,
    privateKey,
    cose: toCose(algorithm, publicKey.export({ format: 'jwk' })),
    sign: data => sign(hashes[algorithm], data, privateKey),
  };
};
