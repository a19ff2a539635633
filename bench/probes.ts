/** Measures the cost of a case: CPU of its server for one unit of work, or the time that a caller waits for it. */
import type { Millis } from '../src/ports/time.ts';
import { startChild, type Child } from './children.ts';
import type { CpuJob } from './cpu-jobs.ts';
import type { Probe } from './rounds.ts';
import type { Question, ReadyMessage, ServerSpec } from './server-spec.ts';
import { quantile } from './statistics.ts';
import type { Tokens } from './requests.ts';

/** A running server under measurement. */
export interface Server extends Child {
  readonly port: number;
  readonly tokens: readonly Tokens[];
}

/** Starts a server in a process of its own. */
export const startServer = async (spec: ServerSpec): Promise<Server> => {
  const child = startChild('server.ts');
  return { ...child, ...(await child.ask<ReadyMessage>(spec)) };
};

/** Does one unit of work. Gives false if no work is left at the moment. */
export type Worker = () => Promise<unknown>;

/** Runs all workers for `millis`. Gives the wall time of each unit in milliseconds. */
const runWorkers = async (workers: readonly Worker[], millis: Millis): Promise<readonly number[]> => {
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

const cpuTimeOf = (server: Child): Promise<number> => server.ask<number>({ about: 'cpu' } satisfies Question);

/** Microseconds of CPU of the server's process, all its threads, for one unit (getrusage: utime and stime). */
export const cpuOf =
  (name: string, server: Child, workers: readonly Worker[]): Probe =>
  async millis => {
    const before = await cpuTimeOf(server);
    const { length } = await runWorkers(workers, millis);
    const used = (await cpuTimeOf(server)) - before;
    return length === 0 ? {} : { [name]: used / length };
  };

/** `NAME p50` and `NAME p99`: wall milliseconds of one unit. */
export const latencyOf =
  (name: string, workers: readonly Worker[]): Probe =>
  async millis => {
    const took = await runWorkers(workers, millis);
    return { [`${name} p50`]: quantile(took, 0.5), [`${name} p99`]: quantile(took, 0.99) };
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
      while (!state.stopped) await work();
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
