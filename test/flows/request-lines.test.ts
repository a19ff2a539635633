/** Tests the line of the log for each request: one each, its members, and no address, name or number in it. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import { auditEventKind } from '../../src/records.ts';
import { routeClasses, routeClassOf } from '../../src/route-class.ts';
import { codeAt, wrongCodeAt } from '../support/codes.ts';
import { withRoutes } from '../support/surface/routes.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
let routes: readonly string[];
/** Requests that reached the node. */
let arrived = 0;
beforeAll(async () => {
  const found = await withRoutes(wrap =>
    startWorld({
      wrap,
      env: { SALLYPORT_REGISTRATION: 'tokens' },
      front: answer => (request, response) => {
        arrived += 1;
        return answer(request, response);
      },
    }),
  );
  world = found.started;
  routes = found.routes.map(({ path }) => path);
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());

interface Line {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly reference?: string;
  readonly client?: string;
  readonly factor?: string;
}
const lines = (): readonly Line[] =>
  world.logged.flatMap(({ level, event, fields }) => (event === 'request' && level === 'info' ? [fields as Line] : []));

/** The lines of the requests that `run` makes. A line is written when its connection knows that the answer has left. */
const during = async (run: () => Promise<unknown>): Promise<readonly Line[]> => {
  const [before, requests] = [lines().length, arrived];
  await run();
  for (let at = 0; at < 100 && lines().length - before < arrived - requests; at += 1)
    await new Promise(resolve => setImmediate(resolve));
  return lines().slice(before);
};

describe('a request', () => {
  test('has one line with its reference, client and factor', async () => {
    const { noor } = world.people;
    const browser = world.browser();
    const before = arrived;
    const seen = await during(async () => {
      const request = await rp.begin();
      const page = await enterPassword(browser, await browser.visit(request.url), noor);
      await enterCode(browser, page, wrongCodeAt(noor, world.clock()));
      await request.redeem(atClient(browser, await enterCode(browser, page, codeAt(noor, world.clock()))));
    });
    expect(seen).toHaveLength(arrived - before);
    const [passed] = await world.store.durable.collection(auditEventKind).find({ event: 'challenge.passed' });
    const told = seen.map(({ method, route, status, reference, client, factor }) => ({
      line: `${method} ${route} ${status}`,
      isOfSignIn: reference === passed?.reference,
      client,
      factor,
    }));
    const of = (line: string) => told.filter(each => each.line === line);
    expect(of('POST sign-in 422')).toEqual([
      { line: 'POST sign-in 422', isOfSignIn: true, client: 'contoso', factor: 'totp' },
    ]);
    expect(of('POST token 200')).toEqual([
      { line: 'POST token 200', isOfSignIn: false, client: 'contoso', factor: undefined },
    ]);
    expect(told.filter(({ line }) => line.startsWith('GET authorization')).map(({ client }) => client)).toEqual([
      'contoso',
      'contoso',
    ]);
    for (const { milliseconds } of seen) expect(milliseconds).toBeGreaterThanOrEqual(0);
  });

  test('that is refused has a line too, also for another host, a strange path and an aborted answer', async () => {
    const port = world.place.ports[0] ?? 0;
    const seen = await during(async () => {
      // Not by `fetch`, which asks a second time after a 421.
      const [answer] = (await once(
        get({ port, path: '/auth', host: '127.0.0.1', headers: { host: 'elsewhere' } }),
        'response',
      )) as [IncomingMessage];
      await once(answer.resume(), 'end');
      await fetch(`${world.issuer.origin}/${'x'.repeat(3000)}?code=secret`);
    });
    expect(seen.map(({ route, status }) => [route, status])).toEqual([
      ['authorization', 421],
      ['other', 404],
    ]);
  });

  test('of a probe or an asset has no line at the level info', async () => {
    const seen = await during(async () => {
      const before = arrived;
      await fetch(`${world.issuer.origin}/healthz`);
      await fetch(`${world.issuer.origin}/assets/none.css`);
      expect(arrived - before).toBe(2);
    });
    expect(seen).toEqual([]);
  });

  test('never has more than these members, which hold no address, name or number, in at most 400 bytes', () => {
    const members = new Set(lines().flatMap(line => Object.keys(line)));
    expect([...members].toSorted()).toEqual([
      'client',
      'factor',
      'method',
      'milliseconds',
      'reference',
      'route',
      'status',
    ]);
    const written: string[] = [];
    const log = createLog({ level: 'info', write: line => void written.push(line) });
    for (const line of lines()) log.info('request', line);
    expect(written.filter(line => Buffer.byteLength(line) > 400)).toEqual([]);
    const { ada, noor } = world.people;
    const personal = [ada, noor].flatMap(({ name, number, user }) => [
      name,
      number ?? name,
      user.id,
      user.email ?? name,
    ]);
    expect(personal.filter(text => written.join('').includes(text))).toEqual([]);
    expect(written.join('')).not.toContain('127.0.0.1');
  });
});

test('every route has a class, and every class but other has a route or is answered before the routers', () => {
  expect(routes.length).toBeGreaterThan(50);
  expect(routes.filter(path => routeClassOf(path) === 'other')).toEqual([]);
  const used = new Set(routes.map(path => routeClassOf(path)));
  // Pages of the authenticator are off in this world, and documents of passkeys are answered from memory.
  const elsewhere: ReadonlySet<string> = new Set(['other', 'authenticator-api']);
  expect(routeClasses.filter(name => !used.has(name) && !elsewhere.has(name))).toEqual([]);
});
