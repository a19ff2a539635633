/**
 * Lets what waits follow changes: it hears of them from a notifier, and reads again from time to time, because a notification may be
 * lost and because time alone changes some things. One timer serves all who wait.
 */
import type { Notifier } from './ports/stores.ts';
import type { Clock, EpochMillis, Millis } from './ports/time.ts';

/** How often the timer looks for readings that are out of date. A page learns so much later that its time is over. */
const lookInterval: Millis = 1000;

/** Runs a function again and again. The function it gives ends that. */
export type Repeat = (interval: Millis, run: () => void) => () => void;

const byTimer: Repeat = (interval, run) => {
  const timer = setInterval(run, interval).unref();
  return () => clearInterval(timer);
};

/** Follows some topics. Create it before the first reading, so that no change between reading and waiting is missed. */
export interface Following {
  /**
   * Resolves when a reading may be out of date: true after a notification, also one since the last call; false where none came for
   * a while, where the clock has passed `validUntil`, or where the signal aborts.
   */
  outdated(validUntil?: EpochMillis): Promise<boolean>;
  /** Ends it. */
  end(): void;
}

export interface ChangesDeps {
  readonly notifier: Pick<Notifier, 'subscribe' | 'rereadAfter'>;
  readonly clock: Clock;
  readonly repeat?: Repeat;
}

/** The followers of one process. */
export class Changes {
  readonly #notifier: ChangesDeps['notifier'];
  readonly #clock: Clock;
  readonly #repeat: Repeat;
  /** Those that wait, the longest first. */
  readonly #waiting = new Set<Follower>();
  /** No reading of theirs ends by the clock before then. */
  #soonest: EpochMillis = Infinity;
  #followers = 0;
  #looks = 0;
  #stop: (() => void) | undefined;

  constructor({ notifier, clock, repeat = byTimer }: ChangesDeps) {
    this.#notifier = notifier;
    this.#clock = clock;
    this.#repeat = repeat;
  }

  /** Follows topics until `signal` aborts, or until `end`. */
  async follow(topics: readonly string[], signal: AbortSignal): Promise<Following> {
    const follower: Follower = { validUntil: Infinity, since: 0, isTold: false, resolve: undefined };
    const hear = (): void => this.#wake(follower, true);
    const unsubscribe = await Promise.all(topics.map(async topic => this.#notifier.subscribe(topic, hear)));
    const abort = (): void => this.#wake(follower, false);
    signal.addEventListener('abort', abort, { once: true });
    this.#followers += 1;
    this.#stop ??= this.#repeat(lookInterval, () => this.#look());
    return {
      outdated: async (validUntil = Infinity) => !signal.aborted && this.#wait(follower, validUntil),
      end: () => {
        for (const each of unsubscribe) each();
        signal.removeEventListener('abort', abort);
        this.#waiting.delete(follower);
        this.#followers -= 1;
        if (this.#followers > 0) return;
        this.#stop?.();
        this.#stop = undefined;
      },
    };
  }

  async #wait(follower: Follower, validUntil: EpochMillis): Promise<boolean> {
    if (follower.isTold) {
      follower.isTold = false;
      return true;
    }
    follower.validUntil = validUntil;
    follower.since = this.#looks;
    this.#soonest = Math.min(this.#soonest, validUntil);
    this.#waiting.add(follower);
    return new Promise(resolve => {
      follower.resolve = resolve;
    });
  }

  #wake(follower: Follower, isTold: boolean): void {
    if (this.#waiting.delete(follower)) follower.resolve?.(isTold);
    else follower.isTold ||= isTold;
  }

  #look(): void {
    this.#looks += 1;
    this.#endByClock(this.#clock());
    const interval = Math.ceil(this.#notifier.rereadAfter() / lookInterval);
    // Spread over half the interval, so that thousands that began to wait at once delay no request.
    let left = Math.ceil((2 * this.#followers) / interval);
    for (const each of this.#waiting) {
      if (left === 0 || this.#looks - each.since < interval) return;
      left -= 1;
      this.#wake(each, false);
    }
  }

  #endByClock(now: EpochMillis): void {
    if (now <= this.#soonest) return;
    this.#soonest = Infinity;
    for (const each of this.#waiting) {
      if (now > each.validUntil) this.#wake(each, false);
      else this.#soonest = Math.min(this.#soonest, each.validUntil);
    }
  }
}

/** One that waits, or is reading at the moment. */
interface Follower {
  /** The reading counts up to here. */
  validUntil: EpochMillis;
  /** Number of the look after which it began to wait. */
  since: number;
  /** A notification came during the reading. */
  isTold: boolean;
  /** Ends the last wait. */
  resolve: ((isTold: boolean) => void) | undefined;
}
