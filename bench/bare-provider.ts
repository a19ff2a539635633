/**
 * Opens oidc-provider without our code: the same client, scopes and algorithm, a `Map` as its store, and no page. Each sign-in
 * succeeds at once, so that a flow costs what the protocol alone costs.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  Provider,
  type Adapter,
  type AdapterFactory,
  type AdapterPayload,
  type ClientMetadata,
  type Configuration,
} from 'oidc-provider';
import type { OpenedServer } from './server-spec.ts';
import { apis, client as registered, issuer, scope, serviceAt, type Tokens } from './requests.ts';

const tokenFamilies = 8;
const services = 1;

/** Keeps everything in one `Map`, also what has expired. */
const mapAdapters = (): AdapterFactory => {
  const stored = new Map<string, AdapterPayload>();
  const uids = new Map<unknown, string>();
  return (model): Adapter => {
    const keyOf = (id: string): string => `${model}:${id}`;
    return {
      async upsert(id, payload) {
        stored.set(keyOf(id), payload);
        if (model === 'Session') uids.set(payload['uid'], id);
      },
      find: async id => stored.get(keyOf(id)),
      findByUid: async uid => stored.get(keyOf(uids.get(uid) ?? '')),
      findByUserCode: async () => undefined,
      async consume(id) {
        Object.assign(stored.get(keyOf(id)) ?? {}, { consumed: Math.floor(Date.now() / 1000) });
      },
      async destroy(id) {
        stored.delete(keyOf(id));
      },
      async revokeByGrantId() {},
    };
  };
};

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
    adapter: mapAdapters(),
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

/** Opens it, with tokens of some people. */
export const bareProvider = async (): Promise<OpenedServer> => {
  const provider = new Provider(issuer.href.slice(0, -1), configuration());
  const tokens = await Promise.all(
    Array.from({ length: tokenFamilies }, (_, at) => issueTokens(provider, `person-${at}`)),
  );
  const answer = provider.callback();
  const finish = async (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    provider.interactionFinished(request, response, { login: { accountId: randomUUID() } });
  return {
    answer(request, response) {
      void (request.url?.startsWith('/interaction/') === true ? finish(request, response) : answer(request, response));
    },
    tokens,
  };
};

const issueTokens = async (provider: Provider, accountId: string): Promise<Tokens> => {
  const client = await provider.Client.find(registered.id);
  if (client === undefined) throw new Error('the client is not registered');
  const grant = new provider.Grant({ accountId, clientId: registered.id });
  grant.addOIDCScope(scope);
  const grantId = await grant.save();
  const claims = {
    client,
    accountId,
    grantId,
    scope,
    gty: 'authorization_code',
    authTime: Math.floor(Date.now() / 1000),
  };
  return {
    access: await new provider.AccessToken(claims).save(),
    refresh: await new provider.RefreshToken({ ...claims, acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] }).save(),
  };
};
