/** Deletes expired rows in the background, a few at a time, so that no request waits for it. */
import type { Millis } from '../../src/ports/time.ts';
import type { Purge } from './documents.ts';
import { isLocked } from './file.ts';

/** Rows in one step. The process is blocked for some milliseconds meanwhile. */
const maxRows = 500;
/** Until the next step: `behind` where expired rows are left, `done` otherwise. */
const pauses: { readonly behind: Millis; readonly done: Millis } = { behind: 50, done: 5000 };

/**
 * Purges until the function that it gives is called. `onProblem` gets the error of a failed step; the next step runs anyway.
 * A step that finds the file locked is left out: no request waits for it.
 */
export const purgeRegularly = (purges: () => Iterable<Purge>, onProblem: (error: unknown) => void): (() => void) => {
  let timer: NodeJS.Timeout;
  const step = (): void => {
    let isBehind = false;
    try {
      for (const purge of purges()) isBehind = purge(maxRows) === maxRows || isBehind;
    } catch (error) {
      if (!isLocked(error)) onProblem(error);
    }
    wait(isBehind ? pauses.behind : pauses.done);
  };
  const wait = (pause: Millis): void => {
    timer = setTimeout(step, pause).unref();
  };
  wait(pauses.done);
  return () => clearTimeout(timer);
};
