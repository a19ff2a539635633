/** What the product is held against: the runtime's own server, and the library without us. */
import { createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';
import { openMemory } from '../adapters/memory.ts';
import { createSealer } from '../src/crypto.ts';
import { createAdapters } from '../src/oidc/adapter.ts';
import { oidcDocumentKind } from '../src/records.ts';
import type { Answering } from './server.ts';
import { client as known, scope, type Tokens } from './visitor.ts';

/** The least that a Node server can do for the same bytes. */
export const bareHttp = (body: string): Answering => {
  const bytes = Buffer.from(body);
  return {
    answer(_request, response) {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length });
      response.end(bytes);
    },
  };
};

const families = 8;

/** oidc-provider over our adapter in memory, with the same client and algorithm; it hands out tokens without pages. */
export const bareProvider = async (issuer: string): Promise<Answering> => {
  const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const { durable, shortLived } = openMemory({ clock: Date.now });
  const provider = new Provider(issuer, {
    adapter: createAdapters({
      documents: durable.collection(oidcDocumentKind),
      ephemeral: shortLived.ephemeral,
      sealer: createSealer([{ id: 'bench', key: createSecretKey(randomBytes(32)) }]),
      clock: Date.now,
      findClient: async () => undefined,
    }),
    clients: [
      {
        client_id: known.id,
        client_secret: known.secret,
        redirect_uris: [known.redirectUri],
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
  const tokens = await Promise.all(Array.from({ length: families }, (_, at) => mint(provider, `person-${at}`)));
  const answer = provider.callback();
  return { answer: (request, response) => void answer(request, response), tokens };
};

const mint = async (provider: Provider, accountId: string): Promise<Tokens> => {
  const client = await provider.Client.find(known.id);
  if (client === undefined) throw new Error('the client is not there');
  const grant = new provider.Grant({ accountId, clientId: known.id });
  grant.addOIDCScope(scope);
  const grantId = await grant.save();
  const facts = {
    client,
    accountId,
    grantId,
    scope,
    gty: 'authorization_code',
    authTime: Math.floor(Date.now() / 1000),
  };
  return {
    access: await new provider.AccessToken(facts).save(),
    refresh: await new provider.RefreshToken({ ...facts, acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] }).save(),
  };
};
