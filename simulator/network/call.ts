/**
 * Defines a call, its legs and its statuses:
 *
 *     queued → ringing → in-progress → completed
 *        ↓        ↓
 *     failed   busy, no-answer, failed
 *     canceled canceled
 */
import { randomBytes } from 'node:crypto';

/** Status of a call, https://www.twilio.com/docs/voice/api/call-resource. */
export type CallStatus =
  | 'queued'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'canceled';
/** Event of a call that a status callback may report. */
export type CallEvent = 'initiated' | 'ringing' | 'answered' | 'completed';

/** The checked parameters of CreateCall. */
export interface CallParameters {
  readonly to: string;
  readonly from: string;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** Asked for a document where one could not be fetched or performed. */
  readonly fallbackUrl?: string;
  readonly fallbackMethod: 'GET' | 'POST';
  readonly statusCallback?: string;
  readonly statusCallbackMethod: 'GET' | 'POST';
  readonly events: readonly CallEvent[];
  /** Seconds the phone may ring. */
  readonly timeout: number;
  /** Seconds from the answer to the forced end. */
  readonly timeLimit: number;
  /** Keys that the network dials after the answer. */
  readonly sendDigits?: string;
  readonly machineDetection?: 'Enable' | 'DetectMessageEnd';
  /** Seconds for which detection is tried. */
  readonly machineDetectionTimeout: number;
  /** Detection runs while the documents do, and its result is posted here (AsyncAmd). */
  readonly asyncAmdStatusCallback?: string;
  readonly asyncAmdStatusCallbackMethod: 'GET' | 'POST';
}

/** An entry of the transcript: speech on the line, tones that the caller dialled, or keys that the person pressed. */
export type Utterance =
  | { readonly who: 'line'; readonly text: string; readonly language: string; readonly words: number; spoken: number }
  | { readonly who: 'tones' | 'person'; keys: string };

/**
 * One telephone that a call reached: the called number, or an extension behind it, written as in RFC 3966
 * (`+12025550150;ext=421`). The first leg decides the status of the call.
 */
export interface Leg {
  readonly phone: string;
  state: 'pending' | 'ringing' | 'answered' | 'ended';
  ringingAt?: number;
  answeredAt?: number;
  endedAt?: number;
  /** Why it ended, in words. */
  reason?: string;
  /** The part of the transcript from before this telephone was answered, which is not heard there. */
  missed: { readonly utterances: number; readonly words: number };
}

/** One call. Only the network changes it. Times in milliseconds since 1970. */
export interface Call {
  readonly sid: string;
  readonly parameters: CallParameters;
  readonly createdAt: number;
  status: CallStatus;
  updatedAt: number;
  ringingAt?: number;
  answeredAt?: number;
  endedAt?: number;
  /** Why it ended, in words. */
  reason?: string;
  /** Result of machine detection, and how many milliseconds it took. */
  answeredBy?: { readonly result: string; readonly took: number };
  /** True while a Gather accepts keys. */
  listening: boolean;
  /** The transcript, in order. */
  readonly heard: Utterance[];
  /** In the order in which they were reached; at least one. */
  readonly legs: [Leg, ...Leg[]];
}

const transitions: Readonly<Record<CallStatus, readonly CallStatus[]>> = {
  queued: ['ringing', 'failed', 'canceled'],
  ringing: ['in-progress', 'busy', 'no-answer', 'failed', 'canceled'],
  'in-progress': ['completed'],
  completed: [],
  busy: [],
  'no-answer': [],
  failed: [],
  canceled: [],
};

/** Whether a call may go from one status to another. A final status never changes. */
export const canBecome = (from: CallStatus, to: CallStatus): boolean => transitions[from].includes(to);

/** Whether a status is final. */
export const isOver = (status: CallStatus): boolean => transitions[status].length === 0;

/** A new identifier of a call: CA and 32 hexadecimal digits. */
export const callSid = (): string => `CA${randomBytes(16).toString('hex')}`;

/** A leg to a telephone that does not ring yet. */
export const newLeg = (phone: string): Leg => ({ phone, state: 'pending', missed: { utterances: 0, words: 0 } });

/** The state of one leg, expressed as the status of a call. */
export const statusOfLeg = (call: Call, leg: Leg): CallStatus => {
  if (leg === call.legs[0]) return call.status;
  if (leg.state === 'ended') return leg.answeredAt === undefined ? 'no-answer' : 'completed';
  return leg.state === 'answered' ? 'in-progress' : 'ringing';
};

/** The length of the transcript so far: finished utterances, and words of an unfinished one. */
export const spokenSoFar = ({ heard }: Call): Leg['missed'] => {
  const last = heard.at(-1);
  const isUnfinished = last?.who === 'line' && last.spoken < last.words;
  return isUnfinished ? { utterances: heard.length - 1, words: last.spoken } : { utterances: heard.length, words: 0 };
};

/** A new queued call. Its first leg leads to `phone`. */
export const newCall = (parameters: CallParameters, phone: string, now: number): Call => ({
  sid: callSid(),
  parameters,
  createdAt: now,
  updatedAt: now,
  status: 'queued',
  listening: false,
  heard: [],
  legs: [newLeg(phone)],
});

/** Whole seconds from answer to end. Undefined while the call is in progress, and if it was not answered. */
export const durationOf = ({ answeredAt, endedAt }: Call): number | undefined =>
  answeredAt === undefined || endedAt === undefined ? undefined : Math.round((endedAt - answeredAt) / 1000);
