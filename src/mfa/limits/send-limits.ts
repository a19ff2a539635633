/** What may be sent: in an hour and a day, to one number, one account, one block of numbers. What is answered costs nothing. */
import type { KeyObject } from 'node:crypto';
import { hmac } from '../../crypto.ts';
import { isProblem } from '../../errors.ts';
import { key, type Collection, type Ephemeral, type Key } from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import type { Destination } from '../../ports/carriers.ts';
import type { DailySends } from '../../records.ts';
import type { Limits } from './failed-attempts.ts';

/** One message, as budgets see it. What binds a number is counted on its own: neither spends what the other needs. */
export interface Sending extends Destination {
  readonly userId: string;
  readonly purpose: 'authenticate' | 'enroll';
  readonly at: EpochMillis;
}

const hour: Millis = 3_600_000;
const day: Millis = 24 * hour;
/** What numbers of one block differ in. */
const blockDigits = 4;
/** More writers than this at one document is a storm: each turn lets one of them through. */
const turns = 16;

interface SendLimitsDeps {
  readonly dailySends: Collection<DailySends>;
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly hashKey: KeyObject;
  readonly limits: Limits;
}

export class SendLimits {
  readonly #deps: SendLimitsDeps;

  constructor(deps: SendLimitsDeps) {
    this.#deps = deps;
  }

  /**
   * Takes one unit out of every budget, the durable one last, which it gives as it is then; undefined: one of them is used up
   * and nothing may be sent. What a refused message took is given back, so that who is out of budget cannot use up that of a
   * neighbour's number. Throws what a store throws: what cannot be read is not sent.
   */
  async countSend(sending: Sending): Promise<DailySends | undefined> {
    const hours = this.#hours(sending);
    const totals = await this.#deps.ephemeral.incrementMany(hours.map(({ of }) => [of, hour]));
    const isWithin = hours.every(({ limit }, at) => (totals[at] ?? Infinity) <= limit);
    const today = isWithin ? await this.#spendDay(sending) : undefined;
    if (today === undefined) await this.#deps.ephemeral.decrement(...hours.map(({ of }) => of));
    return today;
  }

  /** So many messages have been answered by their owner: they cost them nothing. `seen`: the day's budget as one of them left it. */
  async refundAnswered(sending: Sending, messages = 1, seen?: DailySends): Promise<void> {
    await this.#giveBackHours(sending, messages);
    await this.#changeDay(sending, ({ spent, sent }) => ({ spent: spent - messages, sent }), seen);
  }

  /** The carrier took nothing: nobody's telephone rang, and nobody earned by it. */
  async refundUnsent(sending: Sending): Promise<void> {
    await this.#giveBackHours(sending, 1);
    await this.#changeDay(sending, ({ spent, sent }) => ({ spent: spent - 1, sent: sent - 1 }));
  }

  async #giveBackHours(sending: Sending, messages: number): Promise<void> {
    const spent = this.#hours(sending).map(({ of }) => of);
    await this.#deps.ephemeral.decrement(...Array.from({ length: messages }, () => spent).flat());
  }

  #hours(sending: Sending): readonly { readonly of: Key<number>; readonly limit: number }[] {
    const { limits } = this.#deps;
    const { to, extension, userId } = sending;
    return [
      { of: this.#hourOf(sending, 'number', placeOf(sending)), limit: limits.sendsPerNumberAndHour },
      { of: this.#hourOf(sending, 'account', userId), limit: limits.sendsPerAccountAndHour },
      extension === undefined
        ? { of: this.#hourOf(sending, 'block', to.slice(0, -blockDigits)), limit: limits.sendsPerPrefixAndHour }
        : { of: this.#hourOf(sending, 'switchboard', to), limit: limits.sendsPerSwitchboardAndHour },
    ];
  }

  async #spendDay(sending: Sending): Promise<DailySends | undefined> {
    const { dailySends, limits } = this.#deps;
    const id = this.#dayOf(sending);
    const endsAt = (Math.floor(sending.at / day) + 2) * day;
    for (let turn = 0; turn < turns; turn += 1) {
      const was = await dailySends.get(id);
      const { spent, sent } = was ?? { spent: 0, sent: 0 };
      if (spent >= limits.sendsPerNumberAndDay || sent >= limits.allSendsPerNumberAndDay) return undefined;
      const next = { id, rev: was?.rev ?? 1, spent: spent + 1, sent: sent + 1, endsAt };
      if (was !== undefined) {
        const now = await dailySends.replace(next);
        if (now !== undefined) return now;
      } else if (await inserted(dailySends, next)) return next;
    }
    return undefined;
  }

  async #changeDay(
    sending: Sending,
    change: (was: DailySends) => { readonly spent: number; readonly sent: number },
    seen?: DailySends,
  ): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) {
      // As it was seen, it most often still is: then one round trip will do.
      const was = (turn === 0 ? seen : undefined) ?? (await this.#deps.dailySends.get(this.#dayOf(sending)));
      if (was === undefined) return;
      const { spent, sent } = change(was);
      const next = { ...was, spent: Math.max(0, spent), sent: Math.max(0, sent) };
      if (await this.#deps.dailySends.replace(next)) return;
    }
  }

  // Numbers are hashed with a key of the house: a copy of the store does not tell whom we call.
  #hourOf({ purpose }: Sending, what: 'number' | 'account' | 'block' | 'switchboard', value: string): Key<number> {
    return key('sends', purpose, what, hmac(this.#deps.hashKey, value));
  }

  /** The day on which it was sent, also where it is answered after midnight. */
  #dayOf(sending: Sending): string {
    const place = hmac(this.#deps.hashKey, placeOf(sending));
    return `${sending.purpose}:${place}:${Math.floor(sending.at / day)}`;
  }
}

/** One telephone: its number, and the extension behind it. */
const placeOf = ({ to, extension }: Destination): string => (extension === undefined ? to : `${to}x${extension}`);

export const inserted = async <D extends { readonly id: string; readonly rev: number }>(
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
