/** Measures the cost of a case: CPU of its server for one unit of work, or the time that a caller waits for it. */
import type { Millis } from '../src/ports/time.ts';
import { startChild, type Child, type Start } from './children.ts';
import type { CpuJob } from './cpu-jobs.ts';
import { cpuOfThreads } from './processes.ts';
import type { Probe } from './rounds.ts';
import type { CpuTime, Question, ReadyMessage, ServerSpec } from './server-spec.ts';
import { quantile } from './statistics.ts';

/** A running server under measurement. */
export interface Server extends Child {
  readonly port: number;
}

/** Starts a server in a process of its own. */
export const startServer = async (spec: ServerSpec, start?: Start): Promise<Server> => {
  const child = startChild('server.ts', start);
  return { ...child, ...(await child.ask<ReadyMessage>(spec)) };
};

/** Does one unit of work. Gives false if no work is left at the moment. */
export type Worker = () => Promise<unknown>;

/** Runs all workers for `millis`. Gives the wall time of each unit in milliseconds. */
export const runWorkers = async (workers: readonly Worker[], millis: Millis): Promise<readonly number[]> => {
  const until = performance.now() + millis;
  const took: number[] = [];
  const loop = async (work: Worker): Promise<void> => {
    for (let began = performance.now(); began < until; began = performance.now()) {
      if ((await work()) === false) return;
      took.push(performance.now() - began);
    }
  };
  await Promise.all(workers.map(loop));
  return took;
};

/** Until a worker without work is asked again. */
const rest: Millis = 20;

/** Runs the workers until `count` units are done, all together. */
export const runTimes = async (workers: readonly Worker[], count: number): Promise<void> => {
  let left = count;
  const loop = async (work: Worker): Promise<void> => {
    while (left > 0) {
      left -= 1;
      if ((await work()) !== false) continue;
      left += 1;
      await new Promise(resolve => setTimeout(resolve, rest));
    }
  };
  await Promise.all(workers.map(loop));
};

/** CPU that a server's process has used so far. */
export const cpuTimeOf = (server: Child): Promise<CpuTime> => server.ask<CpuTime>({ about: 'cpu' } satisfies Question);

const cpuTimesOf = async (servers: readonly Child[]): Promise<CpuTime> => {
  const all = await Promise.all(servers.map(cpuTimeOf));
  const sum = (of: keyof CpuTime): number => all.reduce((total, each) => total + each[of], 0);
  return { own: sum('own'), children: sum('children') };
};

/** Process ids of programs beside the servers, such as redis-server, by their names. */
export type Programs = Readonly<Record<string, number>>;

const programTimes = (programs: Programs): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(programs).map(([name, pid]) => [name, [...cpuOfThreads(pid).values()].reduce((a, b) => a + b, 0)]),
  );

/** The child of a server that hashes passwords. */
export const hashing = 'process that hashes';

/** Name of the cost of a program in the work of this name. */
export const costIn = (program: string, work: string): string => `${program} in ${work}`;

/**
 * Microseconds of CPU for one unit: of the servers' processes with all their threads (getrusage: utime and stime). `withHash`: and of
 * their children, which hash passwords, and these once more by themselves. Those of other `programs` are costs of their own.
 */
export const cpuOf =
  (
    name: string,
    servers: Child | readonly Child[],
    workers: readonly Worker[],
    { what = 'own', programs = {} }: { readonly what?: 'own' | 'withHash'; readonly programs?: Programs } = {},
  ): Probe =>
  async millis => {
    const all = 'ask' in servers ? [servers] : servers;
    const [before, others] = [await cpuTimesOf(all), programTimes(programs)];
    const { length } = await runWorkers(workers, millis);
    const [after, othersAfter] = [await cpuTimesOf(all), programTimes(programs)];
    if (length === 0) return {};
    const [own, children] = [after.own - before.own, after.children - before.children];
    const cost = what === 'own' ? { [name]: own } : { [name]: own + children, [costIn(hashing, name)]: children };
    const beside = Object.entries(othersAfter).map(
      ([program, micros]) => [costIn(program, name), micros - (others[program] ?? 0)] as const,
    );
    return Object.fromEntries(
      [...Object.entries(cost), ...beside].map(([called, micros]) => [called, micros / length] as const),
    );
  };

/** The same probe, measured `factor` times as long as others of its group. */
export const longer =
  (factor: number, probe: Probe): Probe =>
  millis =>
    probe(factor * millis);

/** What `latencyOf` measured so far: wall milliseconds of each unit, in no unit but these. */
export type Times = number[];

/** `NAME`, `NAME p50` and `NAME p99`: mean and quantiles of the wall milliseconds of one unit. Each is added to `all` too. */
export const latencyOf =
  (name: string, workers: readonly Worker[], all: Times = []): Probe =>
  async millis => {
    const took = await runWorkers(workers, millis);
    if (took.length === 0) return {};
    all.push(...took);
    const mean = took.reduce((sum, each) => sum + each, 0) / took.length;
    return { [name]: mean, [`${name} p50`]: quantile(took, 0.5), [`${name} p99`]: quantile(took, 0.99) };
  };

/** Median wall milliseconds of each kind. One unit of each runs in turn, so that all meet the same load of the machine. */
export const alternating =
  (kinds: Readonly<Record<string, Worker>>): Probe =>
  async millis => {
    const took = Object.entries(kinds).map(([name, work]) => ({ name, work, times: new Array<number>() }));
    for (const until = performance.now() + millis; performance.now() < until;) {
      for (const { work, times } of took) times.push(...(await runWorkers([work], 1)));
    }
    return Object.fromEntries(took.map(({ name, times }) => [name, quantile(times, 0.5)]));
  };

/** Measures `probe` while all of `background` work without a pause. */
export const whileBusy =
  (background: readonly Worker[], probe: Probe): Probe =>
  async millis => {
    const state = { stopped: false };
    const repeat = async (work: Worker): Promise<void> => {
      while (!state.stopped) {
        if ((await work()) === false) await new Promise(resolve => setTimeout(resolve, rest));
      }
    };
    const working = Promise.all(background.map(repeat));
    const costs = await probe(millis);
    state.stopped = true;
    await working;
    return costs;
  };

/** CPU of one run of a fixed piece of work. */
export const jobCpuOf =
  (name: string, child: Child, job: CpuJob): Probe =>
  async millis => ({ [name]: await child.ask<number>({ job, millis }) });
