/**
 * What is stored of a challenge, and what follows from it. Pure: `challenge/store.ts` reads and writes.
 *
 *   record.ts           the body, which never changes    sent-message.ts    each of its messages, and reports about them
 *   phase.ts            where it is now, and its ends    resend-count.ts    how often a message may be sent again
 *   request-context.ts  the request that asked for it    view.ts            what pages see of it
 *   keys.ts             where the values are stored, and for how long
 */
import type { Sealed } from '../../crypto.ts';
import { destinationOf, type CallMessage, type Destination, type Message } from '../../ports/carriers.ts';
import type { Json } from '../../ports/stores.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';
import type { Acr, Amr, BegunCeremony, Enrolled, Prompt } from '../factor.ts';
import type { CountedSend } from '../limits/send-limits.ts';
import type { RequestContext } from './request-context.ts';

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
