/** Makes a root and attestation certificates below it (WebAuthn §8.2.1), as a maker of security keys has them. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { bitString, boolean, explicit, integer, name, objectId, octetString, sequence, utcTime } from './der.ts';

/** Certificates and the key of an attestation, as an authenticator holds them. */
export interface Attestation {
  readonly x5c: readonly Uint8Array[];
  sign(data: Uint8Array): Buffer;
}

/** What a certificate says instead of what WebAuthn §8.2.1 requires. */
export interface CertificateChanges {
  readonly unit?: string;
  readonly isAuthority?: boolean;
  readonly notAfter?: number;
}

export interface AttestationRoot {
  /** The certificate of the root in PEM. */
  readonly pem: string;
  /** An attestation for authenticators of this model. */
  attest(aaguid: string, changes?: CertificateChanges): Attestation;
}

const oids = {
  ecdsaWithSha256: '2a8648ce3d040302',
  basicConstraints: '551d13',
  /** id-fido-gen-ce-aaguid: binds the certificate to one model. */
  model: '2b0601040182e51c010104',
};

interface Certificate {
  readonly issuer: string;
  readonly subject: string;
  readonly unit?: string;
  readonly isAuthority: boolean;
  readonly notAfter: number;
  readonly aaguid?: string;
  readonly publicKey: KeyObject;
}

const day = 86_400_000;
const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const names = (organization: string, common: string, unit?: string) => name({ organization, common, unit });

const extensions = ({ isAuthority, aaguid }: Certificate): Buffer =>
  sequence(
    sequence(
      objectId(oids.basicConstraints),
      boolean(true),
      octetString(isAuthority ? sequence(boolean(true)) : sequence()),
    ),
    ...(aaguid === undefined
      ? []
      : [sequence(objectId(oids.model), octetString(octetString(Buffer.from(aaguid.replaceAll('-', ''), 'hex'))))]),
  );

/** A certificate of version 3 in DER (RFC 5280 §4.1), valid since yesterday. */
const certificate = (wanted: Certificate, issuerKey: KeyObject): Buffer => {
  const algorithm = sequence(objectId(oids.ecdsaWithSha256));
  const toBeSigned = sequence(
    explicit(0, integer(2)),
    integer(1),
    algorithm,
    names(wanted.issuer, `${wanted.issuer} Root`),
    sequence(utcTime(Date.now() - day), utcTime(wanted.notAfter)),
    names(wanted.issuer, wanted.subject, wanted.unit),
    wanted.publicKey.export({ format: 'der', type: 'spki' }),
    explicit(3, extensions(wanted)),
  );
  return sequence(toBeSigned, algorithm, bitString(sign('sha256', toBeSigned, issuerKey)));
};

const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

/** Makes the root of a maker. Roots of the same name with different keys are easy to mistake, as an attacker wants. */
export const createAttestationRoot = (maker: string): AttestationRoot => {
  const keys = newKeys();
  const valid = { issuer: maker, notAfter: Date.now() + 365 * day };
  const root = certificate(
    { ...valid, subject: `${maker} Root`, isAuthority: true, publicKey: keys.publicKey },
    keys.privateKey,
  );
  return {
    pem: pemOf(root),
    attest(aaguid, changes = {}) {
      const own = newKeys();
      const standard = { unit: 'Authenticator Attestation', isAuthority: false };
      const leaf = { ...valid, ...standard, subject: `${maker} Key`, aaguid, publicKey: own.publicKey, ...changes };
      return {
        x5c: [certificate(leaf, keys.privateKey)],
        sign: data => sign('sha256', data, own.privateKey),
      };
    },
  };
};
