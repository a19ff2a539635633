/** Results of an answer, a callback and a resend, as values: everything here is something that a person can cause. */
import type { VoicePrompt } from '../../ports/carriers.ts';
import type { EpochMillis } from '../../ports/time.ts';
import type { NotSentReason } from '../delivery/sender.ts';
import type { PushRefusal } from '../limits/push-limits.ts';
import type { WrongBecause } from '../factor.ts';
import type { ChallengeView } from '../challenge-state/view.ts';
import type { Phase } from '../challenge-state/phase.ts';
import type { EndReason } from '../../end-reason.ts';

/** Result of one answer to a challenge. */
export type AnswerResult =
  /** `enrolls`: the proof is for an enrollment, which binds it. `repeated`: it was taken before, and nothing changed. */
  | { readonly ok: true; readonly enrolls?: true; readonly repeated?: true }
  /** `waitUntil`: no answer is compared before then, where a wait begins with this one. */
  | {
      readonly ok: false;
      readonly reason: 'wrong';
      readonly attemptsLeft: number;
      readonly waitUntil?: EpochMillis;
      readonly reused?: true;
      readonly because?: WrongBecause;
    }
  /** No guess yet; `voicePrompt`: the next words on a telephone. */
  | { readonly ok: false; readonly reason: 'unfinished'; readonly voicePrompt?: VoicePrompt }
  /** `unconfirmed`: a `0` that no further key confirmed, so calls are not paused. */
  | { readonly ok: false; readonly reason: 'notMe'; readonly unconfirmed?: true; readonly repeated?: true }
  | { readonly ok: false; readonly reason: 'wait'; readonly until: EpochMillis }
  | { readonly ok: false; readonly reason: 'disabled' }
  /** The challenge takes no answer any more: it ended, or was answered. */
  | { readonly ok: false; readonly reason: 'over'; readonly phase: Phase['name']; readonly ended?: EndReason }
  /** No such challenge, or not this side's to answer. */
  | { readonly ok: false; readonly reason: 'refused' };

/** Result of an answer that was not right. */
export type NotRight = Exclude<AnswerResult, { readonly ok: true }>;

/** Result of a voice callback. `language`: of its voice, with the region; undefined where the token names none. */
export interface CallbackResult {
  readonly result: AnswerResult;
  readonly language: string | undefined;
}

/** Reasons for which the first message of a challenge was not sent: the sender's, and those of the account. */
export type UnsentReason = NotSentReason | PushRefusal['reason'] | 'elsewhere' | 'paused' | 'disabled';

/** Result of a resend. None of them ends the challenge: the message before may still arrive. */
export type ResendResult =
  | { readonly ok: true; readonly view: ChallengeView }
  /** Too soon after the last one. */
  | { readonly ok: false; readonly reason: 'wait'; readonly until: EpochMillis }
  /** The resends of this sign-in are used up. */
  | { readonly ok: false; readonly reason: 'spent' }
  /** No message of this challenge can be sent again, or it is not pending any more. */
  | { readonly ok: false; readonly reason: 'refused' | 'over' }
  | { readonly ok: false; readonly reason: NotSentReason };

export const refused: NotRight = { ok: false, reason: 'refused' };

export const ended = (reason: EndReason): NotRight => ({
  ok: false,
  reason: 'over',
  phase: 'ended',
  ended: reason,
});

/** The result for a challenge that takes no answer any more. */
export const overAs = (view: ChallengeView): NotRight => ({
  ok: false,
  reason: 'over',
  phase: view.phase,
  ...(view.reason !== undefined && { ended: view.reason }),
});
