/**
 * Starts stores, servers and reference jobs for scenarios, measures their groups, and stops everything at the end. Servers of one
 * store and population are shared, because each start takes a second of CPU.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasMongod, startMongod } from '../test/support/world/mongod.ts';
import { hasRedisServer, startRedis, type RedisServer } from '../test/support/world/redis-server.ts';
import type { Millis } from '../src/ports/time.ts';
import { startChild, type Child } from './children.ts';
import { fillFast } from './fill-fast.ts';
import type { Group } from './group.ts';
import { startServer, type Server } from './probes.ts';
import { comparisonOf, type Comparison } from './results.ts';
import { runRounds } from './rounds.ts';
import type { Population, ProductSpec, ServerSpec, StoreSpec } from './server-spec.ts';

/** Stores of the product: SQLite alone, Redis beside SQLite, Redis beside MongoDB. */
export const storeNames = ['SQLite', 'Redis + SQLite', 'Redis + MongoDB'] as const;
export type StoreName = (typeof storeNames)[number];

/** smoke: few rounds, each response checked. full: for figures. */
export type Size = 'smoke' | 'full';

/** What a product server is started with, beside its store. */
export type ProductOptions = Partial<Pick<ProductSpec, 'memoryKiB' | 'population' | 'withPhones' | 'stoppedAt'>>;

export interface Lab {
  readonly size: Size;
  /** A folder that is removed at the end. */
  readonly folder: string;
  /** Number of people of shared servers who sign in. */
  readonly people: number;
  /** Number of people in the growth scenario. */
  readonly mostPeople: number;
  readonly cpuJobs: Child;
  /** Stores that this machine can run. */
  readonly stores: readonly StoreName[];
  /** `stores` in a full run; in a smoke run the one that scales out. */
  readonly mainStores: readonly StoreName[];
  /** An empty store, with the keys of this run. */
  emptyStore(name: StoreName): Promise<Pick<ProductSpec, 'database' | 'redisUrl' | 'sealingKeys'>>;
  /** A server over a new store with people and a service, and a cheap hash. Two numbers give two equal servers. */
  shared(name: StoreName, copy: 1 | 2): Promise<Server>;
  /** A bare server: one of each kind, or as many as are asked for by `copy`. */
  bare(spec: Exclude<ServerSpec, ProductSpec>, copy?: 1 | 2): Promise<Server>;
  /** A server of the product that only this scenario uses. `anywhere`: on every core. */
  product(spec: StoreSpec & Pick<ProductSpec, 'sealingKeys'> & ProductOptions, where?: 'anywhere'): Promise<Server>;
  /** Fills a store in another process. */
  fillStore(spec: StoreSpec & Pick<ProductSpec, 'sealingKeys'> & ProductOptions): Promise<void>;
  /** Stops servers before the end. */
  stop(...servers: readonly Server[]): Promise<void>;
  /** Measures a group for its part of the scenario's time. */
  measure(group: Group, time: Millis): Promise<readonly Comparison[]>;
}

/** People of shared servers who sign in: each once in 30 s at most, because a TOTP code works once. */
const usualPeople: Readonly<Record<Size, number>> = { smoke: 300, full: 2000 };
/** People who have sessions that stay open (`personAt(lab.people)` and on). */
export const sessionHolders = 40;
/** A hash that takes almost no time. */
const cheap = 64;
/** Memory of a hash by default, in KiB. */
export const usualHash = 19_456;

/** Memory of mongod for documents, in GiB: with a million people the usual quarter would leave the indexes on the disk. */
const cacheFor = (people: number): number => (people > 100_000 ? 4 : 0.25);

/** A short run has less of everything. */
const smoke = { warmUp: 60, minRounds: 5, budget: 0 } as const;
const shortened = 1 / 5;

interface Opened {
  readonly lab: Lab;
  readonly close: () => Promise<void>;
}

/** Opens it. `close` stops every process. `wanted`: no other store is started. */
export const openLab = async (
  size: Size,
  mostPeople: number,
  wanted: readonly StoreName[] = storeNames,
): Promise<Opened> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
  const running = new Set<Child>();
  const known = new Map<string, Promise<Server>>();
  const sealingKeys = `bench:${randomBytes(32).toString('base64')}`;
  const wantsRedis = wanted.some(name => name !== 'SQLite');
  const redis: RedisServer | undefined =
    wantsRedis && hasRedisServer() ? await startRedis(['--databases', '64']) : undefined;
  const mongod =
    redis !== undefined && wanted.includes('Redis + MongoDB') && hasMongod()
      ? await startMongod({ cacheGiB: cacheFor(mostPeople) })
      : undefined;
  const cpuJobs = startChild('cpu-jobs.ts');
  running.add(cpuJobs);
  let made = 0;

  const track = async (starting: Promise<Server>): Promise<Server> => {
    const server = await starting;
    running.add(server);
    return server;
  };
  const once = (name: string, start: () => Promise<Server>): Promise<Server> => {
    const server = known.get(name) ?? track(start());
    known.set(name, server);
    return server;
  };
  const calibrate = () => cpuJobs.ask<number>({ job: 'reference', millis: size === 'smoke' ? 20 : 40 });
  const stores: readonly StoreName[] = [
    'SQLite',
    ...(redis === undefined ? [] : (['Redis + SQLite'] as const)),
    ...(mongod === undefined ? [] : (['Redis + MongoDB'] as const)),
  ];
  /** The address of an empty database. */
  const databaseFor = (name: StoreName): string =>
    mongod !== undefined && name === 'Redis + MongoDB'
      ? mongod.url.replace('/?', `/bench-${made}?`)
      : `sqlite:${join(folder, `${made}.db`)}`;

  const lab: Lab = {
    size,
    folder,
    people: usualPeople[size],
    mostPeople,
    cpuJobs,
    stores,
    mainStores: size === 'full' ? stores : stores.slice(-1),
    async emptyStore(name) {
      made += 1;
      if (name !== 'SQLite' && redis === undefined) throw new Error(`${name}: this machine has no redis-server`);
      return {
        database: databaseFor(name),
        ...(name !== 'SQLite' && { redisUrl: `${redis?.url}/${made % 64}` }),
        sealingKeys,
      };
    },
    shared: (name, copy) =>
      once(`${name} ${copy}`, async () => {
        const store = await lab.emptyStore(name);
        const population: Population = { people: lab.people + sessionHolders, services: 1 };
        return startServer({ kind: 'product', memoryKiB: cheap, population, ...store });
      }),
    bare: (spec, copy = 1) => once(`${JSON.stringify(spec)} ${copy}`, () => startServer(spec)),
    product: (spec, where) => track(startServer({ kind: 'product', memoryKiB: cheap, ...spec }, where)),
    async fillStore(spec) {
      const filler = startChild('filler.ts', 'anywhere');
      const fill = async (database: string): Promise<void> =>
        void (await filler.ask<string>({ kind: 'product', memoryKiB: cheap, ...spec, database } satisfies ProductSpec));
      await fillFast(spec, fill);
      await filler.end();
    },
    async stop(...servers) {
      for (const server of servers) running.delete(server);
      await Promise.all(servers.map(server => server.end()));
    },
    async measure({ probes, rows, slice, share }, time) {
      const plan = { probes, slice, budget: time * share, calibrate };
      const rounds = await runRounds(size === 'smoke' ? { ...plan, ...smoke, slice: slice * shortened } : plan);
      return rows.map(each => comparisonOf(rounds, each));
    },
  };
  return {
    lab,
    async close() {
      await Promise.all([...running].map(child => child.end()));
      await Promise.all([redis?.stop(), mongod?.stop()]);
      await rm(folder, { recursive: true });
    },
  };
};
