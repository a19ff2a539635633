/**
 * R05. Redis hangs: connections stay open, and no answer comes. Requests would pile up behind it until the process has no memory
 * left. So each call ends after half a second. After five of them in a row the next ones fail at once, until one is answered as a trial.
 * The node is not ready meanwhile, and answers everything that needs no Redis.
 * Guards: `adapters/redis/calls.ts#createCall`, `adapters/redis/calls.ts#answered`.
 * Takes some seconds: the limits of time are themselves tested.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { setTimeout as pass } from 'node:timers/promises';
import { openRedis } from '../../adapters/redis.ts';
import { key, type ShortLivedStore } from '../../src/ports/stores.ts';
import { redisAt } from '../support/world/redis-settings.ts';
import { startRedis, type RedisServer } from '../support/world/redis-server.ts';
import { until } from '../support/world/until.ts';
import { amount } from './support/amounts.ts';

const count = key<number>('count');
const unavailable = expect.objectContaining({ code: 'unavailable' });
/** The limit of half a second, and what a busy machine adds. */
const atMost = 900;
const frozenFor = amount({ test: 2500, full: 30_000 });

describe('R05 Redis hanging', () => {
  let server: RedisServer;
  let operator: Redis;
  let store: ShortLivedStore;

  beforeAll(async () => {
    server = await startRedis();
    operator = new Redis(server.url);
  });
  beforeEach(async () => {
    await operator.flushall();
    store = await openRedis({ redis: redisAt(server.url), clock: Date.now, realm: 'r05' });
  });
  afterEach(() => store.close());
  afterAll(async () => {
    operator.disconnect();
    await server.stop();
  });

  const increment = (): Promise<number> => store.ephemeral.increment(count, 600_000);
  /** How long a call takes to be refused. */
  const refusal = async (call: () => Promise<unknown> = increment): Promise<number> => {
    const asked = performance.now();
    await expect(call()).rejects.toEqual(unavailable);
    return performance.now() - asked;
  };
  const isReady = (): Promise<boolean> =>
    store.check().then(
      () => true,
      () => false,
    );

  test('R05 calls are answered, and the node is ready, while Redis answers', async () => {
    expect([await increment(), await increment(), await isReady()]).toEqual([1, 2, true]);
  });

  test('R05 a slow Redis costs each call half a second, and five of them open the breaker', async () => {
    await increment();
    await operator.client('PAUSE', 1500, 'ALL');
    const taken = await Promise.all(Array.from({ length: 5 }, () => refusal()));
    expect(Math.max(...taken)).toBeLessThan(atMost);
    // Refused without being sent: these never run.
    for (let more = 0; more < 100; more += 1) await refusal();
    expect(await isReady()).toBe(false);
    await until(isReady);
    // The five were sent, and ran after the pause. Trials of `until` ask for something else.
    expect(await increment()).toBe(7);
  });

  test('R05 a frozen Redis makes the node unready within three seconds, keeps the event loop free, and is found again', async () => {
    await increment();
    let longestStall = 0;
    let last = performance.now();
    const watch = setInterval(() => {
      longestStall = Math.max(longestStall, performance.now() - last);
      last = performance.now();
    }, 20);
    server.child.kill('SIGSTOP');
    const frozen = performance.now();
    try {
      // The node has calls under way at any time.
      const load = async (): Promise<void> => {
        while (performance.now() - frozen < frozenFor) {
          expect(await refusal()).toBeLessThan(atMost);
          await pass(20);
        }
      };
      const unready = async (): Promise<number> => {
        await until(async () => !(await isReady()));
        return performance.now() - frozen;
      };
      const [after] = await Promise.all([unready(), load(), load(), load()]);
      expect(after).toBeLessThan(3000);
    } finally {
      server.child.kill('SIGCONT');
      clearInterval(watch);
    }
    expect(longestStall).toBeLessThan(500);
    await until(isReady);
    await expect(increment()).resolves.toBeGreaterThan(1);
  });
});
