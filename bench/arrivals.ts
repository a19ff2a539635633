/** Begins work at fixed times, as people come, and not when the work before it is done. */
import type { Millis } from '../src/ports/time.ts';
import type { Worker } from './probes.ts';

/** Work that begins so often, however long it takes. */
export interface Arrivals {
  readonly perSecond: number;
  /** No more begin while so many are not finished. */
  readonly maxInFlight: number;
  readonly work: Worker;
}

/** What became of arrivals. */
interface Arrived {
  /** Wall milliseconds of each unit, from the moment when it was due. */
  readonly took: readonly number[];
  /** Units that did not begin, because too many were not finished. */
  readonly leftOut: number;
}

/** Begins work for `millis`, and waits for the last of it. */
export const runArrivals = async ({ perSecond, maxInFlight, work }: Arrivals, millis: Millis): Promise<Arrived> => {
  const [took, running] = [new Array<number>(), new Set<Promise<void>>()];
  const began = performance.now();
  let leftOut = 0;
  const run = async (due: number): Promise<void> => {
    if ((await work()) !== false) took.push(performance.now() - due);
  };
  for (let at = 0; (at * 1000) / perSecond < millis; at += 1) {
    const due = began + (at * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await new Promise(resolve => setTimeout(resolve, early));
    if (running.size >= maxInFlight) leftOut += 1;
    else {
      const one = run(due).finally(() => running.delete(one));
      running.add(one);
    }
  }
  await Promise.all(running);
  return { took, leftOut };
};
