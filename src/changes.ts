/**
 * Lets what waits follow changes: it hears of them from a notifier, and reads again from time to time, because a notification may be
 * lost and because time alone changes some things. One timer serves all who wait.
 */
import type { Notifier } from './ports/stores.ts';
import type { Clock, EpochMillis, Millis } from './ports/time.ts';

/** How often the timer looks for readings that are out of date. */
const lookInterval: Millis = 250;

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
  readonly #followers = new Set<Follower>();
  #looks = 0;
  #stop: (() => void) | undefined;

  constructor({ notifier, clock, repeat = byTimer }: ChangesDeps) {
    this.#notifier = notifier;
    this.#clock = clock;
    this.#repeat = repeat;
  }

  /** Follows topics until `signal` aborts, or until `end`. */
  async follow(topics: readonly string[], signal: AbortSignal): Promise<Following> {
    const follower = new Follower(() => this.#looks);
    const hear = (): void => follower.wake(true);
    const unsubscribe = await Promise.all(topics.map(async topic => this.#notifier.subscribe(topic, hear)));
    const abort = (): void => follower.wake(false);
    signal.addEventListener('abort', abort, { once: true });
    this.#followers.add(follower);
    this.#stop ??= this.#repeat(lookInterval, () => this.#look());
    return {
      outdated: async validUntil => !signal.aborted && follower.wait(validUntil),
      end: () => {
        for (const each of unsubscribe) each();
        signal.removeEventListener('abort', abort);
        this.#followers.delete(follower);
        if (this.#followers.size > 0) return;
        this.#stop?.();
        this.#stop = undefined;
      },
    };
  }

  /** Wakes followers at their time. Readings after silence are spread over half of it, so that many at once delay no request. */
  #look(): void {
    this.#looks += 1;
    const now = this.#clock();
    const interval = Math.ceil(this.#notifier.rereadAfter() / lookInterval);
    let left = Math.ceil((2 * this.#followers.size) / interval);
    for (const each of this.#followers) {
      if (now > each.validUntil) each.wake(false);
      else if (left > 0 && each.isWaiting && this.#looks - each.since >= interval) {
        left -= 1;
        each.wake(false);
      }
    }
  }
}

/** One that waits, or is reading at the moment. */
class Follower {
  /** The reading counts up to here. */
  validUntil: EpochMillis = Infinity;
  /** Number of the look after which it began to wait. */
  since = 0;
  #resolve: ((isTold: boolean) => void) | undefined;
  /** A notification came during the reading. */
  #isTold = false;
  readonly #looks: () => number;

  constructor(looks: () => number) {
    this.#looks = looks;
  }

  get isWaiting(): boolean {
    return this.#resolve !== undefined;
  }

  async wait(validUntil: EpochMillis = Infinity): Promise<boolean> {
    if (this.#isTold) {
      this.#isTold = false;
      return true;
    }
    this.validUntil = validUntil;
    this.since = this.#looks();
    return new Promise(resolve => {
      this.#resolve = resolve;
    });
  }

  wake(isTold: boolean): void {
    const resolve = this.#resolve;
    if (resolve === undefined) {
      this.#isTold ||= isTold;
      return;
    }
    this.#resolve = undefined;
    this.validUntil = Infinity;
    resolve(isTold);
  }
}
