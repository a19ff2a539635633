/**
 * R06. After a failover the old node of Redis serves on as a replica, and connections to it stay open. Every write is
 * refused there, so each sign-in would fail until somebody cuts the connections. The first refused write ends the
 * connection, and the next one goes by the name again. The refused write is never sent a second time.
 * Guard: `adapters/redis/server.ts#openServer`.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { openRedis } from '../../adapters/redis.ts';
import { key, type ShortLivedStore } from '../../src/ports/stores.ts';
import { createClock } from '../support/world/clock.ts';
import { openRelay, type Relay } from '../support/world/outages.ts';
import { redisAt } from '../support/world/redis-settings.ts';
import { until } from '../support/world/until.ts';
import { startRedis, type RedisServer } from '../support/world/redis-server.ts';

const count = key<number>('count');
const unavailable = expect.objectContaining({ code: 'unavailable' });

describe('R06 Redis failing over', () => {
  let servers: readonly [RedisServer, RedisServer];
  let nodes: readonly [Redis, Redis];
  let relay: Relay;
  let store: ShortLivedStore;

  beforeAll(async () => {
    // A replica is sent its data at once, not after the usual five seconds, and writes no file.
    const settings = ['--repl-diskless-sync-delay', '0', '--repl-diskless-load', 'swapdb'];
    servers = await Promise.all([startRedis(settings), startRedis(settings)]);
    nodes = [new Redis(servers[0].url), new Redis(servers[1].url)];
  });
  beforeEach(async () => {
    await follow(nodes[1], servers[0]);
    relay = await openRelay();
    relay.forwardTo(servers[0].url);
    store = await openRedis({
      redis: redisAt(relay.url.replace('http:', 'redis:')),
      clock: createClock(),
      realm: 'r06',
    });
  });
  afterEach(async () => {
    await store.close();
    await relay.stop();
    await nodes[0].replicaof('NO', 'ONE');
    await nodes[0].flushall();
  });
  afterAll(async () => {
    for (const node of nodes) node.disconnect();
    await Promise.all(servers.map(server => server.stop()));
  });

  /** Swaps the roles. The name leads to the new master, for new connections only. */
  const failOver = async (): Promise<void> => {
    await until(async () => (await offset(nodes[0])) === (await offset(nodes[1])));
    await nodes[1].replicaof('NO', 'ONE');
    await nodes[0].replicaof('127.0.0.1', servers[1].port);
    relay.forwardTo(servers[1].url);
  };
  const increment = (): Promise<number> => store.ephemeral.increment(count, 60_000);

  test('R06 a write that a replica refuses ends the connection, and the next request is carried out once', async () => {
    expect(await increment()).toBe(1);
    await failOver();
    await expect(increment()).rejects.toEqual(unavailable);
    // 2: the refused write was not carried out, neither there nor later here.
    await until(async () => (await increment()) === 2);
  });

  test('R06 a plain command that a replica refuses does so too', async () => {
    await store.ephemeral.put(count, 1, 60_000);
    await failOver();
    await expect(store.ephemeral.put(count, 7, 60_000)).rejects.toEqual(unavailable);
    await until(() => store.ephemeral.put(key('other'), 1, 60_000).then(() => true));
    expect(await store.ephemeral.get(count)).toBe(1);
  });

  test('R06 the readiness check finds the replica before a person does', async () => {
    await expect(store.check()).resolves.toBeUndefined();
    await failOver();
    await expect(store.check()).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Redis is a replica, expected the master',
    });
    await until(() => store.check().then(() => true));
    expect(await increment()).toBe(1);
  });

  test('R06 the subscriber moves to the new master too', async () => {
    await failOver();
    await expect(increment()).rejects.toEqual(unavailable);
    await until(async () => String(await nodes[1].pubsub('CHANNELS')).includes('r06'));
    expect(await nodes[0].pubsub('CHANNELS')).toEqual([]);
    const heard = Promise.withResolvers<void>();
    await store.notifier.subscribe('a', () => heard.resolve());
    await until(() => store.check().then(() => true));
    await store.notifier.publish('a');
    await heard.promise;
  });
});

/** How much of the replicated data a node has. */
const offset = async (node: Redis): Promise<string | undefined> =>
  /^(?:slave_repl_offset|master_repl_offset):(\d+)/m.exec(await node.info('replication'))?.[1];

/** Makes a node the replica of a server, and resolves once it has its data. */
const follow = async (node: Redis, master: RedisServer): Promise<void> => {
  await node.replicaof('127.0.0.1', master.port);
  await until(async () => (await node.info('replication')).includes('master_link_status:up'));
};
