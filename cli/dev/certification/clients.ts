/**
 * The profile `certification`: a server for the conformance suite of the OpenID Foundation (docs/certification.md, ADR 0059).
 *
 * | file             | what                                                                     |
 * | ---------------- | ------------------------------------------------------------------------ |
 * | `clients.ts`     | the clients that the suite plays                                         |
 * | `settings.ts`    | the settings of the server, and which of them are weaker than a default  |
 * | `state.ts`       | secrets, keys and the person of the profile, made once                   |
 * | `certificate.ts` | makes the certificates of clients                                        |
 * | `plans.ts`       | the configuration of the suite for each plan, as files to upload         |
 * | `run.ts`         | starts the server over a database of its own                             |
 *
 * Only the command `certification` imports this folder, and only when it runs. The image does not contain it.
 */
import type { JWK } from 'jose';
import type { KnownClient } from '../../../src/oidc/clients/outcomes.ts';
import { certificateJwk, type OwnCertificate } from './certificate.ts';

/** Where the suite is, and the name under which it runs its tests there. */
export interface SuiteAddress {
  /** Origin. */
  readonly suite: string;
  readonly alias: string;
}

/** Public keys of the two FAPI clients. */
export type FapiKeys = readonly [JWK, JWK];

/** Certificates of the two FAPI clients that prove themselves by TLS. */
export type FapiCertificates = readonly [OwnCertificate, OwnCertificate];

/** All ids of clients of the profile begin with this. */
export const idPrefix = 'certification-';

/** Where the suite gets browsers and logout tokens: all below one path (`/test/a/ALIAS/…`). */
const addressesOf = ({ suite, alias }: SuiteAddress) => {
  const base = `${suite}/test/a/${alias}`;
  return {
    redirect_uris: [`${base}/callback`],
    post_logout_redirect_uris: [`${base}/post_logout_redirect`],
    backchannel_logout_uri: `${base}/backchannel_logout`,
    backchannel_logout_session_required: true,
  };
};

/**
 * The clients of the plans for OpenID Connect: the first, the second, and one that posts its secret. `pkce=optional`, because the
 * suite sends neither PKCE nor, in one module, a nonce.
 */
export const certificationClients = (address: SuiteAddress): readonly KnownClient[] =>
  [
    { client_id: `${idPrefix}first`, client_name: 'Conformance suite' },
    { client_id: `${idPrefix}second`, client_name: 'Conformance suite, second client' },
    { client_id: `${idPrefix}post`, client_name: 'Conformance suite, secret in the body' },
  ].map(client => ({ ...client, ...addressesOf(address), pkce: 'optional' }));

/** Whether the plan for FAPI 2.0 can be run: its clients have https addresses alone. */
export const hasFapi = ({ suite }: Pick<SuiteAddress, 'suite'>): boolean => suite.startsWith('https:');

/** Whether it can be run with certificates of clients: a proxy ends TLS for an issuer with https alone. */
export const hasMtls = ({ issuer, suite }: Pick<SuiteAddress, 'suite'> & { readonly issuer: string }): boolean =>
  hasFapi({ suite }) && issuer.startsWith('https:');

/**
 * The two clients of the plan for FAPI 2.0 that sign assertions and DPoP proofs, for a suite with https. The redirect address of the
 * second has a query, which must come back unchanged.
 */
export const fapiClients = (address: SuiteAddress, keys: FapiKeys): readonly KnownClient[] =>
  keys.map((key, at) => ({ ...fapiClient(address, at, 'fapi'), jwks: { keys: [key] } }));

/** The two that prove themselves by certificates of their own, to which their tokens are bound (RFC 8705). */
export const mtlsClients = (address: SuiteAddress, certificates: FapiCertificates): readonly KnownClient[] =>
  certificates.map((certificate, at) => ({
    ...fapiClient(address, at, 'mtls'),
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    tls_client_certificate_bound_access_tokens: true,
    jwks: { keys: [certificateJwk(certificate)] },
  }));

const fapiClient = (address: SuiteAddress, at: number, kind: 'fapi' | 'mtls') => {
  const { redirect_uris: uris } = addressesOf(address);
  return {
    client_id: `${idPrefix}${kind}-${at + 1}`,
    client_name: `Conformance suite, ${kind === 'fapi' ? 'FAPI client' : 'FAPI client with a certificate'} ${at + 1}`,
    redirect_uris: at === 0 ? uris : uris.map(uri => `${uri}?dummy1=lorem&dummy2=ipsum`),
    security_profile: 'fapi2' as const,
  };
};
