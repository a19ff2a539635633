/**
 * Profiles one kind of work at one store: where the CPU of the server's process goes. `works.ts` lists the works, `groups.ts` adds the
 * profile of V8 up, `text.ts` prints it, alone or beside that of the bare library. The profiler sees the main thread only; the table of
 * threads has the others.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import type { Profiler } from 'node:inspector';
import { dirname } from 'node:path';
import type { Lab } from '../lab.ts';
import { cpuTimeOf, runTimes, runWorkers, type Server, type Worker } from '../probes.ts';
import { cpuOfThreads } from '../processes.ts';
import type { Question } from '../server-spec.ts';
import { sumOf, type ProfileSum } from './groups.ts';
import { usualPeople, works, type Work, type WorkName } from './works.ts';
import type { StoreName } from '../stores.ts';

/** What a profile says. Times are microseconds of one unit of work. */
export interface ProfileReport {
  readonly title: string;
  /** CPU of the server's process without the profiler, and of its children. */
  readonly own: number;
  readonly children: number;
  /** The same process by its threads. */
  readonly threads: ReadonlyMap<string, number>;
  readonly sum: ProfileSum;
  /** CPU of the main thread while it was profiled. */
  readonly mainThread: number;
  /** Units while it was profiled. */
  readonly units: number;
}

const difference = (
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  units: number,
): ReadonlyMap<string, number> =>
  new Map([...after].map(([name, micros]) => [name, (micros - (before.get(name) ?? 0)) / units]));

const mainThreadOf = (threads: ReadonlyMap<string, number>): number => threads.get('MainThread') ?? 0;

/** CPU of one unit without the profiler. */
const withoutProfiler = async (server: Server, workers: readonly Worker[], millis: number) => {
  const [before, threadsBefore] = [await cpuTimeOf(server), cpuOfThreads(server.pid)];
  const { length: units } = await runWorkers(workers, millis);
  const [after, threadsAfter] = [await cpuTimeOf(server), cpuOfThreads(server.pid)];
  return {
    own: (after.own - before.own) / units,
    children: (after.children - before.children) / units,
    threads: difference(threadsBefore, threadsAfter, units),
  };
};

/** What to profile. */
interface Plan {
  readonly name: WorkName;
  /** Measured for twice as long, after the warm-up. */
  readonly millis: number;
  /** The profile is written to this file, for other programs that read it. */
  readonly path: string;
}

const profileServer = async (server: Server, workers: readonly Worker[], { name, millis, path }: Plan) => {
  await runTimes(workers, works[name].warmUp);
  const plain = await withoutProfiler(server, workers, millis);
  await server.ask<string>({ about: 'begin of a profile' } satisfies Question);
  const before = cpuOfThreads(server.pid);
  const { length: units } = await runWorkers(workers, millis);
  const after = cpuOfThreads(server.pid);
  const profile = await server.ask<Profiler.Profile>({ about: 'end of a profile' } satisfies Question);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(profile));
  const sum = sumOf(profile, new URL('../..', import.meta.url).href);
  const mainThread = (mainThreadOf(after) - mainThreadOf(before)) / units;
  return { ...plain, sum, mainThread, units };
};

/** Profiles the product over one store. */
export const profileWork = async (
  lab: Lab,
  plan: Plan & { readonly store: StoreName; readonly people: number },
): Promise<ProfileReport> => {
  const { store, people } = plan;
  const { title, workers: workersOf } = works[plan.name];
  const { callers } = lab;
  const stored = { people, withoutSecondStep: usualPeople, callers };
  const carrierUrl = await lab.carrier();
  // Without the disk, so that the time of the profiler is CPU.
  const env = await lab.slowDisk('none');
  const spec = { ...lab.emptyStore(store), carrierUrl };
  await lab.fillStore({ ...spec, population: { ...stored, withSessions: true, services: 1 } });
  const server = await lab.product(spec, { env });
  const workers = await workersOf(server, { ...stored, carrierUrl });
  const report = await profileServer(server, workers, plan);
  await lab.stop(server);
  return { title: `${title}, ${store}`, ...report };
};

/** Profiles oidc-provider without our code. undefined: it has no such work. */
export const profileBare = async (lab: Lab, plan: Plan): Promise<ProfileReport | undefined> => {
  const { title, bare }: Work = works[plan.name];
  if (bare === undefined) return undefined;
  const server = await lab.bare({ kind: 'provider' });
  return { title: `${title}, bare oidc-provider`, ...(await profileServer(server, await bare(server.port), plan)) };
};
