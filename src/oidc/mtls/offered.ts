/**
 * Lets clients prove themselves by a certificate, and binds tokens to it (RFC 8705). TLS ends in a proxy in front of this server, so the
 * proxy sends the certificate in a header:
 *
 *     client ──TLS with its certificate──► proxy ──header──► http/host.ts (drops it unless proxies are trusted) ──► certificate.ts
 *
 * | file              | what it does                                                          |
 * | ----------------- | --------------------------------------------------------------------- |
 * | `offered.ts`      | says what of it is offered, and declares it to oidc-provider          |
 * | `certificate.ts`  | reads the certificate of a request from the header                    |
 * | `names.ts`        | compares the names in a certificate with those that are registered    |
 * | `alias-proofs.ts` | accepts DPoP proofs that name the addresses for these clients         |
 */
import { X509Certificate } from 'node:crypto';
import type { ClientAuthMethod, Configuration } from 'oidc-provider';
import type { ClientCertificateSettings } from '../../config.ts';
import type { Clock } from '../../ports/time.ts';
import { certificateReader, isCurrent } from './certificate.ts';
import { isNamed } from './names.ts';

type Mtls = NonNullable<NonNullable<Configuration['features']>['mTLS']>;

/** Methods of authentication by a certificate that this server accepts. */
export const certificateMethods = (
  certificates: ClientCertificateSettings | undefined,
): readonly ClientAuthMethod[] => {
  if (certificates === undefined) return [];
  return certificates.authorities.length > 0
    ? ['self_signed_tls_client_auth', 'tls_client_auth']
    : ['self_signed_tls_client_auth'];
};

/** For `features.mTLS` of oidc-provider. A certificate that has expired does not count. */
export const clientCertificates = (certificates: ClientCertificateSettings | undefined, clock: Clock): Mtls => {
  if (certificates === undefined) return { enabled: false };
  const authorities = certificates.authorities.map(pem => new X509Certificate(pem));
  const getCertificate = certificateReader(certificates, clock);
  return {
    enabled: true,
    certificateBoundAccessTokens: true,
    selfSignedTlsClientAuth: true,
    tlsClientAuth: authorities.length > 0,
    getCertificate,
    certificateAuthorized: ctx => {
      const certificate = getCertificate(ctx);
      return certificate !== undefined && isForClients(certificate) && authorities.some(isIssuerOf(certificate, clock));
    },
    certificateSubjectMatches: (ctx, property, expected) => {
      const certificate = getCertificate(ctx);
      return certificate !== undefined && isNamed(certificate, property, expected);
    },
  };
};

/** Whether this authority signed the certificate itself. Intermediate authorities are listed beside their roots. */
const isIssuerOf = (certificate: X509Certificate, clock: Clock) => (authority: X509Certificate) =>
  isCurrent(authority, clock) && certificate.checkIssued(authority) && certificate.verify(authority.publicKey);

/** `clientAuth` (RFC 5280 §4.2.1.12). A certificate without a list of uses has all of them. */
const clientAuth = '1.3.6.1.5.5.7.3.2';
const isForClients = ({ keyUsage }: X509Certificate): boolean =>
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- undefined in a certificate without the extension
  keyUsage === undefined || keyUsage.includes(clientAuth);

/** Adds to discovery where clients with a certificate send their requests (RFC 8705 §5), if that is another origin. */
export const announceCertificates =
  (certificates: ClientCertificateSettings | undefined) =>
  (members: object): object => {
    const { origin } = certificates ?? {};
    if (origin === undefined) return members;
    const aliases: Record<string, string> = {};
    for (const [name, value] of Object.entries<unknown>({ ...members })) {
      if (aliased.has(name)) aliases[name] = new URL(new URL(String(value)).pathname, origin).href;
    }
    return { ...members, mtls_endpoint_aliases: aliases };
  };

const aliased: ReadonlySet<string> = new Set([
  'token_endpoint',
  'revocation_endpoint',
  'introspection_endpoint',
  'userinfo_endpoint',
  'device_authorization_endpoint',
  'pushed_authorization_request_endpoint',
  'backchannel_authentication_endpoint',
]);
