/** Words a length of time, such as the pause of calls, in the units of a language. */
import type { Millis } from '../ports/time.ts';

/** One and many of a unit. `many` follows a number of at least 2. */
type Unit = readonly [one: string, many: string];

/** The units of a language, in the grammatical case that its sentences need, and what joins two of them. */
export interface DurationWords {
  readonly day: Unit;
  readonly hour: Unit;
  readonly minute: Unit;
  readonly and: string;
}

const lengths = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** Units that a sentence names. */
const maxUnits = 2;

/**
 * `one day`, `2 hours`, `one hour and 30 minutes`: the two largest units. Rounded down, so that a promised pause is never longer
 * than the real one; at least one minute. @throws RangeError unless `span` is a number.
 */
export const duration = (span: Millis, words: DurationWords): string => {
  if (!Number.isFinite(span)) throw new RangeError(`got ${span}, expected a number of milliseconds`);
  const said: string[] = [];
  let rest = Math.max(span, 60_000);
  for (const [unit, length] of lengths) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    const [one, many] = words[unit];
    if (count > 0 && said.length < maxUnits) said.push(count === 1 ? one : `${count} ${many}`);
  }
  return said.join(words.and);
};
