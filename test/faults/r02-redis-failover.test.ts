/**
 * R02. The master of Redis is killed while people sign in and clients refresh tokens. Sentinels promote its replica. Sign-ins fail for
 * five seconds at most, and people go on. What was used before must stay used: a replica that lacks it would let a thief use a code, a
 * challenge or a refresh token again.
 * Guards: `adapters/redis/server.ts#openServer`, `adapters/redis/once-only.ts#createOnce`.
 * Takes some seconds: Sentinels agree on a new master in their own time.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formTo } from '../support/browser/plain.ts';
import { startRedisSentinel, type RedisSentinel } from '../support/world/redis-sentinel.ts';
import { hasRedisServer } from '../support/world/redis-server.ts';
import { amount } from './support/amounts.ts';
import { hasProxy, startSite, type Site } from './support/site.ts';
import { atRate } from './support/site/load.ts';
import { pause, statusAt } from './support/site/nodes.ts';
import type { AppCode, SitePerson } from './support/site/people.ts';
import { offline, RefreshingClient } from './support/site/refreshing.ts';
import { newRequest } from './support/site/tokens.ts';

const perSecond = amount({ test: 4, full: 20 });
const seconds = amount({ test: 9, full: 60 });
const killedAfter = 2000;
/** What people may notice of a failover. */
const outage = 5000;
const refreshing = 5;

const suite = (hasRedisServer() || process.env['CI'] === 'true') && hasProxy('haproxy') ? describe : describe.skip;

suite('R02 the master of Redis killed', () => {
  let redis: RedisSentinel;
  let site: Site;

  beforeAll(async () => {
    redis = await startRedisSentinel();
    // A used token then counts as reused at once.
    site = await startSite({ redisUrl: redis.url, env: { SALLYPORT_REFRESH_REUSE_WITHIN: '0s' } });
  });
  afterAll(async () => {
    await site.close();
    await redis.stop();
  });

  /** The person, whose codes are noted as they are used. */
  const used: (readonly [SitePerson, AppCode])[] = [];
  const watched = (person: SitePerson): SitePerson => ({
    ...person,
    async nextCode() {
      const code = await person.nextCode();
      used.push([person, code]);
      return code;
    },
  });
  const refreshingClient = async (person: SitePerson): Promise<RefreshingClient> => {
    const { refreshToken = '', reason } = await site.visitor(person).signIn(offline);
    expect(reason).toBe('');
    return new RefreshingClient(site.place, site.client, site.history, refreshToken);
  };
  /** Whether a code of an app counts in a sign-in of its person. */
  const counts = async ([person, { code }]: (typeof used)[number]): Promise<boolean> => {
    const { browser } = site.visitor(person);
    const { name, password } = person;
    const page = await browser.visit(newRequest(site.client).path);
    const asks = await browser.visit(formTo(page, /\/password$/).action, { form: { name, password } });
    const answer = await browser.visit(formTo(asks, /\/factor$/).action, { form: { code } });
    return answer.status < 400;
  };

  test('R02 sign-ins fail for five seconds at most, no durable write is lost, and what was used stays used', async () => {
    const holders = await site.addPeople(refreshing);
    const clients = await Promise.all(holders.map(refreshingClient));
    const people = (await site.addPeople(perSecond * seconds)).map(watched);
    const [port = 0] = site.place.ports;
    let killed = Infinity;
    let lastFailure = 0;
    const watch = new AbortController();
    const probe = async (): Promise<void> => {
      while (!watch.signal.aborted) {
        const status = await statusAt(port, newRequest(site.client).path);
        if (status === undefined || status >= 500) lastFailure = performance.now();
        await pause(50);
      }
    };
    const kill = async (): Promise<void> => {
      await pause(killedAfter);
      await redis.servers[0].stop();
      killed = performance.now();
    };
    const began = performance.now();
    const load = atRate({ perSecond, total: people.length }, async at => {
      const [signIn] = await Promise.all([site.signIn(people[at] as SitePerson), clients[at % refreshing]?.refresh()]);
      return signIn;
    });
    const probing = probe();
    const [samples] = await Promise.all([load, kill()]);
    watch.abort();
    await probing;

    process.stderr.write(`R02: requests failed for ${Math.round(lastFailure - killed)} ms\n`);
    expect(lastFailure).toBeGreaterThan(killed);
    expect(lastFailure - killed).toBeLessThan(outage);
    expect(await redis.masterPort()).not.toBe(redis.servers[0].port);
    // People go on: each of them signs in, and those who begin later notice nothing.
    expect(samples.filter(({ outcome }) => outcome.claims === undefined).map(({ outcome }) => outcome.reason)).toEqual(
      [],
    );
    const later = samples.filter(({ due }) => began + due > killed + outage);
    const smooth = later.filter(({ outcome }) => outcome.steps.every(({ status = 500 }) => status < 500));
    expect(later.length).toBeGreaterThan(0);
    expect(smooth.length).toBeGreaterThanOrEqual(later.length * 0.99);
    expect(await site.violations()).toEqual([]);

    // Each secret that was used is tried once more.
    const again = await site.history.useAgain();
    expect(again.filter(({ status }) => status < 400)).toEqual([]);
    expect(again.length).toBeGreaterThanOrEqual(people.length);
    const known = used.slice(-10);
    expect(await Promise.all(known.map(counts))).toEqual(known.map(() => false));
  });
});
