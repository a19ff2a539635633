/** Shares the clock, names and numbers of the sample pages. */
import type { CallEndReason } from '../../../src/end-reason.ts';
import type { Words } from '../../../src/locales/wording.ts';
import type { Html } from '../../html.ts';
import type { CallProgress, DeveloperNotes, Frame } from '../props.ts';
import type { CallPage, StepFrame } from '../step-props.ts';

export interface Sample {
  /** Page and state: `call/ringing`. */
  readonly name: string;
  readonly draw: (words: Words) => Html;
}

export const now = Date.UTC(2026, 10, 22, 13, 32, 7);
export const client = { name: 'Contoso Office', uri: 'http://127.0.0.1:3002/' };
export const reference = '7K3MQ2XA';
/** As a development environment passes them. */
export const developerNotes: DeveloperNotes = {
  limits: {
    pause: {
      sentence: 'For developers: this page was made by SALLYPORT_PAUSE=1h. To lift it:',
      link: { label: 'Start over in the simulator', href: 'http://127.0.0.1:3001/' },
    },
    sends: {
      sentence:
        'For developers: this page was made by one of SALLYPORT_SENDS_PER_NUMBER_AND_HOUR=100, SALLYPORT_SENDS_PER_NUMBER_AND_DAY=1000.',
    },
  },
  links: [
    { label: 'Sample relying party', href: 'http://127.0.0.1:3002/' },
    { label: 'Telephone simulator', href: 'http://127.0.0.1:3001/' },
  ],
};
export const frame: Frame = { uid: 'V1StGXR8Z5jdHi6B', client, reference, now };
export const step: StepFrame = {
  ...frame,
  account: 'ada@contoso.example',
  options: true,
  why: [{ kind: 'person' }],
};
export const sentTo = '+49 ••• 42';
export const office = '+49 ••• 00 x421';
export const pause = 86_400_000;
export const callsFrom = '+49 30 23125 000';
export const hostile = '<script>alert(1)</script> "Ünï & \u202Ecod\u2066e" '.repeat(3);

/** The last step of a call that ended so; `starting` for the others. */
export const reached: Partial<Readonly<Record<CallEndReason, CallProgress>>> = {
  'hung-up': 'answered',
  machine: 'answered',
  silence: 'answered',
  attempts: 'answered',
  declined: 'answered',
  unheard: 'answered',
  'no-answer': 'ringing',
  expired: 'ringing',
  cancelled: 'ringing',
  busy: 'dialled',
};
export const endings: readonly CallEndReason[] = [
  'busy',
  'no-answer',
  'unreachable',
  'machine',
  'undeliverable',
  'slow',
  'carrier-busy',
  'number-refused',
  'opted-out',
  'hung-up',
  'silence',
  'attempts',
  'expired',
  'cancelled',
  'declined',
  'unheard',
  'send-limit',
  'send-ceiling',
  'elsewhere',
  'paused',
  'lost',
  'disabled',
];
const waitUntil: Partial<Readonly<Record<CallEndReason, number>>> = {
  slow: now + 75_000,
  elsewhere: now + 40_000,
  'send-limit': now + 2_400_000,
  'send-ceiling': now + 600_000,
  paused: now + 86_000_000,
};
export const ended = (reason: CallEndReason): Extract<CallPage['state'], { readonly kind: 'ended' }> => {
  const until = waitUntil[reason];
  return { kind: 'ended', reason, progress: reached[reason] ?? 'starting', ...(until !== undefined && { until }) };
};
