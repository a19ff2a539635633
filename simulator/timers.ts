import { setImmediate as nextTurn } from 'node:timers/promises';

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

/** A world's clock: it goes as the one it stands on, and can be moved ahead. */
export interface Clock extends Timers {
  /** Milliseconds by which it was moved. */
  readonly ahead: number;
  /** Moves it by `ms`; what falls due runs in order, each with a turn for what follows from it. */
  move(ms: number): Promise<void>;
  /** As the clock below says again; what waits keeps the time it has left. */
  settle(): void;
  /** Nothing that waits happens any more. */
  clear(): void;
}

interface Due {
  readonly run: () => void;
  at: number;
  stop: () => void;
}

export const movable = (below: Timers): Clock => {
  let ahead = 0;
  const dues = new Set<Due>();
  const now = () => below.now() + ahead;
  const start = (due: Due) => {
    due.stop = below.after(Math.max(0, due.at - now()), () => {
      dues.delete(due);
      due.run();
    });
  };
  const leap = (to: number) => {
    ahead += to - now();
    for (const due of dues) {
      due.stop();
      start(due);
    }
  };
  const first = (until: number) => [...dues].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
  return {
    now,
    get ahead() {
      return ahead;
    },
    after(ms, run) {
      const due: Due = { at: now() + ms, run, stop: () => {} };
      dues.add(due);
      start(due);
      return () => {
        due.stop();
        dues.delete(due);
      };
    },
    async move(ms) {
      const until = now() + ms;
      for (let due = first(until); due !== undefined; due = first(until)) {
        due.stop();
        dues.delete(due);
        if (due.at > now()) leap(due.at);
        due.run();
        await nextTurn();
      }
      if (until > now()) leap(until);
    },
    settle() {
      for (const due of dues) due.at -= ahead;
      ahead = 0;
    },
    clear() {
      for (const due of dues) due.stop();
      dues.clear();
    },
  };
};

/** How fast voices speak and people act: words per second, or everything at once. */
export type Pace = number | 'instant';

/** How long one spoken word takes, in milliseconds. */
export const wordTime = (pace: Pace): number => (pace === 'instant' ? 0 : 1000 / pace);

/** How long a person takes to do what takes `ms` in real life. */
export const personTime = (pace: Pace, ms: number): number => (pace === 'instant' ? 0 : ms);
