/**
 * Starts servers and reference jobs for scenarios, measures their groups, and stops everything at the end. Servers of one
 * store and population are shared, because each start takes a second of CPU.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Millis } from '../src/ports/time.ts';
import { startCarrier } from './calls.ts';
import { startChild, type Child, type Start } from './children.ts';
import { fillFast } from './fill-fast.ts';
import type { Group } from './group.ts';
import { startServer, type Programs, type Server } from './probes.ts';
import { comparisonOf, type Comparison } from './results.ts';
import { runRounds } from './rounds.ts';
import type { Population, ProductSpec, ServerSpec, StoreSpec } from './server-spec.ts';
import { buildSlowSync, slowSyncVariables } from './slow-sync.ts';
import { startStores, storeNames, type StoreName } from './stores.ts';
import { warmUp, warmUpBare } from './warm-up.ts';

/** smoke: few rounds, each response checked. full: for figures. */
export type Size = 'smoke' | 'full';

/** What a product server is started with, beside its store. */
export type ProductOptions = Partial<
  Pick<ProductSpec, 'memoryKiB' | 'population' | 'withPhones' | 'carrierUrl' | 'stoppedAt'>
>;

export interface Lab {
  readonly size: Size;
  /** A folder that is removed at the end. */
  readonly folder: string;
  /** Number of people of shared servers who sign in. */
  readonly people: number;
  /** Number of people who are called, where a server has any. */
  readonly callers: number;
  /** Sign-ins before the first measurement of a server: by then the compiler of V8 has done most of its work. */
  readonly warmUp: number;
  /** Number of people in the growth scenario. */
  readonly mostPeople: number;
  readonly cpuJobs: Child;
  /** Stores that this machine can run. */
  readonly stores: readonly StoreName[];
  /** Programs of a store beside the server. */
  programsOf(name: StoreName): Programs;
  /** `stores` in a full run; in a smoke run the one that scales out. */
  readonly mainStores: readonly StoreName[];
  /** An empty store, with the keys of this run. */
  emptyStore(name: StoreName): StoreSpec & Pick<ProductSpec, 'sealingKeys'>;
  /** A server over a new store with people and a service, warm, with a cheap hash. Two numbers give two equal servers. */
  shared(name: StoreName, copy: 1 | 2): Promise<Server>;
  /** A bare server: one of each kind, or as many as are asked for by `copy`. */
  bare(spec: Exclude<ServerSpec, ProductSpec>, copy?: 1 | 2): Promise<Server>;
  /** Address of the simulated carrier, where all callers have a phone. */
  carrier(): Promise<string>;
  /** Variables of a process with a slower disk, or one without a disk (`slow-sync.ts`). Absent: this machine has no gcc. */
  slowDisk(more: Millis | 'none'): Promise<Readonly<Record<string, string>> | undefined>;
  /** A server of the product that only this scenario uses. */
  product(spec: StoreSpec & Pick<ProductSpec, 'sealingKeys'> & ProductOptions, start?: Start): Promise<Server>;
  /** Fills a store in another process. */
  fillStore(spec: StoreSpec & Pick<ProductSpec, 'sealingKeys'> & ProductOptions): Promise<void>;
  /** Stops servers before the end. */
  stop(...servers: readonly Server[]): Promise<void>;
  /** Measures a group for its part of the scenario's time. */
  measure(group: Group, time: Millis): Promise<readonly Comparison[]>;
}

/** People of shared servers who sign in: each once in 30 s at most, because a TOTP code works once. */
const usualPeople: Readonly<Record<Size, number>> = { smoke: 300, full: 2000 };
const usualCallers: Readonly<Record<Size, number>> = { smoke: 60, full: 300 };
const warmUps: Readonly<Record<Size, number>> = { smoke: 6, full: 1000 };
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
  const programs = await startStores(folder, { wanted, mongodCacheGiB: cacheFor(mostPeople) });
  const cpuJobs = startChild('cpu-jobs.ts');
  running.add(cpuJobs);
  let library: ReturnType<typeof buildSlowSync> | undefined;
  let carrier: ReturnType<typeof startCarrier> | undefined;

  const track = async (starting: Promise<Server>): Promise<Server> => {
    const server = await starting;
    running.add(server);
    return server;
  };
  let last: Promise<unknown> = Promise.resolve();
  /** One starts after the other: they share a core, and the phones of callers. */
  const once = (name: string, start: () => Promise<Server>): Promise<Server> => {
    const server = known.get(name) ?? track(last.then(start));
    known.set(name, server);
    last = server;
    return server;
  };
  const calibrate = () => cpuJobs.ask<number>({ job: 'reference', millis: size === 'smoke' ? 20 : 40 });

  const lab: Lab = {
    size,
    folder,
    people: usualPeople[size],
    callers: usualCallers[size],
    warmUp: warmUps[size],
    mostPeople,
    cpuJobs,
    stores: programs.names,
    programsOf: name => programs.programsOf(name),
    mainStores: size === 'full' ? programs.names : programs.names.slice(-1),
    emptyStore: name => ({ ...programs.empty(name), sealingKeys }),
    shared: (name, copy) =>
      once(`${name} ${copy}`, async () => {
        const store = lab.emptyStore(name);
        const { people, callers } = lab;
        const population: Population = {
          people: people + sessionHolders,
          withoutSecondStep: people,
          callers,
          services: 1,
        };
        const carrierUrl = await lab.carrier();
        const server = await startServer({ kind: 'product', memoryKiB: cheap, population, carrierUrl, ...store });
        await warmUp(server, { people, callers, carrierUrl, signIns: lab.warmUp });
        return server;
      }),
    bare: (spec, copy = 1) =>
      once(`${JSON.stringify(spec)} ${copy}`, async () => {
        const server = await startServer(spec);
        if (spec.kind === 'provider') await warmUpBare(server, lab.warmUp);
        return server;
      }),
    async carrier() {
      carrier ??= startCarrier(lab.callers);
      running.add((await carrier).child);
      return (await carrier).url;
    },
    async slowDisk(more) {
      library ??= buildSlowSync(folder);
      return slowSyncVariables(await library, more);
    },
    product: (spec, start) => track(startServer({ kind: 'product', memoryKiB: cheap, ...spec }, start)),
    async fillStore(spec) {
      const filler = startChild('filler.ts', { where: 'anywhere' });
      const fill = async (database: string): Promise<void> =>
        void (await filler.ask<string>({ kind: 'product', memoryKiB: cheap, ...spec, database } satisfies ProductSpec));
      await fillFast(spec, fill);
      await filler.end();
    },
    async stop(...servers) {
      for (const server of servers) running.delete(server);
      await Promise.all(servers.map(server => server.end()));
    },
    async measure({ probes, rows, slice, share, shortRounds = smoke.minRounds }, time) {
      const plan = { probes, slice, budget: time * share, calibrate };
      const rounds = await runRounds(
        size === 'smoke' ? { ...plan, ...smoke, minRounds: shortRounds, slice: slice * shortened } : plan,
      );
      return rows.map(each => comparisonOf(rounds, each));
    },
  };
  return {
    lab,
    async close() {
      await Promise.all([...running].map(child => child.end()));
      await programs.stop();
      await rm(folder, { recursive: true });
    },
  };
};
