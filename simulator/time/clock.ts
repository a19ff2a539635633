import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Timers } from './timers.ts';

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
