/** Counts the resends of a binding, and says when the next one is allowed. Pure. */
import type { EpochMillis, Millis } from '../../ports/time.ts';
import type { ChallengeRecord } from './record.ts';

/** Resends that one binding asked for; `of` and `taken` are about the challenge that asked last. */
export interface Resends {
  readonly count: number;
  readonly at: EpochMillis;
  /** Id of that challenge. */
  readonly of: string;
  /** How many of its resends the carrier took, or may have taken. */
  readonly taken: number;
  /** Id of its newest message. */
  readonly newest: string;
}

/**
 * When the same message can be sent again, and how often. Counts over all challenges of a binding, and waits at least the gap
 * after the last send; the gap doubles each time.
 */
export const resendAllowance = (
  record: ChallengeRecord,
  resends: Resends | undefined,
  { most, gap }: { readonly most: number; readonly gap: Millis },
): { readonly from: EpochMillis; readonly left: number } => {
  const { count = 0, at = 0 } = resends ?? {};
  return { from: Math.max(record.begunAt, at) + gap * 2 ** count, left: Math.max(0, most - count) };
};
