/** Tests the answers of the health endpoints, and that strangers who ask often cost the stores little. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createApp, type App } from '../../server/app.ts';
import { loadSettings } from '../../src/config.ts';
import { Problem } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { openResources, type OpenResources } from '../../server/resources.ts';
import { createClock } from '../support/world/clock.ts';

const clock = createClock();
const asked = { durable: 0, shortLived: 0 };
/** The health that the durable store reports. */
let durable: () => Promise<void>;
let parts: OpenResources;
let app: App;
let server: Server;

beforeAll(async () => {
  parts = await openResources(loadSettings({ SALLYPORT_DATABASE_URL: 'memory:' }), { clock, log: silentLog });
  app = await createApp({
    ...parts,
    durable: { ...parts.durable, check: () => ((asked.durable += 1), durable()) },
    shortLived: { ...parts.shortLived, check: () => ((asked.shortLived += 1), parts.shortLived.check()) },
  });
  server = createServer(app.callback);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await app.close();
  await parts.close();
});
beforeEach(() => {
  clock.advance(1_000);
  Object.assign(asked, { durable: 0, shortLived: 0 });
  durable = async () => {};
});

const broken = async (): Promise<void> => {
  throw new Problem('unavailable', 'the disk is full');
};
const readyz = async () => {
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`);
  return { status: answer.status, body: (await answer.json()) as object };
};
const works = {
  status: 200,
  body: { status: 'ok', checks: { process: 'ok', durable: 'ok', 'short-lived': 'ok' } },
};
const without = (part: string) => ({
  status: 503,
  body: { status: 'unavailable', checks: { ...works.body.checks, [part]: 'unavailable' } },
});

describe('readiness', () => {
  test('and liveness are answered under any host, with or without a query, and nothing else is', async () => {
    const { port } = server.address() as AddressInfo;
    const paths = ['/healthz', '/healthz?verbose', '/readyz?x=1', '/healthzz?x=1', '/?/healthz'];
    const answers = await Promise.all(paths.map(async path => (await fetch(`http://127.0.0.1:${port}${path}`)).status));
    expect(answers).toEqual([200, 200, 200, 421, 421]);
  });

  test('is checked once a second for any number of requests', async () => {
    const many = 20;
    const arrived = Promise.withResolvers<void>();
    let requests = 0;
    server.on('request', () => {
      requests += 1;
      if (requests === many) arrived.resolve();
    });
    // The first check lasts until all of them wait for it.
    durable = () => arrived.promise;
    const told = await Promise.all(Array.from({ length: many }, readyz));
    expect(told).toEqual(Array.from({ length: many }, () => works));
    clock.advance(999);
    expect(await readyz()).toEqual(works);
    expect(asked).toEqual({ durable: 1, shortLived: 1 });
    clock.advance(1);
    expect(await readyz()).toEqual(works);
    expect(asked).toEqual({ durable: 2, shortLived: 2 });
  });

  test('of a failing store is checked no more often, names the part without a reason, and recovers', async () => {
    durable = broken;
    expect(await Promise.all([readyz(), readyz()])).toEqual([without('durable'), without('durable')]);
    expect(await readyz()).toEqual(without('durable'));
    expect(asked.durable).toBe(1);
    durable = async () => {};
    clock.advance(1_000);
    expect(await readyz()).toEqual(works);
  });

  test('is not cached longer after the clock was set back', async () => {
    expect(await readyz()).toEqual(works);
    durable = broken;
    clock.advance(-3_600_000);
    expect(await readyz()).toEqual(without('durable'));
  });

  test('ends as soon as the process drains', async () => {
    expect(await readyz()).toEqual(works);
    app.drain();
    expect(await readyz()).toEqual(without('process'));
  });
});
