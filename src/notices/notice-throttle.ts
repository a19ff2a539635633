/**
 * Limits notices of the kinds that are `isThrottled` to one an hour for each account, by what this process has told.
 * Several processes, or a restart, may tell more often: that costs the person a mail, and no store is read for it.
 */
import type { NoticeKind } from '../notice.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';

/** Time between two notices of one kind about one account. */
const gap: Millis = 3_600_000;
/** Notices that are remembered at most. The oldest is forgotten first. */
const most = 10_000;

export class NoticeThrottle {
  readonly #clock: Clock;
  /** When each was told last, by account and kind; the oldest first. */
  readonly #told = new Map<string, EpochMillis>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts a notice as told now. False: it was told within the last hour. */
  admit(userId: string, kind: NoticeKind): boolean {
    const [id, now] = [`${userId}:${kind}`, this.#clock()];
    if (Math.abs(now - (this.#told.get(id) ?? -Infinity)) < gap) return false;
    this.#told.delete(id);
    this.#told.set(id, now);
    const [oldest] = this.#told.keys();
    if (this.#told.size > most && oldest !== undefined) this.#told.delete(oldest);
    return true;
  }
}
