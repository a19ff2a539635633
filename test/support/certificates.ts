/** Issues certificates for clients and servers, and writes those of clients into headers as proxies do. */
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import type { Clock } from '../../src/ports/time.ts';
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  name,
  objectId,
  octetString,
  sequence,
  utcTime,
} from '../../cli/dev/der.ts';

/** What a certificate says. */
export interface Wanted {
  readonly common?: string;
  readonly dns?: string;
  readonly uri?: string;
  readonly ip?: readonly number[];
  readonly email?: string;
  /** Milliseconds from now. Default: a day. */
  readonly validFor?: number;
  /** Object identifiers in hex. Default: `clientAuth`. */
  readonly uses?: readonly string[];
}

export interface Certificate {
  readonly der: Buffer;
  readonly pem: string;
  /** The private key in PEM (PKCS #8). */
  readonly key: string;
  /** The public key as a JWK with the certificate, for `jwks`. */
  readonly jwk: JWK;
  /** As RFC 9440 writes it. */
  readonly header: string;
}

export interface Authority {
  readonly pem: string;
  issue(wanted?: Wanted): Certificate;
}

const oids = {
  ecdsaWithSha256: '2a8648ce3d040302',
  basicConstraints: '551d13',
  alternativeNames: '551d11',
  extendedKeyUsage: '551d25',
};
export const uses = { clientAuth: '2b06010505070302', serverAuth: '2b06010505070301' };
const day = 86_400_000;

interface Holder {
  readonly name: Buffer;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}
const newHolder = (common: string): Holder => ({
  name: name({ organization: 'Contoso, Inc.', common }),
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }),
});

const pemOf = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

const namesIn = ({ dns, uri, ip, email }: Wanted): readonly Buffer[] => [
  ...(email === undefined ? [] : [implicit(1, Buffer.from(email))]),
  ...(dns === undefined ? [] : [implicit(2, Buffer.from(dns))]),
  ...(uri === undefined ? [] : [implicit(6, Buffer.from(uri))]),
  ...(ip === undefined ? [] : [implicit(7, Buffer.from(ip))]),
];

const extensionsOf = (wanted: Wanted | 'authority'): Buffer => {
  if (wanted === 'authority') {
    return sequence(sequence(objectId(oids.basicConstraints), boolean(true), octetString(sequence(boolean(true)))));
  }
  const names = namesIn(wanted);
  const allowed = wanted.uses ?? [uses.clientAuth];
  return sequence(
    sequence(objectId(oids.extendedKeyUsage), octetString(sequence(...allowed.map(objectId)))),
    ...(names.length === 0 ? [] : [sequence(objectId(oids.alternativeNames), octetString(sequence(...names)))]),
  );
};

/** A new authority, whose certificates are valid by this clock. `common`: its name, which another one may have too. */
export const createAuthority = (clock: Clock, common = 'Contoso Clients'): Authority => {
  const signed = (issuer: Holder, holder: Holder, wanted: Wanted | 'authority', until: number): Buffer => {
    const algorithm = sequence(objectId(oids.ecdsaWithSha256));
    const content = sequence(
      explicit(0, integer(2)),
      integer(1),
      algorithm,
      issuer.name,
      sequence(utcTime(clock() - 30 * day), utcTime(until)),
      holder.name,
      holder.publicKey.export({ format: 'der', type: 'spki' }),
      explicit(3, extensionsOf(wanted)),
    );
    return sequence(content, algorithm, bitString(sign('sha256', content, issuer.privateKey)));
  };
  const root = newHolder(common);
  return {
    pem: pemOf(signed(root, root, 'authority', clock() + 365 * day)),
    issue(wanted = {}) {
      const holder = newHolder(wanted.common ?? 'shop');
      const der = signed(root, holder, wanted, clock() + (wanted.validFor ?? day));
      const base64 = der.toString('base64');
      const { kty = '', ...jwk } = holder.publicKey.export({ format: 'jwk' });
      return {
        der,
        pem: pemOf(der),
        key: holder.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
        jwk: { ...jwk, kty, x5c: [base64] },
        header: `:${base64}:`,
      };
    },
  };
};
