/**
 * R04. A Redis that may evict keys forgets, when it is full, which codes were used and how many guesses were made. A
 * used code would work again, and the sixth guess would count as the first. The server does not start on such a Redis.
 * It is not ready when the policy changes later.
 * Guard: `adapters/redis/readiness.ts#checkReady`.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { openRedis } from '../../adapters/redis.ts';
import type { ShortLivedStore } from '../../src/ports/stores.ts';
import { createClock } from '../support/world/clock.ts';
import { redisAt } from '../support/world/redis-settings.ts';
import { startRedis, type RedisServer } from '../support/world/redis-server.ts';

describe('R04 Redis evicting', () => {
  let server: RedisServer;
  let operator: Redis;
  const opened: ShortLivedStore[] = [];

  beforeAll(async () => {
    server = await startRedis(['--maxmemory-policy', 'noeviction']);
    operator = new Redis(server.url);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(store => store.close()));
    await operator.config('SET', 'maxmemory-policy', 'noeviction');
  });
  afterAll(async () => {
    operator.disconnect();
    await server.stop();
  });

  const open = async (): Promise<ShortLivedStore> => {
    const store = await openRedis({ redis: redisAt(server.url), clock: createClock(), realm: 'r04' });
    opened.push(store);
    return store;
  };

  test('R04 a Redis with noeviction opens, is ready and keeps values', async () => {
    const store = await open();
    await expect(store.check()).resolves.toBeUndefined();
    await store.ephemeral.put('a', 1, 1000);
    expect(await store.ephemeral.get('a')).toBe(1);
  });

  test.each([
    'allkeys-lru',
    'allkeys-lfu',
    'allkeys-random',
    'volatile-lru',
    'volatile-lfu',
    'volatile-random',
    'volatile-ttl',
  ])('R04 a Redis with %s is refused at start, with the policy found and the policy needed', async policy => {
    await operator.config('SET', 'maxmemory-policy', policy);
    const refused = expect.objectContaining({
      code: 'unavailable',
      message: expect.stringMatching(new RegExp(`${policy}.*expected noeviction`)),
    });
    await expect(open()).rejects.toEqual(refused);
    const [, clients] = /^connected_clients:(\d+)/m.exec(await operator.info('clients')) ?? [];
    // Ours is the only connection: a refused opening leaves no connection open.
    expect(clients).toBe('1');
  });

  test('R04 a policy changed while running makes the store not ready until it is corrected', async () => {
    const store = await open();
    await expect(store.check()).resolves.toBeUndefined();
    await operator.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(store.check()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/allkeys-lru.*expected noeviction/),
    });
    await operator.config('SET', 'maxmemory-policy', 'noeviction');
    await expect(store.check()).resolves.toBeUndefined();
  });
});
