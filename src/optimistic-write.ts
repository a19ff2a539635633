/**
 * Writes by compare-and-swap: read, change, write; repeat where a concurrent writer won.
 * All code that changes a shared record uses it, so that retries are limited in one place.
 */
import { isProblem } from './errors.ts';
import type { Collection, Doc } from './ports/stores.ts';

/** Result of an attempt that another writer beat. The whole read, change and write runs again. */
export const conflict: unique symbol = Symbol('conflict');

/** In each attempt one of the concurrent writers wins. More writers than this at one record is overload. */
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
