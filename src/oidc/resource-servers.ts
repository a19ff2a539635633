/**
 * Decides which access tokens resource servers get (RFC 8707). A client registered with a `resource` is a resource server.
 *
 * | `access_token_format` | token                 | lifetime                        | introspection, revocation |
 * | --------------------- | --------------------- | ------------------------------- | ------------------------- |
 * | `opaque`              | random, in our store  | of access tokens                | yes, see `introspection`  |
 * | `jwt`                 | signed (RFC 9068)     | five minutes, or less           | refused by the library    |
 */
import { errors, type Configuration, type FindAccount, type KoaContextWithOIDC } from 'oidc-provider';
import type { Millis } from '../ports/time.ts';
import type { ClientDirectory } from './clients/directory.ts';
import { shown } from './refusals/explanations.ts';
import { defaultResourceOf, isServiceRequest, scopesOfService } from './services.ts';

type Features = NonNullable<Configuration['features']>;

/** JWTs cannot be revoked, so a locked account can still reach a resource server for this long. */
export const longestJwtLifetime: Millis = 300_000;

/** Dependencies of the rules. */
export interface ResourceServerDeps {
  readonly clients: Pick<ClientDirectory, 'find' | 'findResourceServer'>;
  /** How long an access token is valid. */
  readonly accessToken: Millis;
}

/**
 * For `features.resourceIndicators` of oidc-provider. A token of a request with a `resource` is for that resource server, also
 * where the token request does not name it again.
 */
export const resourceIndicators = ({ clients, accessToken }: ResourceServerDeps) =>
  ({
    enabled: true,
    // Of several granted ones the token request must name one: the library refuses a list (RFC 8707 §2.2).
    defaultResource: (ctx, client, oneOf) => (isServiceRequest(ctx) ? defaultResourceOf(client) : (oneOf ?? [])),
    useGrantedResource: () => true,
    async getResourceServerInfo(ctx, resource, client) {
      const server = await clients.findResourceServer(resource);
      if (server === undefined) throw unknownResource(resource);
      const scopes = isServiceRequest(ctx) ? scopesOfService(ctx, client, server) : server.scopes;
      const isJwt = server.format === 'jwt';
      return {
        scope: scopes.join(' '),
        audience: server.resource,
        accessTokenFormat: server.format,
        accessTokenTTL: Math.floor((isJwt ? Math.min(longestJwtLifetime, accessToken) : accessToken) / 1000),
        ...(isJwt && { jwt: { sign: { alg: server.signedBy } } }),
      };
    },
  }) as const satisfies Features['resourceIndicators'];

const unknownResource = (resource: string): Error =>
  new errors.InvalidTarget(
    'the resource is not registered',
    `got the resource ${shown(resource)}, expected the one with which a resource server is registered`,
  );

/**
 * For `features.introspection` of oidc-provider (RFC 7662). A token is active for the client to which it was issued and, if it
 * is for a resource server, for that one; and while client, resource server and person are there. The library looks for
 * the person where a token is used, but not where it is introspected.
 */
export const introspection = ({
  findAccount,
  clients,
}: { readonly findAccount: FindAccount } & Pick<ResourceServerDeps, 'clients'>) =>
  ({
    enabled: true,
    async allowedPolicy(ctx, client, token) {
      if (client.clientAuthMethod === 'none' || token.clientId === undefined) return false;
      if ((await clients.find(token.clientId)) === undefined) return false;
      const audience = 'aud' in token ? token.aud : undefined;
      const server = typeof audience === 'string' ? await clients.findResourceServer(audience) : undefined;
      if (audience !== undefined && server === undefined) return false;
      if (client.clientId !== token.clientId && client.clientId !== server?.clientId) return false;
      return !('accountId' in token) || (await findAccount(ctx, token.accountId, token)) !== undefined;
    },
  }) as const satisfies Features['introspection'];

/**
 * For `extraTokenClaims` of oidc-provider: how and when the person signed in, for resource servers (RFC 9068 §2.2.1,
 * RFC 9470 §6). They stay those of the sign-in when the token is refreshed.
 */
export const signInClaims = (
  { oidc }: KoaContextWithOIDC,
  token: { readonly aud?: unknown; readonly accountId?: unknown },
) => {
  if (token.aud === undefined || token.accountId === undefined) return undefined;
  const { AuthorizationCode, DeviceCode, BackchannelAuthenticationRequest, RefreshToken } = oidc.entities;
  const source = AuthorizationCode ?? DeviceCode ?? BackchannelAuthenticationRequest ?? RefreshToken;
  const { acr, amr, authTime } = source ?? {};
  return {
    ...(acr !== undefined && { acr }),
    ...(amr !== undefined && { amr }),
    ...(authTime !== undefined && { auth_time: authTime }),
  };
};
