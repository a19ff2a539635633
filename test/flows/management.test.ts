/** Tests the management port: probes from the start of a process to its end, metrics, and what it refuses. */
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createApp, type App } from '../../server/app.ts';
import { managementListener, type ProcessState } from '../../server/management.ts';
import { createMetrics } from '../../server/metrics/registry.ts';
import { openResources, type OpenResources } from '../../server/resources.ts';
import { givenValues } from '../../server/telemetry.ts';
import { loadSettings } from '../../src/config.ts';
import { Problem } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import { createClock } from '../support/world/clock.ts';

const settings = loadSettings({ SALLYPORT_DATABASE_URL: 'memory:', SALLYPORT_MANAGEMENT_LISTEN: '127.0.0.1:9000' });
const clock = createClock();
const state: ProcessState = { hasStarted: false };
/** The health that the durable store reports. */
let durable: () => Promise<void>;
let parts: OpenResources;
let app: App;
const servers: Server[] = [];

const open = async (listener: Parameters<typeof createServer>[1]): Promise<string> => {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

let management: string;
let site: string;
beforeAll(async () => {
  parts = await openResources(settings, { clock, log: silentLog });
  app = await createApp({ ...parts, durable: { ...parts.durable, check: () => durable() } });
  management = await open(managementListener(state, createMetrics(givenValues(settings))));
  site = await open(app.callback);
});
afterAll(async () => {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  await app.close();
  await parts.close();
});
beforeEach(() => {
  clock.advance(1_000);
  durable = async () => {};
});

const ask = async (path: string, init: RequestInit = {}) => {
  const answer = await fetch(`${management}${path}`, init);
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('{') ? (JSON.parse(text) as object) : text };
};
const ok = { status: 'ok' };

describe('the management port', () => {
  test('reports a starting process as alive, not started and not ready', async () => {
    expect(await ask('/healthz')).toEqual({ status: 200, body: ok });
    expect(await ask('/startupz')).toEqual({ status: 503, body: { status: 'starting' } });
    const notReady = { status: 503, body: { status: 'unavailable', checks: { process: 'unavailable' } } };
    expect(await ask('/readyz')).toEqual(notReady);
    state.readiness = () => app.readiness();
    expect((await ask('/readyz')).status).toBe(503);
    state.hasStarted = true;
    expect(await ask('/startupz')).toEqual({ status: 200, body: ok });
    const checks = { process: 'ok', durable: 'ok', 'short-lived': 'ok' };
    expect(await ask('/readyz')).toEqual({ status: 200, body: { status: 'ok', checks } });
  });

  test('is alive and started while a store is down, and names the store without a reason', async () => {
    durable = async () => {
      throw new Problem('unavailable', 'the disk is full');
    };
    expect(await ask('/readyz')).toEqual({
      status: 503,
      body: { status: 'unavailable', checks: { process: 'ok', durable: 'unavailable', 'short-lived': 'ok' } },
    });
    expect((await ask('/healthz')).status).toBe(200);
    expect((await ask('/startupz')).status).toBe(200);
  });

  test('waits half a second for a store that does not answer, and checks it once until it does', async () => {
    const answered = Promise.withResolvers<void>();
    let checks = 0;
    durable = async () => {
      checks += 1;
      return answered.promise;
    };
    for (let at = 0; at < 3; at += 1) {
      expect((await ask('/readyz')).status).toBe(503);
      clock.advance(1_000);
    }
    expect(checks).toBe(1);
    answered.resolve();
    await answered.promise;
    clock.advance(1_000);
    expect((await ask('/readyz')).status).toBe(200);
    expect(checks).toBe(2);
  });

  test('gives metrics as text, answers any host, and has no other path', async () => {
    const answer = await fetch(`${management}/metrics?name=x`, { headers: { host: 'node-1.internal' } });
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toContain('\nprocess_resident_memory_bytes ');
    for (const path of ['/', '/auth', '/metrics/', '/healthzz', '/__proto__', '/constructor'])
      expect((await ask(path)).status).toBe(404);
  });

  test('refuses bodies and other methods, and ends the connection after a body', async () => {
    expect((await ask('/metrics', { method: 'POST' })).status).toBe(405);
    expect(await ask('/healthz', { method: 'HEAD' })).toEqual({ status: 200, body: '' });
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request(`${management}/healthz`, { method: 'GET', headers: { 'content-length': '3' } }, resolve);
      sent.on('error', reject);
      sent.end('abc');
    });
    answer.resume();
    expect([answer.statusCode, answer.headers.connection]).toEqual([413, 'close']);
  });

  test('is the only one with probes and metrics: the public port has none', async () => {
    const statuses = await Promise.all(
      ['/healthz', '/readyz', '/startupz', '/metrics'].map(async path => (await fetch(`${site}${path}`)).status),
    );
    // Without the issuer's host; the same paths are not found with it.
    expect(statuses).toEqual([421, 421, 421, 421]);
  });

  // Last: a process that drains stays so.
  test('is not ready from the moment that the process drains, and stays alive', async () => {
    expect((await ask('/readyz')).status).toBe(200);
    app.drain();
    expect((await ask('/readyz')).body).toMatchObject({ checks: { process: 'unavailable' } });
    expect((await ask('/readyz')).status).toBe(503);
    expect((await ask('/healthz')).status).toBe(200);
    expect((await ask('/startupz')).status).toBe(200);
  });
});
