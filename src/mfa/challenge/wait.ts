import type { Millis } from '../../ports/time.ts';

/** Turns rings into something one can wait for, at most so long; a ring between two waits is not lost. */
export const createWait = (signal: AbortSignal): { wake: () => void; woken: (atMost: Millis) => Promise<void> } => {
  let waiting: (() => void) | undefined;
  let missed = false;
  const wake = (): void => {
    missed = waiting === undefined;
    waiting?.();
  };
  signal.addEventListener('abort', wake, { once: true });
  return {
    wake,
    woken: atMost =>
      new Promise(resolve => {
        const done = (): void => {
          clearTimeout(timer);
          waiting = undefined;
          missed = false;
          resolve();
        };
        const timer = setTimeout(done, atMost);
        waiting = done;
        if (missed || signal.aborted) done();
      }),
  };
};
