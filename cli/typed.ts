/** Reads what was typed for an option. A refusal says what was got and what is expected. */
import { InvalidArgumentError } from 'commander';
import { duration, whole } from '../src/config/checks/values.ts';
import { Problem } from '../src/errors.ts';
import type { EpochMillis, Millis } from '../src/ports/time.ts';

/** A span such as `12h`, from a minute to a year. @throws Problem 'bad-request' */
export const typedSpan = (option: string, typed: string): Millis =>
  checked(option, typed, duration('1m', '365d').safeParse(typed).data, '1m to 365d, such as 12h or 7d');

/** A whole number from 1 to `most`. @throws Problem 'bad-request' */
export const typedCount = (option: string, typed: string, most: number): number =>
  checked(option, typed, whole(1, most).safeParse(typed).data, `a whole number from 1 to ${most}`);

/** A time with its zone: without one it would mean another moment on each machine. @throws Problem 'bad-request' */
export const typedTime = (option: string, typed: string): EpochMillis => {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.test(typed) ? Date.parse(typed) : Number.NaN;
  const read = Number.isNaN(time) ? undefined : time;
  return checked(option, typed, read, 'a time with its zone, such as 2026-12-01T08:00:00+01:00');
};

/** For commander: reads a port, which another port may have to follow. @throws InvalidArgumentError */
export const portUpTo =
  (highest: number) =>
  (typed: string): number => {
    const port = whole(1, highest).safeParse(typed).data;
    if (port === undefined) throw new InvalidArgumentError(`expected a number from 1 to ${highest}`);
    return port;
  };

const checked = (option: string, typed: string, read: number | undefined, expected: string): number => {
  if (read !== undefined) return read;
  throw new Problem('bad-request', `${option}: got ${JSON.stringify(typed.slice(0, 100))}, expected ${expected}`);
};
