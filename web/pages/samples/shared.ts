/** What the sample pages have in common. */
import type { Words } from '../../../src/locales/wording.ts';
import type { Html } from '../../html.ts';
import type { CallPage, CallProgress, Ended, Frame, StepFrame } from '../props.ts';

export interface Sample {
  /** `call/ringing`: the page, then its state. */
  readonly name: string;
  readonly draw: (words: Words) => Html;
}

export const now = Date.UTC(2026, 10, 22, 13, 32, 7);
export const client = { name: 'Contoso Office', uri: 'http://127.0.0.1:3002/' };
export const reference = '7K3MQ2XA';
export const frame: Frame = { uid: 'V1StGXR8Z5jdHi6B', client, reference, now };
export const step: StepFrame = { ...frame, account: 'ada@contoso.example', options: true };
export const sentTo = '+49 ••• 42';
export const office = '+49 ••• 00 x421';
export const callsFrom = '+49 30 23125 000';
export const hostile = '<script>alert(1)</script> "Ünï & \u202Ecod\u2066e" '.repeat(3);

export const reached: Partial<Readonly<Record<Ended, CallProgress>>> = {
  'hung-up': 'answered',
  machine: 'answered',
  silence: 'answered',
  attempts: 'answered',
  'no-answer': 'ringing',
  expired: 'ringing',
  cancelled: 'ringing',
  busy: 'dialled',
};
export const endings: readonly Ended[] = [
  'busy',
  'no-answer',
  'unreachable',
  'machine',
  'undeliverable',
  'slow',
  'carrier-busy',
  'number-refused',
  'hung-up',
  'silence',
  'attempts',
  'expired',
  'cancelled',
  'send-limit',
  'elsewhere',
  'paused',
  'lost',
  'disabled',
];
const soon: Partial<Readonly<Record<Ended, number>>> = {
  slow: now + 75_000,
  elsewhere: now + 40_000,
  paused: now + 86_000_000,
};
export const ended = (reason: Ended): Extract<CallPage['state'], { readonly kind: 'ended' }> => {
  const until = soon[reason];
  return { kind: 'ended', reason, progress: reached[reason] ?? 'starting', ...(until !== undefined && { until }) };
};
