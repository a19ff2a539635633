/**
 * Sends the message of a pending challenge again, with the same code. The wait between resends is `resendAllowance` in
 * `resend-count.ts`. Attempts, failed attempts and the deadline stay as they are.
 */
import { activeAccount } from '../../locked-account.ts';
import { randomToken } from '../../crypto.ts';
import type { Message } from '../../ports/carriers.ts';
import type { Collection } from '../../ports/stores.ts';
import type { Clock } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { Ceremonies } from './ceremonies.ts';
import type { Dispatch } from './dispatch.ts';
import type { ChallengeEvents } from './events.ts';
import { messageIdOf } from '../challenge-state/keys.ts';
import type { ChallengeRecord } from '../challenge-state/record.ts';
import type { Resends } from '../challenge-state/resend-count.ts';
import type { ResendResult } from './result.ts';
import type { ChallengeStore } from './store.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';

interface ResendDeps {
  readonly store: ChallengeStore;
  readonly ceremonies: Ceremonies;
  readonly dispatch: Dispatch;
  readonly events: ChallengeEvents;
  readonly users: Collection<User, 'signInNames'>;
  readonly clock: Clock;
}

export class Resend {
  readonly #deps: ResendDeps;

  constructor(deps: ResendDeps) {
    this.#deps = deps;
  }

  /** Sends the message of the current challenge of a binding again; of two concurrent requests one sends. */
  async resend(boundTo: string): Promise<ResendResult> {
    const { store, clock, users } = this.#deps;
    const challenge = await store.loadCurrent(boundTo);
    if (challenge?.factor.resend === undefined) return { ok: false, reason: 'refused' };
    const { record, view } = challenge;
    if (view.phase !== 'pending' || view.resend === undefined) return { ok: false, reason: 'over' };
    if (view.resend.left === 0) return { ok: false, reason: 'spent' };
    if (clock() < view.resend.from) return { ok: false, reason: 'wait', until: view.resend.from };
    if (activeAccount(await users.get(record.userId)) === undefined) return { ok: false, reason: 'over' };

    const token = randomToken();
    const reserved = reservation(challenge, messageIdOf(token), clock());
    await store.addMessage(record, reserved.newest);
    // Reserve by compare-and-swap before sending: a concurrent request loses and sends nothing.
    if (!(await store.swapResends(record.boundTo, challenge.resends, reserved))) return this.#lost(record);
    return this.#send(challenge, { token, reserved });
  }

  async #send(
    challenge: LoadedChallenge,
    { token, reserved }: { readonly token: string; readonly reserved: Resends },
  ): Promise<ResendResult> {
    const { store, ceremonies, dispatch, events, clock } = this.#deps;
    const { record, contents, resends, factor } = challenge;
    const message = factor.resend?.(contents.state, ceremonies.context(record, contents.request, token));
    if (message === undefined) return { ok: false, reason: 'refused' };
    const sent = await dispatch.send({
      record,
      id: reserved.newest,
      message: expiringWith(message, record, clock()),
      request: contents.request,
      event: 'challenge.resent',
    });
    if (typeof sent !== 'string') {
      await events.publish(record);
      return { ok: true, view: (await store.load(record)).view };
    }
    await events.record('challenge.refused', 'refused', challenge, 'system', { reason: sent });
    // Where nothing was sent, the page goes on to show the message before; the count stays, so that asking ends.
    if (sent !== 'slow') {
      const before = resends?.of === record.id ? resends : { newest: record.id, taken: 0 };
      await store.swapResends(record.boundTo, reserved, { ...reserved, newest: before.newest, taken: before.taken });
    }
    return { ok: false, reason: sent === 'unsubscribed' ? 'undeliverable' : sent };
  }

  /** A concurrent request sends. */
  async #lost(record: ChallengeRecord): Promise<ResendResult> {
    const { resend } = (await this.#deps.store.load(record)).view;
    return resend === undefined ? { ok: false, reason: 'over' } : { ok: false, reason: 'wait', until: resend.from };
  }
}

/** The resends of a binding with one more, `newest`. */
const reservation = ({ record, resends }: LoadedChallenge, newest: string, now: number): Resends => ({
  count: (resends?.count ?? 0) + 1,
  at: now,
  of: record.id,
  taken: (resends?.of === record.id ? resends.taken : 0) + 1,
  newest,
});

/** The message, not to be delivered once its code has expired. */
const expiringWith = (message: Message, { answerBy }: ChallengeRecord, now: number): Message => ({
  ...message,
  lifetime: Math.min(message.lifetime, answerBy - now),
});
