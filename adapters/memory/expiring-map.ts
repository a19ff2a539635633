/** What memory keeps, and how it loses what has ended. */
import type { EpochMillis } from '../../src/ports/time.ts';

/** What is kept of a document or a value: its JSON text, so that what is handed out is always a copy. */
export interface StoredValue {
  readonly text: string;
  readonly until: EpochMillis;
}

/** Calls `sweep` each time a map has doubled since the last time: what ended goes, at a constant cost per write. */
export const whenDoubled = (sweep: () => void, size: () => number): (() => void) => {
  let next = 1024;
  return () => {
    if (size() < next) return;
    sweep();
    next = Math.max(1024, size() * 2);
  };
};
