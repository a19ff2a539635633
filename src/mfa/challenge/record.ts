/** How a challenge is kept, and how it stands at a given moment. Pure: `challenges.ts` does the reading and writing. */
import { sha256, type Sealed } from '../../crypto.ts';
import type { EndReason } from '../../end-reason.ts';
import { key, type Json, type Key } from '../../ports/stores.ts';
import type { Destination, Message } from '../../ports/carriers.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';
import type { DailySends } from '../../records.ts';
import type { EstablishedFacts } from './ceremonies.ts';
import type { Prompt } from '../factor.ts';

/** Who and what surrounds a ceremony, kept with its challenge so that a callback finds the same words and names. */
export interface RequestContext {
  /** The 8-character reference of the sign-in. */
  readonly reference: string;
  /** Where the person is going, as pages and calls name it. */
  readonly client: string;
  /** BCP 47. */
  readonly language: string;
  /** The issuer's origin. */
  readonly origin: string;
  /** Where the request came from. */
  readonly address: string;
  readonly person: { readonly id: string; readonly name: string };
}

/** Never changes after begin. What must not be read in a store (seed, number, names) is sealed. */
export interface ChallengeRecord {
  /** The digest of its first token: what that leads to and how it stands are read in one go. */
  readonly id: string;
  readonly purpose: 'authenticate' | 'enroll';
  readonly boundTo: string;
  readonly userId: string;
  readonly factor: string;
  /** The authenticator that was chosen, where one was. */
  readonly chosen?: string;
  /** What carries its message, where it sends one. */
  readonly via?: Message['via'];
  readonly begunAt: EpochMillis;
  readonly answerBy: EpochMillis;
  readonly afterPickUp?: Millis;
  /** From begin to the end of its telephone call, where it makes one. */
  readonly callFor?: Millis;
  readonly redeemFor: Millis;
  readonly sealed: Sealed<SealedPart>;
}

/** What `Body.sealed` holds. */
export interface SealedPart {
  readonly state: Json;
  readonly prompt: Prompt;
  readonly request: RequestContext;
  /** Whom the message goes to; its budgets are given back when the challenge is proven. */
  readonly sentTo?: Destination;
  /** The carrier was to say who picks up. */
  readonly screened?: true;
}

/** The one part that is swapped: pending ─right answer→ passed ─redeem→ redeemed; pending → denied; pending, passed → ended. */
export type Phase =
  | { readonly name: 'pending' }
  /** `facts`: what was proven, sealed to the challenge. */
  | { readonly name: 'passed'; readonly at: EpochMillis; readonly facts: Sealed<EstablishedFacts> }
  | { readonly name: 'redeemed'; readonly at: EpochMillis }
  | { readonly name: 'denied'; readonly at: EpochMillis }
  | { readonly name: 'ended'; readonly at: EpochMillis; readonly reason: EndReason };

/** How far the carrier got; kept apart from the phase, so that news never beats an answer. */
export interface MessageProgress {
  readonly step: 'dialled' | 'ringing' | 'answered' | 'sent' | 'delivered' | 'undelivered';
  readonly at: EpochMillis;
}

/** One message that was sent for a challenge, found by the token in the addresses of its callbacks. */
export interface SentMessage {
  readonly record: ChallengeRecord;
  /** The carrier's name for it: the first one told or heard. */
  readonly reference?: string;
  readonly progress?: MessageProgress;
  /** The budget of the day as this message left it: what is answered is given back to it. */
  readonly today?: DailySends;
  /** Somebody, or something, picked up and was spoken to. */
  readonly pickedUp?: true;
  /** Its code was dictated: the call may end, the challenge goes on. */
  readonly codeRevealed?: true;
  /** The call has ended. */
  readonly ended?: true;
}

/** The texts that one binding asked for again; `of` and `taken` are about the challenge that asked last. */
export interface Resends {
  readonly count: number;
  readonly at: EpochMillis;
  readonly of: string;
  /** How many of them were taken by the carrier, or may have been. */
  readonly taken: number;
  /** Digest of the token of the newest text. */
  readonly newest: string;
}

export const pending: Phase = { name: 'pending' };

export const keys = {
  /** The one live challenge of a binding. */
  current: (boundTo: string): Key<ChallengeRecord> => key('challenge-of', boundTo),
  phase: (id: string): Key<Phase> => key('phase', id),
  attempts: (id: string): Key<number> => key('attempts', id),
  /** Silences and keys that mean nothing, on a telephone. */
  silences: (id: string): Key<number> => key('silences', id),
  /** By the digest of a token: only that is kept. */
  sent: (id: string): Key<SentMessage> => key('sent', id),
  resends: (boundTo: string): Key<Resends> => key('resends', boundTo),
  /** The one call that may be ringing for an account: the digest of its token. */
  ringing: (userId: string): Key<string> => key('ringing', userId),
};

export const messageIdOf = (token: string): string => sha256(token);

/** How long a challenge is remembered after its last use, so that a late page or callback still learns what became of it. */
const remembrance: Millis = 600_000;

/** How long everything of a challenge is kept. */
export const retention = (record: ChallengeRecord): Millis =>
  record.answerBy - record.begunAt + record.redeemFor + remembrance;

/** What its sealed parts are bound to. */
export const sealBinding = (id: string): string => `challenge:${id}`;
export const factsBinding = (record: ChallengeRecord): string => `facts:${record.id}`;

export const challengeTopic = (boundTo: string): string => `challenge:${boundTo}`;

/** The last moment an answer counts, as things stand: what follows the pick-up is no time to ring. */
export const deadline = (
  { answerBy, afterPickUp }: ChallengeRecord,
  reachedStep: MessageProgress | undefined,
): EpochMillis => {
  if (afterPickUp === undefined) return answerBy;
  return reachedStep?.step === 'answered' ? Math.min(answerBy, reachedStep.at + afterPickUp) : answerBy - afterPickUp;
};

/** Until when a call of this challenge may ring or be spoken to. */
export const callDeadline = (record: ChallengeRecord, reachedStep: MessageProgress | undefined): EpochMillis =>
  Math.min(deadline(record, reachedStep), record.begunAt + (record.callFor ?? 0));

/**
 * When the same message can be sent again, and how often. It counts over the challenges of a binding, and never less than the
 * gap after whatever was sent last.
 */
export const resendAllowance = (
  record: ChallengeRecord,
  resends: Resends | undefined,
  { most, gap }: { readonly most: number; readonly gap: Millis },
): { readonly from: EpochMillis; readonly left: number } => {
  const { count = 0, at = 0 } = resends ?? {};
  return { from: Math.max(record.begunAt, at) + gap * 2 ** count, left: Math.max(0, most - count) };
};

/**
 * The phase as it stands now: time and tries are read off clock and counter, never written. `tries` is the counter's
 * reading (begin itself counts one, so it passes the limit with the last guess); undefined where there is nothing to guess.
 */
export const currentPhase = (
  record: ChallengeRecord,
  phase: Phase | undefined,
  seen: {
    readonly reached?: MessageProgress | undefined;
    readonly attempts?: number | undefined;
    readonly limit: number;
  },
  now: EpochMillis,
): Phase => {
  if (phase === undefined) return { name: 'ended', at: now, reason: 'lost' };
  if (phase.name === 'passed' && now > phase.at + record.redeemFor) {
    return { name: 'ended', at: phase.at + record.redeemFor, reason: 'expired' };
  }
  if (phase.name !== 'pending') return phase;
  const until = deadline(record, seen.reached);
  if (now > until) {
    const rang = record.afterPickUp !== undefined && seen.reached?.step !== 'answered';
    return { name: 'ended', at: until, reason: rang ? 'no-answer' : 'expired' };
  }
  if (seen.attempts !== undefined && seen.attempts > seen.limit) return { name: 'ended', at: now, reason: 'attempts' };
  return phase;
};

/** A challenge as pages see it. It has no id: the browser never learns one. */
export interface ChallengeView {
  readonly factor: string;
  readonly userId: string;
  readonly chosen?: string;
  readonly prompt: Prompt;
  readonly phase: Phase['name'];
  readonly reason?: EndReason;
  readonly progress?: MessageProgress['step'];
  /** The call that dictated its code has ended: the code still counts, and may be asked for anew. */
  readonly callEnded?: true;
  /** Where its message can be sent once more: not before `from`, `left` times. */
  readonly again?: { readonly from: EpochMillis; readonly left: number };
  readonly begunAt: EpochMillis;
  /** The last moment an answer counts, or, once passed, the last moment it can be redeemed. */
  readonly until: EpochMillis;
  readonly attemptsLeft: number;
  /** After wrong answers in a row: no answer is looked at before then. Of a call that may ring unheard of: no other leaves before. */
  readonly waitUntil?: EpochMillis;
}

/** True while something can still come of it: an answer, or its redemption. */
export const isLive = (view: ChallengeView): boolean => view.phase === 'pending' || view.phase === 'passed';
