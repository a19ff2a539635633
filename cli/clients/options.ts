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
import { acrs } from '../../src/mfa/assurance.ts';
import { cibaGrant } from '../../src/oidc/ciba-parameters.ts';
import type { ClientChange, ListMember, Member } from '../../src/oidc/clients/change.ts';

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
    { grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'] },
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
      choices: ['client_secret_basic', 'client_secret_post'],
    },
    'how it sends its secret',
  ),
  value(
    'id-token-alg',
    { member: 'id_token_signed_response_alg', argument: 'algorithm', choices: ['ES256', 'RS256'] },
    'signature of its ID tokens; ES256 by default',
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
    // Without `sid` a token that arrives late would also end a session that began meanwhile.
    change: uri => ({ set: { backchannel_logout_uri: uri, backchannel_logout_session_required: true } }),
    members: ['backchannel_logout_uri', 'backchannel_logout_session_required'],
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
