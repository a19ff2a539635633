/**
 * Writes with compare-and-set: read, change, write; repeat when a concurrent writer won.
 * Every rule that changes a record which others may change too goes through here, so that retries are bounded in one place.
 */
import { isProblem } from './errors.ts';
import type { Collection, Doc } from './ports/stores.ts';

/** An attempt gives this when another writer won, and the whole read-change-write must run again. */
export const conflict: unique symbol = Symbol('conflict');

/** Each attempt lets one of the concurrent writers through; more of them than this at one record is overload. */
const usualAttempts = 16;

/**
 * Runs `attempt` until it gives anything but `conflict`, at most `maxAttempts` times (16 unless told).
 * `attempt` gets the number of attempts before it. After the last one the result is that of `exhausted`, which may throw.
 */
export const optimisticWrite = async <T>(
  attempt: (before: number) => Promise<T | typeof conflict>,
  exhausted: () => T,
  maxAttempts: number = usualAttempts,
): Promise<T> => {
  for (let before = 0; before < maxAttempts; before += 1) {
    const result = await attempt(before);
    if (result !== conflict) return result;
  }
  return exhausted();
};

/** Inserts a document. False: its id or a unique member is taken. */
export const insertIfAbsent = async <D extends Doc, Index extends keyof D>(
  collection: Collection<D, Index>,
  doc: D,
): Promise<boolean> => {
  try {
    await collection.insert(doc);
    return true;
  } catch (error) {
    if (isProblem(error, 'conflict')) return false;
    throw error;
  }
};
