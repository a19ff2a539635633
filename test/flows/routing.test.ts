/** Tests which routes a request reaches: it is found by the first segment of its path, and the library's own requests try none of ours. */
import { request } from 'node:http';
import { Router } from '@koa/router';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Koa from 'koa';
import { routersMiddleware } from '../../server/routers.ts';
import { askInProcess } from '../../src/http/in-process.ts';
import { isPagePath } from '../../src/oidc/http/page-paths.ts';
import { withRoutes, type SurfaceRoute } from '../support/surface/routes.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let routes: readonly SurfaceRoute[];
beforeAll(async () => {
  ({ started: world, routes } = await withRoutes(wrap => startWorld({ wrap })));
});
afterAll(() => world.close());

const statusOf = (method: string, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const [port] = world.place.ports;
    const headers = { host: world.issuer.host };
    const asked = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, response => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    asked.on('error', reject).end();
  });

/** Addresses of the library that are pages, or not. */
const libraryPaths = (isPage: boolean) =>
  [
    ...new Set(
      routes.filter(({ by, path }) => by === 'library' && isPagePath({ path }) === isPage).map(({ path }) => path),
    ),
  ].toSorted();

describe('over HTTP', () => {
  test.each([
    ['GET', '/password/forgotten', 200],
    ['GET', '/PassWord/Forgotten/', 200],
    ['GET', '/password/forgotten/more', 404],
    ['GET', '/passwords', 404],
    ['GET', '/', 200],
    ['GET', '/DEVICE', 200],
    ['DELETE', '/password/forgotten', 405],
    ['PROPFIND', '/password/forgotten', 405],
    ['PROPFIND', '/token', 405],
    ['PROPFIND', '/unknown', 405],
    ['POST', '/ME', 401],
    ['GET', '/AUTH', 400],
  ])('%s %s is answered with %d', async (method, path, status) => {
    expect(await statusOf(method, path)).toBe(status);
  });

  test('what the library answers to browsers is a page path, and what it answers to programs is none', () => {
    expect(libraryPaths(false)).toEqual([
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
      '/backchannel',
      '/jwks',
      '/me',
      '/request',
      '/token',
      '/token/introspection',
      '/token/revocation',
    ]);
    expect(libraryPaths(true)).toContain('/auth/:uid');
    expect(libraryPaths(true)).toContain('/session/end/confirm');
    expect(libraryPaths(true)).toContain('/device');
  });
});

const counted = (path: string): { readonly router: Router; readonly tried: string[] } => {
  const tried: string[] = [];
  const router = new Router().get(path, ctx => void (ctx.body = path));
  const match = router.match.bind(router);
  router.match = (target, method) => (tried.push(target), match(target, method));
  return { router, tried };
};
const ask = async (routers: readonly Router[], path: string): Promise<string> => {
  const answer = new Koa()
    .use(routersMiddleware(routers))
    .use(ctx => void (ctx.body = 'library'))
    .callback();
  const { body } = await askInProcess((req, res) => void answer(req, res), new URL('http://localhost:3000'), {
    path,
  });
  return body.toString();
};

describe('the middleware of our routers', () => {
  test('tries the routers of the first segment, and no other', async () => {
    const [one, other] = [counted('/one/:id'), counted('/other')];
    expect(await ask([one.router, other.router], '/one/1')).toBe('/one/:id');
    expect(await ask([one.router, other.router], '/token')).toBe('library');
    expect([one.tried, other.tried]).toEqual([['/one/1'], []]);
  });

  test('tries all routers of a segment in their order, and then goes on', async () => {
    const all = [counted('/one/a'), counted('/one/b')].map(({ router }) => router);
    expect(await ask(all, '/one/b')).toBe('/one/b');
    expect(await ask(all, '/one/c')).toBe('library');
  });

  test('refuses a route that could match the paths of others', () => {
    expect(() => routersMiddleware([new Router().get('/:any', () => {})])).toThrow('expected a fixed first segment');
  });
});
