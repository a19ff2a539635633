/** Makes a store with its own folder and redis-server, so that a test can read its bytes, or empty or kill its Redis. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { openRedis } from '../../../adapters/redis.ts';
import { openSqliteDurable, openSqliteShortLived } from '../../../adapters/sqlite.ts';
import type { Clock } from '../../../src/ports/time.ts';
import { redisAt } from './redis-settings.ts';
import { startRedis } from './redis-server.ts';
import type { Node, Store } from './stores.ts';

export interface InspectableStore extends Store {
  /** The SQLite file. */
  readonly file: string;
  /** All bytes on disk and in Redis, as Latin-1. */
  bytes(): Promise<string>;
  /** Kills Redis with its data, and starts it again at the same address. `meanwhile` runs between the two. */
  restartRedis(meanwhile?: () => Promise<void>): Promise<void>;
  /** Runs commands of an operator. */
  askRedis<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  /** FLUSHALL. */
  emptyRedis(): Promise<void>;
}

const readAll = async (redis: Redis): Promise<string> => {
  const keys = await redis.keys('*');
  const values = await Promise.all(
    keys.map(async key => {
      const type = await redis.type(key);
      return type === 'string' ? redis.getBuffer(key) : (await redis.zrange(key, 0, '-1')).join('\n');
    }),
  );
  return [...keys, ...values.map(value => value?.toString('latin1') ?? '')].join('\n');
};

/** Both halves in one SQLite file, or the short-lived one in Redis. `close` of the opened store ends all. */
export const createInspectableStore = async (shortLived: 'sqlite' | 'redis'): Promise<InspectableStore> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  const stored = { server: shortLived === 'redis' ? await startRedis() : undefined };
  const asOperator = async <T>(work: (redis: Redis) => Promise<T>): Promise<T | undefined> => {
    if (stored.server === undefined) return undefined;
    const redis = new Redis(stored.server.url);
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  };
  const file = join(folder, 'store.db');
  const openNode = async (clock: Clock): Promise<Node> => {
    const durable = openSqliteDurable({ file, clock });
    if (stored.server === undefined) return { durable, shortLived: openSqliteShortLived({ file, clock }) };
    return { durable, shortLived: await openRedis({ redis: redisAt(stored.server.url), clock, realm: 'bare' }) };
  };
  return {
    name: shortLived,
    file,
    async open(clock) {
      const nodes = [await openNode(clock)];
      const [first] = nodes;
      if (first === undefined) throw new Error('no node');
      return {
        ...first,
        async reopen() {
          const node = await openNode(clock);
          nodes.push(node);
          return node;
        },
        async close() {
          await Promise.all(nodes.flatMap(node => [node.durable.close(), node.shortLived.close()]));
          await stored.server?.stop();
          await rm(folder, { recursive: true });
        },
      };
    },
    async bytes() {
      const files = await readdir(folder);
      const parts = await Promise.all(files.map(name => readFile(join(folder, name), 'latin1')));
      return [...parts, (await asOperator(readAll)) ?? ''].join('\n');
    },
    async restartRedis(meanwhile) {
      const port = stored.server?.port;
      await stored.server?.stop();
      await meanwhile?.();
      stored.server = await startRedis([], port === undefined ? {} : { port });
    },
    async askRedis(work) {
      const answer = await asOperator(work);
      if (answer === undefined) throw new Error('there is no Redis');
      return answer;
    },
    async emptyRedis() {
      await asOperator(redis => redis.flushall());
    },
  };
};
