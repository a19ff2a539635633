/**
 * Notes how a message goes, reported by the carrier or polled. A report informs and never approves; the end of a call ends
 * its pending challenge.
 */
import { interrupts, type Progress, type UndeliveredCause } from '../../ports/carriers.ts';
import type { Log } from '../../log.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import type { Sender } from '../delivery/sender.ts';
import type { CallStatusPoller, PollResult } from '../delivery/status-poller.ts';
import type { Endings } from './endings.ts';
import type { ChallengeEvents } from './events.ts';
import { callDeadline } from '../challenge-state/phase.ts';
import { isHeld, type MessageUpdate, type SentMessage } from '../challenge-state/sent-message.ts';
import type { AnswerResult } from './result.ts';
import type { EndReason } from '../../end-reason.ts';
import type { ChallengeStore } from './store.ts';
import type { FoundMessage } from './loaded-challenge.ts';

interface MessageStatusDeps {
  readonly store: ChallengeStore;
  readonly endings: Endings;
  /** Acts on what is known of who answered (`machine-detection.ts`); undefined: nothing is to be done yet. */
  readonly settle: (found: FoundMessage) => Promise<AnswerResult | undefined>;
  readonly events: ChallengeEvents;
  readonly sender: Sender;
  readonly statusPoller: CallStatusPoller;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reasons for which a pending challenge ends when its call does: the call was not answered with an approval. */
const callEndReasons = {
  completed: 'hung-up',
  busy: 'busy',
  'no-answer': 'no-answer',
  failed: 'unreachable',
  canceled: 'no-answer',
} as const satisfies Record<Extract<Progress, { step: 'ended' }>['reason'], EndReason>;

/** A call that ends within this before its deadline ended by silence, and not by hanging up. Machine detection takes up to 10 s. */
const silenceMargin: Millis = 12_000;

export class MessageStatus {
  readonly #deps: MessageStatusDeps;

  constructor(deps: MessageStatusDeps) {
    this.#deps = deps;
  }

  /** Notes a carrier's report. False: its token or reference is not known. */
  async report(token: string, progress: Progress, reference: string): Promise<boolean> {
    const found = await this.#deps.store.findMessage(token);
    return found !== undefined && (await this.#apply(found, progress, reference)) !== undefined;
  }

  /** Polls the carrier for the status of this call from now on, where it brings no callback. */
  watch(sent: SentMessage): void {
    const { record, carrier, reference } = sent;
    const { via, id } = record;
    if (via === undefined || !interrupts(via) || reference === undefined) return;
    if (!this.#deps.sender.canFetchStatus(via, carrier)) return;
    const until = callDeadline(sent);
    this.#deps.statusPoller.watch({ id, until }, async lastChange => this.#poll(id, lastChange));
  }

  /**
   * Updates a message by a report. A pick-up after the deadline does not bring back what has ended, since the deadline moves with
   * the pick-up: steps count only while the challenge is pending. Gives the message as it is then; undefined: the report is
   * about another message.
   */
  async update(found: FoundMessage, update: MessageUpdate): Promise<SentMessage | undefined> {
    return (await this.#update(found, update))?.sent;
  }

  /** `isChanged`: it changed what a page may show. */
  async #update(
    { id, sent, challenge }: FoundMessage,
    update: MessageUpdate,
  ): Promise<{ readonly sent: SentMessage; readonly isChanged: boolean } | undefined> {
    const isPending = challenge.view.phase === 'pending';
    const updated = await this.#deps.store.updateMessage(id, sent, isPending ? update : { ...update, step: undefined });
    if (updated === undefined || !updated.isChanged || !isPending) return updated && { ...updated, isChanged: false };
    if (updated.sent.ended !== true) this.watch(updated.sent);
    await this.#deps.events.publish(challenge.record);
    return updated;
  }

  async #poll(id: string, lastChange: EpochMillis): Promise<PollResult> {
    const { store, sender, settle, clock } = this.#deps;
    const read = await store.message(id);
    if (read === undefined) return 'ended';
    const { sent, phase } = read;
    const { record, carrier, reference } = sent;
    const challenge = store.assemble({ record, phase, sent });
    if (phase?.name !== 'pending') return 'ended';
    if ((await settle({ id, sent, challenge })) !== undefined || sent.ended === true) return 'ended';
    if (reference === undefined || record.via === undefined) return 'ended';
    if (clock() > callDeadline(sent)) {
      // Nothing can be approved any more, and each started minute is billed.
      await sender.cancel(record.via, carrier, reference);
      return 'ended';
    }
    const reported = sent.progress?.at ?? 0;
    if (reported > lastChange) return { changedAt: reported, until: callDeadline(sent) };
    const progress = await sender.fetchStatus(record.via, carrier, reference);
    if (progress === undefined) return 'unchanged';
    const isChanged = await this.#apply({ id, sent, challenge }, progress, reference);
    if (progress.step === 'ended') return 'ended';
    return isChanged === true ? { changedAt: clock(), until: callDeadline(sent) } : 'unchanged';
  }

  /** True: it changed what a page may show; undefined: it is about another message. */
  async #apply(found: FoundMessage, progress: Progress, reference: string): Promise<boolean | undefined> {
    if (progress.step === 'ended') return this.#callEnded(found, progress.reason, reference);
    const because = progress.step === 'undelivered' ? progress.because : undefined;
    const updated = await this.#update(found, {
      reference,
      step: progress.step,
      ...(because && { undelivered: because }),
    });
    if (updated?.isChanged === true && progress.step === 'undelivered') await this.#undelivered(found, because);
    return updated?.isChanged;
  }

  async #callEnded(
    found: FoundMessage,
    reason: keyof typeof callEndReasons,
    reference: string,
  ): Promise<boolean | undefined> {
    const { challenge } = found;
    const { endings, settle, statusPoller } = this.#deps;
    // After an approval the end of the call says nothing more; otherwise it stops the ringing.
    const isApproved = challenge.phase.name === 'passed' || challenge.phase.name === 'redeemed';
    const sent = await this.update(found, { reference, ...(!isApproved && { ended: true }) });
    if (sent === undefined) return undefined;
    statusPoller.stop(found.id);
    if (sent.declineBegun === true && challenge.phase.name === 'pending') {
      await endings.deny(challenge, 'carrier', 'unconfirmed');
      return true;
    }
    // The keys were pressed on the call: they count without it, once it is known who answered.
    if (isHeld(challenge, sent)) {
      await settle({ ...found, sent });
      return true;
    }
    // A person who has heard the code hangs up and types it.
    const isTyping = reason === 'completed' && sent.codeRevealed === true;
    if (challenge.view.phase !== 'pending' || isTyping) return false;
    return endings.end(challenge, reason === 'completed' ? this.#completion(sent) : callEndReasons[reason]);
  }

  /** Why a call that was picked up ended: before a word of ours, by hanging up, or by the time limit of the carrier. */
  #completion(sent: SentMessage): EndReason {
    if (sent.pickedUp !== true) return 'unheard';
    return this.#deps.clock() > callDeadline(sent) - silenceMargin ? 'silence' : callEndReasons.completed;
  }

  /** Records that a text did not arrive. The challenge goes on: its page says so and offers other methods. */
  async #undelivered({ id, challenge }: FoundMessage, because: UndeliveredCause | undefined): Promise<void> {
    const { store, events, log } = this.#deps;
    // Nothing that the person could mend.
    if (because === 'unregistered') log.error('text.sender-unregistered', { via: 'sms' });
    if ((await store.newestMessage(challenge.record)) !== id) return;
    const { via } = challenge.record;
    await events.record('challenge.undelivered', 'failure', challenge, 'carrier', {
      ...(via !== undefined && { via }),
      ...(because !== undefined && { reason: because }),
    });
  }
}
