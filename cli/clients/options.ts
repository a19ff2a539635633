/**
 * Lists the options that describe a client: one row each, for `clients add` and `clients set`.
 *
 * Values are checked when the client is stored, as part of its whole metadata (`src/oidc/clients/check.ts`), never here.
 */
import { acrs } from '../../src/mfa/assurance.ts';
import { cibaGrant } from '../../src/oidc/ciba-parameters.ts';
import { deviceGrant } from '../../src/oidc/client-metadata.ts';
import { backchannelLogout, backchannelLogoutMembers } from '../../src/oidc/clients/change.ts';
import { list, preset, value, type ClientOption } from './option.ts';
import { securityOptions } from './security-options.ts';

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
  ...securityOptions,
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
