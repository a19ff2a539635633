/**
 * Limits failed attempts in a row, per account and factor (NIST SP 800-63B-4 §3.2.2). They outlive a challenge and have no
 * window of time: only a right answer or a new binding clears them.
 */
import { conflict, insertIfAbsent, optimisticWrite } from '../../optimistic-write.ts';
import type { Collection } from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import type { FailedAttemptsRecord } from '../../records.ts';
import type { LimitSettings } from './settings.ts';

/**
 * Whether a guess may be compared now. `count`: failed attempts in a row, this one included. `notBefore`: when the next guess
 * may be compared, unless this one is right.
 */
export type Admission =
  | { readonly admitted: true; readonly count: number; readonly notBefore: EpochMillis }
  | { readonly admitted: false; readonly reason: 'wait'; readonly until: EpochMillis }
  | { readonly admitted: false; readonly reason: 'disabled' };

/** Why a guess is not admitted. */
export type Block = Exclude<Admission, { admitted: true }>;

interface FailedAttemptsDeps {
  readonly records: Collection<FailedAttemptsRecord>;
  readonly clock: Clock;
  readonly limits: Pick<
    LimitSettings,
    'failedAttemptsBeforeWait' | 'failedAttemptsBeforeDisabled' | 'firstWait' | 'longestWait'
  >;
}

export class FailedAttempts {
  readonly #deps: FailedAttemptsDeps;

  constructor(deps: FailedAttemptsDeps) {
    this.#deps = deps;
  }

  /**
   * Counts one guess before it is compared. Count and waiting time are one document under compare-and-set: of 200 parallel
   * guesses three are admitted.
   */
  async admit(userId: string, factor: string): Promise<Admission> {
    const { records, clock, limits } = this.#deps;
    return optimisticWrite<Admission>(
      async () => {
        const was = await records.get(recordId(userId, factor));
        const block = this.#blockOf(was);
        if (block !== undefined) return block;
        const count = (was?.count ?? 0) + 1;
        const notBefore = clock() + this.#waitAfter(count);
        const next = { id: recordId(userId, factor), rev: was?.rev ?? 1, count, notBefore };
        const isWritten = was === undefined ? await insertIfAbsent(records, next) : await records.replace(next);
        return isWritten ? { admitted: true, count, notBefore } : conflict;
      },
      () => ({ admitted: false, reason: 'wait', until: clock() + limits.firstWait }),
    );
  }

  /** Why a guess would not be admitted now; undefined where it would. */
  async blockedBy(userId: string, factor: string): Promise<Block | undefined> {
    return this.#blockOf(await this.#deps.records.get(recordId(userId, factor)));
  }

  /** Sets the count to zero, after a right answer or a new binding. */
  async clear(userId: string, factor: string): Promise<void> {
    const { records } = this.#deps;
    await optimisticWrite<undefined>(
      async () => {
        const was = await records.get(recordId(userId, factor));
        if (was === undefined || was.count === 0) return undefined;
        return (await records.replace({ ...was, count: 0, notBefore: 0 })) === undefined ? conflict : undefined;
      },
      () => undefined,
    );
  }

  /** True for the one count at which the factor becomes disabled. */
  isDisabling(count: number): boolean {
    return count === this.#deps.limits.failedAttemptsBeforeDisabled;
  }

  #blockOf(was: FailedAttemptsRecord | undefined): Block | undefined {
    if (was === undefined) return undefined;
    const { clock, limits } = this.#deps;
    if (was.count >= limits.failedAttemptsBeforeDisabled) return { admitted: false, reason: 'disabled' };
    // A clock set back must not lengthen a wait beyond the longest one.
    const left = was.notBefore - clock();
    return left > 0 && left <= limits.longestWait
      ? { admitted: false, reason: 'wait', until: was.notBefore }
      : undefined;
  }

  #waitAfter(count: number): Millis {
    const { failedAttemptsBeforeWait, firstWait, longestWait } = this.#deps.limits;
    return count < failedAttemptsBeforeWait
      ? 0
      : Math.min(firstWait * 2 ** (count - failedAttemptsBeforeWait), longestWait);
  }
}

const recordId = (userId: string, factor: string): string => `${userId}:${factor}`;
