/**
 * Limits the requests that are pushed to the devices of an account, so that nobody can be tired into approving one (NIST SP
 * 800-63B-4 §3.1.3.2). One durable record per account holds its last requests; every limit is derived from it and the clock.
 */
import type { EndReason } from '../../end-reason.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../../optimistic-write.ts';
import type { Collection } from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import type { PushRequests, PushRequest } from '../../records.ts';

/** Most requests in five minutes. */
const maxInWindow = 3;
const window: Millis = 300_000;
/**
 * Most requests since the last proof of any authenticator of the person. The last of them is kept for browsers in which the owner has
 * signed in: another browser with the password cannot use up all of them.
 */
const maxSinceSuccess = { inKnownBrowser: 10, elsewhere: 9 } as const;
/** Requests that were denied or ignored within ten minutes, and for how long nothing is pushed after the last of them. */
const maxUnanswered = 3;
const unansweredWindow: Millis = 600_000;
const quietTime: Millis = 600_000;

/** Why a request is not pushed. `until`: when it could be; absent: once the person has signed in. */
export interface PushRefusal {
  readonly reason: Extract<EndReason, 'push-limit' | 'push-spent' | 'push-unanswered'>;
  readonly until?: EpochMillis;
}

/** A request that is to be pushed. `until`: the last moment at which it can be answered. */
export interface CountedPush {
  readonly id: string;
  readonly userId: string;
  readonly until: EpochMillis;
  /** Last proof of any authenticator of the person. */
  readonly lastSuccess: EpochMillis;
  /** The owner has signed in before in the browser that asks. */
  readonly isKnownBrowser: boolean;
}

interface PushLimitsDeps {
  readonly records: Collection<PushRequests>;
  readonly clock: Clock;
}

/** When a request turned out to be denied or ignored; undefined: it was approved, or may still be answered. */
const unansweredAt = ({ until, outcome, endedAt }: PushRequest, now: EpochMillis): EpochMillis | undefined => {
  if (outcome === 'approved') return undefined;
  if (outcome === 'denied') return endedAt ?? until;
  return now > until ? until : undefined;
};

/** The limit that refuses one more request now; undefined: none does. */
export const pushRefusal = (
  requests: readonly PushRequest[],
  { lastSuccess, isKnownBrowser }: Pick<CountedPush, 'lastSuccess' | 'isKnownBrowser'>,
  now: EpochMillis,
): PushRefusal | undefined => {
  const unanswered = requests.flatMap(each => unansweredAt(each, now) ?? []).toSorted((a, b) => a - b);
  for (const [index, last] of unanswered.entries()) {
    const first = unanswered[index - maxUnanswered + 1];
    const isRow = first !== undefined && last - first <= unansweredWindow;
    if (isRow && now < last + quietTime) return { reason: 'push-unanswered', until: last + quietTime };
  }
  const max = maxSinceSuccess[isKnownBrowser ? 'inKnownBrowser' : 'elsewhere'];
  if (requests.filter(({ at }) => at > lastSuccess).length >= max) return { reason: 'push-spent' };
  const recent = requests.filter(({ at }) => at > now - window);
  const oldest = recent.at(-maxInWindow);
  return oldest === undefined ? undefined : { reason: 'push-limit', until: oldest.at + window };
};

export class PushLimits {
  readonly #deps: PushLimitsDeps;

  constructor(deps: PushLimitsDeps) {
    this.#deps = deps;
  }

  /** Counts a request before it is pushed, in one write. Gives the limit that refuses it; then nothing was counted. */
  async admit({ id, userId, until, ...counted }: CountedPush): Promise<PushRefusal | undefined> {
    const { records, clock } = this.#deps;
    return optimisticWrite<PushRefusal | undefined>(
      async () => {
        const was = await records.get(userId);
        const requests = was?.requests ?? [];
        const now = clock();
        const refusal = pushRefusal(requests, counted, now);
        if (refusal !== undefined) return refusal;
        // As many as the longest limit must see.
        const next = [...requests, { id, at: now, until }].slice(-maxSinceSuccess.inKnownBrowser);
        const isWritten =
          was === undefined
            ? await insertIfAbsent(records, { id: userId, rev: 1, requests: next })
            : await records.replace({ ...was, requests: next });
        return isWritten ? undefined : conflict;
      },
      // Many begin at once: not one of them is worth a push too many.
      () => ({ reason: 'push-limit', until: clock() + window }),
    );
  }

  /** Notes how a request was answered. One that is not noted counts as ignored once its time is over. */
  async settle(userId: string, id: string, outcome: 'approved' | 'denied'): Promise<void> {
    const { records, clock } = this.#deps;
    await optimisticWrite<undefined>(
      async () => {
        const was = await records.get(userId);
        if (was === undefined || !was.requests.some(each => each.id === id && each.outcome === undefined))
          return undefined;
        const requests = was.requests.map(each => (each.id === id ? { ...each, outcome, endedAt: clock() } : each));
        return (await records.replace({ ...was, requests })) === undefined ? conflict : undefined;
      },
      () => undefined,
    );
  }
}
