/** A clock that stands still until a test moves it. */
import type { Clock, EpochMillis, Millis } from '../../src/ports.ts';

export interface TestClock extends Clock {
  /** Moves on by so much. */
  advance(by: Millis): void;
  /** Moves to this moment, back too. */
  set(to: EpochMillis): void;
}

/** Starts on a Monday morning unless told: 2 November 2026, 09:00 UTC. */
export const createClock = (start: EpochMillis = Date.UTC(2026, 10, 2, 9)): TestClock => {
  let now = start;
  return Object.assign(() => now, {
    advance: (by: Millis) => void (now += by),
    set: (to: EpochMillis) => void (now = to),
  });
};
