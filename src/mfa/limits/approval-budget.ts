/**
 * Limits how often a client, or the help desk, may ask a person in their authenticator outside a sign-in. It is apart from the limits of
 * sign-ins: nobody is kept from signing in because a client asks too often.
 */
import type { KeyObject } from 'node:crypto';
import { hmac } from '../../crypto.ts';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import { key, type Ephemeral, type Key } from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';

/** Most requests of one asker to one person in an hour. */
export const approvalsPerHour = 3;
const hour: Millis = 3_600_000;

interface ApprovalBudgetDeps {
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly hashKey: KeyObject;
}

export class ApprovalBudget {
  readonly #deps: ApprovalBudgetDeps;

  constructor(deps: ApprovalBudgetDeps) {
    this.#deps = deps;
  }

  /** Counts one request. `by`: who asks. False: as many as allowed were made in the last hour, or others are counted at this moment. */
  async take(userId: string, by: string): Promise<boolean> {
    const { ephemeral, clock, hashKey } = this.#deps;
    const asked: Key<readonly EpochMillis[]> = key('approvals', hmac(hashKey, JSON.stringify([userId, by])));
    return optimisticWrite(
      async () => {
        const now = clock();
        const before = await ephemeral.get(asked);
        const recent = (before ?? []).filter(at => at > now - hour);
        if (recent.length >= approvalsPerHour) return false;
        const next = [...recent, now];
        const isWritten =
          before === undefined
            ? await ephemeral.setIfAbsent(asked, next, hour)
            : await ephemeral.compareAndSwap(asked, before, next, hour);
        return isWritten || conflict;
      },
      () => false,
    );
  }
}
