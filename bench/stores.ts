/** Starts the programs of the stores that this machine can run, and gives empty databases in them. */
import { join } from 'node:path';
import { hasMongod, startMongod } from '../test/support/world/mongod.ts';
import { hasRedisServer, startRedis } from '../test/support/world/redis-server.ts';
import type { Programs } from './probes.ts';
import { childrenOf, nameOfProcess } from './processes.ts';
import type { StoreSpec } from './server-spec.ts';

/** Stores of the product: SQLite alone, Redis beside SQLite, Redis beside MongoDB. */
export const storeNames = ['SQLite', 'Redis + SQLite', 'Redis + MongoDB'] as const;
export type StoreName = (typeof storeNames)[number];

/** The stores of a run. */
export interface Stores {
  /** Those that this machine can run. */
  readonly names: readonly StoreName[];
  /** Programs of a store beside the server. */
  programsOf(name: StoreName): Programs;
  /** An empty store. @throws Error where the machine has no program for it */
  empty(name: StoreName): StoreSpec;
  stop(): Promise<void>;
}

const databases = 64;

/** Starts the programs of the `wanted` stores. Files are in `folder`. */
export const startStores = async (
  folder: string,
  { wanted, mongodCacheGiB }: { readonly wanted: readonly StoreName[]; readonly mongodCacheGiB: number },
): Promise<Stores> => {
  const wantsRedis = wanted.some(name => name !== 'SQLite');
  const redis = wantsRedis && hasRedisServer() ? await startRedis(['--databases', `${databases}`]) : undefined;
  const wantsMongod = redis !== undefined && wanted.includes('Redis + MongoDB');
  const mongod = wantsMongod && hasMongod() ? await startMongod({ cacheGiB: mongodCacheGiB }) : undefined;
  const mongodId = childrenOf(process.pid).find(pid => nameOfProcess(pid) === 'mongod');
  let made = 0;
  const databaseFor = (name: StoreName): string =>
    mongod !== undefined && name === 'Redis + MongoDB'
      ? mongod.url.replace('/?', `/bench-${made}?`)
      : `sqlite:${join(folder, `${made}.db`)}`;
  return {
    names: [
      'SQLite',
      ...(redis === undefined ? [] : (['Redis + SQLite'] as const)),
      ...(mongod === undefined ? [] : (['Redis + MongoDB'] as const)),
    ],
    programsOf: name => ({
      ...(redis !== undefined && name !== 'SQLite' && { 'redis-server': redis.child.pid ?? 0 }),
      ...(name === 'Redis + MongoDB' && mongodId !== undefined && { mongod: mongodId }),
    }),
    empty(name) {
      made += 1;
      if (name !== 'SQLite' && redis === undefined) throw new Error(`${name}: this machine has no redis-server`);
      return {
        database: databaseFor(name),
        ...(name !== 'SQLite' && { redisUrl: `${redis?.url}/${made % databases}` }),
      };
    },
    async stop() {
      await Promise.all([redis?.stop(), mongod?.stop()]);
    },
  };
};
