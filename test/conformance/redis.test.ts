/** Tests Redis beyond the contract of short-lived stores: the keys that remain, and commands without an answer. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { openRedis } from '../../adapters/redis.ts';
import { key, rereadTimes, type Json, type ShortLivedStore } from '../../src/ports/stores.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { redisAt } from '../support/world/redis-settings.ts';
import { startRedis, type RedisServer } from '../support/world/redis-server.ts';

const a = key<Json>('a');
const count = key<number>('count');
const unavailable = expect.objectContaining({ code: 'unavailable' });

describe('short-lived values on Redis alone', () => {
  let server: RedisServer;
  let raw: Redis;
  let clock: TestClock;
  let store: ShortLivedStore;
  const opened: ShortLivedStore[] = [];

  const open = async (realm = 'here', url = server.url): Promise<ShortLivedStore> => {
    const opening = await openRedis({ redis: redisAt(url), clock, realm });
    opened.push(opening);
    return opening;
  };
  beforeAll(async () => {
    server = await startRedis();
    raw = new Redis(server.url);
    raw.on('error', () => {});
  });
  beforeEach(async () => {
    await raw.flushall();
    clock = createClock();
    store = await open();
  });
  afterEach(() => Promise.all(opened.splice(0).map(each => each.close())));
  afterAll(async () => {
    raw.disconnect();
    await server.stop();
  });

  describe('keys left in Redis', () => {
    test('expire in Redis a minute after their end, for every method that writes', async () => {
      const { ephemeral } = store;
      await ephemeral.put(key('put'), 1, 10_000, ['tag']);
      await ephemeral.setIfAbsent(key('add'), 1, 10_000, ['tag']);
      await ephemeral.put(key('compareAndSwap'), 1, 10_000);
      await ephemeral.compareAndSwap(key('compareAndSwap'), 1, 2);
      await ephemeral.put(key('swap anew'), 1, 500_000, ['tag']);
      await ephemeral.compareAndSwap(key('swap anew'), 1, 2, 10_000);
      await ephemeral.increment(key<number>('increment'), 10_000);
      await ephemeral.increment(key<number>('increment'), 500_000);
      const keys = await raw.keys('*');
      const values = keys.filter(each => each.includes(':value:'));
      expect([keys.length, values.length]).toEqual([6, 5]);
      for (const each of values) {
        const left = await raw.pttl(each);
        expect(left).toBeGreaterThan(60_000);
        expect(left).toBeLessThanOrEqual(70_000);
      }
      // The tag lives longer than every key that carried it.
      expect(await raw.pttl(keys.find(each => each.includes(':tag:')) ?? '')).toBeGreaterThan(500_000);
    });

    test('of a tag drop expired members alone', async () => {
      await store.ephemeral.put(a, 1, 1000, ['tag']);
      const [tag = ''] = await raw.keys('*:tag:*');
      const living = Array.from({ length: 10_000 }, (_, n) => [clock() + 5000 + n, `n${n}`]).flat();
      await raw.zadd(tag, ...living);
      clock.advance(1000);
      await store.ephemeral.put(key('b'), 1, 60_000, ['tag']);
      expect(await raw.zcard(tag)).toBe(10_001);
      expect(await raw.zscore(tag, 'sallyport:1:here:value:a')).toBeNull();
    });

    test('are separate for each realm', async () => {
      const other = await open('there:value');
      await store.ephemeral.put(a, 1, 1000, ['tag']);
      await other.ephemeral.put(a, 2, 1000, ['tag']);
      expect(await store.ephemeral.increment(count, 1000)).toBe(1);
      expect(await other.ephemeral.increment(count, 1000)).toBe(1);
      await other.ephemeral.dropTagged('tag');
      expect([await store.ephemeral.get(a), await other.ephemeral.get(a)]).toEqual([1, undefined]);
      const rung: string[] = [];
      const heard = Promise.withResolvers<void>();
      await store.notifier.subscribe('a', () => rung.push('here'));
      await other.notifier.subscribe('a', () => rung.push('there') && heard.resolve());
      await other.notifier.publish('a');
      await heard.promise;
      expect(rung).toEqual(['there']);
    });
  });

  describe('without an answer from Redis', () => {
    // Waits for the real limit of half a second, because the limit itself is tested.
    test('the caller gets an error within a second, and the command is carried out once', async () => {
      await store.ephemeral.increment(count, 60_000);
      await raw.client('PAUSE', 900, 'ALL');
      const asked = performance.now();
      await expect(store.ephemeral.increment(count, 60_000)).rejects.toEqual(unavailable);
      expect(performance.now() - asked).toBeLessThan(900);
      // This command is answered at the end of the pause.
      await raw.ping();
      expect(await store.ephemeral.increment(count, 60_000)).toBe(3);
    });

    test('after a broken connection the command is not sent again on the next one', async () => {
      await store.ephemeral.increment(count, 60_000);
      // Writes are paused, so the command is sent and not yet executed when the connection closes.
      await raw.client('PAUSE', 60_000, 'WRITE');
      const hit = store.ephemeral.increment(count, 60_000).catch((reason: unknown) => reason);
      const killed = await raw.call('CLIENT', 'KILL', 'SKIPME', 'yes', 'TYPE', 'normal');
      expect([killed, await hit]).toEqual([2, unavailable]);
      await raw.client('UNPAUSE');
      await untilReady(store);
      expect(await store.ephemeral.increment(count, 60_000)).toBe(2);
    });

    test('every method fails at once while Redis is down and works again when it is back', async () => {
      await server.stop();
      const { ephemeral, notifier } = store;
      const calls: readonly (() => Promise<unknown>)[] = [
        () => ephemeral.get(a),
        () => ephemeral.put(a, 1, 1000, ['tag']),
        () => ephemeral.setIfAbsent(a, 1, 1000, ['tag']),
        () => ephemeral.compareAndSwap(a, 1, 2),
        () => ephemeral.getAndDelete(a),
        () => ephemeral.increment(count, 1000),
        () => ephemeral.dropTagged('tag'),
        () => notifier.publish('a'),
        () => store.check(),
      ];
      for (const call of calls) await expect(call()).rejects.toEqual(unavailable);
      const woken = Promise.withResolvers<void>();
      await notifier.subscribe('a', () => woken.resolve());

      server = await startRedis([], { port: server.port });
      await untilReady(store);
      // No refused command was executed later.
      expect([await ephemeral.get(a), await ephemeral.increment(count, 1000)]).toEqual([undefined, 1]);
      const ringing = setInterval(() => void notifier.publish('a').catch(() => {}), 20);
      await woken.promise;
      clearInterval(ringing);
    });

    test('what waits reads often until messages arrive again', async () => {
      let later = 0;
      const now = performance.now.bind(performance);
      const time = jest.spyOn(performance, 'now').mockImplementation(() => now() + later);
      const { notifier } = store;
      /** Asks until the answer is the expected one; a busy machine may need a while. */
      const until = async (expected: number): Promise<void> => {
        for (let asked = 0; asked < 200 && notifier.rereadAfter() !== expected; asked += 1) {
          later += 500;
          await new Promise(resolve => setTimeout(resolve, 20));
        }
        expect(notifier.rereadAfter()).toBe(expected);
      };
      await until(rereadTimes.connected);
      later += 4000;
      expect(notifier.rereadAfter()).toBe(rereadTimes.connected);
      await server.stop();
      await until(rereadTimes.unsure);
      server = await startRedis([], { port: server.port });
      await until(rereadTimes.connected);
      time.mockRestore();
    });

    test('opening a store names the address and no password', async () => {
      const { port } = server;
      const nowhere = openRedis({ redis: redisAt(`redis://me:secret@127.0.0.1:${port}/0`), clock, realm: 'here' });
      await expect(nowhere).rejects.toEqual(unavailable);
      await expect(nowhere).rejects.toMatchObject({ message: expect.stringContaining(`127.0.0.1:${port}`) });
      await expect(nowhere).rejects.not.toMatchObject({ message: expect.stringContaining('secret') });
    });

    test('the error of a refused command holds no sent value', async () => {
      await raw.lpush('sallyport:1:here:value:a', 'a list, where a value should be');
      const refused = await store.ephemeral
        .compareAndSwap(a, 'code 123456', 'code 654321')
        .catch((reason: unknown) => reason);
      expect(refused).toEqual(unavailable);
      expect(inspect(refused, { depth: 10, showHidden: true })).not.toMatch(/123456|654321/);
    });
  });

  test('a script that Redis has flushed is loaded again', async () => {
    await store.ephemeral.increment(count, 60_000);
    await raw.script('FLUSH');
    expect(await store.ephemeral.increment(count, 60_000)).toBe(2);
  });
});

/** Asks until the store is ready: connections return within some hundred milliseconds. */
const untilReady = async (store: ShortLivedStore): Promise<void> => {
  for (let attempts = 0; attempts < 200; attempts += 1) {
    const ready = await store.check().then(
      () => true,
      () => false,
    );
    if (ready) return;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error('Redis did not become ready');
};

test('the access rules of docs/redis.md are enough', async () => {
  const [, rule = ''] = /^(user sallyport .*)$/m.exec(await readFile('docs/redis.md', 'utf8')) ?? [];
  const server = await startRedis(['--user', ...rule.replace('user ', '').split(' ')]);
  const store = await openRedis({
    redis: redisAt(server.url.replace('//', '//sallyport:password@'), { replicas: 1 }),
    clock: createClock(),
    realm: 'here',
  });
  try {
    const { ephemeral, notifier } = store;
    await store.check();
    await ephemeral.put(a, 1, 1000, ['tag']);
    await ephemeral.getMany(a, count);
    await ephemeral.incrementMany([[count, 1000]]);
    await ephemeral.decrement(count);
    await ephemeral.setWith([{ key: key('b'), value: 1, ttl: 1000 }], key('c'), 1, 1000);
    await ephemeral.dropTagged('tag');
    const heard = Promise.withResolvers<void>();
    await notifier.subscribe('topic', heard.resolve);
    await notifier.publish('topic');
    await heard.promise;
    // Without a replica the steps run, and wait in vain: no rule refuses them.
    for (const step of [ephemeral.setIfAbsent(a, 1, 1000), ephemeral.getAndDelete(a)]) {
      await expect(step).rejects.toMatchObject({ message: expect.stringMatching(/0 of 1 replicas/) });
    }
  } finally {
    await store.close();
    await server.stop();
  }
});
