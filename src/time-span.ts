/** Writes time spans as settings are written. */
import type { Millis } from './ports/time.ts';

/** A time span in the largest unit that gives a whole number: `90s`, `1h`, `14d`. */
export const span = (millis: Millis): string => {
  const unit = units.find(([, length]) => millis % length === 0) ?? (['ms', 1] as const);
  return `${millis / unit[1]}${unit[0]}`;
};
const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;
