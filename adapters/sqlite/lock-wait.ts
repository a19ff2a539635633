/**
 * Waits for the write lock of the file without stopping the process. SQLite's own wait (`busy_timeout`) blocks the thread,
 * so that no other request is answered meanwhile. Here a refused step is tried again by a timer.
 */
import type { Millis } from '../../src/ports/time.ts';
import { asProblem, isLocked } from './file.ts';

/** How long a step waits while another process (the command line, a backup) writes. */
const maxWait: Millis = 2000;
/** Between two attempts: doubles from the first to the longest. */
const pauses: { readonly first: Millis; readonly longest: Millis } = { first: 1, longest: 25 };
/** Refusals that are further apart than this come from different locks. */
const sameLock: Millis = 1000;

/**
 * Runs a step, again while the file is locked. A step is one statement or one transaction: refused, it has done nothing.
 * It reads the clock itself, because it may run later than it was called.
 * @throws Problem 'conflict' for a taken value; 'unavailable' once the lock was held for `maxWait`, and for SQLite's other errors.
 */
export type RunStep = <T>(step: () => T) => Promise<T>;

/** One for the writes of a connection, and one for its reads, which go on while another process writes. */
export const createLockWait = (): RunStep => {
  let lockedSince = 0;
  let lastRefused = -Infinity;
  return async step => {
    const called = performance.now();
    for (let pause = pauses.first; ; pause = Math.min(2 * pause, pauses.longest)) {
      try {
        const result = step();
        lastRefused = -Infinity;
        return result;
      } catch (error) {
        if (!isLocked(error)) throw asProblem(error);
        const now = performance.now();
        if (now - lastRefused > sameLock) lockedSince = now;
        lastRefused = now;
        // Counted from the first refusal, so that the steps of one request do not wait one after another.
        if (now - Math.min(called, lockedSince) >= maxWait) throw asProblem(error);
      }
      await new Promise(resolve => setTimeout(resolve, pause));
    }
  };
};
