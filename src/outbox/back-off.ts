/** Computes how long to wait after failed attempts. */
import type { Millis } from '../ports/time.ts';

const first: Millis = 5_000;
const longest: Millis = 900_000;

/**
 * Wait in milliseconds after `failures` failures in a row: 5 s, doubled each time, 15 min at most. The result is random between half
 * of that and all of it, so that messages which failed together are not retried together. `random`: at least 0 and below 1.
 */
export const backOff = (failures: number, random: () => number): Millis => {
  const whole = Math.min(first * 2 ** Math.max(0, failures - 1), longest);
  return Math.round(whole * (0.5 + random() / 2));
};
