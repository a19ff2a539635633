/** Configures the parts of oidc-provider that need no store and no page: supported protocol, features, lifetimes. */
import { errors, type Configuration } from 'oidc-provider';
import { acrs } from '../mfa/assurance.ts';
import type { Lifetimes } from '../config.ts';
import type { Clock, Millis } from '../ports/time.ts';
import { languages } from '../locales/wording.ts';
import { requestLifetime } from './ciba-parameters.ts';
import { deviceFlow } from './device/flow.ts';
import { clientSigningAlgs, serverSigningAlgs } from './client-metadata.ts';
import { extraClientMetadata } from './own-metadata.ts';
import { isPkceRequired } from './pkce.ts';
import { webOrigin } from './http/return-address.ts';
import { aliases } from './required-acr.ts';
import { isFapi2 } from './security-profile.ts';

const seconds = (span: Millis): number => Math.max(1, Math.floor(span / 1000));

/** Code flow only, with PKCE (pkce.ts), ES256 unless a client asks for RS256. */
export const protocol = {
  acrValues: [...acrs, ...Object.keys(aliases)],
  scopes: ['openid', 'offline_access'],
  responseTypes: ['code'],
  pkce: { required: isPkceRequired },
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  subjectTypes: ['public', 'pairwise'],
  clientDefaults: {
    grant_types: ['authorization_code'],
    response_types: ['code'],
    id_token_signed_response_alg: 'ES256',
    authorization_signed_response_alg: 'ES256',
    introspection_signed_response_alg: 'ES256',
    token_endpoint_auth_method: 'client_secret_basic',
  },
  // Never HS256: a secret is stored as a hash, which would become the key.
  enabledJWA: {
    idTokenSigningAlgValues: [...serverSigningAlgs],
    authorizationSigningAlgValues: [...serverSigningAlgs],
    introspectionSigningAlgValues: [...serverSigningAlgs],
    clientAuthSigningAlgValues: [...clientSigningAlgs],
    requestObjectSigningAlgValues: [...clientSigningAlgs],
    dPoPSigningAlgValues: ['ES256', 'PS256', 'Ed25519', 'EdDSA'],
  },
  extraClientMetadata,
  // What an ID token holds is decided per client (account.ts).
  conformIdTokenClaims: false,
  allowOmittingSingleRegisteredRedirectUri: false,
  clockTolerance: 5,
  // Each use gives a new one. A stolen one is detected when it is used twice (RFC 9700 §4.14.2). One of a FAPI client is of no use
  // without its key, and §5.3.2.1 wants it to stay: it is replaced late in its life only.
  rotateRefreshToken: ({ oidc: { client, refreshToken } }) =>
    !isFapi2(client) || (refreshToken?.ttlPercentagePassed() ?? 100) >= 70,
  /**
   * Each client that registered `refresh_token` gets one. It ends with the session (`expiresWithSession`), unless the person
   * granted `offline_access`.
   */
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: async (_ctx, source) => !source.scopes.has('offline_access'),
  // Nothing finds the access tokens of a grant (models.ts), so a client that revokes one of them ends the grant.
  revokeGrantPolicy: () => true,
  // Scripts on the client's own origin may request tokens and claims.
  clientBasedCORS: (_ctx, origin, client) => (client.redirectUris ?? []).some(uri => webOrigin(uri) === origin),
  discovery: { claim_types_supported: ['normal'], ui_locales_supported: [...languages] },
} as const satisfies Configuration;

/**
 * Enabled features. Only the client to which a token was issued may revoke it. Introspection, resource servers and logout get
 * their rules and pages where the provider is created (resource-servers.ts, pages.ts).
 */
export const features = {
  devInteractions: { enabled: false },
  pushedAuthorizationRequests: { enabled: true },
  requestObjects: { enabled: true },
  jwtResponseModes: { enabled: true },
  jwtIntrospection: { enabled: true },
  fapi: { enabled: true, profile: (_ctx, client) => (isFapi2(client) ? '2.0' : undefined) },
  claimsParameter: { enabled: true },
  resourceIndicators: { enabled: true },
  clientCredentials: { enabled: true },
  deviceFlow,
  introspection: { enabled: true },
  rpInitiatedLogout: { enabled: true },
  backchannelLogout: { enabled: true },
  revocation: {
    enabled: true,
    allowedPolicy: async (_ctx, client, token) => {
      if (token.clientId === client.clientId) return true;
      if (client.clientAuthMethod === 'none') return false;
      throw new errors.InvalidRequest('client is not authorized to revoke the presented token');
    },
  },
} as const satisfies Configuration['features'];

/**
 * Lifetimes in seconds. A session ends when it is idle or too old. A refresh token ends when it is not used, or with its grant,
 * which is never extended.
 */
export const lifetimes = (lifetime: Lifetimes, clock: Clock): NonNullable<Configuration['ttl']> => {
  const now = (): number => Math.floor(clock() / 1000);
  return {
    AccessToken: (_ctx, { resourceServer }) => resourceServer?.accessTokenTTL ?? seconds(lifetime.accessToken),
    ClientCredentials: (_ctx, { resourceServer }) => resourceServer?.accessTokenTTL ?? seconds(lifetime.accessToken),
    DeviceCode: seconds(lifetime.interaction),
    BackchannelAuthenticationRequest: requestLifetime,
    IdToken: seconds(lifetime.accessToken),
    // FAPI 2.0 §5.3.2.1.
    AuthorizationCode: (_ctx, _code, client) =>
      seconds(isFapi2(client) ? Math.min(lifetime.code, 60_000) : lifetime.code),
    Interaction: seconds(lifetime.interaction),
    Grant: seconds(lifetime.grant),
    Session: (_ctx, { loginTs }) =>
      Math.max(1, Math.min(seconds(lifetime.idle), (loginTs ?? now()) + seconds(lifetime.session) - now())),
    RefreshToken: ctx =>
      Math.max(1, Math.min(seconds(lifetime.refreshToken), (ctx.oidc.entities.Grant?.exp ?? Infinity) - now())),
  };
};
