/** Removes what has ended: a little at a time, between requests, never within one. */
import type { Millis } from '../../src/ports/time.ts';
import type { Purge } from './documents.ts';

/** Rows in one step: some milliseconds of the one thread. */
const most = 500;
const pauses: { readonly behind: Millis; readonly done: Millis } = { behind: 50, done: 5000 };

/** Purges until what it gives is called. `onProblem` hears of a step that failed; the next one comes all the same. */
export const purgeRegularly = (purges: () => Iterable<Purge>, onProblem: (error: unknown) => void): (() => void) => {
  let timer: NodeJS.Timeout;
  const step = (): void => {
    let behind = false;
    try {
      for (const purge of purges()) behind = purge(most) === most || behind;
    } catch (error) {
      onProblem(error);
    }
    wait(behind ? pauses.behind : pauses.done);
  };
  const wait = (pause: Millis): void => {
    timer = setTimeout(step, pause).unref();
  };
  wait(pauses.done);
  return () => clearTimeout(timer);
};
