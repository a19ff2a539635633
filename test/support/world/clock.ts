/** Makes a clock that stands still until a test moves it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, EpochMillis, Millis, Schedule } from '../../../src/ports/time.ts';

export interface TestClock extends Clock {
  /** Moves forward. */
  advance(by: Millis): void;
  /** Moves to a time, also back. */
  set(to: EpochMillis): void;
  /** Timers that fire when the test moves the clock to their time. */
  readonly after: Schedule;
  /** Resolves when every fired timer has run. */
  fired(): Promise<void>;
  /** Number of timers that have not fired yet. */
  waiting(): number;
}

/** A person hears the beginning of a question before pressing a key. */
export const untilHeard: Millis = 1_000;

/** Lets so much time pass for all that read `Date.now`: moves it where a test has stopped it, and waits otherwise. */
export const passTime = async (time: Millis): Promise<void> => {
  const now = Date.now as Clock & Partial<Pick<TestClock, 'advance'>>;
  if (now.advance === undefined) await sleep(time);
  else now.advance(time);
};

/** Starts on Monday, 2 November 2026, 09:00 UTC by default. */
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
