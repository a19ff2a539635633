/** Tests which requests are let go, and when. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa, { type Context } from 'koa';
import { releaseAnswered } from '../../src/oidc/http/release-answered.ts';

const seen = new Map<string, Context>();
const late = Promise.withResolvers<void>();
const finished = Promise.withResolvers<string>();
let server: Server;

beforeAll(async () => {
  const app = new Koa();
  app.use(releaseAnswered).use(async ctx => {
    const route = ctx.path.slice(1);
    seen.set(route, ctx);
    const oidc = { route: route.split('-')[0], entities: { Client: {} } };
    if (route !== 'other') Object.defineProperty(ctx, 'oidc', { get: () => oidc });
    ctx.cookies.set('seen', route);
    ctx.body = { route };
    if (route !== 'token-late') return;
    await late.promise;
    finished.resolve(ctx.path);
  });
  const answer = app.callback();
  server = createServer((asked, response) => void answer(asked, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());

const ask = (path: string) => {
  const { port } = server.address() as AddressInfo;
  return request({ port, host: '127.0.0.1', path, agent: false }).end();
};

/** Asks, and gives the context once the answer has left. */
const contextOf = async (path: string): Promise<Context> => {
  await new Promise<void>(resolve => {
    ask(path).on('response', response => void response.resume().on('close', resolve));
  });
  const ctx = seen.get(path.slice(1));
  if (ctx === undefined) throw new Error(`${path}: was not asked`);
  if (ctx.res !== undefined && !ctx.res.closed) await once(ctx.res, 'close');
  return ctx;
};

const membersOf = (holder: object): readonly unknown[] =>
  Reflect.ownKeys(holder).map((name): unknown => Reflect.get(holder, name));

test.each(['authorization', 'resume', 'token', 'introspection', 'revocation', 'userinfo'])(
  'an answered request to %s is let go, with its cookies',
  async route => {
    const ctx = await contextOf(`/${route}`);
    const oidc: unknown = Reflect.get(ctx, 'oidc');
    if (typeof oidc !== 'object' || oidc === null)
      throw new Error(`got ${typeof oidc}, expected a context of oidc-provider`);
    const members = [...membersOf(ctx).filter(each => each !== oidc), ...membersOf(oidc)];
    expect(members.length).toBeGreaterThan(5);
    expect(members.filter(each => each !== undefined)).toEqual([]);
  },
);

test.each(['end_session', 'other'])('an answered request to %s keeps its context', async route => {
  const ctx = await contextOf(`/${route}`);
  expect(ctx.path).toBe(`/${route}`);
});

test('a request whose client has left keeps its context while it is worked on', async () => {
  const sent = ask('/token-late');
  sent.on('error', () => {});
  while (!seen.has('token-late')) await new Promise(resolve => setTimeout(resolve, 5));
  const ctx = seen.get('token-late');
  const closed = once(ctx?.res ?? sent, 'close');
  sent.destroy();
  await closed;
  late.resolve();
  expect(await finished.promise).toBe('/token-late');
});
