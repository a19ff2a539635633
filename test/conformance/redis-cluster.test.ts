/**
 * Tests Redis as a cluster beyond the contract of short-lived stores: keys that move, a master that is killed, and what stays behind.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Command, Redis } from 'ioredis';
import { openRedis } from '../../adapters/redis.ts';
import { key, type Json, type ShortLivedStore } from '../../src/ports/stores.ts';
import { createClock } from '../support/world/clock.ts';
import { redisAt } from '../support/world/redis-settings.ts';
import { startRedisCluster, type RedisCluster } from '../support/world/redis-cluster.ts';
import { until } from '../support/world/until.ts';

const unavailable = expect.objectContaining({ code: 'unavailable' });
const slotOf = (name: string): number => new Command('get', [`sallyport:1:here:value:${name}`]).getSlot();

/** Which of the three masters has a slot at the start. */
const ownerOf = (slot: number): number => Math.floor((slot * 3) / 16_384);

/** Whether a replica acknowledges writes: two, because its first data may hold the first one. */
const acknowledges = async (master: Redis, at: number): Promise<boolean> => {
  const names = Array.from({ length: 100 }, (_, n) => `written${n}`);
  const own = names.find(name => ownerOf(new Command('get', [name]).getSlot()) === at) ?? '';
  for (const value of ['1', '2']) {
    await master.set(own, value, 'PX', 60_000);
    if ((await master.wait(1, 100)) < 1) return false;
  }
  return true;
};

describe('a cluster with replicas', () => {
  let cluster: RedisCluster;
  let masters: readonly Redis[];
  let store: ShortLivedStore;

  beforeAll(async () => {
    cluster = await startRedisCluster({ replicas: true });
    masters = cluster.servers.slice(0, 3).map(({ url }) => new Redis(url));
    for (const each of masters) each.on('error', () => {});
    // Replicas acknowledge their first write within a second after they have joined.
    await until(async () => (await Promise.all(masters.map(acknowledges))).every(Boolean));
  });
  beforeEach(async () => {
    store = await openRedis({ redis: redisAt(cluster.url), clock: createClock(), realm: 'here' });
  });
  afterEach(() => store.close());
  afterAll(async () => {
    for (const each of masters) each.disconnect();
    await cluster.stop();
  });

  const waits = async (): Promise<number> => {
    const stats = await Promise.all(masters.map(each => each.info('commandstats')));
    return stats.reduce((sum, each) => sum + Number(/^cmdstat_wait:calls=(\d+)/m.exec(each)?.[1] ?? 0), 0);
  };

  test('answers a step once a replica of the master of its key has it', async () => {
    const before = await waits();
    for (let at = 0; at < 12; at += 1)
      expect(await store.ephemeral.setIfAbsent(key('a', `${at}`), 1, 60_000)).toBe(true);
    expect(await waits()).toBe(before + 12);
  });

  test('leaves no key of a tag behind without an end, whichever master has it', async () => {
    const { ephemeral } = store;
    for (let at = 0; at < 12; at += 1) await ephemeral.put(key('tagged', `${at}`), 1, 10_000, ['one', `tag${at}`]);
    await ephemeral.compareAndSwap(key('tagged', '1'), 1, 2, 60_000);
    await ephemeral.dropTagged('one');
    const ends = await Promise.all(
      masters.map(async each => Promise.all((await each.keys('sallyport:*')).map(name => each.pttl(name)))),
    );
    expect(ends.flat().length).toBeGreaterThan(12);
    expect(ends.flat().filter(left => left <= 0)).toEqual([]);
  });

  test('follows a key that is moving (ASK) and one that has moved (MOVED), for reads, counts and steps', async () => {
    const { ephemeral } = store;
    const name = 'moving';
    const slot = slotOf(name);
    const owner = ownerOf(slot);
    const [from, to] = [masters[owner], masters[(owner + 1) % 3]];
    const [fromId, toId] = await Promise.all([from, to].map(async each => String(await each?.call('CLUSTER', 'MYID'))));
    await to?.call('CLUSTER', 'SETSLOT', `${slot}`, 'IMPORTING', String(fromId));
    await from?.call('CLUSTER', 'SETSLOT', `${slot}`, 'MIGRATING', String(toId));
    // Absent keys of a moving slot are on their way: the old node sends each command on.
    const a = key<Json>(name);
    expect(await ephemeral.setIfAbsent(a, 1, 60_000)).toBe(true);
    expect(await ephemeral.get(a)).toBe(1);
    expect(await ephemeral.compareAndSwap(a, 1, 2)).toBe(true);
    expect(await to?.call('CLUSTER', 'COUNTKEYSINSLOT', `${slot}`)).toBe(1);
    for (const each of masters) await each.call('CLUSTER', 'SETSLOT', `${slot}`, 'NODE', String(toId));
    expect(await ephemeral.compareAndSwap(a, 2, 3)).toBe(true);
    expect(await ephemeral.getAndDelete(a)).toBe(3);
    expect(await ephemeral.increment(key<number>(name), 60_000)).toBe(1);
    expect(await ephemeral.increment(key<number>(name), 60_000)).toBe(2);
  });

  // The last one: the killed master stays away.
  test('refuses what belongs to a killed master, is not ready, and goes on with its replica', async () => {
    const { ephemeral } = store;
    const counts = Array.from({ length: 12 }, (_, at) => key<number>('count', `${at}`));
    const steps = counts.map((_, at) => key<Json>('step', `${at}`));
    for (const each of counts) await ephemeral.increment(each, 600_000);
    for (const each of steps) expect(await ephemeral.setIfAbsent(each, 1, 600_000)).toBe(true);
    await cluster.servers[0]?.stop();
    await until(async () => {
      await expect(store.check()).rejects.toEqual(unavailable);
      return true;
    });
    await until(() => store.check().then(() => true));
    // Each step counts still. A count may have lost its last moment, and never counts twice.
    for (const each of steps) expect(await ephemeral.setIfAbsent(each, 2, 600_000)).toBe(false);
    for (const each of counts) expect([1, 2]).toContain(await ephemeral.increment(each, 600_000));
  });
});
