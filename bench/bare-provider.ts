/**
 * Opens oidc-provider without our code: the same client, scopes and algorithm, its own adapter in memory, and no page. Each sign-in
 * succeeds at once, so that a flow costs what the protocol alone costs. The adapter keeps the thousand entries that were used last,
 * so that tokens of one scenario are gone in the next.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Provider, type ClientMetadata, type Configuration } from 'oidc-provider';
import type { OpenedServer } from './server-spec.ts';
import { apis, client as registered, issuer, scope, serviceAt } from './requests.ts';

const services = 1;

const clients = (): ClientMetadata[] => [
  {
    client_id: registered.id,
    client_secret: registered.secret,
    redirect_uris: [registered.redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    id_token_signed_response_alg: 'ES256',
  },
  ...Array.from({ length: services }, (_, at): ClientMetadata => ({
    client_id: serviceAt(at).id,
    client_secret: serviceAt(at).secret,
    redirect_uris: [],
    response_types: [],
    grant_types: ['client_credentials'],
    id_token_signed_response_alg: 'ES256',
  })),
];

const configuration = (): Configuration => {
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  return {
    clients: clients(),
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'], profile: ['name', 'preferred_username'] },
    features: {
      introspection: { enabled: true },
      revocation: { enabled: true },
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, resource) => ({
          scope: 'read',
          audience: resource,
          accessTokenTTL: 300,
          accessTokenFormat: resource === apis.jwt ? 'jwt' : 'opaque',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    jwks: { keys: [{ ...jwk, alg: 'ES256', use: 'sig', kid: 'bench' }] },
    cookies: { keys: ['bench'] },
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId, name: 'Somebody' }) }),
    async loadExistingGrant({ oidc }) {
      const { client, session, provider } = oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
      grant.addOIDCScope(scope);
      await grant.save();
      return grant;
    },
  };
};

/** Opens it. */
export const bareProvider = (): OpenedServer => {
  const provider = new Provider(issuer.href.slice(0, -1), configuration());
  const answer = provider.callback();
  const finish = async (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    provider.interactionFinished(request, response, { login: { accountId: randomUUID() } });
  return {
    answer(request, response) {
      void (request.url?.startsWith('/interaction/') === true ? finish(request, response) : answer(request, response));
    },
  };
};
