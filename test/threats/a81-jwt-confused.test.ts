/**
 * A81. A client proves who it is by a JWT that it signs (RFC 7523). An attacker without its key sends another JWT in its place: without a
 * signature, signed by the public key as if that were a secret, by a key that the JWT itself brings, a token of ours, or one that the
 * client made for another server. Or the attacker has seen a right one, and sends it again.
 * Guards: `src/oidc/configuration.ts#protocol`, `src/oidc/clients/client-assertions.ts#assertionCheck`, `src/oidc/used-jwts.ts#markUsedJwts`.
 */
import { createSecretKey, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { decodeJwt, exportSPKI, importJWK, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import { redeem, signIn, tokens } from '../oidc/support/flows.ts';
import { assertionType, createClientKey, type ClientKey } from '../oidc/support/client-keys.ts';
import { Browser, send } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';

const other = 'https://other.test';
let world: World;
let key: ClientKey;
let stranger: ClientKey;
let rp: Rp;
beforeAll(async () => {
  world = await openWorld({ nodes: 2 });
  [key, stranger] = [await createClientKey(world), await createClientKey(world)];
  const jwks = { keys: [key.jwk] };
  rp = await world.addClient({ client_id: 'contoso', token_endpoint_auth_method: 'private_key_jwt', jwks });
  await world.addClient({ client_id: 'fapi', security_profile: 'fapi2', jwks });
  await world.addUser('ada');
});
afterAll(() => world.close());
beforeEach(() => {
  jest.spyOn(Date, 'now').mockImplementation(world.clock);
});
const now = () => Math.floor(world.clock() / 1000);

/** Asks about a token, which only a client may that proved who it is. */
const ask = async (client_assertion: string, node = 0): Promise<string> => {
  const form = { token: 'unknown', client_assertion, client_assertion_type: assertionType };
  const { status, text } = await send(world, 'POST', '/token/introspection', { form, node });
  return `${status} ${(JSON.parse(text) as { error?: string }).error ?? 'ok'}`;
};
const proof = async (...args: Parameters<ClientKey['prove']>): Promise<string> =>
  (await key.prove(...args)).client_assertion;
const claims = () => ({ iss: rp.id, sub: rp.id, aud: world.issuer.origin, jti: randomUUID(), exp: now() + 60 });

describe('A81 a client with a key', () => {
  test('A81 signs a person in, and has no secret', async () => {
    expect(rp.secret).toBeUndefined();
    const started = await signIn(new Browser(world), rp, 'ada');
    expect((await redeem(world, rp, started, 0, {}, await key.prove(rp.id))).status).toBe(200);
  });

  test.each([
    ['the issuer', () => ({})],
    ['the token endpoint', () => ({ aud: `${world.issuer.origin}/token` })],
    ['several of our addresses', () => ({ aud: [world.issuer.origin, `${world.issuer.origin}/token`] })],
    ['an hour of life', () => ({ exp: now() + 3600 })],
  ])('A81 is known by an assertion for %s', async (_title, more) => {
    expect(await ask(await proof(rp.id, more()))).toBe('200 ok');
  });

  test.each<[string, () => Promise<string> | string]>([
    ['without a signature', () => new UnsecuredJWT(claims()).encode()],
    ['signed by the key of a stranger', () => stranger.sign(claims(), { kid: key.jwk.kid })],
    ['signed by the key that it brings', () => stranger.sign(claims(), { jwk: stranger.jwk, kid: undefined })],
    ['that brings the right key', () => key.sign(claims(), { jwk: key.jwk })],
    ['that names an address of keys', () => key.sign(claims(), { jku: `${other}/keys` })],
    ['that names an address of certificates', () => key.sign(claims(), { x5u: `${other}/certificate` })],
    ['of the type of an access token', () => key.sign(claims(), { typ: 'at+jwt' })],
    ['of another client', () => proof(rp.id, { iss: 'fapi' })],
    ['for another server', () => proof(rp.id, { aud: other })],
    ['for another server and this one', () => proof(rp.id, { aud: [world.issuer.origin, other] })],
    ['that has expired', () => proof(rp.id, { exp: now() - 60 })],
    ['that expires too late', () => proof(rp.id, { exp: now() + 3700 })],
    ['that never expires', () => proof(rp.id, { exp: undefined })],
    ['that is not valid yet', () => proof(rp.id, { nbf: now() + 600 })],
    ['without an id', () => proof(rp.id, { jti: undefined })],
  ])('A81 is not believed by an assertion %s', async (_title, make) => {
    expect(await ask(await make())).toBe('401 invalid_client');
  });

  test('A81 is not believed by an HMAC with its public key, in any form in which it is published', async () => {
    const pem = await exportSPKI((await importJWK(key.jwk)) as CryptoKey);
    for (const secret of [pem, JSON.stringify(key.jwk), String(key.jwk.x)]) {
      const signed = new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' });
      expect(await ask(await signed.sign(createSecretKey(Buffer.from(secret))))).toBe('401 invalid_client');
    }
  });

  test('A81 is not believed by a token of ours', async () => {
    const started = await signIn(new Browser(world), rp, 'ada');
    const { id_token: idToken = '' } = await redeem(world, rp, started, 0, {}, await key.prove(rp.id));
    const { client_assertion_type } = await key.prove(rp.id);
    const form = { token: 'unknown', client_id: rp.id, client_assertion: idToken, client_assertion_type };
    // It is of a person, so it names another client than the request.
    expect((await send(world, 'POST', '/token/introspection', { form })).status).toBe(400);
    expect(await ask(idToken)).toBe('401 invalid_client');
  });

  test('A81 is not believed by its own access token, which is a JWT that we signed', async () => {
    const resource = 'https://api.test/';
    await world.addClient({ client_id: 'api', resource, resource_scopes: ['read'], access_token_format: 'jwt' });
    const service = {
      grant_types: ['client_credentials'],
      service_scopes: ['read'],
      default_resource: resource,
    } as const;
    const own = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.jwk] } } as const;
    const job = await world.addClient({ client_id: 'job', ...service, ...own });
    const grant_type = 'client_credentials';
    const { access_token: token = '' } = await tokens(world, job, { grant_type, ...(await key.prove('job')) });
    expect(decodeJwt(token)).toMatchObject({ sub: 'job', iss: world.issuer.origin });
    expect(await ask(await proof('job'))).toBe('200 ok');
    expect(await ask(token)).toBe('401 invalid_client');
  });

  test('A81 with the profile fapi2 names the issuer alone, and signs by no RSA of PKCS #1', async () => {
    expect(await ask(await proof('fapi'))).toBe('200 ok');
    for (const aud of [`${world.issuer.origin}/token`, [world.issuer.origin]]) {
      expect(await ask(await proof('fapi', { aud }))).toBe('401 invalid_client');
    }
  });
});

test('A81 of twenty uses of one assertion at the same moment on two nodes, one succeeds; none does later', async () => {
  const assertion = await proof(rp.id);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => ask(assertion, at % 2)));
  expect(answers.filter(each => each === '200 ok')).toHaveLength(1);
  expect(answers.filter(each => each === '401 invalid_client')).toHaveLength(19);
  expect(await ask(assertion)).toBe('401 invalid_client');
});
