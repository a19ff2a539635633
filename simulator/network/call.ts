import { randomBytes } from 'node:crypto';

export type CallStatus =
  | 'queued'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'canceled';
export type CallEvent = 'initiated' | 'ringing' | 'answered' | 'completed';

/** What CreateCall asked for. */
export interface Order {
  readonly to: string;
  readonly from: string;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly statusCallback?: string;
  readonly statusCallbackMethod: 'GET' | 'POST';
  readonly events: readonly CallEvent[];
  /** Seconds the phone may ring. */
  readonly timeout: number;
  /** Seconds from the answer to the forced end. */
  readonly timeLimit: number;
  /** Keys that the network dials once somebody answered. */
  readonly sendDigits?: string;
  readonly machineDetection?: 'Enable' | 'DetectMessageEnd';
  /** Seconds for which detection is tried. */
  readonly machineDetectionTimeout: number;
}

/** What was heard, in order: the voice on the line, tones it dialled, or keys that the person pressed. */
export type Utterance =
  | { readonly who: 'line'; readonly text: string; readonly language: string; readonly words: number; spoken: number }
  | { readonly who: 'tones' | 'person'; keys: string };

/**
 * One telephone that a call reached: the number that was called, or an extension behind it, written as in RFC 3966
 * (`+12025550150;ext=421`). The first one decides the status of the call.
 */
export interface Leg {
  readonly phone: string;
  state: 'coming' | 'ringing' | 'on' | 'over';
  ringingAt?: number;
  answeredAt?: number;
  endedAt?: number;
  why?: string;
  /** What had been said before it was picked up: nobody heard that here. */
  missed: { readonly utterances: number; readonly words: number };
}

/** One call as the network keeps it. Only the network changes it. */
export interface Call {
  readonly sid: string;
  readonly order: Order;
  readonly createdAt: number;
  status: CallStatus;
  updatedAt: number;
  ringingAt?: number;
  answeredAt?: number;
  endedAt?: number;
  /** Why it ended, in words. */
  why?: string;
  /** What machine detection said, and how many milliseconds it took. */
  answeredBy?: { readonly says: string; readonly took: number };
  /** True while keys are listened to. */
  listening: boolean;
  readonly heard: Utterance[];
  /** In the order in which they were reached; at least one. */
  readonly legs: [Leg, ...Leg[]];
}

const onwards: Readonly<Record<CallStatus, readonly CallStatus[]>> = {
  queued: ['ringing', 'failed', 'canceled'],
  ringing: ['in-progress', 'busy', 'no-answer', 'failed', 'canceled'],
  'in-progress': ['completed'],
  completed: [],
  busy: [],
  'no-answer': [],
  failed: [],
  canceled: [],
};

/** Whether a call may go from one status to another. A call that is over stays as it ended. */
export const mayBecome = (from: CallStatus, to: CallStatus): boolean => onwards[from].includes(to);

export const isOver = (status: CallStatus): boolean => onwards[status].length === 0;

/** A new call's identifier: CA and 32 hexadecimal digits. */
export const callSid = (): string => `CA${randomBytes(16).toString('hex')}`;

export const newLeg = (phone: string): Leg => ({ phone, state: 'coming', missed: { utterances: 0, words: 0 } });

/** Where this telephone stands in a call, in the words of calls. */
export const statusAt = (call: Call, leg: Leg): CallStatus => {
  if (leg === call.legs[0]) return call.status;
  if (leg.state === 'over') return leg.answeredAt === undefined ? 'no-answer' : 'completed';
  return leg.state === 'on' ? 'in-progress' : 'ringing';
};

/** How much has been said so far. */
export const saidSoFar = ({ heard }: Call): Leg['missed'] => {
  const last = heard.at(-1);
  const open = last?.who === 'line' && last.spoken < last.words;
  return open ? { utterances: heard.length - 1, words: last.spoken } : { utterances: heard.length, words: 0 };
};

/** A new call, whose first ring goes to `phone`. */
export const newCall = (order: Order, phone: string, now: number): Call => ({
  sid: callSid(),
  order,
  createdAt: now,
  updatedAt: now,
  status: 'queued',
  listening: false,
  heard: [],
  legs: [newLeg(phone)],
});

/** Whole seconds that a call was connected; undefined while it is on, or where nobody answered. */
export const durationOf = ({ answeredAt, endedAt }: Call): number | undefined =>
  answeredAt === undefined || endedAt === undefined ? undefined : Math.round((endedAt - answeredAt) / 1000);
