/** Turns notifications into a promise: waits for the next one, at most a given time. */
import type { Millis } from './ports/time.ts';

/** `wake` on each notification; `woken` resolves then, or after `atMost`. A notification between two waits is not lost. */
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
