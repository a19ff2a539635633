/** Defines what pages see of a challenge. */
import type { EndReason } from '../../end-reason.ts';
import type { UndeliveredCause } from '../../ports/carriers.ts';
import type { EpochMillis } from '../../ports/time.ts';
import type { Prompt } from '../factor.ts';
import type { Phase } from './phase.ts';
import type { MessageProgress } from './sent-message.ts';

/** A challenge as pages see it. It has no id: the browser never learns one. */
export interface ChallengeView {
  readonly factor: string;
  readonly userId: string;
  readonly chosen?: string;
  readonly prompt: Prompt;
  readonly phase: Phase['name'];
  readonly reason?: EndReason;
  readonly progress?: MessageProgress['step'];
  /** Why its text did not arrive: another one would not arrive either. */
  readonly undelivered?: UndeliveredCause;
  /** The keys that approve were pressed; they count once it is known whether a person answered. */
  readonly isHeld?: true;
  /** The call that dictated its code has ended: the code still counts, and another call may be asked for. */
  readonly callEnded?: true;
  /** Its message can be sent again: not before `from`, `left` times. */
  readonly resend?: { readonly from: EpochMillis; readonly left: number };
  readonly begunAt: EpochMillis;
  /** The last moment an answer counts, or, once passed, the last moment it can be redeemed. */
  readonly until: EpochMillis;
  readonly attemptsLeft: number;
  /**
   * No answer is compared before then (failed attempts in a row), or no other message is sent (its limits, or a call that may
   * still ring).
   */
  readonly waitUntil?: EpochMillis;
}

/** True while an answer or its redemption can still come. */
export const isLive = (view: ChallengeView): boolean => view.phase === 'pending' || view.phase === 'passed';
