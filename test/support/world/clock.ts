/** A clock that stands still until a test moves it. */
import type { Schedule } from '../../../src/mfa/delivery/status-poller.ts';
import type { Clock, EpochMillis, Millis } from '../../../src/ports/time.ts';

export interface TestClock extends Clock {
  /** Moves on by so much. */
  advance(by: Millis): void;
  /** Moves to this moment, back too. */
  set(to: EpochMillis): void;
  /** Timers that fire when the test moves the clock to their moment. */
  readonly after: Schedule;
  /** Once everything that fired has run. */
  fired(): Promise<void>;
  /** Timers that have not fired yet. */
  waiting(): number;
}

/** Starts on a Monday morning unless told: 2 November 2026, 09:00 UTC. */
export const createClock = (start: EpochMillis = Date.UTC(2026, 10, 2, 9)): TestClock => {
  let now = start;
  const waiting = new Set<{ readonly at: EpochMillis; readonly run: () => Promise<void> }>();
  let running: Promise<unknown> = Promise.resolve();
  const move = (to: EpochMillis): void => {
    now = to;
    for (const timer of [...waiting].filter(({ at }) => at <= now).toSorted((a, b) => a.at - b.at)) {
      waiting.delete(timer);
      running = Promise.all([running, timer.run()]);
    }
  };
  return Object.assign(() => now, {
    advance: (by: Millis) => move(now + by),
    set: move,
    after: (wait: Millis, run: () => Promise<void>) => {
      const timer = { at: now + wait, run };
      waiting.add(timer);
      return () => void waiting.delete(timer);
    },
    fired: async () => {
      await running;
    },
    waiting: () => waiting.size,
  });
};
