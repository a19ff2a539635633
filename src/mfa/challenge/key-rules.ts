/** Decides which keys of a call count, and what they still change once a challenge is over. Pure. */
import { spoken } from '../../locales/spoken.ts';
import type { Heard } from '../../ports/carriers.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';
import type { KeyMeaning } from '../factor.ts';
import { isHeld } from '../challenge-state/sent-message.ts';
import type { ChallengeRecord } from '../challenge-state/record.ts';
import type { Phase } from '../challenge-state/phase.ts';
import { ended, overAs, type AnswerResult, type NotRight } from './result.ts';
import type { FoundMessage } from './loaded-challenge.ts';

/**
 * A question must have been spoken for so long before a key answers it. Behind an extension the key before is the same `#`, so
 * that people are quick; there the beginning of the question must have been understood.
 */
const untilHeard: Readonly<Record<'direct' | 'extension', Millis>> = { direct: 1_000, extension: 2_000 };

/**
 * True where approving keys count: the carrier says that the call is connected, an earlier callback told that it was picked
 * up, and the question can have been heard. A carrier may carry keys over that were pressed before: during the silence of machine
 * detection, or before the next question.
 */
export const mayApprove = (
  { sent, challenge }: FoundMessage,
  { isConnected }: Pick<Heard, 'isConnected'>,
  now: EpochMillis,
): boolean => {
  if (!isConnected || sent.pickedUp !== true) return false;
  const telephone = challenge.contents.sentTo?.extension === undefined ? 'direct' : 'extension';
  return sent.askedAt !== undefined && now >= sent.askedAt + untilHeard[telephone];
};

/** Ends of a call that a declining key, pressed before and reported later, turns into a refusal. */
const declinedLate: ReadonlySet<string> = new Set(['hung-up', 'silence', 'attempts']);

/** True where the owner may still say "this was not me": the challenge is open, or its call ended without an answer. */
export const canBeDeclined = (phase: Phase, meaning: KeyMeaning | undefined): boolean => {
  if (phase.name === 'pending') return true;
  if (phase.name === 'ended') return declinedLate.has(phase.reason);
  return phase.name === 'denied' && phase.unconfirmed === true && meaning === 'declines';
};

/**
 * The result of keys after a challenge took its answer; nothing changes. A carrier may report the same keys twice: they get
 * the same closing words again.
 */
export const afterwards = (
  { challenge, sent }: FoundMessage,
  meaning: KeyMeaning | undefined,
  { isSilent }: Pick<Heard, 'isSilent'>,
): AnswerResult => {
  const { factor, view, contents, record, phase } = challenge;
  const hasPassed = view.phase === 'passed' || view.phase === 'redeemed';
  if (hasPassed && factor.answeredBy === 'browser') {
    // A person who typed the dictated code may still be on the line: that is no replay, and approves nothing here.
    const phone = spoken(contents.request.language, contents.sentTo?.to ?? '');
    const voicePrompt = { say: phone.approved, language: phone.voice, gather: 'none' } as const;
    return { ok: false, reason: 'unfinished', voicePrompt };
  }
  // The verdict has let held keys approve, while the voice asked for a moment.
  if (hasPassed && isSilent && isHeld(challenge, sent)) return approved(record);
  if (hasPassed && meaning === 'approves') return approved(record, true);
  if (phase.name === 'denied') return notMe(phase.unconfirmed, true);
  // Ended by the clock alone: a key came, but too late.
  return phase.name === 'pending' && view.phase === 'ended' && !isSilent ? ended('expired') : overAs(view);
};

/** The result of keys that approved. `repeated`: they had been taken before. */
export const approved = ({ purpose }: Pick<ChallengeRecord, 'purpose'>, repeated?: true): AnswerResult => ({
  ok: true,
  ...(repeated && { repeated }),
  ...(purpose === 'enroll' && { enrolls: true }),
});

/** The result of a refusal. */
export const notMe = (unconfirmed?: true, repeated?: true): NotRight => ({
  ok: false,
  reason: 'notMe',
  ...(unconfirmed && { unconfirmed }),
  ...(repeated && { repeated }),
});
