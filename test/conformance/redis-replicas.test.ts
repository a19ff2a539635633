/** Tests that steps which count once are answered only once a replica of Redis has them, and that no other call waits. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { openRedis } from '../../adapters/redis.ts';
import { key, type Ephemeral, type Json, type ShortLivedStore } from '../../src/ports/stores.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { redisAt } from '../support/world/redis-settings.ts';
import { startRedis, type RedisServer } from '../support/world/redis-server.ts';
import { until } from '../support/world/until.ts';

const a = key<Json>('a');
const unavailable = expect.objectContaining({ code: 'unavailable' });

/** Each step that counts once, on a key that holds `1` or, for setIfAbsent, no value. */
const steps: readonly (readonly [string, (on: Ephemeral) => Promise<unknown>, unknown])[] = [
  ['compareAndSwap', on => on.compareAndSwap(key('swapped'), 1, 2), true],
  ['compareAndSwap to undefined', on => on.compareAndSwap(key('ended'), 1, undefined), true],
  ['getAndDelete', on => on.getAndDelete(key('taken')), 1],
  ['setIfAbsent', on => on.setIfAbsent(key('set'), 1, 60_000), true],
  [
    'one of several writes',
    async on => {
      const counted = { method: 'setIfAbsent', key: key('of several'), value: 1, ttl: 60_000 } as const;
      return (await on.writeMany([counted, { method: 'put', key: key('put'), value: 1, ttl: 60_000 }])).every(Boolean);
    },
    true,
  ],
];

/** Whether the replica acknowledges writes: two, because its first data may hold the first one. */
const hasReplica = async (master: Redis): Promise<boolean> => {
  for (const value of ['1', '2']) {
    await master.set('written', value);
    if ((await master.wait(1, 100)) < 1) return false;
  }
  return true;
};

describe('steps that count once', () => {
  let servers: readonly [RedisServer, RedisServer];
  let master: Redis;
  let clock: TestClock;
  const opened: ShortLivedStore[] = [];

  const open = async (more: { readonly replicas?: number } = {}, log?: { warn(event: string): void }) => {
    const redis = redisAt(servers[0].url, more);
    const store = await openRedis({ redis, clock, realm: 'here', ...(log && { log }) });
    opened.push(store);
    for (const each of ['swapped', 'ended', 'taken']) await store.ephemeral.put(key(each), 1, 60_000);
    return store;
  };
  const waits = async (): Promise<number> =>
    Number(/^cmdstat_wait:calls=(\d+)/m.exec(await master.info('commandstats'))?.[1] ?? 0);

  beforeAll(async () => {
    const first = await startRedis();
    servers = [first, await startRedis(['--replicaof', `127.0.0.1 ${first.port}`])];
    master = new Redis(first.url);
  });
  beforeEach(async () => {
    clock = createClock();
    await until(() => hasReplica(master));
    await master.flushall();
    await master.config('RESETSTAT');
  });
  afterEach(() => Promise.all(opened.splice(0).map(store => store.close())));
  afterAll(async () => {
    master.disconnect();
    await Promise.all(servers.map(server => server.stop()));
  });

  test.each(steps)('%s is answered once the replica has it', async (_, step, answer) => {
    const { ephemeral } = await open();
    expect(await step(ephemeral)).toBe(answer);
    expect(await waits()).toBe(1);
  });

  test('sixteen at the same moment share two waits at most', async () => {
    const { ephemeral } = await open();
    const results = await Promise.all(Array.from({ length: 16 }, () => ephemeral.setIfAbsent(a, 1, 60_000)));
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await waits()).toBeLessThanOrEqual(2);
  });

  test.each(steps)('%s is refused while the replica hangs, and no other call is', async (_, step) => {
    const store = await open();
    const { ephemeral } = store;
    expect(await ephemeral.setIfAbsent(key('before'), 1, 60_000)).toBe(true);
    servers[1].child.kill('SIGSTOP');
    try {
      const refused = step(ephemeral).catch((reason: unknown) => reason);
      await ephemeral.put(a, 1, 60_000);
      expect([await ephemeral.get(a), await ephemeral.increment(key<number>('count'), 60_000)]).toEqual([1, 1]);
      expect(await refused).toEqual(unavailable);
      await expect(store.check()).resolves.toBeUndefined();
    } finally {
      servers[1].child.kill('SIGCONT');
    }
    expect(await ephemeral.setIfAbsent(key('after'), 1, 60_000)).toBe(true);
  });

  test('a step that another caller has won is answered without waiting', async () => {
    const { ephemeral } = await open();
    await ephemeral.put(a, 1, 60_000);
    servers[1].child.kill('SIGSTOP');
    try {
      expect(await ephemeral.setIfAbsent(a, 2, 60_000)).toBe(false);
    } finally {
      servers[1].child.kill('SIGCONT');
    }
  });

  test('no step waits where the setting asks for no replica', async () => {
    const { ephemeral } = await open({ replicas: 0 });
    for (const [, step, answer] of steps) expect(await step(ephemeral)).toBe(answer);
    expect(await waits()).toBe(0);
  });

  test('more replicas than there are refuse each step', async () => {
    const { ephemeral } = await open({ replicas: 2 });
    for (const [, step] of steps) await expect(step(ephemeral)).rejects.toEqual(unavailable);
  });
});

test('without a replica no step waits, and a replica that joins counts two seconds later', async () => {
  const clock = createClock();
  const server = await startRedis();
  const store = await openRedis({ redis: redisAt(server.url), clock, realm: 'here' });
  const operator = new Redis(server.url);
  const waits = async (): Promise<boolean> => (await operator.info('commandstats')).includes('cmdstat_wait');
  try {
    expect([await store.ephemeral.setIfAbsent(a, 1, 60_000), await waits()]).toEqual([true, false]);
    const replica = await startRedis(['--replicaof', `127.0.0.1 ${server.port}`]);
    try {
      await until(() => hasReplica(operator));
      clock.advance(2000);
      expect([await store.ephemeral.getAndDelete(a), await waits()]).toEqual([1, true]);
    } finally {
      await replica.stop();
    }
  } finally {
    operator.disconnect();
    await store.close();
    await server.stop();
  }
});
