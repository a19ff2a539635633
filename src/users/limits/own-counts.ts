/**
 * Remembers how often this process has incremented each counter. An installation has few processes, so a limit is not reached while
 * this one has used a small part of it. Then several limits can be incremented in one step: no attempt is counted for a wider limit
 * after a narrower one has refused it.
 */
import type { Key } from '../../ports/stores.ts';

/** Counters that are remembered. One more removes the oldest, which then starts from zero. Keys name their window, so old ones fall out. */
const maxRemembered = 5000;
/** One process counts so up to a tenth of a limit: ten nodes can do so at once without exceeding it. */
const smallPart = 10;

export class OwnCounts {
  readonly #counts = new Map<Key<number>, number>();

  /** Adds one, before the store is asked, so that parallel attempts see each other. Gives the attempts of this process with this one. */
  add(counter: Key<number>): number {
    const count = (this.#counts.get(counter) ?? 0) + 1;
    this.#counts.set(counter, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > maxRemembered && oldest !== undefined) this.#counts.delete(oldest);
    return count;
  }

  /** True for one of the first attempts of this process: all processes together are then within `most`. */
  isFarFrom(most: number, counter: Key<number>): boolean {
    return this.add(counter) <= most / smallPart;
  }
}
