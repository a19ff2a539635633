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
  readonly machineDetection?: 'Enable' | 'DetectMessageEnd';
}

/** What was heard, in order: the voice on the line, or keys that the person pressed. */
export type Utterance =
  | { readonly who: 'line'; readonly text: string; readonly language: string; readonly words: number; spoken: number }
  | { readonly who: 'person'; keys: string };

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
  /** True while keys are listened to. */
  listening: boolean;
  readonly heard: Utterance[];
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

export const newCall = (order: Order, now: number): Call => ({
  sid: callSid(),
  order,
  createdAt: now,
  updatedAt: now,
  status: 'queued',
  listening: false,
  heard: [],
});

/** Whole seconds that a call was connected; undefined while it is on, or where nobody answered. */
export const durationOf = ({ answeredAt, endedAt }: Call): number | undefined =>
  answeredAt === undefined || endedAt === undefined ? undefined : Math.round((endedAt - answeredAt) / 1000);
