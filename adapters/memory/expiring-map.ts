/** Defines stored values with an end, and when maps of them are swept. */
import type { EpochMillis } from '../../src/ports/time.ts';

/** A value as JSON text, and the moment from which on it is gone. */
export interface StoredValue {
  readonly text: string;
  readonly until: EpochMillis;
}

const smallestSweep = 1024;

/** Calls `sweep` each time the map has doubled since the last sweep. Removing expired values so costs constant time per write. */
export const whenDoubled = (sweep: () => void, size: () => number): (() => void) => {
  let next = smallestSweep;
  return () => {
    if (size() < next) return;
    sweep();
    next = Math.max(smallestSweep, size() * 2);
  };
};
