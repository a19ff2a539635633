/**
 * Defines what is stored of a challenge, and derives its current state. Pure: `store.ts` reads and writes.
 *
 * States: pending ─right answer→ passed ─redeem→ redeemed; pending ─"not me"→ denied; pending, passed → ended (EndReason).
 * Only the phase is ever swapped. Attempts, expiry and progress have keys of their own or are derived from the clock.
 */
import { sha256, type Sealed } from '../../crypto.ts';
import {
  destinationOf,
  messageTraits,
  type Answerer,
  type CallMessage,
  type Destination,
  type Message,
  type ProgressStep,
  type UndeliveredCause,
} from '../../ports/carriers.ts';
import { key, type Json, type Key } from '../../ports/stores.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';
import type { EndReason } from '../../end-reason.ts';
import type { DailySends } from '../../records.ts';
import type { Acr, Amr, Enrolled, BegunCeremony, Factor, Prompt } from '../factor.ts';
import type { CountedSend } from '../limits/send-limits.ts';
import type { RequestPurpose } from '../push/protocol.ts';

/** Surroundings of a request, kept with its challenge so that a callback finds the same language and names. */
export interface RequestContext {
  /** The 8-character reference of the sign-in. */
  readonly reference: string;
  /** Name of the client, as pages and calls say it. */
  readonly client: string;
  /** BCP 47. */
  readonly language: string;
  /** The issuer's origin. */
  readonly origin: string;
  /** Address that the request came from; absent: no browser of the person asked. */
  readonly address?: string;
  readonly person: { readonly id: string; readonly name: string };
  /** This person has signed in before in the browser that asks. */
  readonly isKnownBrowser?: true;
  /** The level that the sign-in is to reach by this challenge; absent: any. */
  readonly level?: Acr;
  /** The page may make a passkey without a question to the person. */
  readonly isConditional?: true;
  /** Browser and system that ask, as the history of sign-ins shows them: "Firefox on Linux". */
  readonly browser?: string;
  /** Absent where no browser asked for the challenge. */
  readonly sharing?: SharingTerms;
  /** What a device is asked about; absent: a sign-in, or the test that ends a pairing. */
  readonly purpose?: Extract<RequestPurpose, 'approval' | 'caller'>;
  /** Text of the client or of the help desk that a device shows. */
  readonly message?: string;
}

/** Which other sign-ins may use a challenge (`sharing.ts`): those with the same terms. */
export interface SharingTerms {
  /** SHA-256 of the browser's secret. */
  readonly browser: string;
  /** What the person approves: prompt, client and level, as one text to be compared. */
  readonly approves: string;
}

/** The body of a challenge. Never changes after begin; seed, number and names are sealed. */
export interface ChallengeRecord {
  /** SHA-256 of its first token, so that a callback's token finds message and phase in one read. */
  readonly id: string;
  readonly purpose: 'authenticate' | 'enroll';
  /** Interaction, enrollment or request that the challenge belongs to; each has one live challenge. */
  readonly boundTo: string;
  readonly userId: string;
  readonly factor: string;
  /** The authenticator that was chosen, where one was. */
  readonly chosen?: string;
  /** Kind of its message, where it sends one. */
  readonly via?: Message['via'];
  readonly begunAt: EpochMillis;
  readonly answerBy: EpochMillis;
  /** Time to answer from the pick-up, where that is sooner. */
  readonly afterPickUp?: Millis;
  /** Times of its call, where it makes one. */
  readonly call?: Pick<CallMessage, 'lifetime' | 'connectedFor' | 'keyWithin'>;
  readonly redeemLifetime: Millis;
  readonly sealed: Sealed<SealedPart>;
}

/** The sealed part of a challenge record. */
export interface SealedPart {
  readonly state: Json;
  readonly prompt: Prompt;
  readonly request: RequestContext;
  /** Destination of its message: its send limits are refunded once the challenge is proven. */
  readonly sentTo?: Destination;
  /** The carrier was asked to tell a person from an answering machine. */
  readonly machineDetection?: true;
  /** It detects while we speak, at most this long from the pick-up. */
  readonly asyncDetectionTimeout?: Millis;
}

/** The facts that a right answer established: an authenticator was used, or a new one is to be bound. */
export type EstablishedFacts =
  | { readonly authenticator: string; readonly amr: readonly Amr[]; readonly acr: Acr }
  | Enrolled;

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

/** How far a carrier got. Kept apart from the phase, so that a report can never win against an answer. */
export interface MessageProgress {
  readonly step: ProgressStep;
  readonly at: EpochMillis;
}

/** One message of a challenge, found by the token in the addresses of its callbacks. */
export interface SentMessage {
  readonly record: ChallengeRecord;
  /** The carrier that took it. */
  readonly carrier?: string;
  /** The carrier's name for it: the first one that was told or heard binds. */
  readonly reference?: string;
  readonly progress?: MessageProgress;
  /** The daily sends as this message left them, for its refund. */
  readonly today?: DailySends;
  /** Somebody or something picked up and was spoken to. */
  readonly pickedUp?: true;
  /** A `0` was pressed: without another answer the attempt ends as declined. */
  readonly declineBegun?: true;
  /** The carrier's verdict on who picked up, where it detects while we speak. */
  readonly answerer?: Answerer;
  /** Keys that were pressed before that verdict, sealed to the challenge. They count once it is known who answered. */
  readonly heldKeys?: Sealed<string>;
  /** When the question was first asked, or anew. Behind a switchboard it is asked at the extension only. */
  readonly askedAt?: EpochMillis;
  /** Its code was dictated: the call may end, the challenge goes on. */
  readonly codeRevealed?: true;
  /** The call has ended. */
  readonly ended?: true;
  /** Why this text did not arrive, where the carrier told. */
  readonly undelivered?: UndeliveredCause;
}

/** A report about a message. */
export interface MessageNews extends Pick<
  SentMessage,
  | 'carrier'
  | 'today'
  | 'pickedUp'
  | 'declineBegun'
  | 'answerer'
  | 'heldKeys'
  | 'askedAt'
  | 'codeRevealed'
  | 'ended'
  | 'undelivered'
> {
  readonly reference?: string | undefined;
  readonly step?: ProgressStep | undefined;
}

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
  readonly again?: { readonly from: EpochMillis; readonly left: number };
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

/** The sealed part of a challenge, made from its ceremony. */
export const sealedPartOf = ({ state, prompt, message }: BegunCeremony, request: RequestContext): SealedPart => {
  if (message === undefined) return { state, prompt, request };
  const sentTo = destinationOf(message);
  const { machineDetection = false, asyncDetectionTimeout } = message.via === 'call' ? message : {};
  return {
    state,
    prompt,
    request,
    ...(sentTo !== undefined && { sentTo }),
    ...(machineDetection && { machineDetection: true as const }),
    ...(machineDetection && asyncDetectionTimeout !== undefined && { asyncDetectionTimeout }),
  };
};

/** One send of a challenge, as the send limits count it; undefined where it goes to no number or mailbox. */
export const countedSend = (
  { userId, purpose, begunAt }: ChallengeRecord,
  destination: Destination | undefined,
  { isKnownBrowser }: Pick<RequestContext, 'isKnownBrowser'>,
): CountedSend | undefined =>
  destination && { userId, purpose, at: begunAt, ...destination, ...(isKnownBrowser && { isKnownBrowser }) };

/** True where a challenge counts against the limits of pushes: one of a sign-in. A pairing pushes to a device that asked for it. */
export const countsPush = ({ via, purpose }: ChallengeRecord, request: Pick<RequestContext, 'purpose'>): boolean =>
  via === 'push' && purpose === 'authenticate' && request.purpose === undefined;

export const pending: Phase = { name: 'pending' };

/** Keys in the short-lived store. */
export const keys = {
  /** The one live challenge of a binding. */
  current: (boundTo: string): Key<ChallengeRecord> => key('challenge-of', boundTo),
  phase: (id: string): Key<Phase> => key('phase', id),
  attempts: (id: string): Key<number> => key('attempts', id),
  /** Unanswered voice prompts of a call. */
  silences: (id: string): Key<number> => key('silences', id),
  /** Exists while one caller verifies the held keys of a call. */
  heldKeysClaim: (id: string): Key<true> => key('held-keys-claim', id),
  /** By `messageIdOf` of its token: the token itself is never stored. */
  sent: (id: string): Key<SentMessage> => key('sent', id),
  resends: (boundTo: string): Key<Resends> => key('resends', boundTo),
  /** The one call or push that a person may be asked to answer for a sign-in or a pairing: the id of its message. */
  ringing: (userId: string): Key<string> => key('ringing', userId),
  /** The same for a request that no sign-in made: it must never keep a person from signing in. */
  asking: (userId: string): Key<string> => key('asking', userId),
  /** The newest text that this browser asked for, for an account: the id of its message. `browser`: SHA-256 of its secret. */
  texted: (userId: string, browser: string): Key<string> => key('texted', userId, browser),
};

/** Id of the message with this token. */
export const messageIdOf = (token: string): string => sha256(token);

/** A challenge is kept for so long after its last use, so that a late page or callback still learns how it ended. */
const remembrance: Millis = 600_000;

/** How long everything of a challenge is kept. */
export const retention = (record: ChallengeRecord): Millis =>
  record.answerBy - record.begunAt + record.redeemLifetime + remembrance;

/** Bindings of the sealed texts to their challenge (additional data of the AEAD). */
export const sealBinding = (id: string): string => `challenge:${id}`;
export const factsBinding = (record: ChallengeRecord): string => `facts:${record.id}`;
export const heldKeysBinding = (record: ChallengeRecord): string => `held-keys:${record.id}`;

/** Topic on which changes of a binding's challenge are published. */
export const challengeTopic = (boundTo: string): string => `challenge:${boundTo}`;

/** The last moment an answer counts. Before the pick-up, time reserved for the conversation is not available for ringing. */
export const deadline = (
  { answerBy, afterPickUp }: ChallengeRecord,
  progress: MessageProgress | undefined,
): EpochMillis => {
  if (afterPickUp === undefined) return answerBy;
  return progress?.step === 'answered' ? Math.min(answerBy, progress.at + afterPickUp) : answerBy - afterPickUp;
};

/** The last moment at which a call may ring or be spoken to, or a push be answered. A dictated code may be heard for longer than a question. */
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

/** True where approving keys of a call wait for the verdict on who answered. Keys that only ask for a code approve nothing. */
export const isHeld = (
  { factor }: { readonly factor: Pick<Factor, 'answeredBy'> },
  sent: SentMessage | undefined,
): sent is SentMessage & Required<Pick<SentMessage, 'heldKeys'>> =>
  factor.answeredBy === 'device' && sent?.heldKeys !== undefined;

/** True while an answer or its redemption can still come. */
export const isLive = (view: ChallengeView): boolean => view.phase === 'pending' || view.phase === 'passed';

/** True where a report names another message than the one that is bound: it must change nothing. */
export const isAboutAnother = ({ reference }: SentMessage, news: MessageNews): boolean =>
  news.reference !== undefined && reference !== undefined && reference !== news.reference;

/**
 * The message with this news; the same object where nothing changes. A step behind the known one is ignored; marks, once set,
 * stay; the first reference binds. Of a `0` that has begun to decline and keys that are held, the later one counts. A verdict
 * stays too, but a machine counts whenever it is told.
 */
export const withNews = (sent: SentMessage, news: MessageNews, now: EpochMillis): SentMessage => {
  const { step, reference, declineBegun, heldKeys, answerer, ...marks } = news;
  const isFurther = step !== undefined && orderOf(sent, step) > orderOf(sent, sent.progress?.step);
  const { declineBegun: declined, heldKeys: held, ...others } = sent;
  const isDeclined = heldKeys === undefined && (declineBegun ?? declined);
  const kept = declineBegun === undefined ? (held ?? heldKeys) : undefined;
  const verdict = answerer === 'machine' ? answerer : (sent.answerer ?? answerer);
  const next: SentMessage = {
    ...others,
    ...marks,
    ...(isDeclined === true && { declineBegun: true as const }),
    ...(kept !== undefined && { heldKeys: kept }),
    ...(verdict !== undefined && { answerer: verdict }),
    ...(reference !== undefined && { reference }),
    ...(isFurther && { progress: { step, at: now } }),
  };
  const changed = isFurther || watched.some(member => sent[member] !== next[member]);
  return changed ? next : sent;
};

/** Members by which news is told from a repetition. */
const watched = [
  'carrier',
  'reference',
  'pickedUp',
  'declineBegun',
  'answerer',
  'heldKeys',
  'askedAt',
  'codeRevealed',
  'ended',
  'undelivered',
] as const satisfies readonly (keyof SentMessage)[];

/** Place of a step in the order of its kind of message; -1 for no step. */
const orderOf = ({ record: { via } }: SentMessage, step: ProgressStep | undefined): number =>
  via === undefined || step === undefined ? -1 : messageTraits[via].steps.indexOf(step);
