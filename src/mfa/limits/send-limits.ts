/**
 * Limits calls and texts: per hour and day, to one number, one account, one block of numbers, and by the operator's ceilings. A
 * send gives its unit back once its challenge is proven; only the limit of all sends in a day keeps it.
 */
import type { KeyObject } from 'node:crypto';
import { hmac } from '../../crypto.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../../optimistic-write.ts';
import { isMailAddress, type Destination } from '../../ports/carriers.ts';
import {
  inserting,
  key,
  replacing,
  revised,
  type BatchOutcome,
  type Collection,
  type Ephemeral,
  type Key,
  type Write,
} from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import { dailySendsKind, type DailySends } from '../../records.ts';
import { hour, type SendCeilings } from './send-ceilings.ts';
import type { LimitSettings } from './settings.ts';

/** One message as the limits see it. Each purpose is counted apart, so that it cannot use up the units of another. */
export interface CountedSend extends Destination {
  readonly userId: string;
  readonly purpose: 'authenticate' | 'enroll' | 'notice';
  /**
   * The owner has signed in before in the browser that asks. One unit of the number and of the account is kept for it:
   * another browser with the password cannot use up all of them.
   */
  readonly isKnownBrowser?: true;
  /** When its challenge began: decides the day it counts in, also where it is answered after midnight. */
  readonly at: EpochMillis;
}

const day: Millis = 24 * hour;
/** Numbers of one block differ in so many last digits. */
const blockDigits = 4;

interface SendLimitsDeps {
  readonly dailySends: Collection<DailySends>;
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  /** Keys the hashes of numbers: a copy of the store does not tell the numbers that were called. */
  readonly hashKey: KeyObject;
  readonly limits: LimitSettings;
  readonly ceilings: SendCeilings;
}

/** Why a send is refused. send-ceiling: the operator's ceiling over everybody is reached. */
export type SendRefusal = 'send-limit' | 'send-ceiling';

/** Commits a write of the limits, together with others. It runs again where the write lost. */
export type Commit = (write: Write) => Promise<BatchOutcome>;

export class SendLimits {
  readonly #deps: SendLimitsDeps;

  constructor(deps: SendLimitsDeps) {
    this.#deps = deps;
  }

  /**
   * Counts one send against every limit, the durable one last, and gives that one as it is then, or the reason why nothing may
   * be sent. A refused send gives its hourly units back, so that it cannot use up a neighbour's limit.
   * @throws the error of the store: where a limit cannot be read or an alarm not recorded, nothing is sent. A daily unit whose
   * write has an unknown outcome stays counted: a unit too many is safe, a unit too few is not.
   * `commit`: writes the daily count together with what the caller records of the send. Absent: it is written alone.
   */
  async countSend(send: CountedSend, commit?: Commit): Promise<DailySends | SendRefusal> {
    const { ephemeral, ceilings } = this.#deps;
    const own = this.#hourlyLimits(send);
    const shared = this.#ceilingsOf(send);
    const hourly = [...own, ...shared];
    const totals = await ephemeral.incrementMany(hourly.map(({ counter }) => [counter, hour]));
    const isWithin = ({ limit }: { readonly limit: number }, at: number) => (totals[at] ?? Infinity) <= limit;
    const isOwnWithin = own.every(isWithin);
    const isSharedWithin = shared.every((each, at) => isWithin(each, own.length + at));
    let today: DailySends | undefined;
    try {
      // A send that its own limits refuse must raise no alarm about the ceilings.
      if (isOwnWithin) {
        for (const [at, each] of shared.entries()) await ceilings.warn(each, totals[own.length + at] ?? 0);
      }
      if (isOwnWithin && isSharedWithin) today = await this.#countDaily(send, commit);
    } finally {
      // Also where the durable store fails: its outage would otherwise use up the hour of people who got nothing.
      if (today === undefined) await ephemeral.decrement(...hourly.map(({ counter }) => counter));
    }
    return today ?? (isOwnWithin && !isSharedWithin ? 'send-ceiling' : 'send-limit');
  }

  /**
   * When a send that was refused is admitted, by the limits that stand now: the end of the hour that the first counted send
   * began, or of the day (UTC). undefined: at once, because units were given back meanwhile.
   */
  async admittedFrom(send: CountedSend): Promise<EpochMillis | undefined> {
    const { dailySends, ephemeral } = this.#deps;
    const today = await dailySends.get(this.#dailyId(send));
    if (today !== undefined && this.#isDayUsedUp(send, today)) return (Math.floor(send.at / day) + 1) * day;
    const hourly = [...this.#hourlyLimits(send), ...this.#ceilingsOf(send)];
    const counts = await ephemeral.counts(...hourly.map(({ counter }) => counter));
    const ends = counts.flatMap((count, at) =>
      count !== undefined && count.total >= (hourly[at]?.limit ?? Infinity) ? [count.until] : [],
    );
    return ends.length === 0 ? undefined : Math.max(...ends);
  }

  #isDayUsedUp(send: CountedSend, { spent, sent }: Pick<DailySends, 'spent' | 'sent'>): boolean {
    const { limits } = this.#deps;
    return spent >= reserving(send, limits.sendsPerNumberAndDay) || sent >= limits.allSendsPerNumberAndDay;
  }

  /** Gives the units of `messages` sends back in the limit of a day, once their owner answered. */
  async refundAnsweredDaily(send: CountedSend, messages: number): Promise<void> {
    await this.#changeDaily(send, was => withoutAnswered(was, messages));
  }

  /** The same as one write of a batch. `seen`: the daily record as one of the sends left it. */
  refundingDaily(seen: DailySends, messages: number): Write {
    return replacing(dailySendsKind, { ...seen, ...notNegative(withoutAnswered(seen, messages)) });
  }

  /** Gives the unit of a send back that the carrier certainly did not take, also in the limit of all sends. */
  async refundUnsent(send: CountedSend): Promise<void> {
    await this.refundHourly(send, 1);
    await this.#changeDaily(send, ({ spent, sent }) => ({ spent: spent - 1, sent: sent - 1 }));
  }

  /** Gives the units of `messages` sends back in the limits of an hour. */
  async refundHourly(send: CountedSend, messages: number): Promise<void> {
    const hourly = [...this.#hourlyLimits(send), ...this.#ceilingsOf(send)];
    const counters = hourly.map(({ counter }) => counter);
    await this.#deps.ephemeral.decrement(...Array.from({ length: messages }, () => counters).flat());
  }

  /** The operator's ceilings are about what calls and texts cost. A mail is free. */
  #ceilingsOf({ to }: CountedSend): ReturnType<SendCeilings['for']> {
    return isMailAddress(to) ? [] : this.#deps.ceilings.for(to);
  }

  #hourlyLimits(send: CountedSend): readonly { readonly counter: Key<number>; readonly limit: number }[] {
    const { limits } = this.#deps;
    const { to, userId } = send;
    return [
      {
        counter: this.#counter(send, 'number', telephoneOf(send)),
        limit: reserving(send, limits.sendsPerNumberAndHour),
      },
      { counter: this.#counter(send, 'account', userId), limit: reserving(send, limits.sendsPerAccountAndHour) },
      ...(isMailAddress(to) ? [] : [this.#neighbourhoodLimit(send)]),
    ];
  }

  /** The limit of the block of numbers, or of the switchboard. The people of a mail domain are no such block. */
  #neighbourhoodLimit(send: CountedSend): { readonly counter: Key<number>; readonly limit: number } {
    const { limits } = this.#deps;
    const { to, extension } = send;
    return extension === undefined
      ? { counter: this.#counter(send, 'block', to.slice(0, -blockDigits)), limit: limits.sendsPerPrefixAndHour }
      : { counter: this.#counter(send, 'switchboard', to), limit: limits.sendsPerSwitchboardAndHour };
  }

  async #countDaily(send: CountedSend, commit: Commit | undefined): Promise<DailySends | undefined> {
    const { dailySends } = this.#deps;
    const id = this.#dailyId(send);
    const endsAt = (Math.floor(send.at / day) + 2) * day;
    return optimisticWrite<DailySends | undefined>(
      async () => {
        const was = await dailySends.get(id);
        const { spent, sent } = was ?? { spent: 0, sent: 0 };
        if (this.#isDayUsedUp(send, { spent, sent })) return undefined;
        const next = { ...was, id, rev: was?.rev ?? 1, spent: spent + 1, sent: sent + 1, endsAt };
        if (commit !== undefined) {
          const write = was === undefined ? inserting(dailySendsKind, next) : replacing(dailySendsKind, next);
          return (await commit(write)).ok ? (was === undefined ? next : revised(next)) : conflict;
        }
        if (was !== undefined) return (await dailySends.replace(next)) ?? conflict;
        return (await insertIfAbsent(dailySends, next)) ? next : conflict;
      },
      () => undefined,
    );
  }

  async #changeDaily(
    send: CountedSend,
    change: (was: DailySends) => Pick<DailySends, 'spent' | 'sent'>,
  ): Promise<void> {
    const { dailySends } = this.#deps;
    await optimisticWrite<undefined>(
      async () => {
        const was = await dailySends.get(this.#dailyId(send));
        if (was === undefined) return undefined;
        const next = { ...was, ...notNegative(change(was)) };
        return (await dailySends.replace(next)) === undefined ? conflict : undefined;
      },
      () => undefined,
    );
  }

  #counter({ purpose }: CountedSend, of: 'number' | 'account' | 'block' | 'switchboard', value: string): Key<number> {
    return key('sends', purpose, of, hmac(this.#deps.hashKey, value));
  }

  #dailyId(send: CountedSend): string {
    const telephone = hmac(this.#deps.hashKey, telephoneOf(send));
    return `${send.purpose}:${telephone}:${Math.floor(send.at / day)}`;
  }
}

const withoutAnswered = ({ spent, sent }: DailySends, messages: number): Pick<DailySends, 'spent' | 'sent'> => ({
  spent: spent - messages,
  sent,
});

const notNegative = ({ spent, sent }: Pick<DailySends, 'spent' | 'sent'>): Pick<DailySends, 'spent' | 'sent'> => ({
  spent: Math.max(0, spent),
  sent: Math.max(0, sent),
});

/**
 * A limit of the number or account without the unit that is kept for known browsers. A limit of one cannot be divided.
 * Enrollments and notices keep no unit: a number may be bound in any browser, and no browser asks for a notice.
 */
const reserving = ({ purpose, isKnownBrowser }: CountedSend, limit: number): number =>
  purpose !== 'authenticate' || isKnownBrowser === true ? limit : Math.max(1, limit - 1);

/** Names one telephone: its number, and the extension behind it; or one mailbox. */
const telephoneOf = ({ to, extension }: Destination): string => (extension === undefined ? to : `${to}x${extension}`);
