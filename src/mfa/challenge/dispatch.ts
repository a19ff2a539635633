/**
 * Sends the messages of challenges: one call at a time for an account (`running-messages.ts`), and none while the account is
 * paused. Notes what the carrier took, and hangs up a call if its challenge ended while the call was being placed.
 */
import type { AuditEventName } from '../../audit-events.ts';
import type { EndReason } from '../../end-reason.ts';
import { isProblem } from '../../errors.ts';
import { destinationOf, interrupts, messageTraits, type Message } from '../../ports/carriers.ts';
import type { Clock, EpochMillis, Millis, Schedule } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { Log } from '../../log.ts';
import type { NotSentReason, Sender, Unsubscribed } from '../delivery/sender.ts';
import type { Authenticators } from '../authenticators.ts';
import type { PushLimits, PushRefusal } from '../limits/push-limits.ts';
import { guessTarget, type FailedAttempts } from '../limits/failed-attempts.ts';
import type { ChallengeEvents } from './events.ts';
import type { RunningMessages } from './running-messages.ts';
import { countedSend, countsPush, type ChallengeRecord } from '../challenge-state/record.ts';
import { pending } from '../challenge-state/phase.ts';
import type { MessageUpdate, SentMessage } from '../challenge-state/sent-message.ts';
import type { RequestContext } from '../challenge-state/request-context.ts';
import type { UnsentReason } from './result.ts';
import type { ChallengeStore } from './store.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';
import type { MessageStatus } from './message-status.ts';

interface DispatchDeps {
  readonly store: ChallengeStore;
  readonly runningMessages: RunningMessages;
  readonly sender: Sender;
  readonly messageStatus: MessageStatus;
  readonly events: ChallengeEvents;
  readonly failedAttempts: FailedAttempts;
  readonly authenticators: Pick<Authenticators, 'of'>;
  readonly pushLimits: PushLimits;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: Log;
  readonly isBreakGlass: (user: User) => boolean;
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

/** A message that the carrier took, with what is to be noted of it. */
interface Taken {
  readonly id: string;
  readonly record: ChallengeRecord;
  readonly via: Message['via'];
  readonly update: MessageUpdate & { readonly reference: string };
}

/** A store that failed is asked again after this. */
const noteAgainAfter: Millis = 3000;

export class Dispatch {
  readonly #deps: DispatchDeps;

  constructor(deps: DispatchDeps) {
    this.#deps = deps;
  }

  /**
   * Sends the first message, or ends the challenge: no page may wait for a phone that does not ring. Gives the challenge that
   * the sign-in has then: a running one that it shares with another tab is not `challenge`, and nothing was sent.
   */
  async start(
    challenge: Pick<LoadedChallenge, 'record' | 'contents' | 'factor'>,
    user: User,
    message: Message,
  ): Promise<LoadedChallenge> {
    const { store, messageStatus, events, clock, runningMessages, sender } = this.#deps;
    const { record, contents, factor } = challenge;
    const end = async (reason: EndReason, until?: EpochMillis): Promise<boolean> =>
      store.swapPhase(record, pending, { name: 'ended', at: clock(), reason, ...(until !== undefined && { until }) });
    let sent: SentMessage | UnsentReason;
    let until: EpochMillis | undefined;
    try {
      const isPaused = interrupts(message.via) && clock() < (user.pausedUntil ?? 0);
      const obstacle = isPaused ? 'paused' : await this.#disabled(challenge);
      const reserved = obstacle ?? (await runningMessages.reserve(challenge, this.#deps.isBreakGlass(user)));
      if (typeof reserved === 'object') {
        if (!(await store.share(record, reserved.share.record))) return await store.load(record);
        await events.record('challenge.shared', 'info', challenge, 'browser');
        return reserved.share;
      }
      const refusal = reserved === 'reserved' ? await this.#refusePush(challenge, user) : undefined;
      until = refusal?.until;
      sent = refusal?.reason ?? (reserved === 'reserved' ? await this.#sendFirst(challenge, message) : reserved);
      const counted = countedSend(record, destinationOf(message), contents.request);
      if ((sent === 'send-limit' || sent === 'send-ceiling') && counted !== undefined)
        until = await sender.admittedFrom(counted);
    } catch (error) {
      await end('undeliverable');
      throw error;
    }
    if (typeof sent === 'string') {
      await end(sent, until);
      await events.record('challenge.refused', 'refused', challenge, 'system', { reason: sent });
      events.count('not-sent', challenge);
      return store.load(record);
    }
    // The person switched methods while the carrier was slow: the cancelling request left the call to us.
    if (sent.ended === true) await this.hangUp(sent);
    if (sent.ended === true || factor.resend !== undefined) return store.load(record);
    const loaded = store.assemble({ record, contents, phase: pending, sent });
    messageStatus.watch(sent);
    return loaded;
  }

  /** Counts the push of a sign-in; gives the limit that refuses it. */
  async #refusePush(
    { record, contents }: Pick<LoadedChallenge, 'record' | 'contents'>,
    user: User,
  ): Promise<PushRefusal | undefined> {
    if (!countsPush(record, contents.request)) return undefined;
    const { authenticators, pushLimits } = this.#deps;
    const used = (await authenticators.of(user)).flatMap(({ lastUsedAt }) => lastUsedAt ?? []);
    const { id, userId, answerBy: until } = record;
    const isKnownBrowser = contents.request.isKnownBrowser === true;
    return pushLimits.admit({ id, userId, until, lastSuccess: Math.max(0, ...used), isKnownBrowser });
  }

  /**
   * Sends the first message. A push that was not taken never ends its challenge: the device has the request once its app is opened.
   */
  async #sendFirst(
    { record, contents }: Pick<LoadedChallenge, 'record' | 'contents'>,
    message: Message,
  ): Promise<SentMessage | UnsentReason> {
    const { store } = this.#deps;
    const first = { record, id: record.id, message, request: contents.request, event: 'challenge.sent' } as const;
    const canBeSent = message.via !== 'push' || message.target !== undefined;
    const sent = canBeSent ? await this.send(first) : 'unsubscribed';
    if (typeof sent !== 'string') return sent;
    if (message.via !== 'push') return sent === 'unsubscribed' ? 'undeliverable' : sent;
    return (await store.updateMessage(record.id, { record }, { step: 'undelivered' }))?.sent ?? { record };
  }

  /** 'disabled' where the code that the message brings would not be accepted: too many were guessed at the phone. */
  async #disabled({ record, factor }: Pick<LoadedChallenge, 'record' | 'factor'>): Promise<'disabled' | undefined> {
    if (!factor.guessable || record.purpose === 'enroll') return undefined;
    const block = await this.#deps.failedAttempts.blockedBy(guessTarget(factor, record.userId, record.chosen));
    return block?.reason === 'disabled' ? block.reason : undefined;
  }

  /** Sends a message once. Gives what is known of it then, or the reason where it was not sent. */
  async send({
    record,
    id,
    message,
    request,
    event,
  }: ChallengeMessage): Promise<SentMessage | NotSentReason | Unsubscribed> {
    const { via } = message;
    const { userId: subject, factor } = record;
    const { reference: signIn } = request;
    const sent = await this.#deps.sender.send({
      message,
      counted: countedSend(record, destinationOf(message), request),
      event: { event, actor: 'system', subject, outcome: 'info', reference: signIn, factor, via },
    });
    if (typeof sent === 'string') return sent;
    const [step] = messageTraits[via].steps;
    const taken: Taken = { id, record, via, update: { ...sent, step } };
    try {
      return await this.#note(taken);
    } catch (error) {
      if (!isProblem(error)) throw error;
      // The phone rings already. If its challenge ended now, nobody could answer, and another call would follow.
      this.#noteLater(taken, error);
      return { record, ...sent };
    }
  }

  /** Notes what the carrier took. A callback may come before the carrier's reply: the first reference binds. */
  async #note({ id, record, via, update }: Taken): Promise<SentMessage> {
    const { store, sender } = this.#deps;
    const noted = await store.updateMessage(id, { record }, update);
    if (noted !== undefined) return noted.sent;
    await sender.cancel(via, update.carrier, update.reference);
    return (await store.message(id))?.sent ?? { record };
  }

  /** Tries once more where the store failed. Callbacks find the message also without this; ending its call needs the reference. */
  #noteLater(taken: Taken, error: unknown): void {
    const { schedule, messageStatus, log } = this.#deps;
    const { via } = taken;
    log.warn('message.not-noted', { via, error });
    schedule(noteAgainAfter, async () => {
      try {
        const sent = await this.#note(taken);
        // Its challenge was cancelled meanwhile by a request that could not end the call.
        if (sent.ended === true) await this.hangUp(sent);
        else messageStatus.watch(sent);
      } catch (again) {
        log.warn('message.not-noted', { via, error: again });
      }
    });
  }

  /** As `hangUp`, without making the caller wait for the carrier. The carrier's time limit stands in any case. */
  hangUpSoon(sent: SentMessage): void {
    const { schedule, log } = this.#deps;
    if (sent.ended === true || !interrupts(sent.record.via)) return;
    schedule(0, async () => this.hangUp(sent).catch((error: unknown) => log.warn('call.not-ended', { error })));
  }

  /** Ends a message that is under way, where it can be ended. */
  async hangUp({ record: { via }, carrier, reference }: SentMessage): Promise<void> {
    if (reference === undefined || via === undefined || !messageTraits[via].canBeEnded) return;
    await this.#deps.sender.cancel(via, carrier, reference);
  }
}
