/**
 * Lists the stores of the product. `everyStore` is for the contract of documents, and for threats where what must not happen
 * twice is decided by a durable write: replaced by revision, unique, or counted. The other flows and threats run over `stores`,
 * without MongoDB: their outcome rests on short-lived data or on no store, and the contract covers the documents that they use.
 */
import { afterAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryDurable, openMemoryShortLived } from '../../../adapters/memory.ts';
import { openSqlite, openSqliteDurable } from '../../../adapters/sqlite.ts';
import type { Clock } from '../../../src/ports/time.ts';
import type { DurableStore, ShortLivedStore } from '../../../src/ports/stores.ts';
import { hasMongod, startMongod, type MongodSet } from './mongod.ts';
import { hasRedisServer, startRedis } from './redis-server.ts';
import { redisAt } from './redis-settings.ts';

// Drivers of MongoDB and Redis are loaded by the stores that need them: most test files need none.

/** Both halves of one node, as `createApp` takes them. */
export interface Node {
  readonly durable: DurableStore;
  readonly shortLived: ShortLivedStore;
}

export interface Store extends ContractStore {
  readonly name: 'memory' | 'sqlite' | 'redis' | 'mongodb';
}

/** A store that contracts run on. */
export interface ContractStore {
  readonly name: string;
  readonly open: (clock: Clock) => Promise<OpenStore>;
}

/** An open store. `reopen` opens a second node over the same data; `close` ends every node and the data. */
export interface OpenStore extends Node {
  readonly reopen: () => Promise<Node>;
  readonly close: () => Promise<void>;
}

const openFile = async (clock: Clock, shortLived?: () => Promise<ShortLivedStore>): Promise<OpenStore> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  const open: Node[] = [];
  const node = async (): Promise<Node> => {
    const file = join(folder, 'store.db');
    const opened =
      shortLived === undefined
        ? openSqlite({ file, clock })
        : { durable: openSqliteDurable({ file, clock }), shortLived: await shortLived() };
    open.push(opened);
    return opened;
  };
  return {
    ...(await node()),
    reopen: node,
    async close() {
      await Promise.all(open.flatMap(each => [each.durable.close(), each.shortLived.close()]));
      await rm(folder, { recursive: true });
    },
  };
};

/** The store of tests that are about no store. */
export const memory: Store = {
  name: 'memory',
  async open(clock) {
    // Memory has one process and so one node: the second is the first.
    const node = { durable: openMemoryDurable({ clock }), shortLived: openMemoryShortLived({ clock }) };
    return { ...node, reopen: async () => node, close: async () => {} };
  },
};

const sqlite: Store = { name: 'sqlite', open: clock => openFile(clock) };

interface RedisServers {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Started on demand, once for all tests of a file. */
const once = (start: () => Promise<RedisServers>): (() => Promise<RedisServers>) => {
  let servers: Promise<RedisServers> | undefined;
  afterAll(async () => (await servers)?.stop());
  return () => (servers ??= start());
};

/** SQLite for durable data and Redis for short-lived data, as with several nodes. Each opening uses a realm of its own. */
const openWithRedis = async (servers: Promise<RedisServers>, clock: Clock): Promise<OpenStore> => {
  const { openRedis } = await import('../../../adapters/redis.ts');
  const { url } = await servers;
  const realm = randomUUID();
  return openFile(clock, () => openRedis({ redis: redisAt(url), clock, realm }));
};

const redisServer = once(() => startRedis());
const redis: Store = { name: 'redis', open: clock => openWithRedis(redisServer(), clock) };

let mongod: Promise<MongodSet> | undefined;
afterAll(async () => (await mongod)?.stop());

/** MongoDB for durable data and Redis for short-lived data. */
const mongodb: Store = {
  name: 'mongodb',
  async open(clock) {
    const { openMongoDurable } = await import('../../../adapters/mongodb.ts');
    const { openRedis } = await import('../../../adapters/redis.ts');
    mongod ??= startMongod();
    const [{ url: durableUrl }, { url }] = await Promise.all([mongod, redisServer()]);
    const realm = randomUUID();
    const open: Node[] = [];
    const reopen = async (): Promise<Node> => {
      const [durable, shortLived] = await Promise.all([
        openMongoDurable({ url: durableUrl, clock, realm }),
        openRedis({ redis: redisAt(url), clock, realm }),
      ]);
      const node = { durable, shortLived };
      open.push(node);
      return node;
    };
    return {
      ...(await reopen()),
      reopen,
      async close() {
        await Promise.all(open.flatMap(each => [each.durable.close(), each.shortLived.close()]));
      },
    };
  },
};

/** `npm run test:fast` names some stores in SALLYPORT_TEST_STORES, separated by commas; otherwise all are tested. */
const named = process.env['SALLYPORT_TEST_STORES']?.split(',');
const chosen = [memory, sqlite, redis, mongodb].filter(({ name }) => named?.includes(name) ?? true);

/** Programs that stores need, with how to install them. Asked for where a store is chosen: each question starts one. */
const redisProgram = { isThere: hasRedisServer, name: 'redis-server (Debian: apt-get install redis-server)' };
const mongodProgram = { isThere: hasMongod, name: 'mongod (npm run mongod)' };
const needs: Readonly<Record<Store['name'], readonly (typeof redisProgram)[]>> = {
  memory: [],
  sqlite: [],
  redis: [redisProgram],
  mongodb: [redisProgram, mongodProgram],
};
const missingFor = ({ name }: Store): readonly string[] =>
  needs[name].filter(({ isThere }) => !isThere()).map(program => program.name);
const canRun = (store: Store): boolean => process.env['CI'] === 'true' || missingFor(store).length === 0;

/** All of them. */
export const everyStore: readonly Store[] = chosen.filter(canRun);
/** All but MongoDB, unless it is the only one that SALLYPORT_TEST_STORES names. */
export const stores: readonly Store[] =
  named?.length === 1 ? everyStore : everyStore.filter(({ name }) => name !== 'mongodb');
for (const store of chosen.filter(each => !everyStore.includes(each))) {
  const programs = missingFor(store).join(' and ');
  process.stderr.write(
    `NOT TESTED ON ${store.name.toUpperCase()}: this machine has no ${programs}. With CI=true this fails.\n`,
  );
}

/** The short-lived stores: those above, Redis as a cluster and Redis behind Sentinels. */
export const shortLivedStores = (): readonly ContractStore[] => {
  const cluster = once(async () => (await import('./redis-cluster.ts')).startRedisCluster());
  const sentinel = once(async () => (await import('./redis-sentinel.ts')).startRedisSentinel());
  const more: readonly ContractStore[] = [
    { name: 'redis-cluster', open: clock => openWithRedis(cluster(), clock) },
    { name: 'redis-sentinel', open: clock => openWithRedis(sentinel(), clock) },
  ];
  const isChosen = named?.includes('redis') ?? true;
  return [...stores, ...more.filter(() => isChosen && canRun(redis))];
};
