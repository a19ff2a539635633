/**
 * Counts what this process has counted towards each counter itself. A limit is certainly far away while this process, one of a few,
 * has used a small part of it: then it and the limits behind it can be counted in one step, and none of them by an attempt too many.
 */
import type { Key } from '../ports/stores.ts';

/** Counters that are remembered. One more removes the oldest, which then starts from zero. Keys name their window, so old ones fall out. */
const mostRemembered = 5000;
/** The part of a limit that one process may use so. As many nodes can do so at once without reaching the limit. */
const smallPart = 10;

export class OwnCounts {
  readonly #counts = new Map<Key<number>, number>();

  /** Adds one, before the store is asked, so that parallel attempts see each other. Gives the attempts of this process with this one. */
  add(counter: Key<number>): number {
    const count = (this.#counts.get(counter) ?? 0) + 1;
    this.#counts.set(counter, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > mostRemembered && oldest !== undefined) this.#counts.delete(oldest);
    return count;
  }

  /** True for one of the first attempts of this process: all processes together are then within `most`. */
  isFarFrom(most: number, counter: Key<number>): boolean {
    return this.add(counter) <= most / smallPart;
  }
}
