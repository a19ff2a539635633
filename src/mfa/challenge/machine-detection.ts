/**
 * Decides who answered a call where the carrier detects machines while we speak. Its verdict comes by a callback of its own, and
 * may come before, after or without the keys:
 *
 *   keys, no verdict yet       → held: the voice asks for a moment, and nothing is approved
 *   verdict: a person          → held keys approve, and later ones at once
 *   verdict: a machine         → the attempt ends, and the call is hung up
 *   no verdict in the window   → counts as `unknown`, so the setting for unknown answerers decides
 *
 * Verdict and held keys are members of one stored message, each written by compare-and-swap. So of a verdict and a key that
 * arrive at once, the later writer reads both. The phase then lets one of several callers approve or end the challenge.
 */
import type { Log } from '../../log.ts';
import type { Answerer } from '../../ports/carriers.ts';
import type { Clock, EpochMillis, Millis, Schedule } from '../../ports/time.ts';
import type { Sender } from '../delivery/sender.ts';
import type { Endings } from './endings.ts';
import type { ChallengeEvents } from './events.ts';
import { isHeld, type SentMessage } from '../challenge-state/sent-message.ts';
import { ended, type AnswerResult } from './result.ts';
import type { ChallengeStore } from './store.ts';
import type { FoundMessage } from './loaded-challenge.ts';
import type { Verification } from './verification.ts';

/** Whether what answered may approve. awaited: the carrier may still tell. */
export type Judgement = 'accepted' | 'refused' | 'awaited';

interface MachineDetectionDeps {
  readonly store: ChallengeStore;
  readonly verification: Verification;
  readonly endings: Endings;
  readonly events: ChallengeEvents;
  readonly sender: Sender;
  readonly schedule: Schedule;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a call goes on where the carrier cannot tell a person from an answering machine. */
  readonly unknownAnswerer: 'accept' | 'refuse';
}

/** Time for the callback with the verdict to arrive. */
const delivery: Millis = 5_000;

/** The last moment at which a verdict is waited for: detection begins at the pick-up. Infinity before that. */
const verdictBy = ({ progress }: Pick<SentMessage, 'progress'>, asyncDetectionTimeout: Millis): EpochMillis =>
  progress?.step === 'answered' ? progress.at + asyncDetectionTimeout + delivery : Infinity;

export class MachineDetection {
  readonly #deps: MachineDetectionDeps;

  constructor(deps: MachineDetectionDeps) {
    this.#deps = deps;
  }

  /** The judgement as it is now. Where the carrier detects before our first words, `voice-dialogue.ts` has judged already. */
  judge({ challenge, sent }: Pick<FoundMessage, 'challenge' | 'sent'>): Judgement {
    const { clock, unknownAnswerer } = this.#deps;
    const { asyncDetectionTimeout } = challenge.contents;
    if (asyncDetectionTimeout === undefined) return 'accepted';
    const { answerer = clock() > verdictBy(sent, asyncDetectionTimeout) ? 'unknown' : undefined } = sent;
    if (answerer === undefined) return 'awaited';
    return answerer === 'machine' || (answerer === 'unknown' && unknownAnswerer === 'refuse') ? 'refused' : 'accepted';
  }

  /** Notes a carrier's verdict, and acts on it. False: its token or reference is not known. */
  async report(token: string, answerer: Answerer, reference: string): Promise<boolean> {
    const { store, log } = this.#deps;
    const found = await store.findMessage(token);
    const updated = found && (await store.updateMessage(found.id, found.sent, { reference, answerer }));
    if (found === undefined || updated === undefined) return false;
    await this.settle({ ...found, sent: updated.sent });
    const { phase } = found.challenge.view;
    const isLate = answerer === 'machine' && (phase === 'passed' || phase === 'redeemed');
    // The window is too short for this carrier, or the phone belongs to a machine.
    if (isLate && updated.isChanged)
      log.warn('call.machine-after-approval', { subject: found.challenge.record.userId });
    return true;
  }

  /** Holds the keys of a call until it is known who answered. Gives the result where that has become known meanwhile. */
  async hold(found: FoundMessage, pressed: string): Promise<AnswerResult | undefined> {
    const { store, events, schedule, clock, log } = this.#deps;
    const { record, contents } = found.challenge;
    const heldKeys = store.sealHeldKeys(record, pressed);
    const updated = await store.updateMessage(found.id, found.sent, { heldKeys });
    const sent = updated?.sent ?? found.sent;
    if (updated?.isChanged === true) {
      await events.publish(record);
      const wait = Math.max(0, verdictBy(sent, contents.asyncDetectionTimeout ?? 0) + 1 - clock());
      schedule(wait, async () =>
        this.#settleLater(found.id).catch((error: unknown) => log.warn('call.held-keys-not-settled', { error })),
      );
    }
    return this.settle({ ...found, sent });
  }

  /**
   * Lets held keys approve, or ends the attempt of a machine and hangs it up, as soon as it is known who answered. Gives the
   * result; undefined: nothing is to be done yet.
   */
  async settle(found: FoundMessage): Promise<AnswerResult | undefined> {
    const { store, verification } = this.#deps;
    const { challenge, sent } = found;
    const { record, view } = challenge;
    if (view.phase !== 'pending') return undefined;
    const judgement = this.judge(found);
    if (judgement === 'refused') return this.#end(found);
    if (judgement === 'awaited' || !isHeld(challenge, sent)) return undefined;
    // Verdict, timer, page and voice may come at once. All but one would find the authenticator changed, and count as wrong.
    if (!(await store.claimHeldKeys(record))) return undefined;
    return verification.verify(challenge, store.openHeldKeys(record, sent.heldKeys), 'carrier');
  }

  async #end({ challenge, sent: { carrier, reference } }: FoundMessage): Promise<AnswerResult> {
    const { endings, sender } = this.#deps;
    const { via } = challenge.record;
    const hasEnded = await endings.end(challenge, 'machine');
    if (hasEnded && via !== undefined && reference !== undefined) await sender.cancel(via, carrier, reference);
    return ended('machine');
  }

  /** After the window: also where the call has ended, and no callback comes any more. */
  async #settleLater(id: string): Promise<void> {
    const { store } = this.#deps;
    const read = await store.message(id);
    if (read === undefined) return;
    const { sent, phase } = read;
    await this.settle({ id, sent, challenge: store.assemble({ record: sent.record, phase, sent }) });
  }
}
