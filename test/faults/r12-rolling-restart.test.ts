/**
 * R12. Two nodes behind HAProxy are restarted one after the other while people sign in and clients refresh tokens: no request fails.
 * A node that ends is not ready at once, and still answers what the proxy sends until it has noticed.
 * Guards: `server/shutdown.ts#endOnSignals`, `server/listen.ts#closeServer`, `src/http/event-streams.ts#createStreams`.
 * Takes some seconds: restarts two servers.
 */
import { request as ask } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { amount } from './support/amounts.ts';
import { hasProxy, startSite, type Site } from './support/site.ts';
import { openEvents } from './support/site/events.ts';
import { atRate } from './support/site/load.ts';
import { pause, statusAt, type SiteNode } from './support/site/nodes.ts';
import type { SitePerson } from './support/site/people.ts';
import { offline, RefreshingClient } from './support/site/refreshing.ts';

const perSecond = 50;
const total = amount({ test: 350, full: 3_600 });
const drainDelay = 2_000;
const refreshing = amount({ test: 6, full: 10 });

const suite = hasProxy('haproxy') ? describe : describe.skip;

/** The status and the `Connection` of an answer of one node, on a connection that asks to be kept. */
const connectionOf = (node: SiteNode): Promise<readonly [status: number | undefined, connection: string | undefined]> =>
  new Promise((resolve, reject) => {
    const asked = ask({ host: '127.0.0.1', port: node.port, path: '/readyz', headers: { connection: 'keep-alive' } });
    asked.on('error', reject);
    asked.on('response', response => {
      response.resume();
      resolve([response.statusCode, response.headers.connection]);
    });
    asked.end();
  });

let site: Site;

suite('R12 a rolling restart', () => {
  beforeAll(async () => {
    site = await startSite({
      proxy: 'haproxy',
      carrier: true,
      env: { SALLYPORT_DRAIN_DELAY: `${drainDelay / 1000}s` },
    });
  });
  afterAll(() => site.close());

  test('R12 fails no request of people who sign in and of clients that refresh tokens', async () => {
    const holders = await site.addPeople(refreshing);
    const clients = await Promise.all(
      holders.map(async person => {
        const { refreshToken = '', reason } = await site.visitor(person).signIn(offline);
        expect(reason).toBe('');
        return new RefreshingClient(site.place, site.client, site.history, refreshToken);
      }),
    );
    const people = await site.addPeople(Math.ceil(total / perSecond));
    const statuses: (number | undefined)[] = [];
    const signIns: (readonly [startedOver: number, reason: string])[] = [];
    const load = atRate({ perSecond, total }, async at => {
      if (at % perSecond === 0) {
        const person = people[at / perSecond];
        const { steps, startedOver, reason } = await site.signIn(person as SitePerson);
        signIns.push([startedOver, reason]);
        statuses.push(...steps.map(({ status }) => status));
      } else if (at % 2 === 0) statuses.push(await clients[(at / 2) % refreshing]?.refresh());
      else statuses.push(await statusAt(site.place.ports[0] ?? 0, '/auth'));
    });
    await pause(500);
    for (const node of site.nodes) {
      const stopped = node.stop();
      await pause(300);
      // Not ready, and still there.
      expect(await connectionOf(node)).toEqual([503, 'close']);
      const { code, took } = await stopped;
      expect(code).toBe(0);
      expect(took).toBeLessThan(30_000);
      await site.restart(node);
    }
    await load;
    const failed = statuses.filter(status => status === undefined || status >= 500);
    process.stderr.write(`R12: ${failed.length} of ${statuses.length} requests failed\n`);
    expect(statuses.length).toBeGreaterThan(total * 0.9);
    expect(failed).toEqual([]);
    expect(signIns).toEqual(people.map(() => [0, '']));
    expect(await site.violations()).toEqual([]);
  });

  test('R12 ends the event streams of waiting pages, whose browsers come back to the other node', async () => {
    const [person] = await site.addPeople(1, 'call');
    const visitor = site.visitor(person as SitePerson);
    const waiting = await visitor.untilCalled();
    const first = await openEvents(site, visitor, waiting);
    const node = site.nodes.find(({ port }) => first.node === `127.0.0.1:${port}`);
    const stopped = node?.stop();
    const [, retry] = /^retry: (\d+)$/m.exec(await first.ended()) ?? [];
    expect(Number(retry)).toBeGreaterThanOrEqual(2_000);
    expect(Number(retry)).toBeLessThan(5_000);
    await pause(Number(retry));
    const again = await openEvents(site, visitor, waiting);
    expect([again.status, again.node === first.node]).toEqual([200, false]);
    again.leave();
    expect(await stopped).toMatchObject({ code: 0 });
  });
});
