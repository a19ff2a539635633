/**
 * Defines the phases of a challenge, and derives the present one from the stored phase, the clock and the counter of attempts.
 *
 * pending ─right answer→ passed ─redeem→ redeemed; pending ─"not me"→ denied; pending, passed ─busy, cancelled, …→ ended
 *
 * Only the phase is ever swapped. Attempts, expiry and progress have keys of their own, or are derived from the clock.
 */
import type { Sealed } from '../../crypto.ts';
import type { EndReason } from '../../end-reason.ts';
import type { EpochMillis } from '../../ports/time.ts';
import type { ChallengeRecord, EstablishedFacts } from './record.ts';
import type { MessageProgress, SentMessage } from './sent-message.ts';

/** The stored phase, the only part that is swapped. */
export type Phase =
  | { readonly name: 'pending' }
  /** `facts`: EstablishedFacts, sealed to the challenge. */
  | { readonly name: 'passed'; readonly at: EpochMillis; readonly facts: Sealed<EstablishedFacts> }
  | { readonly name: 'redeemed'; readonly at: EpochMillis }
  /** `unconfirmed`: a `0` that no further key confirmed, so calls are not paused. */
  | { readonly name: 'denied'; readonly at: EpochMillis; readonly unconfirmed?: true }
  /** `until`: end of the limit that refused its message. */
  | { readonly name: 'ended'; readonly at: EpochMillis; readonly reason: EndReason; readonly until?: EpochMillis };

export const pending: Phase = { name: 'pending' };

/** The last moment an answer counts. Before the pick-up, time reserved for the conversation is not available for ringing. */
export const deadline = (
  { answerBy, afterPickUp }: ChallengeRecord,
  progress: MessageProgress | undefined,
): EpochMillis => {
  if (afterPickUp === undefined) return answerBy;
  return progress?.step === 'answered' ? Math.min(answerBy, progress.at + afterPickUp) : answerBy - afterPickUp;
};

/**
 * The last moment at which a call may ring or go on, or a push be answered. A dictated code may be heard for longer than a question.
 */
export const callDeadline = ({ record, progress, codeRevealed }: SentMessage): EpochMillis => {
  const { begunAt, call } = record;
  // A push can be answered until the challenge ends.
  if (call === undefined) return record.via === 'push' ? deadline(record, progress) : begunAt;
  const { lifetime, connectedFor, keyWithin } = call;
  const end =
    progress?.step === 'answered'
      ? progress.at + (codeRevealed === true ? connectedFor : keyWithin)
      : begunAt + lifetime - connectedFor;
  return Math.min(end, deadline(record, progress), begunAt + lifetime);
};

/**
 * Attempts left at this reading of the counter, in which begin counted one. The one rule of the limit: with no attempt left a
 * challenge has ended, and a guess is refused.
 */
export const attemptsLeft = (counter: number, limit: number): number => Math.max(0, limit - (counter - 1));

/**
 * The phase as it is now: time and attempts are derived from clock and counter, never written.
 * `attempts` is the counter's reading; undefined where there is nothing to guess.
 */
export const currentPhase = (
  record: ChallengeRecord,
  phase: Phase | undefined,
  seen: {
    readonly progress?: MessageProgress | undefined;
    readonly declineBegun?: true | undefined;
    readonly attempts?: number | undefined;
    readonly limit: number;
    /** Why it ended where no attempt is left. Default: attempts. */
    readonly spentReason?: EndReason | undefined;
  },
  now: EpochMillis,
): Phase => {
  if (phase === undefined) return { name: 'ended', at: now, reason: 'lost' };
  if (phase.name === 'passed' && now > phase.at + record.redeemLifetime) {
    return { name: 'ended', at: phase.at + record.redeemLifetime, reason: 'expired' };
  }
  if (phase.name !== 'pending') return phase;
  const until = deadline(record, seen.progress);
  if (now > until && seen.declineBegun) return { name: 'denied', at: until, unconfirmed: true };
  if (now > until) {
    const unanswered = seen.progress?.step === 'answered' ? 'silence' : 'no-answer';
    return { name: 'ended', at: until, reason: record.afterPickUp === undefined ? 'expired' : unanswered };
  }
  if (seen.attempts !== undefined && attemptsLeft(seen.attempts, seen.limit) === 0) {
    return { name: 'ended', at: now, reason: seen.spentReason ?? 'attempts' };
  }
  return phase;
};
