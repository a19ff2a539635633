/** Makes the certificate of a client that the suite plays, signed by its own key (RFC 8705 §2.2). */
import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import type { JWK } from 'jose';
import type { Millis } from '../../../src/ports/time.ts';
import { bitString, explicit, integer, name, nil, objectId, sequence, utcTime } from '../der.ts';

/** A certificate and its private key, both in PEM. */
export interface OwnCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** sha256WithRSAEncryption (RFC 4055 §5). */
const algorithm = sequence(objectId('2a864886f70d01010b'), nil);
const day: Millis = 86_400_000;

/** Valid since yesterday, for ten years. Its key is RSA of 2048 bits: the suite reads no other kind. */
export const newCertificate = (common: string): OwnCertificate => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const holder = name({ organization: 'Conformance suite', common });
  const now = Date.now();
  const content = sequence(
    explicit(0, integer(2)),
    integer(1),
    algorithm,
    holder,
    sequence(utcTime(now - day), utcTime(now + 3650 * day)),
    holder,
    publicKey.export({ format: 'der', type: 'spki' }),
  );
  const der = sequence(content, algorithm, bitString(sign('sha256', content, privateKey)));
  return {
    certificate: new X509Certificate(der).toString(),
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
};

/** The public key of a certificate with the certificate (`x5c`), for `jwks` of a client. */
export const certificateJwk = ({ certificate }: Pick<OwnCertificate, 'certificate'>): JWK => {
  const parsed = new X509Certificate(certificate);
  const { kty = 'RSA', ...jwk } = parsed.publicKey.export({ format: 'jwk' });
  return { ...jwk, kty, x5c: [parsed.raw.toString('base64')] };
};
