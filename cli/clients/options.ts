/**
 * Lists the options that describe a client: one row each, for `clients add` and `clients set`.
 *
 * | row     | `clients add`      | `clients set`                                 |
 * | ------- | ------------------ | --------------------------------------------- |
 * | preset  | `--name`           | `--name`, `--no-name` for the default         |
 * | value   | `--name <text>`    | `--name <text>`, `--no-name` for the default  |
 * | list    | `--name <uri...>`  | `--add-name <uri...>`, `--remove-name <uri...>` |
 *
 * Values are checked when the client is stored, as part of its whole metadata (`src/oidc/clients/check.ts`), never here.
 */
import { readFileSync } from 'node:fs';
import { Problem } from '../../src/errors.ts';
import { acrs } from '../../src/mfa/assurance.ts';
import { cibaGrant } from '../../src/oidc/ciba-parameters.ts';
import { deviceGrant, serverSigningAlgs } from '../../src/oidc/client-metadata.ts';
import {
  backchannelLogout,
  backchannelLogoutMembers,
  type ClientChange,
  type ListMember,
  type Member,
} from '../../src/oidc/clients/change.ts';

/** One option of a client. */
export interface ClientOption {
  /** As typed, without the leading dashes. */
  readonly name: string;
  readonly help: string;
  /** Name of the argument; absent for an option without one. */
  readonly argument?: string;
  readonly choices?: readonly string[];
  /** Only at `add`: a client keeps its type for life. Only at `set`: `add` has it as an argument. */
  readonly only?: 'add' | 'set';
  /** Of a list: what a removal does, where more follows than that the text is no longer registered. */
  readonly removalHelp?: string;
  /** Of a list: the member that it adds to and removes from. */
  readonly list?: ListMember;
  /** What the option changes. `value` is empty where it takes no argument. */
  readonly change: (value: string) => ClientChange;
  /** Members that `--no-name` resets to their defaults. */
  readonly members: readonly Member[];
}

type Extra = Pick<ClientOption, 'only'>;
type Preset = NonNullable<ClientChange['set']>;

/** An option that sets these members. */
const preset = (name: string, set: Preset, help: string, extra: Extra = {}): ClientOption => ({
  name,
  help,
  change: () => ({ set }),
  members: memberNames(set),
  ...extra,
});

/** An option that sets a member to the text after it, or to what `read` makes of it. */
const value = (
  name: string,
  {
    member,
    argument,
    choices,
    read = text => text,
    ...extra
  }: Extra & {
    readonly member: Member;
    readonly argument: string;
    readonly choices?: readonly string[];
    readonly read?: (text: string) => unknown;
  },
  help: string,
): ClientOption => ({
  name,
  help,
  argument,
  ...(choices !== undefined && { choices }),
  change: text => ({ set: { [member]: read(text) } }),
  members: [member],
  ...extra,
});

/** An option for a member with several texts. */
const list = (
  name: string,
  {
    member,
    argument,
    ...extra
  }: { readonly member: ListMember; readonly argument: string; readonly removalHelp?: string },
  help: string,
): ClientOption => ({
  name,
  help,
  argument,
  list: member,
  change: text => ({ add: { [member]: [text] } }),
  members: [],
  ...extra,
});

const memberNames = (set: Preset): readonly Member[] =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type of `set` has no other keys
  Object.keys(set) as Member[];

/** The keys in this file. @throws Problem 'bad-request' */
const readKeys = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Problem('bad-request', `--jwks: got ${file}, expected a file with a JSON Web Key Set`, { cause });
  }
};

/** Which certificate proves a client with `tls_client_auth`: one of these names must be in it (RFC 8705 §2.1.2). */
const certificateOptions = (
  [
    ['tls-subject-dn', 'tls_client_auth_subject_dn', 'dn', 'subject of its certificate, as RFC 4514 writes it'],
    ['tls-san-dns', 'tls_client_auth_san_dns', 'name', 'DNS name in its certificate'],
    ['tls-san-uri', 'tls_client_auth_san_uri', 'uri', 'URI in its certificate'],
    ['tls-san-ip', 'tls_client_auth_san_ip', 'address', 'IP address in its certificate'],
    ['tls-san-email', 'tls_client_auth_san_email', 'address', 'e-mail address in its certificate'],
  ] as const
).map(([name, member, argument, help]) => value(name, { member, argument }, help));

/** Every option of a client. Add a row here and its member to `NewClient` (`src/oidc/client-metadata.ts`). */
export const clientOptions: readonly ClientOption[] = [
  value('name', { member: 'client_name', argument: 'text', only: 'set' }, 'name that people see'),
  value('client-uri', { member: 'client_uri', argument: 'uri' }, 'its home page, for links on our pages'),
  list(
    'redirect-uri',
    { member: 'redirect_uris', argument: 'uri', removalHelp: 'removes it; sign-ins that would return to it fail' },
    'where authorization codes are sent',
  ),
  list(
    'post-logout-redirect-uri',
    {
      member: 'post_logout_redirect_uris',
      argument: 'uri',
      removalHelp: 'removes it; sign-outs do not return to it any more',
    },
    'where browsers go after sign-out',
  ),
  preset(
    'public',
    { token_endpoint_auth_method: 'none' },
    'a client that cannot keep a secret: a page, an installed program',
    { only: 'add' },
  ),
  preset(
    'device',
    { grant_types: [deviceGrant, 'refresh_token'] },
    'a program or device without a browser: people connect it with a code (RFC 8628)',
    { only: 'add' },
  ),
  {
    name: 'ciba',
    argument: 'mode',
    choices: ['poll', 'ping'],
    only: 'add',
    help: 'asks people in their authenticator, without a browser (OpenID CIBA), and polls for the answer or is pinged',
    change: mode => ({ set: { grant_types: [cibaGrant], backchannel_token_delivery_mode: mode } }),
    members: ['grant_types', 'backchannel_token_delivery_mode'],
  },
  value(
    'ciba-notification-uri',
    { member: 'backchannel_client_notification_endpoint', argument: 'uri' },
    'where a client with --ciba ping is told that the person has answered',
  ),
  preset(
    'service',
    { grant_types: ['client_credentials'] },
    'a program that acts for itself, without a person (client_credentials)',
    { only: 'add' },
  ),
  list(
    'service-scope',
    { member: 'service_scopes', argument: 'scope' },
    'a scope of a resource server that this service may request',
  ),
  value(
    'default-resource',
    { member: 'default_resource', argument: 'uri' },
    'the resource server for token requests of this service that name none',
  ),
  value(
    'resource-server',
    { member: 'resource', argument: 'uri' },
    'an API with this identifier: it may introspect the access tokens that are for it (RFC 8707)',
  ),
  list('resource-scope', { member: 'resource_scopes', argument: 'scope' }, 'a scope that this API knows'),
  value(
    'access-token-format',
    { member: 'access_token_format', argument: 'format', choices: ['opaque', 'jwt'] },
    'format of access tokens for this API; a jwt expires after five minutes and can be neither introspected nor revoked',
  ),
  preset(
    'native',
    { application_type: 'native' },
    'an installed program: any port of a loopback address, or a scheme of its own (RFC 8252)',
  ),
  value(
    'auth-method',
    {
      member: 'token_endpoint_auth_method',
      argument: 'method',
      choices: [
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
        'tls_client_auth',
        'self_signed_tls_client_auth',
      ],
    },
    'how it sends its secret, or proves its key',
  ),
  value(
    'jwks',
    { member: 'jwks', argument: 'file', read: readKeys },
    'file with its public keys, a JSON Web Key Set (RFC 7517)',
  ),
  value('jwks-uri', { member: 'jwks_uri', argument: 'uri' }, 'where its public keys are'),
  ...certificateOptions,
  value(
    'profile',
    { member: 'security_profile', argument: 'profile', choices: ['fapi2'] },
    'FAPI 2.0: pushed requests, PKCE, keys instead of a secret, and tokens that are bound to a key',
  ),
  preset('require-par', { require_pushed_authorization_requests: true }, 'each request must be pushed (RFC 9126)'),
  preset(
    'require-signed-request',
    { require_signed_request_object: true },
    'each request must be signed by its keys (RFC 9101)',
  ),
  list(
    'response-mode',
    { member: 'response_modes', argument: 'mode' },
    'a way in which it gets answers, such as query.jwt; all of them by default',
  ),
  list(
    'authorization-details-type',
    { member: 'authorization_details_types', argument: 'type' },
    'a type of authorization details that it may request (RFC 9396); none by default',
  ),
  preset('dpop', { dpop_bound_access_tokens: true }, 'its access tokens work with its DPoP key only (RFC 9449)'),
  preset(
    'mtls-tokens',
    { tls_client_certificate_bound_access_tokens: true },
    'its access tokens work with its certificate only (RFC 8705)',
  ),
  preset(
    'pairwise',
    { subject_type: 'pairwise' },
    'it knows people by subjects that clients of other sectors do not know',
  ),
  value(
    'sector-identifier-uri',
    { member: 'sector_identifier_uri', argument: 'uri' },
    'list of all redirect addresses of its sector (OIDC Core §8.1)',
  ),
  value(
    'id-token-alg',
    { member: 'id_token_signed_response_alg', argument: 'algorithm', choices: serverSigningAlgs },
    'signature of its ID tokens; ES256 by default',
  ),
  value(
    'response-alg',
    { member: 'authorization_signed_response_alg', argument: 'algorithm', choices: serverSigningAlgs },
    'signature of answers in response modes with jwt; ES256 by default',
  ),
  value(
    'introspection-alg',
    { member: 'introspection_signed_response_alg', argument: 'algorithm', choices: serverSigningAlgs },
    'signature of introspection answers as JWT (RFC 9701); ES256 by default',
  ),
  value(
    'pkce',
    { member: 'pkce', argument: 'rule', choices: ['required', 'optional'] },
    'required: also beside a nonce; optional: neither is needed, which is weaker',
  ),
  {
    name: 'backchannel-logout-uri',
    argument: 'uri',
    help: 'where it gets logout tokens when a session ends (OpenID Connect Back-Channel Logout)',
    change: uri => backchannelLogout(uri),
    members: backchannelLogoutMembers,
  },
  preset('first-party', { first_party: true }, 'a client of your own: people are not asked for consent'),
  preset('require-mfa', { require_mfa: true }, 'always require a second step'),
  value('min-acr', { member: 'min_acr', argument: 'acr', choices: acrs }, 'the lowest assurance that it accepts'),
  value(
    'mfa-max-age',
    { member: 'mfa_max_age', argument: 'seconds', read: Number },
    'after this time the second step must be repeated',
  ),
  list(
    'factor',
    { member: 'factors', argument: 'type', removalHelp: 'without any, each factor is allowed again' },
    'a factor that may be the second step here, such as passkey; all others are not enough',
  ),
  preset('claims-in-id-token', { claims_in_id_token: true }, 'put name, e-mail address and groups into ID tokens too'),
];
