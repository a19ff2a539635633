/** Counts attempts towards limits of fixed windows (`fixed-windows.ts`) in the short-lived store. */
import type { KeyObject } from 'node:crypto';
import type { Ephemeral, Key } from '../ports/stores.ts';
import type { Clock, Millis } from '../ports/time.ts';
import { refusalAt, windowOf, type Refusal } from './fixed-windows.ts';

export interface CountDeps {
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly hashKey: KeyObject;
}

/** What is counted, and how often it may be. */
export interface Counted<Limit extends string> {
  /** Begins the keys of the counters. */
  readonly kind: readonly string[];
  /** Length of a window. */
  readonly length: Millis;
  readonly most: Readonly<Record<Limit, number>>;
  /** Each limit with the text that is counted, the narrowest first. */
  readonly in: readonly (readonly [limit: Limit, of: string])[];
}

/**
 * Counts one attempt towards each limit until one refuses. Gives the counters that it incremented.
 * @throws the error of the store
 */
export const countInWindows = async <Limit extends string>(
  { ephemeral, clock, hashKey }: CountDeps,
  { kind, length, most, in: limits }: Counted<Limit>,
): Promise<{ readonly ok: true; readonly counters: readonly Key<number>[] } | Refusal<Limit>> => {
  const now = clock();
  const counters: Key<number>[] = [];
  // One after the other: an address beyond its limit must not use up the limit of its network, even for a moment.
  for (const [limit, of] of limits) {
    const window = windowOf({ kind, limit, of, length }, hashKey, now);
    const total = await ephemeral.increment(window.counter, window.until - now);
    const refusal = refusalAt(window, total, most[limit]);
    if (refusal !== undefined) return refusal;
    counters.push(window.counter);
  }
  return { ok: true, counters };
};
