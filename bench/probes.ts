/** How a case is measured: as CPU of its server for one unit of work, or as time that somebody waits for it. */
import type { Millis } from '../src/ports/time.ts';
import { startChild, type Child } from './children.ts';
import type { Kernel } from './kernel.ts';
import type { Probe } from './rounds.ts';
import type { Ready, Wish } from './server.ts';
import { quantile } from './statistics.ts';
import type { Tokens } from './visitor.ts';

export interface Server extends Child {
  readonly port: number;
  readonly tokens: readonly Tokens[];
}

export const startServer = async (wish: Wish): Promise<Server> => {
  const child = startChild('server.ts');
  return { ...child, ...(await child.ask<Ready>(wish)) };
};

/** One unit of work, over and over; false: there is none left for now. */
export type Worker = () => Promise<unknown>;

/** Lets all workers work for so long; the wall milliseconds of each unit. */
const busy = async (workers: readonly Worker[], millis: Millis): Promise<readonly number[]> => {
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

/** Microseconds of CPU of the server's process, all its threads, for one unit (getrusage: utime and stime). */
export const cpuOf =
  (name: string, server: Child, workers: readonly Worker[]): Probe =>
  async millis => {
    const before = await server.ask<number>({});
    const { length } = await busy(workers, millis);
    const used = (await server.ask<number>({})) - before;
    return length === 0 ? {} : { [name]: used / length };
  };

/** `NAME p50` and `NAME p99`: wall milliseconds of one unit. */
export const latencyOf =
  (name: string, workers: readonly Worker[]): Probe =>
  async millis => {
    const took = await busy(workers, millis);
    return { [`${name} p50`]: quantile(took, 0.5), [`${name} p99`]: quantile(took, 0.99) };
  };

/** Wall milliseconds, the median of each: one of every kind after the other, so that all meet the same moments. */
export const inTurn =
  (kinds: Readonly<Record<string, Worker>>): Probe =>
  async millis => {
    const took = Object.entries(kinds).map(([name, work]) => ({ name, work, times: new Array<number>() }));
    for (const until = performance.now() + millis; performance.now() < until;) {
      for (const { work, times } of took) times.push(...(await busy([work], 1)));
    }
    return Object.fromEntries(took.map(({ name, times }) => [name, quantile(times, 0.5)]));
  };

/** What `probe` says while all of `storm` work without a pause. */
export const during =
  (storm: readonly Worker[], probe: Probe): Probe =>
  async millis => {
    const state = { over: false };
    const blow = async (work: Worker): Promise<void> => {
      while (!state.over) await work();
    };
    const storming = Promise.all(storm.map(blow));
    const costs = await probe(millis);
    state.over = true;
    await storming;
    return costs;
  };

/** CPU of one turn of a kernel. */
export const kernelOf =
  (name: string, child: Child, kernel: Kernel): Probe =>
  async millis => ({ [name]: await child.ask<number>({ kernel, millis }) });
