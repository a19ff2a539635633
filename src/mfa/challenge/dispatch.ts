/**
 * Sends the messages of challenges: one call at a time for an account, and none while the account is paused. Notes what the
 * carrier took, and hangs up a call if its challenge ended while the call was being placed.
 */
import type { AuditEventName } from '../../audit.ts';
import type { EndReason } from '../../end-reason.ts';
import { interrupts, messageTraits, type Message } from '../../ports/carriers.ts';
import type { Ephemeral } from '../../ports/stores.ts';
import type { Clock } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { Sender } from '../delivery/sender.ts';
import type { ChallengeEvents } from './events.ts';
import {
  callDeadline,
  countedSend,
  keys,
  pending,
  retention,
  type ChallengeRecord,
  type Phase,
  type RequestContext,
  type SentMessage,
} from './record.ts';
import type { UnsentReason } from './result.ts';
import type { ChallengeStore, LoadedChallenge } from './store.ts';
import type { MessageStatus } from './message-status.ts';

interface DispatchDeps {
  readonly store: ChallengeStore;
  readonly ephemeral: Ephemeral;
  readonly sender: Sender;
  readonly messageStatus: MessageStatus;
  readonly events: ChallengeEvents;
  readonly clock: Clock;
}

/** One message of a challenge. */
export interface ChallengeMessage {
  readonly record: ChallengeRecord;
  /** Id of the message (`messageIdOf` of its token). */
  readonly id: string;
  readonly message: Message;
  readonly request: RequestContext;
  readonly event: Extract<AuditEventName, 'challenge.sent' | 'challenge.resent'>;
}

export class Dispatch {
  readonly #deps: DispatchDeps;

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
  }

  /** Sends the first message, or ends the challenge: no page may wait for a phone that does not ring. */
  async start(
    challenge: Pick<LoadedChallenge, 'record' | 'contents' | 'factor'>,
    user: User,
    message: Message,
  ): Promise<LoadedChallenge> {
    const { store, messageStatus, events, clock } = this.#deps;
    const { record, contents, factor } = challenge;
    const end = async (reason: EndReason): Promise<boolean> =>
      store.swapPhase(record, pending, { name: 'ended', at: clock(), reason });
    let sent: SentMessage | UnsentReason;
    try {
      const isPaused = interrupts(message.via) && clock() < (user.pausedUntil ?? 0);
      sent = isPaused
        ? 'paused'
        : await this.send({ record, id: record.id, message, request: contents.request, event: 'challenge.sent' });
    } catch (error) {
      await end('undeliverable');
      throw error;
    }
    if (typeof sent === 'string') {
      await end(sent);
      await events.record('challenge.refused', 'refused', challenge, 'system', { reason: sent });
      return store.load(record);
    }
    // The person switched methods while the carrier was slow: the cancelling request left the call to us.
    if (sent.ended === true) await this.hangUp(sent);
    if (sent.ended === true || factor.again !== undefined) return store.load(record);
    const loaded = store.assemble({ record, phase: pending, sent });
    messageStatus.watch(sent);
    return loaded;
  }

  /** Sends a message once. Gives what is known of it then, or the reason where it was not sent. */
  async send({ record, id, message, request, event }: ChallengeMessage): Promise<SentMessage | UnsentReason> {
    const { via } = message;
    const inTheWay = interrupts(via) ? await this.#reserveCall(record, id) : undefined;
    if (inTheWay !== undefined) return inTheWay;
    const { userId: subject, factor } = record;
    const { reference: signIn } = request;
    const sent = await this.#deps.sender.send({
      message,
      counted: countedSend(record, message),
      event: { event, actor: 'system', subject, outcome: 'info', reference: signIn, factor, via },
    });
    if (typeof sent === 'string') return sent;
    // A callback may come before the carrier's reply: the first reference binds.
    const [step] = messageTraits[via].steps;
    const noted = await this.#deps.store.noteNews(id, { record }, { ...sent, step });
    if (noted !== undefined) return noted.sent;
    await this.#deps.sender.cancel(via, sent.carrier, sent.reference);
    return (await this.#deps.store.message(id))?.sent ?? { record };
  }

  /** Ends a message that is under way, where it can be ended. */
  async hangUp({ record: { via }, carrier, reference }: SentMessage): Promise<void> {
    if (reference === undefined || via === undefined || !messageTraits[via].canBeEnded) return;
    await this.#deps.sender.cancel(via, carrier, reference);
  }

  /**
   * Reserves the one call of an account, for all browsers. Gives the reason where another one may still ring: a call that
   * the carrier may have taken rings until its time is over, or until the carrier reports its end.
   */
  async #reserveCall(record: ChallengeRecord, id: string): Promise<'elsewhere' | 'paused' | undefined> {
    const { ephemeral, store, clock } = this.#deps;
    const ringing = keys.ringing(record.userId);
    if (await ephemeral.setIfAbsent(ringing, id, retention(record))) return undefined;
    const holder = await ephemeral.get(ringing);
    const found = holder === undefined ? undefined : await store.message(holder);
    // The account as this request knows it may be older than the "this was not me" of that call.
    if (found?.phase?.name === 'denied') return 'paused';
    if (found !== undefined && found.sent.ended !== true && mayRing(found.phase)) {
      const { sent } = found;
      if (clock() <= callDeadline(sent.record, sent.progress)) return 'elsewhere';
    }
    const isOurs =
      holder === undefined
        ? await ephemeral.setIfAbsent(ringing, id, retention(record))
        : await ephemeral.compareAndSwap(ringing, holder, id, retention(record));
    return isOurs ? undefined : 'elsewhere';
  }
}

const mayRing = (phase: Phase | undefined): boolean =>
  phase?.name === 'pending' || (phase?.name === 'ended' && phase.reason === 'slow');
