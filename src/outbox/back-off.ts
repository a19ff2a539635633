/** Computes how long to wait after failed attempts. */
import type { Millis } from '../ports/time.ts';

const first: Millis = 5_000;
const longest: Millis = 900_000;

/**
 * The wait after so many failures in a row: 5 s, doubled each time, 15 min at most. Between half and all of that, by chance, so
 * that messages which failed together are not tried together. `random` is at least 0 and below 1.
 */
export const backOff = (failures: number, random: () => number): Millis => {
  const whole = Math.min(first * 2 ** Math.max(0, failures - 1), longest);
  return Math.round(whole * (0.5 + random() / 2));
};
