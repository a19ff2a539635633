/**
 * R06. After a failover the old node of Redis serves on as a replica, and connections to it stay open. Every write is
 * refused there, so each sign-in would fail until somebody cuts the connections. The first refused write ends the
 * connection, and the next one goes by the name again. The refused write is never sent a second time.
 *
 * Where the network is cut, a master loses its replica, which is promoted elsewhere. What the old one takes from then on is lost once
 * it follows. A step that counts once is refused there, as far as the settings say.
 * Guards: `adapters/redis/server.ts#openServer`, `adapters/redis/once-only.ts#createOnce`.
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
    servers = await Promise.all([startRedis(), startRedis()]);
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

/** A step that counts once. */
const use = ({ ephemeral }: ShortLivedStore): Promise<number | undefined> => ephemeral.getAndDelete(count);

describe('R06 a master that lost its replica', () => {
  let servers: readonly [RedisServer, RedisServer];
  let nodes: readonly [Redis, Redis];
  const opened: ShortLivedStore[] = [];

  beforeAll(async () => {
    servers = await Promise.all([startRedis(), startRedis()]);
    nodes = [new Redis(servers[0].url), new Redis(servers[1].url)];
  });
  beforeEach(async () => {
    await follow(nodes[1], servers[0]);
    // A replica acknowledges its first write within a second after it has joined.
    await until(async () => {
      await nodes[0].set('written', '1');
      return (await nodes[0].wait(1, 100)) === 1;
    });
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(store => store.close()));
    await nodes[0].config('SET', 'min-replicas-to-write', '0');
    await nodes[0].flushall();
  });
  afterAll(async () => {
    for (const node of nodes) node.disconnect();
    await Promise.all(servers.map(server => server.stop()));
  });

  const warned: string[] = [];
  const open = async (replicas?: number): Promise<ShortLivedStore> => {
    const redis = redisAt(servers[0].url, replicas === undefined ? {} : { replicas });
    const log = { warn: (event: string) => void warned.push(event) };
    const store = await openRedis({ redis, clock: createClock(), realm: 'r06', log });
    opened.push(store);
    await store.ephemeral.put(count, 1, 60_000);
    return store;
  };
  /** As where the network is cut: both lead, and each one takes writes. */
  const split = async (): Promise<void> => {
    await nodes[1].replicaof('NO', 'ONE');
    await until(async () => (await nodes[0].info('replication')).includes('connected_slaves:0'));
  };

  test('R06 with its replica, a master carries out a step once, for the replica too', async () => {
    expect(await use(await open())).toBe(1);
    await split();
    expect(await nodes[1].dbsize()).toBe(1);
  });

  test('R06 a master that lost its replica meanwhile refuses the step of that moment, says so, and goes on alone', async () => {
    const store = await open();
    expect(await store.ephemeral.setIfAbsent(key('before'), 1, 60_000)).toBe(true);
    warned.length = 0;
    await split();
    await expect(use(store)).rejects.toEqual(unavailable);
    expect(await store.ephemeral.setIfAbsent(key('after'), 1, 60_000)).toBe(true);
    expect(warned).toEqual(['redis.replicas-lost']);
    await expect(store.check()).resolves.toBeUndefined();
  });

  test('R06 with SALLYPORT_REDIS_REPLICAS=1 it refuses every step until it has a replica again', async () => {
    const store = await open(1);
    await split();
    await expect(use(store)).rejects.toEqual(unavailable);
    await expect(store.ephemeral.setIfAbsent(key('after'), 1, 60_000)).rejects.toEqual(unavailable);
    await follow(nodes[1], servers[0]);
    // Another key each time: a refused step may have been carried out.
    let attempt = 0;
    await until(() => store.ephemeral.setIfAbsent(key('again', `${(attempt += 1)}`), 1, 60_000));
  });

  test('R06 with min-replicas-to-write it refuses every write, and says so', async () => {
    const store = await open();
    await nodes[0].config('SET', 'min-replicas-to-write', '1');
    await split();
    await expect(use(store)).rejects.toEqual(unavailable);
    await expect(store.ephemeral.put(count, 2, 60_000)).rejects.toMatchObject({
      message: expect.stringContaining('NOREPLICAS'),
    });
    // The step of the first refusal was not carried out.
    expect(await store.ephemeral.get(count)).toBe(1);
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
