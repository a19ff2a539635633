/** Limits that outlive a challenge: wrong answers in a row, what may be sent in an hour and a day, and pauses. */
import { keyedDigest } from '../crypto.ts';
import type { KeyObject } from 'node:crypto';
import { isProblem, Problem } from '../errors.ts';
import { key, type Clock, type Collection, type EpochMillis, type Ephemeral, type Key, type Millis } from '../ports.ts';
import type { DayBudget, Strikes, User } from '../records.ts';

/** Numbers an operator may set; their defaults are in `config/table.ts`. Times in milliseconds. */
export interface Limits {
  readonly triesPerChallenge: number;
  /** From this many wrong answers in a row on, the next must wait. */
  readonly strikesBeforeWait: number;
  readonly firstWait: Millis;
  readonly longestWait: Millis;
  /** NIST SP 800-63B-4 §3.2.2 allows at most 100. */
  readonly strikesBeforeDisabled: number;
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

const hour: Millis = 3_600_000;
const day: Millis = 24 * hour;

/** Whether a guess may be looked at now. */
export type Admission =
  | { readonly admitted: true; readonly count: number }
  | { readonly admitted: false; readonly why: 'wait'; readonly until: EpochMillis }
  | { readonly admitted: false; readonly why: 'disabled' };

/** More writers than this at one document is a storm: each turn lets one of them through. */
const turns = 16;

interface Parts {
  readonly strikes: Collection<Strikes>;
  readonly dayBudgets: Collection<DayBudget>;
  readonly users: Collection<User, 'canonical'>;
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly hashKey: KeyObject;
  readonly limits: Limits;
}

export class Throttle {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Counts one guess before anybody looks at it. Count and waiting time are one document, so of 200 guesses at once three
   * are admitted and the door is closed for the rest. A right answer clears it (`clear`); nothing else does.
   */
  async admit(userId: string, factor: string): Promise<Admission> {
    for (let turn = 0; turn < turns; turn += 1) {
      const was = await this.#parts.strikes.get(strikesOf(userId, factor));
      const closed = this.#closed(was);
      if (closed !== undefined) return closed;
      const count = (was?.count ?? 0) + 1;
      const next = {
        id: strikesOf(userId, factor),
        rev: was?.rev ?? 1,
        count,
        notBefore: this.#parts.clock() + this.#wait(count),
      };
      if (was === undefined ? await inserted(this.#parts.strikes, next) : await this.#parts.strikes.replace(next)) {
        return { admitted: true, count };
      }
    }
    return { admitted: false, why: 'wait', until: this.#parts.clock() + this.#parts.limits.firstWait };
  }

  /** Why a guess would not be admitted now; undefined where it would. */
  async closed(userId: string, factor: string): Promise<Exclude<Admission, { admitted: true }> | undefined> {
    return this.#closed(await this.#parts.strikes.get(strikesOf(userId, factor)));
  }

  /** A right answer or a new binding: the row of wrong ones is over. */
  async clear(userId: string, factor: string): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) {
      const was = await this.#parts.strikes.get(strikesOf(userId, factor));
      if (was === undefined || was.count === 0) return;
      if (await this.#parts.strikes.replace({ ...was, count: 0, notBefore: 0 })) return;
    }
  }

  isDisabling(count: number): boolean {
    return count === this.#parts.limits.strikesBeforeDisabled;
  }

  #closed(was: Strikes | undefined): Exclude<Admission, { admitted: true }> | undefined {
    if (was === undefined) return undefined;
    if (was.count >= this.#parts.limits.strikesBeforeDisabled) return { admitted: false, why: 'disabled' };
    // A clock set back does not lengthen a wait beyond the longest there is.
    const waits =
      was.notBefore > this.#parts.clock() && was.notBefore - this.#parts.clock() <= this.#parts.limits.longestWait;
    return waits ? { admitted: false, why: 'wait', until: was.notBefore } : undefined;
  }

  #wait(count: number): Millis {
    const { strikesBeforeWait, firstWait, longestWait } = this.#parts.limits;
    return count < strikesBeforeWait ? 0 : Math.min(firstWait * 2 ** (count - strikesBeforeWait), longestWait);
  }

  /**
   * Takes one unit for a message to `number` out of every budget, the durable one last; false: one of them is used up and
   * nothing may be sent. Throws what a store throws: what cannot be read is not sent.
   */
  async spend(userId: string, number: string): Promise<boolean> {
    const budgets = [
      { key: this.#hourOf('number', number), limit: this.#parts.limits.sendsPerNumberAndHour },
      { key: this.#hourOf('account', userId), limit: this.#parts.limits.sendsPerAccountAndHour },
    ];
    for (const budget of budgets) {
      if ((await this.#parts.ephemeral.hit(budget.key, hour)) > budget.limit) return false;
    }
    return this.#spendDay(number);
  }

  /** What was sent has been answered by its owner: it costs them nothing. */
  async giveBack(userId: string, number: string): Promise<void> {
    for (const spent of [this.#hourOf('number', number), this.#hourOf('account', userId)]) await this.#lower(spent);
    for (let turn = 0; turn < turns; turn += 1) {
      const was = await this.#parts.dayBudgets.get(this.#dayOf(number));
      if (
        was === undefined ||
        was.spent === 0 ||
        (await this.#parts.dayBudgets.replace({ ...was, spent: was.spent - 1 }))
      )
        return;
    }
  }

  /** "This was not me": nothing rings this person until then. */
  async pause(userId: string): Promise<EpochMillis> {
    const until = this.#parts.clock() + this.#parts.limits.pause;
    for (let turn = 0; turn < turns; turn += 1) {
      const user = await this.#parts.users.get(userId);
      if (user === undefined || (await this.#parts.users.replace({ ...user, pausedUntil: until }))) return until;
    }
    throw new Problem('unavailable', `the pause of ${userId} could not be written in ${turns} tries`);
  }

  async #spendDay(number: string): Promise<boolean> {
    const { sendsPerNumberAndDay, allSendsPerNumberAndDay } = this.#parts.limits;
    const id = this.#dayOf(number);
    const endsAt = (Math.floor(this.#parts.clock() / day) + 2) * day;
    for (let turn = 0; turn < turns; turn += 1) {
      const was = await this.#parts.dayBudgets.get(id);
      const { spent, sent } = was ?? { spent: 0, sent: 0 };
      if (spent >= sendsPerNumberAndDay || sent >= allSendsPerNumberAndDay) return false;
      const next = { id, rev: was?.rev ?? 1, spent: spent + 1, sent: sent + 1, endsAt };
      if (was === undefined ? await inserted(this.#parts.dayBudgets, next) : await this.#parts.dayBudgets.replace(next))
        return true;
    }
    return false;
  }

  async #lower(spent: Key<number>): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) {
      const was = await this.#parts.ephemeral.get(spent);
      if (was === undefined || was <= 0 || (await this.#parts.ephemeral.swap(spent, was, was - 1))) return;
    }
  }

  // Numbers are hashed with a key of the house: a copy of the store does not tell whom we call.
  #hourOf(what: 'number' | 'account', value: string): Key<number> {
    return key('sends', what, keyedDigest(this.#parts.hashKey, value));
  }

  #dayOf(number: string): string {
    return `${keyedDigest(this.#parts.hashKey, number)}:${Math.floor(this.#parts.clock() / day)}`;
  }
}

const strikesOf = (userId: string, factor: string): string => `${userId}:${factor}`;

const inserted = async <D extends { readonly id: string; readonly rev: number }>(
  collection: Collection<D>,
  doc: D,
): Promise<boolean> => {
  try {
    await collection.insert(doc);
    return true;
  } catch (error) {
    if (isProblem(error, 'conflict')) return false;
    throw error;
  }
};
