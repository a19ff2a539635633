/** Makes a root and attestation certificates below it (WebAuthn §8.2.1), as a maker of security keys has them. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import {
  bitString,
  boolean,
  explicit,
  integer,
  name,
  objectId,
  octetString,
  sequence,
  utcTime,
} from '../../../cli/dev/der.ts';

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
  /** It is issued by a certificate below the root, which is an authority and differs in these members. */
  readonly through?: Omit<CertificateChanges, 'through'>;
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

/** Name and keys of a certificate's holder. */
interface Holder {
  readonly maker: string;
  readonly common: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

interface Certificate {
  readonly unit?: string;
  readonly isAuthority: boolean;
  readonly notAfter: number;
  readonly aaguid?: string;
}

const day = 86_400_000;
const newHolder = (maker: string, common: string): Holder => ({
  maker,
  common,
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }),
});
const nameOf = ({ maker, common }: Holder, unit?: string) => name({ organization: maker, common, unit });

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

/** A certificate of version 3 in DER (RFC 5280 §4.1) that `issuer` issues to `holder`, valid since yesterday. */
const issue = (issuer: Holder, holder: Holder, wanted: Certificate): Buffer => {
  const algorithm = sequence(objectId(oids.ecdsaWithSha256));
  const toBeSigned = sequence(
    explicit(0, integer(2)),
    integer(1),
    algorithm,
    nameOf(issuer),
    sequence(utcTime(Date.now() - day), utcTime(wanted.notAfter)),
    nameOf(holder, wanted.unit),
    holder.publicKey.export({ format: 'der', type: 'spki' }),
    explicit(3, extensions(wanted)),
  );
  return sequence(toBeSigned, algorithm, bitString(sign('sha256', toBeSigned, issuer.privateKey)));
};

const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

/** Makes the root of a maker. Roots of the same name with different keys are easy to mistake, as an attacker wants. */
export const createAttestationRoot = (maker: string): AttestationRoot => {
  const root = newHolder(maker, `${maker} Root`);
  const inAYear = Date.now() + 365 * day;
  const authority = { isAuthority: true, notAfter: inAYear };
  return {
    pem: pemOf(issue(root, root, authority)),
    attest(aaguid, { through, ...changes } = {}) {
      const between = through && newHolder(maker, `${maker} Authority`);
      const holder = newHolder(maker, `${maker} Key`);
      const key = { unit: 'Authenticator Attestation', isAuthority: false, notAfter: inAYear, aaguid, ...changes };
      return {
        x5c: [
          issue(between ?? root, holder, key),
          ...(between === undefined ? [] : [issue(root, between, { ...authority, ...through })]),
        ],
        sign: data => sign('sha256', data, holder.privateKey),
      };
    },
  };
};
