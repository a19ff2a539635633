/** Makes a challenge of the values that were read of it: what is stored, and what pages see of it now. */
import { openStored, type Sealer } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { interrupts } from '../../ports/carriers.ts';
import type { Clock } from '../../ports/time.ts';
import { sealBinding } from '../challenge-state/keys.ts';
import { attemptsLeft, callDeadline, currentPhase, deadline, type Phase } from '../challenge-state/phase.ts';
import type { ChallengeRecord, SealedPart } from '../challenge-state/record.ts';
import { resendAllowance, type Resends } from '../challenge-state/resend-count.ts';
import { isHeld, type SentMessage } from '../challenge-state/sent-message.ts';
import type { ChallengeView } from '../challenge-state/view.ts';
import { factorNamed, type Factor } from '../factor.ts';
import type { FailedAttempts, SeenCount } from '../limits/failed-attempts.ts';
import type { LimitSettings } from '../limits/settings.ts';

/** A challenge as it was read: `phase` as stored, `view` as clock and counters make it. Writes compare with it. */
export interface LoadedChallenge {
  readonly record: ChallengeRecord;
  readonly contents: SealedPart;
  readonly factor: Factor;
  readonly phase: Phase;
  readonly view: ChallengeView;
  /** Its newest message, where it has one. */
  readonly sent?: SentMessage;
  readonly resends?: Resends;
  /** The failed attempts at what it asks for, where they were read. */
  readonly guesses?: SeenCount;
}

/** A message found by the token of its callback, with its challenge. */
export interface FoundMessage {
  readonly id: string;
  readonly sent: SentMessage;
  readonly challenge: LoadedChallenge;
}

export interface AssemblyDeps {
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly factors: readonly Factor[];
  readonly failedAttempts: FailedAttempts;
  readonly limits: Pick<LimitSettings, 'attemptsPerChallenge' | 'resends' | 'resendGap'>;
}

/** The values of a challenge, as they were read. */
export interface ReadChallenge {
  readonly record: ChallengeRecord;
  /** Its sealed part, where this request has sealed it. */
  readonly contents?: SealedPart;
  readonly phase: Phase | undefined;
  readonly sent?: SentMessage | undefined;
  readonly counter?: number | undefined;
  readonly resends?: Resends | undefined;
  readonly guesses?: SeenCount | undefined;
}

/** The challenge with its view at this moment. @throws Problem 'sign-in-lost' where its sealed part does not open */
export const assembled = (
  { limits, clock, sealer, factors, failedAttempts }: AssemblyDeps,
  read: ReadChallenge,
): LoadedChallenge => {
  const { record, sent, counter, resends, guesses } = read;
  const factor = factorNamed(factors, record.factor);
  const block = guesses && failedAttempts.blockOf(guesses);
  const contents = read.contents ?? openStored(sealer, record.sealed, sealBinding(record.id));
  if (contents === undefined) throw new Problem('sign-in-lost', `the challenge ${record.id} does not open`);
  const limit = factor.attempts ?? limits.attemptsPerChallenge;
  const progress = sent?.progress;
  const seen = {
    progress,
    declineBegun: sent?.declineBegun,
    attempts: counter,
    limit,
    spentReason: factor.spentReason,
  };
  const now = currentPhase(record, read.phase, seen, clock());
  const isDisabled = block?.reason === 'disabled' && now.name === 'pending';
  const phase: Phase = isDisabled ? { name: 'ended', at: clock(), reason: 'disabled' } : now;
  const isPending = phase.name === 'pending';
  const resend =
    factor.resend !== undefined && isPending
      ? resendAllowance(record, resends, { most: limits.resends, gap: limits.resendGap })
      : undefined;
  const hasEnded = sent?.ended === true;
  const holds = isPending && isHeld({ factor }, sent);
  // The carrier may have taken this call without telling us: no other call is placed until its time is over.
  const mayStillRing = interrupts(record.via) && phase.name === 'ended' && phase.reason === 'slow' && !hasEnded;
  const view: ChallengeView = {
    factor: record.factor,
    userId: record.userId,
    ...(record.chosen !== undefined && { chosen: record.chosen }),
    prompt: contents.prompt,
    phase: phase.name,
    ...(phase.name === 'ended' && { reason: phase.reason }),
    ...(phase.name === 'denied' && phase.unconfirmed && { reason: 'declined' as const }),
    ...(progress !== undefined && { progress: progress.step }),
    ...(progress?.step === 'undelivered' && sent?.undelivered && { undelivered: sent.undelivered }),
    ...(hasEnded && isPending && !holds && { callEnded: true as const }),
    ...(holds && { isHeld: true as const }),
    ...(resend !== undefined && { resend }),
    begunAt: record.begunAt,
    until: phase.name === 'passed' ? phase.at + record.redeemLifetime : deadline(record, progress),
    attemptsLeft: attemptsLeft(counter ?? 1, limit),
    ...(block?.reason === 'wait' && { waitUntil: block.until }),
    ...(phase.name === 'ended' && phase.until !== undefined && { waitUntil: phase.until }),
    ...(mayStillRing && { waitUntil: callDeadline(sent ?? { record }) }),
  };
  return {
    record,
    contents,
    factor,
    phase: read.phase ?? phase,
    view,
    ...(sent !== undefined && { sent }),
    ...(resends !== undefined && { resends }),
    ...(guesses !== undefined && { guesses }),
  };
};
