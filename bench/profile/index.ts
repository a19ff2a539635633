/**
 * Profiles one kind of work at one store: where the CPU of the server's process goes. `works.ts` lists the works, `groups.ts` adds the
 * profile of V8 up, `text.ts` prints it. The profiler sees the main thread only; the table of threads has the others.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import type { Profiler } from 'node:inspector';
import { dirname } from 'node:path';
import type { Lab } from '../lab.ts';
import { cpuTimeOf, runTimes, runWorkers, type Server, type Worker } from '../probes.ts';
import { cpuOfThreads } from '../processes.ts';
import type { Question } from '../server-spec.ts';
import { sumOf, type ProfileSum } from './groups.ts';
import { people, works, type WorkName } from './works.ts';
import type { StoreName } from '../stores.ts';

/** What a profile says. Times are microseconds of one unit of work. */
export interface ProfileReport {
  readonly title: string;
  readonly store: StoreName;
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

/** Measures for twice `millis`, after the warm-up. The profile is written to `path`, for other programs that read it. */
export const profileWork = async (
  lab: Lab,
  {
    name,
    store,
    millis,
    path,
  }: { readonly name: WorkName; readonly store: StoreName; readonly millis: number; readonly path: string },
): Promise<ProfileReport> => {
  const { title, warmUp, workers: workersOf } = works[name];
  const { callers } = lab;
  const population = { people, withoutSecondStep: people, callers, services: 1 };
  const carrierUrl = await lab.carrier();
  // Without the disk, so that the time of the profiler is CPU.
  const env = await lab.slowDisk('none');
  const server = await lab.product({ ...lab.emptyStore(store), population, carrierUrl }, { env });
  const workers = await workersOf(server, { carrierUrl, callers });
  await runTimes(workers, warmUp);
  const plain = await withoutProfiler(server, workers, millis);
  await server.ask<string>({ about: 'begin of a profile' } satisfies Question);
  const before = cpuOfThreads(server.pid);
  const { length: units } = await runWorkers(workers, millis);
  const after = cpuOfThreads(server.pid);
  const profile = await server.ask<Profiler.Profile>({ about: 'end of a profile' } satisfies Question);
  await lab.stop(server);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify(profile));
  const sum = sumOf(profile, new URL('../..', import.meta.url).href);
  const mainThread = (mainThreadOf(after) - mainThreadOf(before)) / units;
  return { title, store, ...plain, sum, mainThread, units };
};
