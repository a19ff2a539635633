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
import { canonicalName } from '../users/usernames.ts';

/**
 * Most mails to one address in an hour: notices, and mails with a code or link. Counted apart, because whoever causes notices, by
 * signing in again and again, must not keep the owner from a link.
 */
export const mailsPerHour = { notice: 5, urgent: 5 };
const hour: Millis = 3_600_000;
/** Longest delay of a notice above the limit. The outbox tries a mail for a day from then. */
const longestDelay: Millis = 24 * hour;

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
   * Counts one mail to `address`, and gives the time from which it may be sent: now, or the end of an hour with five of its sort.
   * undefined: it may not be sent, because it `isUrgent` and would be late, or because of a day's delay. Logged as `recipient`.
   * @throws Problem 'unavailable' where concurrent writers always won; the error of the store
   */
  async take(
    address: string,
    { isUrgent, recipient }: { readonly isUrgent: boolean; readonly recipient: string },
  ): Promise<EpochMillis | undefined> {
    const { sentMails, hashKey, clock, log } = this.#deps;
    const id = hmac(hashKey, canonicalName(address) ?? address);
    const [member, most] = isUrgent
      ? (['urgent', mailsPerHour.urgent] as const)
      : (['times', mailsPerHour.notice] as const);
    const at = await optimisticWrite<EpochMillis | undefined>(
      async () => {
        const was = await sentMails.get(id);
        const now = clock();
        const times = was?.[member] ?? [];
        const next = Math.max(now, (times.at(-most) ?? -Infinity) + hour);
        if (next > now + (isUrgent ? 0 : longestDelay)) return undefined;
        const kept = { times: [], ...was, [member]: [...times, next].slice(-most) };
        const record = { ...kept, id, rev: was?.rev ?? 1, endsAt: Math.max(next + hour, was?.endsAt ?? 0) };
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
