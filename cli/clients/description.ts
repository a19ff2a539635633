/** Says in words how a client is registered and what follows from it: one row for each subject. */
import type { Lifetimes, Settings } from '../../src/config.ts';
import { isCibaClient } from '../../src/oidc/ciba-clients.ts';
import { deviceGrant } from '../../src/oidc/client-metadata.ts';
import { ownMetadata, type OwnMetadata } from '../../src/oidc/own-metadata.ts';
import { textsIn } from '../../src/oidc/clients/change.ts';
import { isWaiting, waitingOf } from '../../src/oidc/waiting-clients.ts';
import { cameBy, fileMember, registrationPolicyMember } from '../../src/oidc/clients/doors.ts';
import { isForNative } from '../../src/oidc/clients/addresses.ts';
import { isPublic, usesSecret } from '../../src/oidc/clients/completion.ts';
import { longestJwtLifetime } from '../../src/oidc/resource-servers.ts';
import type { ShownClient } from '../../src/oidc/clients/outcomes.ts';
import { span } from '../../src/time-span.ts';
import { waitingLines } from './waiting-text.ts';

/** What the text of a row is computed from. */
interface Subject extends Pick<Settings, 'lifetimes'> {
  readonly issuer: string;
  readonly client: ShownClient;
  readonly metadata: ShownClient['metadata'];
  readonly own: OwnMetadata;
  /** Whether people sign in at this client, in its browser or for a device. */
  readonly signsIn: boolean;
  /** Whether authorization codes are sent to it. */
  readonly getsCodes: boolean;
}

type Row = readonly [name: string, text: (subject: Subject) => string | undefined];

/** A row without a text is left out. */
const rows: readonly Row[] = [
  ['client_id', ({ metadata }) => metadata.client_id],
  ['name', ({ metadata }) => metadata.client_name],
  ['home page', ({ metadata }) => metadata.client_uri],
  ['issuer', ({ issuer }) => issuer],
  ['discovery', ({ issuer }) => `${issuer}/.well-known/openid-configuration`],
  ['client secret', ({ client }) => secretText(client)],
  ['keys', ({ metadata }) => keysText(metadata)],
  ['profile', ({ own }) => (own.security_profile === undefined ? undefined : 'FAPI 2.0 Security Profile')],
  ['requests', ({ metadata, getsCodes }) => (getsCodes ? requestText(metadata) : undefined)],
  ['registered', ({ metadata }) => doorText(metadata)],
  ['approval', ({ metadata }) => approvalText(metadata)],
  ['grant types', ({ metadata }) => metadata.grant_types?.join(', ') || 'none'],
  ['redirect addresses', ({ metadata }) => addressText(metadata, 'redirect_uris')],
  ['back-channel logout', ({ metadata }) => metadata.backchannel_logout_uri],
  ['after sign-out', ({ metadata }) => addressText(metadata, 'post_logout_redirect_uris')],
  ['PKCE', ({ metadata, own, getsCodes }) => (getsCodes ? pkceText(metadata, own) : undefined)],
  ['consent', ({ metadata, own, signsIn }) => (signsIn ? consentText(metadata, own) : undefined)],
  ['scopes', ({ own, signsIn, getsCodes }) => (signsIn ? scopeText(own, getsCodes) : undefined)],
  ['second step', ({ metadata, own, signsIn }) => (signsIn ? stepText(metadata, own) : undefined)],
  [
    'ID tokens',
    ({ metadata, own, lifetimes, signsIn }) =>
      signsIn || isCibaClient(metadata) ? idTokenText(metadata, own, lifetimes) : undefined,
  ],
  ['device', ({ metadata, issuer, lifetimes }) => deviceText(metadata, issuer, lifetimes)],
  ['authenticator', ({ metadata }) => cibaText(metadata)],
  ['service', ({ own }) => serviceText(own)],
  ['resource server', ({ own }) => resourceText(own)],
  ['tokens for it', ({ metadata, own, lifetimes }) => audienceText(metadata, own, lifetimes)],
  ['access tokens', ({ metadata, lifetimes }) => (hasTokens(metadata) ? accessText(metadata, lifetimes) : undefined)],
  ['refresh tokens', ({ metadata, lifetimes, signsIn }) => (signsIn ? refreshText(metadata, lifetimes) : undefined)],
];

/** Name and text of every row that says something about this client. */
export const describeClient = (
  client: ShownClient,
  { issuer, lifetimes }: Pick<Settings, 'issuer' | 'lifetimes'>,
): readonly (readonly [string, string])[] => {
  const { metadata } = client;
  const getsCodes = metadata.grant_types?.includes('authorization_code') ?? false;
  const signsIn = getsCodes || isDevice(metadata);
  const own = ownMetadata(metadata);
  const subject = { issuer: issuer.origin, client, metadata, own, signsIn, getsCodes, lifetimes };
  return rows.flatMap(([name, textOf]) => {
    const text = textOf(subject);
    return text === undefined ? [] : [[name, text] as const];
  });
};

const secretText = ({ metadata, previousSecretUntil }: ShownClient): string => {
  if (isPublic(metadata)) return 'none: a public client';
  if (!usesSecret(metadata)) return `none: proven by ${metadata.token_endpoint_auth_method}`;
  const sent = `sent by ${metadata.token_endpoint_auth_method}`;
  if (previousSecretUntil === undefined) return `one, ${sent}`;
  return `two, ${sent}; the old one works until ${new Date(previousSecretUntil).toISOString()}`;
};

const keysText = ({ jwks, jwks_uri: uri }: ShownClient['metadata']): string | undefined =>
  uri === undefined ? jwks?.keys.map(({ kid, kty }) => kid ?? kty).join(' ') : `read from ${uri}`;

/** What each authorization request must be. */
const requestText = (metadata: ShownClient['metadata']): string | undefined =>
  [
    metadata.require_pushed_authorization_requests === true && 'must be pushed (RFC 9126)',
    metadata.require_signed_request_object === true && 'must be signed (RFC 9101)',
    metadata.response_modes !== undefined && `answered by ${metadata.response_modes.join(', ')} only`,
  ]
    .filter(text => typeof text === 'string')
    .join('; ') || undefined;

/** How the client came. That of an operator's command needs no row. */
const doorText = (metadata: ShownClient['metadata']): string | undefined =>
  ({
    operator: undefined,
    developer: 'by a developer, in the portal',
    file: `in the file ${String(Reflect.get(metadata, fileMember))}; \`clients apply\` changes it`,
    dynamic: `by itself, with the policy ${String(Reflect.get(metadata, registrationPolicyMember))}`,
  })[cameBy(metadata)];

const approvalText = (metadata: ShownClient['metadata']): string | undefined => {
  const { since } = waitingOf(metadata);
  if (since !== undefined)
    return `waits since ${new Date(since).toISOString()}; refused everywhere until \`clients approve\``;
  return isWaiting(metadata) ? `waits for \`clients approve\`: ${waitingLines(metadata).join('; ')}` : undefined;
};

const addressText = (
  metadata: ShownClient['metadata'],
  member: 'redirect_uris' | 'post_logout_redirect_uris',
): string | undefined => {
  const uris = textsIn(metadata, member);
  if (uris.length === 0) return undefined;
  const anyPort =
    metadata.application_type === 'native' && uris.some(uri => isForNative(uri) && uri.startsWith('http:'));
  return `${uris.join(' ')}${anyPort ? ' (http: with any port)' : ''}`;
};

/** The rule of `src/oidc/pkce.ts` for this client. */
const pkceText = (metadata: ShownClient['metadata'], { pkce }: OwnMetadata): string => {
  if (isPublic(metadata)) return 'required with S256, as for every client without a secret';
  if (metadata.application_type === 'native') return 'required with S256, as for every native client';
  if (pkce === 'required') return 'required with S256, also beside a nonce';
  if (pkce === 'optional') return 'optional, and so is a nonce: weaker, for software that sends neither';
  return 'S256, or a nonce together with the scope openid';
};

const consentText = (metadata: ShownClient['metadata'], { first_party: firstParty }: OwnMetadata): string => {
  const isTaken = metadata.application_type === 'native' && textsIn(metadata, 'redirect_uris').some(isForNative);
  return [
    firstParty ? 'not asked: a client of your own' : 'people are asked once for each scope',
    isTaken && 'asked instead of a sign-in where a session is there: others can take its address',
  ]
    .filter(Boolean)
    .join('; ');
};

const scopeText = ({ first_party: firstParty }: OwnMetadata, getsCodes: boolean): string =>
  `openid profile email groups, and offline_access${firstParty || !getsCodes ? '' : ' with prompt=consent'}`;

const stepText = (
  metadata: ShownClient['metadata'],
  { require_mfa: always, min_acr: acr, mfa_max_age: age, factors }: OwnMetadata,
): string => {
  const texts = [
    acr !== undefined && `at least ${acr}`,
    always && acr === undefined && 'always',
    factors !== undefined && `by ${factors.join(' or ')} only`,
    age !== undefined && `again after ${span(age * 1000)}`,
    // The rule of `src/oidc/prompts/login-prompt.ts`.
    isDevice(metadata) && 'for each device again; the password if the person has none',
  ].filter(text => typeof text === 'string');
  return texts.join(', ') || 'as the request, the person and the server demand';
};

const idTokenText = (
  { id_token_signed_response_alg: alg = 'ES256', subject_type: subject }: ShownClient['metadata'],
  { claims_in_id_token: full }: OwnMetadata,
  { accessToken }: Lifetimes,
): string =>
  `${alg}, ${span(accessToken)}${subject === 'pairwise' ? ', sub is of this sector only' : ''}; ${full ? 'with name, e-mail address and groups' : 'name, e-mail address and groups come from userinfo'}`;

const isDevice = ({ grant_types: grantTypes = [] }: ShownClient['metadata']): boolean =>
  grantTypes.includes(deviceGrant);

const deviceText = (
  metadata: ShownClient['metadata'],
  issuer: string,
  { interaction }: Lifetimes,
): string | undefined =>
  isDevice(metadata)
    ? `people connect it at ${issuer}/device with a code that expires after ${span(interaction)}`
    : undefined;

const cibaText = (metadata: ShownClient['metadata']): string | undefined => {
  if (!isCibaClient(metadata)) return undefined;
  const { backchannel_client_notification_endpoint: pinged } = metadata;
  return `asks people there for an approval (mfa), and ${typeof pinged === 'string' ? `is told of it at ${pinged}` : 'polls'}`;
};

const serviceText = ({ service_scopes: scopes, default_resource: resource }: OwnMetadata): string | undefined => {
  if (scopes === undefined) return undefined;
  return `may request ${scopes.join(' ')}; ${resource === undefined ? 'names a resource each time' : `for ${resource} unless it names another`}`;
};

const resourceText = ({ resource, resource_scopes: scopes = [] }: OwnMetadata): string | undefined =>
  resource === undefined ? undefined : `${resource}, knows ${scopes.join(' ') || 'no scope'}`;

/** The rule of `src/oidc/resource-servers.ts`. */
const audienceText = (
  { id_token_signed_response_alg: alg = 'ES256' }: ShownClient['metadata'],
  { resource, access_token_format: format }: OwnMetadata,
  { accessToken }: Lifetimes,
): string | undefined => {
  if (resource === undefined) return undefined;
  if (format !== 'jwt') return `opaque, ${span(accessToken)}; it asks the introspection endpoint with its secret`;
  const lifetime = span(Math.min(longestJwtLifetime, accessToken));
  return `JWT (RFC 9068), ${alg}, ${lifetime}; can be neither introspected nor revoked`;
};

const hasTokens = ({ grant_types: grantTypes = [] }: ShownClient['metadata']): boolean => grantTypes.length > 0;

const accessText = (metadata: ShownClient['metadata'], { accessToken }: Lifetimes): string =>
  [
    `opaque, ${span(accessToken)}, unless the resource server is registered for JWTs`,
    metadata.dpop_bound_access_tokens === true && 'work with its DPoP key only',
    metadata.tls_client_certificate_bound_access_tokens === true && 'work with its certificate only',
  ]
    .filter(text => typeof text === 'string')
    .join('; ');

const refreshText = ({ grant_types: grantTypes = [] }: ShownClient['metadata'], { refreshToken }: Lifetimes): string =>
  grantTypes.includes('refresh_token')
    ? `rotate; end ${span(refreshToken)} after their last use, and at sign-out unless offline_access was granted`
    : 'none';
