/** What came of an answer, as values: everything here a person can cause. */
import type { EpochMillis } from '../../ports/time.ts';
import type { VoicePrompt } from '../../ports/carriers.ts';
import type { EndReason } from '../../end-reason.ts';
import type { Phase, ChallengeView } from './record.ts';
import type { Unsent } from '../delivery/sender.ts';

export type AnswerResult =
  /** `binds`: what was proven is to be bound to the account. */
  | { readonly ok: true; readonly enrolls?: true }
  | { readonly ok: false; readonly reason: 'wrong'; readonly attemptsLeft: number; readonly reused?: true }
  /** No guess yet; on a telephone, what it says next. */
  | { readonly ok: false; readonly reason: 'unfinished'; readonly voicePrompt?: VoicePrompt }
  | { readonly ok: false; readonly reason: 'notMe' }
  | { readonly ok: false; readonly reason: 'wait'; readonly until: EpochMillis }
  | { readonly ok: false; readonly reason: 'disabled' }
  /** Nothing can come of this challenge any more, or it has been answered. */
  | { readonly ok: false; readonly reason: 'over'; readonly phase: Phase['name']; readonly ended?: EndReason }
  /** Not this side's to answer, or nothing there. */
  | { readonly ok: false; readonly reason: 'refused' };

/** What came of the keys of a telephone. `language`: of the challenge they belong to; undefined where their token leads to none. */
export interface CallbackResult {
  readonly outcome: AnswerResult;
  readonly language: string | undefined;
}

/** What came of asking for the message once more. Nothing here ends the challenge: what was sent before may still arrive. */
export type ResendResult =
  | { readonly ok: true; readonly view: ChallengeView }
  /** Too soon after the last one. */
  | { readonly ok: false; readonly reason: 'wait'; readonly until: EpochMillis }
  /** As often as a sign-in may: what has come so far must do. */
  | { readonly ok: false; readonly reason: 'spent' }
  /** No message of this challenge can be sent again, or it is not pending any more. */
  | { readonly ok: false; readonly reason: 'refused' | 'over' }
  /** What stood in the way of this one. */
  | { readonly ok: false; readonly reason: Exclude<Unsent, 'elsewhere'> };

export const refused: AnswerResult = { ok: false, reason: 'refused' };

export const ended = (reason: EndReason): AnswerResult => ({
  ok: false,
  reason: 'over',
  phase: 'ended',
  ended: reason,
});

/** The outcome for a challenge that no answer can change any more. */
export const hasEnded = (view: ChallengeView): AnswerResult => ({
  ok: false,
  reason: 'over',
  phase: view.phase,
  ...(view.reason !== undefined && { ended: view.reason }),
});
