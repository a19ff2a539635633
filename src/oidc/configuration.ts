/** oidc-provider's configuration that does not depend on stores or pages: what this house supports, and for how long. */
import { errors, type Configuration, type FindAccount } from 'oidc-provider';
import { acrs } from '../mfa/assurance.ts';
import type { Lifetimes } from '../config.ts';
import type { Clock, Millis } from '../ports/time.ts';
import { languages } from '../locales/wording.ts';
import { claims } from './account.ts';
import { extraClientMetadata } from './client-metadata.ts';
import { aliases } from './required-acr.ts';

const seconds = (span: Millis): number => Math.max(1, Math.floor(span / 1000));

/** Code flow only, PKCE for everybody, ES256 unless a client asks for RS256; no feature that nothing here needs. */
export const protocol = {
  acrValues: [...acrs, ...Object.keys(aliases)],
  // `sid` and `auth_time` alone are claims to ask for; `acr` and `amr` stand in every ID token (account.ts).
  claims: Object.fromEntries(Object.entries(claims).map(([scope, names]) => [scope, [...names]])),
  scopes: ['openid', 'offline_access'],
  responseTypes: ['code'],
  pkce: { required: () => true },
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
  clientDefaults: {
    grant_types: ['authorization_code'],
    response_types: ['code'],
    id_token_signed_response_alg: 'ES256',
    token_endpoint_auth_method: 'client_secret_basic',
  },
  enabledJWA: { idTokenSigningAlgValues: ['ES256', 'RS256'], dPoPSigningAlgValues: ['ES256', 'Ed25519'] },
  extraClientMetadata,
  conformIdTokenClaims: true,
  allowOmittingSingleRegisteredRedirectUri: false,
  clockTolerance: 5,
  // Every use gives a new one, for every kind of client: a stolen one shows by being used twice (RFC 9700 §4.14.2).
  rotateRefreshToken: true,
  /**
   * Every client that registered `refresh_token` gets one. Without `offline_access`, which a person grants, it ends with
   * their session (`expiresWithSession`); with it, it outlives the session.
   */
  issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: async (_ctx, source) => !source.scopes.has('offline_access'),
  // A page of the client's own origin may ask for tokens and claims by script.
  clientBasedCORS: (_ctx, origin, client) => (client.redirectUris ?? []).some(uri => URL.parse(uri)?.origin === origin),
  discovery: { claim_types_supported: ['normal'], ui_locales_supported: [...languages] },
} as const satisfies Configuration;

/**
 * On: what the README promises. A token's state is told, and a token ended, to the client it was given to and nobody else.
 * Introspection and logout get their rules and pages where the provider is made (`introspection`, pages.ts).
 */
export const features = {
  devInteractions: { enabled: false },
  claimsParameter: { enabled: true },
  resourceIndicators: { enabled: false },
  introspection: { enabled: true },
  rpInitiatedLogout: { enabled: true },
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
 * The library asks for the person wherever a token is used, but not where it is told whether one is good: so that a lock
 * ends it there as well, nothing is told of a token whose person may not sign in.
 */
export const introspection = (findAccount: FindAccount) =>
  ({
    enabled: true,
    allowedPolicy: async (ctx, client, token) => {
      if (client.clientAuthMethod === 'none' || token.clientId !== client.clientId) return false;
      return !('accountId' in token) || (await findAccount(ctx, token.accountId, token)) !== undefined;
    },
  }) as const satisfies NonNullable<Configuration['features']>['introspection'];

/**
 * Lifetimes in seconds, as functions of what ends them. A session ends when it was idle, or old; a refresh token when it was
 * not used, or with its grant, which nothing extends.
 */
export const lifetimes = (lifetime: Lifetimes, clock: Clock): NonNullable<Configuration['ttl']> => {
  const now = (): number => Math.floor(clock() / 1000);
  return {
    AccessToken: seconds(lifetime.accessToken),
    IdToken: seconds(lifetime.accessToken),
    AuthorizationCode: seconds(lifetime.code),
    Interaction: seconds(lifetime.interaction),
    Grant: seconds(lifetime.grant),
    Session: (_ctx, { loginTs }) =>
      Math.max(1, Math.min(seconds(lifetime.idle), (loginTs ?? now()) + seconds(lifetime.session) - now())),
    RefreshToken: ctx =>
      Math.max(1, Math.min(seconds(lifetime.refreshToken), (ctx.oidc.entities.Grant?.exp ?? Infinity) - now())),
  };
};
