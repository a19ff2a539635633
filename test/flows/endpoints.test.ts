/** Tests what holds for each endpoint of the protocol: programs get JSON whatever they accept, and a wrong method gets 405. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createOverloaded } from '../../server/endpoints/overloaded.ts';
import { askInProcess } from '../../src/http/in-process.ts';
import { silentLog } from '../../src/log.ts';
import { withRoutes, type SurfaceRoute } from '../support/surface/routes.ts';
import type { Answer, Ask } from '../support/browser/plain.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let routes: readonly SurfaceRoute[];
beforeAll(async () => {
  ({ started: world, routes } = await withRoutes(wrap =>
    startWorld({ wrap, env: { SALLYPORT_REGISTRATION: 'tokens' } }),
  ));
});
afterAll(() => world.close());

const go = (path: string, ask: Ask): Promise<Answer> => world.browser().go(path, ask);
const bodyOf = ({ headers, text }: Answer): unknown => {
  expect(headers['content-type']).toMatch(/^application\/json/);
  return JSON.parse(text);
};

/** What HTTP libraries send unless they are told otherwise. */
const accepted = {
  curl: '*/*',
  Java: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
  'a browser': 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8',
};
const form = { 'content-type': 'application/x-www-form-urlencoded' };

const failures: readonly (readonly [what: string, path: string, ask: Ask, status: number])[] = [
  ['a token request without a client', '/token', { body: 'grant_type=refresh_token' }, 401],
  ['a token request in JSON', '/token', { body: '{}', headers: { 'content-type': 'application/json' } }, 400],
  ['a pushed request without a client', '/request', { body: '' }, 401],
  ['an introspection without a client', '/token/introspection', { body: 'token=x' }, 401],
  ['a revocation without a client', '/token/revocation', { body: 'token=x' }, 401],
  ['a device without a client', '/device/auth', { body: '' }, 401],
  ['user information by a wrong token', '/me', { method: 'GET', headers: { authorization: 'Bearer x' } }, 401],
  ['a registration without a token', '/reg', { body: '{}', headers: { 'content-type': 'application/json' } }, 401],
  ['a registration that is no JSON', '/reg', { body: '', headers: { authorization: 'Bearer x' } }, 415],
  ['another method', '/token', { method: 'GET' }, 405],
  ['an address below an endpoint', '/token/other', { method: 'GET' }, 404],
];

describe.each(Object.entries(accepted))('a program that accepts what %s does', (_who, accept) => {
  test.each(failures)('gets JSON for %s', async (_what, path, ask, status) => {
    const answer = await go(path, { method: 'POST', ...ask, headers: { ...form, ...ask.headers, accept } });
    expect(answer.status).toBe(status);
    expect(bodyOf(answer)).toMatchObject({ error: expect.any(String) });
  });

  test('gets JSON where a node has too much to do, and a browser a page', async () => {
    const refuse = createOverloaded({ issuer: world.issuer, clock: world.clock, log: silentLog });
    const typeOf = async (path: string) =>
      (await askInProcess(refuse, world.issuer, { path, headers: { accept } })).headers['content-type'];
    expect(await typeOf('/me?x=1')).toMatch(/^application\/json/);
    expect(await typeOf('/auth?client_id=x')).toMatch(accept.includes('html') ? /^text\/html/ : /^application\/json/);
  });
});

test('a page still fails as a page', async () => {
  const { headers, status } = await go('/auth?client_id=x', {});
  expect([status, headers['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
});

/** Paths that oidc-provider has, without those of our own routers and of single sign-ins. */
const libraryPaths = (): readonly string[] => [
  ...new Set(
    routes
      .filter(({ by, path }) => by === 'library' && !path.includes(':') && path !== '/device')
      .map(({ path }) => path),
  ),
];
/** Methods of a path, also those that our middleware answers in place of oidc-provider (`posted-request.ts`). */
const methodsOf = (path: string): readonly string[] => {
  const own = routes.filter(each => each.path === path).map(({ method }) => method);
  const posted = ['/auth', '/session/end'].includes(path) ? ['POST'] : [];
  return [...new Set([...own, ...posted, 'OPTIONS', ...(own.includes('GET') ? ['HEAD'] : [])])].toSorted();
};

test('each path of oidc-provider answers 405 to the methods that it does not have, and names those that it has', async () => {
  expect(libraryPaths().length).toBeGreaterThan(10);
  for (const path of libraryPaths()) {
    const allow = methodsOf(path);
    const refused = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'].filter(each => !allow.includes(each));
    for (const [method, expected] of [['OPTIONS', 204] as const, ...refused.map(each => [each, 405] as const)]) {
      const { status, headers } = await go(path, { method });
      const named = String(headers['allow']).split(', ').toSorted();
      expect({ path, method, status, named }).toEqual({ path, method, status: expected, named: allow });
    }
  }
});

test('a browser that asks before a request from another origin gets its answer, and no list of methods', async () => {
  const headers = { origin: 'https://spa.example', 'access-control-request-method': 'POST' };
  const { status, headers: told } = await go('/token', { method: 'OPTIONS', headers });
  expect([status, told['access-control-allow-methods'], told['allow']]).toEqual([204, 'POST', undefined]);
});

test('discovery says how clients prove themselves at each endpoint that asks for it (RFC 8414 §2)', async () => {
  const { text } = await go('/.well-known/oauth-authorization-server', {});
  const proofs = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
  const algorithms = ['ES256', 'PS256', 'Ed25519', 'EdDSA', 'RS256'];
  expect(JSON.parse(text)).toMatchObject({
    token_endpoint_auth_methods_supported: [...proofs, 'none'],
    introspection_endpoint_auth_methods_supported: proofs,
    introspection_endpoint_auth_signing_alg_values_supported: algorithms,
    revocation_endpoint_auth_methods_supported: [...proofs, 'none'],
    revocation_endpoint_auth_signing_alg_values_supported: algorithms,
  });
});
