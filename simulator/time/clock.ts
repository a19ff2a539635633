/** Makes a clock that can be moved ahead, so that a test need not wait for a timeout. */
import { setImmediate } from 'node:timers/promises';
import type { Timers } from './timers.ts';

/** Follows another clock, and can be moved ahead of it. */
export interface Clock extends Timers {
  /** Milliseconds by which it was moved. */
  readonly ahead: number;
  /**
   * Moves it by `ms`. Timers that fall due run in order, each at its own time. After each one, pending I/O callbacks
   * run, so that consequences of one timer come before the next.
   */
  move(ms: number): Promise<void>;
  /** Takes back every move. Each pending timer keeps the time it had left. */
  reset(): void;
  /** Cancels every timer. */
  clear(): void;
}

interface PendingTimer {
  readonly run: () => void;
  at: number;
  cancel: () => void;
}

/** Makes a movable clock that follows `base`. */
export const createClock = (base: Timers): Clock => {
  let ahead = 0;
  const pending = new Set<PendingTimer>();
  const now = () => base.now() + ahead;
  const start = (timer: PendingTimer) => {
    timer.cancel = base.after(Math.max(0, timer.at - now()), () => {
      pending.delete(timer);
      timer.run();
    });
  };
  const jump = (to: number) => {
    ahead += to - now();
    for (const timer of pending) {
      timer.cancel();
      start(timer);
    }
  };
  const firstDue = (until: number) => [...pending].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
  return {
    now,
    get ahead() {
      return ahead;
    },
    after(ms, run) {
      const timer: PendingTimer = { at: now() + ms, run, cancel: () => {} };
      pending.add(timer);
      start(timer);
      return () => {
        timer.cancel();
        pending.delete(timer);
      };
    },
    async move(ms) {
      const until = now() + ms;
      for (let timer = firstDue(until); timer !== undefined; timer = firstDue(until)) {
        timer.cancel();
        pending.delete(timer);
        if (timer.at > now()) jump(timer.at);
        timer.run();
        await setImmediate();
      }
      if (until > now()) jump(until);
    },
    reset() {
      for (const timer of pending) timer.at -= ahead;
      ahead = 0;
    },
    clear() {
      for (const timer of pending) timer.cancel();
      pending.clear();
    },
  };
};
