/**
 * R08. MongoDB cannot be reached: the network refuses, or swallows every byte. A sign-in gets 503 with a page that says so, and so
 * does a refresh; discovery and keys are still served, and /readyz is false. No request waits longer than 5 s, many at once
 * neither, and afterwards everything works again without a restart.
 * Guards: `adapters/mongodb/connection.ts#connect` (limits of the driver), `adapters/mongodb/connection.ts#answered`.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Browser, formTo, heading, type Answer } from '../support/browser/plain.ts';
import { canRunMongod, startMongod, type MongodSet } from '../support/world/mongod.ts';
import { openRelay, type Relay } from '../support/world/outages.ts';
import { startRedis, type RedisServer } from '../support/world/redis-server.ts';
import { amount } from './support/amounts.ts';
import { hasProxy, startSite, type Site } from './support/site.ts';
import { eventually, statusAt } from './support/site/nodes.ts';
import type { SitePerson } from './support/site/people.ts';
import { newRequest, tokenRequest } from './support/site/tokens.ts';

/** The promise, with a moment for the answer on a busy machine. */
const longest = 5000 + 1000;
const storm = amount({ test: 40, full: 400 });

/** The result of a call, and how long it took. */
const timed = async <T>(call: Promise<T>): Promise<readonly [T, number]> => {
  const began = performance.now();
  return [await call, performance.now() - began];
};

const suite = canRunMongod('R08') && hasProxy('haproxy') ? describe : describe.skip;

suite('R08 MongoDB cannot be reached', () => {
  let set: MongodSet;
  let relay: Relay;
  let redis: RedisServer;
  let site: Site;
  let people: readonly SitePerson[];
  beforeAll(async () => {
    set = await startMongod({
      async portFor(port) {
        relay = await openRelay();
        relay.forwardTo(`http://127.0.0.1:${port}`);
        return relay.port;
      },
    });
    redis = await startRedis();
    site = await startSite({ databaseUrl: set.url, redisUrl: redis.url });
    people = await site.addPeople(4);
  });
  afterEach(() => relay.start());
  afterAll(async () => {
    await site.close();
    await redis.stop();
    await relay.stop();
    await set.stop();
  });

  const person = (at: number): SitePerson => {
    const found = people[at];
    if (found === undefined) throw new Error(`there is no person ${at}`);
    return found;
  };
  test.each([
    ['refuses connections', async () => relay.stop()],
    ['swallows every byte', async () => relay.hang()],
  ])('R08 the network %s', async (_, fail) => {
    // The legitimate twin, which also gives a refresh token.
    const before = await site.signIn(person(0));
    expect(before.reason).toBe('');
    // A proxy that asks /readyz has no node to send to then, so the node itself is asked.
    const near = new Browser({ ...site.place, ports: [site.nodes[0]?.port ?? 0] });
    const refresh = (): Promise<Answer> =>
      near.go(
        '/token',
        tokenRequest(site.client, { grant_type: 'refresh_token', refresh_token: before.refreshToken ?? '' }),
      );
    const begun = await near.visit(newRequest(site.client).path);
    const { name, password } = person(1);

    await fail();

    // All at once: each of them waits as long as the store may take. The first is a person who had begun to sign in.
    const { action, hidden } = formTo(begun, /\/password$/);
    const posted = timed(near.go(action, { form: { ...hidden, name, password } }));
    const sent = Array.from({ length: storm }, async () => timed(near.go(newRequest(site.client).path)));
    const [token, pages, [page, pageTook], discovery, keys] = await Promise.all([
      timed(refresh()),
      Promise.all(sent),
      posted,
      near.go('/.well-known/openid-configuration'),
      near.go('/jwks'),
    ]);
    expect([discovery.status, keys.status]).toEqual([200, 200]);
    expect(token[0].status).toBe(503);
    expect(token[0].text).not.toMatch(/mongo|ECONN/i);
    for (const [answer] of pages) expect(answer.status).toBeLessThanOrEqual(503);
    expect(Math.max(token[1], ...pages.map(([, took]) => took))).toBeLessThan(longest);

    expect([page.status, heading(page)]).toEqual([503, 'We can’t sign you in right now']);
    expect(page.text).not.toMatch(/mongo|ECONN/i);
    expect(pageTook).toBeLessThan(longest);
    const asked = site.nodes.map(async ({ port }) => [
      await statusAt(port, '/readyz'),
      await statusAt(port, '/healthz'),
    ]);
    expect(await Promise.all(asked)).toEqual(site.nodes.map(() => [503, 200]));

    await relay.start();
    for (const node of site.nodes)
      await eventually(`${node.name} is ready`, async () => (await statusAt(node.port, '/readyz')) === 200);
    const after = await site.signIn(person(2));
    expect(after.reason).toBe('');
    const renewed = await refresh();
    expect(renewed.status).toBe(200);
    expect(await site.violations()).toEqual([]);
  });
});
