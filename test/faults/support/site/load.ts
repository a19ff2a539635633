/**
 * Sends requests at a fixed rate that does not depend on the answers (an open workload model). Latency is measured from the moment
 * at which a request was due, so that the time in a queue is included.
 */
import { pause } from './nodes.ts';

export interface Sample<T> {
  /** Milliseconds since the start at which it was due. */
  readonly due: number;
  /** Milliseconds from then to its end. */
  readonly took: number;
  readonly outcome: T;
}

export interface Load {
  readonly perSecond: number;
  /** How many are sent in all. */
  readonly total: number;
  /** Ends the load early. */
  readonly signal?: AbortSignal;
}

/** Runs `act` at the rate, and gives the outcomes in the order in which they were due. `act` must not throw. */
export const atRate = async <T>(
  { perSecond, total, signal }: Load,
  act: (at: number) => Promise<T>,
): Promise<readonly Sample<T>[]> => {
  const began = performance.now();
  const running: Promise<Sample<T>>[] = [];
  for (let at = 0; at < total; at += 1) {
    if (signal?.aborted === true) break;
    const due = (at * 1000) / perSecond;
    const wait = began + due - performance.now();
    if (wait > 0) await pause(wait);
    running.push(act(at).then(outcome => ({ due, took: performance.now() - began - due, outcome })));
  }
  return Promise.all(running);
};

/** The smallest value that this share of all values does not exceed; 0 for none. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
};
