/** Counts attempts towards limits of fixed windows (`fixed-windows.ts`) in the short-lived store. */
import type { KeyObject } from 'node:crypto';
import type { Ephemeral, Key } from '../../ports/stores.ts';
import type { Clock, Millis } from '../../ports/time.ts';
import { refusalAt, windowOf, type Refusal } from './fixed-windows.ts';
import type { OwnCounts } from './own-counts.ts';

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
  /** What this process has counted: its first few attempts take one step. */
  readonly own: OwnCounts;
}

/**
 * Counts one attempt towards each limit until one refuses. Gives the counters that it incremented.
 * @throws the error of the store
 */
export const countInWindows = async <Limit extends string>(
  { ephemeral, clock, hashKey }: CountDeps,
  { kind, length, most, in: limits, own }: Counted<Limit>,
): Promise<{ readonly ok: true; readonly counters: readonly Key<number>[] } | Refusal<Limit>> => {
  const now = clock();
  const windows = limits.map(([limit, of]) => windowOf({ kind, limit, of, length }, hashKey, now));
  const [narrowest] = windows;
  const isFar = narrowest !== undefined && own.isFarFrom(most[narrowest.limit], narrowest.counter);
  // One after the other: an address beyond its limit must not use up the limit of its network, even for a moment.
  for (const step of isFar ? [windows] : windows.map(window => [window])) {
    const totals = await ephemeral.incrementMany(step.map(({ counter, until }) => [counter, until - now]));
    for (const [at, window] of step.entries()) {
      const refusal = refusalAt(window, totals[at] ?? Infinity, most[window.limit]);
      if (refusal === undefined) continue;
      const behind = step.slice(at + 1).map(({ counter }) => counter);
      if (behind.length > 0) await ephemeral.decrement(...behind);
      return refusal;
    }
  }
  return { ok: true, counters: windows.map(({ counter }) => counter) };
};
