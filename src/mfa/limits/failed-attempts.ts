/** Limits that outlive a challenge: wrong answers in a row, and pauses. What may be sent is `budgets.ts`. */
import { Problem } from '../../errors.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import type { Collection } from '../../ports/stores.ts';
import type { FailedAttemptsRecord, User } from '../../records.ts';
import { inserted } from './send-limits.ts';

/** Numbers an operator may set; their defaults are in `config/table.ts`. Times in milliseconds. */
export interface Limits {
  readonly attemptsPerChallenge: number;
  /** From this many wrong answers in a row on, the next must wait. */
  readonly failedAttemptsBeforeWait: number;
  readonly firstWait: Millis;
  readonly longestWait: Millis;
  /** NIST SP 800-63B-4 §3.2.2 allows at most 100. */
  readonly failedAttemptsBeforeDisabled: number;
  /** Unanswered sends, per number: an hour and a day; per account: an hour. */
  readonly sendsPerNumberAndHour: number;
  readonly sendsPerNumberAndDay: number;
  /** All sends to a number in a day, answered ones too: whoever owns the number may earn by each of them. */
  readonly allSendsPerNumberAndDay: number;
  readonly sendsPerAccountAndHour: number;
  /** To all numbers that differ in their last four digits alone. */
  readonly sendsPerPrefixAndHour: number;
  /** To one number with extensions behind it, instead. */
  readonly sendsPerSwitchboardAndHour: number;
  /** Times that one sign-in may ask for the same text again, and how long after the first it may. */
  readonly resends: number;
  readonly resendGap: Millis;
  /** How long calls rest after "this was not me". */
  readonly pause: Millis;
  /** How long a carrier may take to accept a message. */
  readonly send: Millis;
}

/** Whether a guess may be looked at now. */
export type Admission =
  | { readonly admitted: true; readonly count: number }
  | { readonly admitted: false; readonly reason: 'wait'; readonly until: EpochMillis }
  | { readonly admitted: false; readonly reason: 'disabled' };

/** More writers than this at one document is a storm: each turn lets one of them through. */
const turns = 16;

interface FailedAttemptsDeps {
  readonly records: Collection<FailedAttemptsRecord>;
  readonly users: Collection<User, 'canonical'>;
  readonly clock: Clock;
  readonly limits: Limits;
}

export class FailedAttempts {
  readonly #deps: FailedAttemptsDeps;

  constructor(deps: FailedAttemptsDeps) {
    this.#deps = deps;
  }

  /**
   * Counts one guess before anybody looks at it. Count and waiting time are one document, so of 200 guesses at once three
   * are admitted and the door is closed for the rest. A right answer clears it (`clear`); nothing else does.
   */
  async admit(userId: string, factor: string): Promise<Admission> {
    for (let turn = 0; turn < turns; turn += 1) {
      const was = await this.#deps.records.get(recordIdOf(userId, factor));
      const blockedBy = this.#closed(was);
      if (blockedBy !== undefined) return blockedBy;
      const count = (was?.count ?? 0) + 1;
      const next = {
        id: recordIdOf(userId, factor),
        rev: was?.rev ?? 1,
        count,
        notBefore: this.#deps.clock() + this.#wait(count),
      };
      if (was === undefined ? await inserted(this.#deps.records, next) : await this.#deps.records.replace(next)) {
        return { admitted: true, count };
      }
    }
    return { admitted: false, reason: 'wait', until: this.#deps.clock() + this.#deps.limits.firstWait };
  }

  /** Why a guess would not be admitted now; undefined where it would. */
  async closed(userId: string, factor: string): Promise<Exclude<Admission, { admitted: true }> | undefined> {
    return this.#closed(await this.#deps.records.get(recordIdOf(userId, factor)));
  }

  /** A right answer or a new binding: the row of wrong ones is over. */
  async clear(userId: string, factor: string): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) {
      const was = await this.#deps.records.get(recordIdOf(userId, factor));
      if (was === undefined || was.count === 0) return;
      if (await this.#deps.records.replace({ ...was, count: 0, notBefore: 0 })) return;
    }
  }

  isDisabling(count: number): boolean {
    return count === this.#deps.limits.failedAttemptsBeforeDisabled;
  }

  #closed(was: FailedAttemptsRecord | undefined): Exclude<Admission, { admitted: true }> | undefined {
    if (was === undefined) return undefined;
    if (was.count >= this.#deps.limits.failedAttemptsBeforeDisabled) return { admitted: false, reason: 'disabled' };
    // A clock set back does not lengthen a wait beyond the longest there is.
    const waits =
      was.notBefore > this.#deps.clock() && was.notBefore - this.#deps.clock() <= this.#deps.limits.longestWait;
    return waits ? { admitted: false, reason: 'wait', until: was.notBefore } : undefined;
  }

  #wait(count: number): Millis {
    const { failedAttemptsBeforeWait, firstWait, longestWait } = this.#deps.limits;
    return count < failedAttemptsBeforeWait
      ? 0
      : Math.min(firstWait * 2 ** (count - failedAttemptsBeforeWait), longestWait);
  }

  /** "This was not me": nothing rings this person until then. A pause that lasts longer already stays as it is. */
  async pause(userId: string): Promise<EpochMillis> {
    const wanted = this.#deps.clock() + this.#deps.limits.pause;
    for (let turn = 0; turn < turns; turn += 1) {
      const user = await this.#deps.users.get(userId);
      const until = Math.max(wanted, user?.pausedUntil ?? 0);
      if (user === undefined || user.pausedUntil === until) return until;
      if (await this.#deps.users.replace({ ...user, pausedUntil: until })) return until;
    }
    throw new Problem('unavailable', `the pause of ${userId} could not be written in ${turns} tries`);
  }
}

const recordIdOf = (userId: string, factor: string): string => `${userId}:${factor}`;
