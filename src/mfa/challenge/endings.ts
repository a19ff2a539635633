/**
 * Ends challenges without a right answer: the owner denies one, or it is declined, cancelled, hung up or used up. Each change of a
 * phase is one compare-and-swap, so that one of many callers ends a challenge.
 */
import type { EndReason } from '../../end-reason.ts';
import type { Log } from '../../log.ts';
import type { Notices } from '../../notice.ts';
import type { Collection } from '../../ports/stores.ts';
import type { Clock } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import { countsPush } from '../challenge-state/record.ts';
import type { Phase } from '../challenge-state/phase.ts';
import type { CallStatusPoller } from '../delivery/status-poller.ts';
import { pauseInterruptions } from '../limits/pause.ts';
import type { PushLimits } from '../limits/push-limits.ts';
import type { LimitSettings } from '../limits/settings.ts';
import type { ChallengeActor, ChallengeEvents } from './events.ts';
import { canBeDeclined, notMe } from './key-rules.ts';
import { tellOwner } from './owner-notices.ts';
import { ended, overAs, type NotRight } from './result.ts';
import type { ChallengeStore } from './store.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';

interface EndingsDeps {
  readonly store: ChallengeStore;
  readonly events: ChallengeEvents;
  readonly notices: Pick<Notices, 'tell'>;
  readonly users: Collection<User, 'signInNames'>;
  readonly pushLimits: PushLimits;
  readonly statusPoller: CallStatusPoller;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: Pick<LimitSettings, 'pause'>;
  readonly isBreakGlass: (user: User) => boolean;
}

export class Endings {
  readonly #deps: EndingsDeps;

  constructor(deps: EndingsDeps) {
    this.#deps = deps;
  }

  /**
   * The owner says "this was not me": ends this attempt and tells person and administrators. Calls and pushes are paused
   * where it was confirmed; a `0` alone may be a slip.
   */
  async deny(challenge: LoadedChallenge, actor: ChallengeActor, how?: 'unconfirmed'): Promise<NotRight> {
    const { record, contents } = challenge;
    const { store, log, statusPoller, events, notices } = this.#deps;
    // Pause first: if it failed after the denial, the same keys pressed again would find nothing left to deny.
    const until = how === undefined ? await pauseInterruptions(this.#deps, record.userId) : undefined;
    if (!(await this.#swapToDenied(challenge, how))) return overAs((await store.load(record)).view);
    statusPoller.stop(record.id);
    const isConfirmed = until !== undefined;
    await this.settlePush(challenge, 'denied');
    await events.record('challenge.denied', 'refused', challenge, actor, isConfirmed ? {} : { reason: 'unconfirmed' });
    if (until !== undefined && until > this.#deps.clock())
      await events.record('account.paused', 'info', challenge, 'system', { until });
    await tellOwner(notices, 'not-me', challenge);
    const { reference, client, address } = contents.request;
    const { userId: subject, factor } = record;
    log.warn('not-me', { subject, factor, reference, client, address, ...(isConfirmed && { until }) });
    await events.publish(record);
    return notMe(isConfirmed ? undefined : true);
  }

  /** Ends a pending challenge, and gives the result that says so; on a telephone it becomes the closing sentence. */
  async endWith(challenge: LoadedChallenge, reason: EndReason, actor: ChallengeActor = 'system'): Promise<NotRight> {
    if (await this.end(challenge, reason, ['pending'], actor)) return ended(reason);
    return overAs((await this.#deps.store.load(challenge.record)).view);
  }

  /** Ends a challenge that is in one of these phases. True for the one caller that did. */
  async end(
    challenge: LoadedChallenge,
    reason: EndReason,
    from: readonly Phase['name'][] = ['pending'],
    actor: ChallengeActor = 'system',
  ): Promise<boolean> {
    const { store, clock, statusPoller, events } = this.#deps;
    const { record } = challenge;
    let phase: Phase | undefined = challenge.phase;
    // The phase may have changed since it was read; one that has ended stays as it ended.
    for (let swaps = 0; swaps < 2; swaps += 1) {
      if (phase === undefined || !from.includes(phase.name)) return false;
      if (await store.swapPhase(record, phase, { name: 'ended', at: clock(), reason })) {
        statusPoller.stop(record.id);
        if (reason === 'declined' || reason === 'wrong-number') await this.settlePush(challenge, 'denied');
        await events.record('challenge.ended', 'info', challenge, actor, { reason });
        await events.publish(record);
        return true;
      }
      phase = await store.phase(record);
    }
    return false;
  }

  /** Tells the limits of pushes how one was answered. Requests outside a sign-in have a budget of their own. */
  async settlePush({ record, contents }: LoadedChallenge, outcome: 'approved' | 'denied'): Promise<void> {
    if (!countsPush(record, contents.request)) return;
    await this.#deps.pushLimits.settle(record.userId, record.id, outcome);
  }

  /** The call may end while its last key is under way, so an end by hanging up is replaced. True for one of many callers. */
  async #swapToDenied({ record, phase: read }: LoadedChallenge, how?: 'unconfirmed'): Promise<boolean> {
    const { store, clock } = this.#deps;
    const isConfirmed = how === undefined;
    const denied: Phase = { name: 'denied', at: clock(), ...(!isConfirmed && { unconfirmed: true as const }) };
    let phase: Phase | undefined = read;
    for (let swaps = 0; swaps < 3; swaps += 1) {
      if (phase === undefined || !canBeDeclined(phase, isConfirmed ? 'declines' : 'may-decline')) return false;
      if (await store.swapPhase(record, phase, denied)) return true;
      phase = await store.phase(record);
    }
    return false;
  }
}
