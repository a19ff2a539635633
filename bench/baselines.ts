/** Opens the servers that the product is compared with: bare Node servers, and oidc-provider without our code. */
import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';
import { openMemoryDurable, openMemoryShortLived } from '../adapters/memory.ts';
import { createSealer } from '../src/crypto.ts';
import { createAdapters } from '../src/oidc/adapter.ts';
import { oidcDocumentKind } from '../src/records.ts';
import type { OpenedServer } from './server-spec.ts';
import { client as registered, scope, type Tokens } from './requests.ts';

/** A Node server that only sends the same bytes. */
export const bareHttp = (body: string): OpenedServer => {
  const bytes = Buffer.from(body);
  return {
    answer(_request, response) {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length });
      response.end(bytes);
    },
  };
};

/** A Node server that sends one event to each request and keeps its stream open. */
export const bareStreams = (): OpenedServer => ({
  answer(_request, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 2000\n\ndata: {"phase":"pending"}\n\n');
  },
});

const tokenFamilies = 8;

/** oidc-provider over our adapter in memory, with the same client and algorithm. Its tokens are issued without pages. */
export const bareProvider = async (issuer: string): Promise<OpenedServer> => {
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const durable = openMemoryDurable({ clock: Date.now });
  const shortLived = openMemoryShortLived({ clock: Date.now });
  const provider = new Provider(issuer, {
    adapter: createAdapters({
      documents: durable.collection(oidcDocumentKind),
      ephemeral: shortLived.ephemeral,
      sealer: createSealer([{ id: 'bench', key: createSecretKey(randomBytes(32)) }]),
      hashKey: createSecretKey(randomBytes(32)),
      clock: Date.now,
      findClient: async () => undefined,
    }),
    clients: [
      {
        client_id: registered.id,
        client_secret: registered.secret,
        redirect_uris: [registered.redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    claims: { openid: ['sub', 'acr', 'amr', 'auth_time'], profile: ['name', 'preferred_username'] },
    features: { introspection: { enabled: true }, devInteractions: { enabled: false } },
    jwks: { keys: [{ ...jwk, alg: 'ES256', use: 'sig', kid: 'bench' }] },
    cookies: { keys: ['bench'] },
    rotateRefreshToken: true,
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId, name: 'Somebody' }) }),
  });
  const tokens = await Promise.all(
    Array.from({ length: tokenFamilies }, (_, at) => issueTokens(provider, `person-${at}`)),
  );
  const answer = provider.callback();
  return { answer: (request, response) => void answer(request, response), tokens };
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
