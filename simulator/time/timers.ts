/** Reads the time and runs timers. The only place that does, so that a test can stop time. */

/** A source of time, and timers that follow it. */
export interface Timers {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `run` once after `ms`; the function it returns cancels the timer. */
  after(ms: number, run: () => void): () => void;
}

/** The time and timers of the machine. */
export const realTimers: Timers = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`, or as soon as `signal` aborts. */
export const delay = (timers: Timers, ms: number, signal?: AbortSignal): Promise<void> =>
  ms === 0 || signal?.aborted === true
    ? Promise.resolve()
    : new Promise(resolve => {
        const settle = () => {
          cancel();
          signal?.removeEventListener('abort', settle);
          resolve();
        };
        const cancel = timers.after(ms, settle);
        signal?.addEventListener('abort', settle);
      });
