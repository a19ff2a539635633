/**
 * Limits mails to one address, so that an attacker cannot fill a mailbox through us. The record is durable: emptying the short-lived store
 * does not lift the limit.
 */
import type { KeyObject } from 'node:crypto';
import { hmac } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../optimistic-write.ts';
import type { Collection } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';
import type { SentMails } from '../records.ts';
import { canonicalName } from '../users/names/usernames.ts';

/**
 * Sorts of mails, counted apart: `urgent` have a code or link that soon ends, `notices` are all others. Whoever causes notices, by signing
 * in again and again, must not keep the owner from a link.
 */
export type MailSort = 'notices' | 'urgent';

const hour: Millis = 3_600_000;
/** Most mails of each sort to one address in an hour. */
const perHour: Readonly<Record<MailSort, number>> = { notices: 5, urgent: 5 };
/** Longest delay of a mail above the limit. A code or link would end meanwhile. The outbox tries a notice for a day from then. */
const longestDelay: Readonly<Record<MailSort, Millis>> = { notices: 24 * hour, urgent: 0 };

export interface MailLimitsDeps {
  /** `durable.collection(sentMailsKind)` */
  readonly sentMails: Collection<SentMails>;
  /** Keys the hashes of addresses: a copy of the store does not tell who got mail. */
  readonly hashKey: KeyObject;
  readonly clock: Clock;
  readonly log: Log;
}

export class MailLimits {
  readonly #deps: MailLimitsDeps;

  constructor(deps: MailLimitsDeps) {
    this.#deps = deps;
  }

  /**
   * Counts one mail to `address`, and gives the time from which it may be sent: now, or an hour after the fifth last of its sort.
   * undefined: it would be delayed too long, and must not be sent. That is logged as `recipient`.
   * @throws Problem 'unavailable' where concurrent writers always won; the error of the store
   */
  async take(
    address: string,
    { sort, recipient }: { readonly sort: MailSort; readonly recipient: string },
  ): Promise<EpochMillis | undefined> {
    const { sentMails, hashKey, clock, log } = this.#deps;
    const id = hmac(hashKey, canonicalName(address) ?? address);
    const most = perHour[sort];
    const at = await optimisticWrite<EpochMillis | undefined>(
      async () => {
        const was = await sentMails.get(id);
        const now = clock();
        const times = was?.[sort] ?? [];
        const next = Math.max(now, (times.at(-most) ?? -Infinity) + hour);
        if (next - now > longestDelay[sort]) return undefined;
        const record: SentMails = {
          ...was,
          id,
          rev: was?.rev ?? 1,
          [sort]: [...times, next].slice(-most),
          // Until then a time of either sort may still count.
          endsAt: Math.max(next + hour, was?.endsAt ?? 0),
        };
        if (was !== undefined) return (await sentMails.replace(record)) === undefined ? conflict : next;
        return (await insertIfAbsent(sentMails, record)) ? next : conflict;
      },
      () => {
        throw new Problem('unavailable', 'a concurrent writer won every time the mails to an address were counted');
      },
    );
    if (at === undefined) log.error('mail.limited', { recipient });
    return at;
  }
}
