/** The one place where the simulator meets time, so that a test can hold it still. */
export interface Timers {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs once after `ms`; what it gives stops it. */
  after(ms: number, run: () => void): () => void;
}

export const realTimers: Timers = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`, or as soon as `signal` aborts. */
export const pass = (timers: Timers, ms: number, signal?: AbortSignal): Promise<void> =>
  ms === 0 || signal?.aborted === true
    ? Promise.resolve()
    : new Promise(resolve => {
        const settle = () => {
          stop();
          signal?.removeEventListener('abort', settle);
          resolve();
        };
        const stop = timers.after(ms, settle);
        signal?.addEventListener('abort', settle);
      });
