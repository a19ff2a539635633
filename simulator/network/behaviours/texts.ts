/** What becomes of a text on its way to a telephone. */
export interface TextDoing {
  readonly label: string;
  /** On the phone's screen, while it is set so. */
  readonly note?: string;
  /** Milliseconds after it was sent; undefined: never. */
  readonly arrives?: number;
  readonly times: 1 | 2;
  /** The last status the carrier tells. */
  readonly ends: 'sent' | 'delivered' | 'undelivered' | 'failed';
  /** Twilio's error code and words, where it ends badly. */
  readonly error?: readonly [code: number, message: string];
}

/** A new behaviour is a new row. */
export const textDoings = {
  'at-once': { label: 'At once', arrives: 0, times: 1, ends: 'delivered' },
  late: {
    label: 'Late',
    note: 'Texts arrive after 90 s, or when you let them.',
    arrives: 90_000,
    times: 1,
    ends: 'delivered',
  },
  doubled: { label: 'Doubled', note: 'Each text arrives twice.', arrives: 0, times: 2, ends: 'delivered' },
  lost: { label: 'Lost', note: 'Texts are lost, and nobody says so.', times: 1, ends: 'sent' },
  undelivered: {
    label: 'Undelivered',
    note: 'Switched off: texts come back (30003).',
    times: 1,
    ends: 'undelivered',
    error: [30003, 'Unreachable destination handset'],
  },
  blocked: {
    label: 'Blocked',
    note: 'The carrier blocks texts (30004).',
    times: 1,
    ends: 'undelivered',
    error: [30004, 'Message blocked'],
  },
  unknown: {
    label: 'Unknown handset',
    note: 'The carrier knows no such handset (30005).',
    times: 1,
    ends: 'undelivered',
    error: [30005, 'Unknown destination handset'],
  },
  landline: {
    label: 'Landline',
    note: 'A landline: no texts (30006).',
    times: 1,
    ends: 'undelivered',
    error: [30006, 'Landline or unreachable carrier'],
  },
  filtered: {
    label: 'Filtered',
    note: 'Taken for spam (30007).',
    times: 1,
    ends: 'undelivered',
    error: [30007, 'Message filtered'],
  },
  failed: {
    label: 'Failed',
    note: 'The carrier fails (30008).',
    times: 1,
    ends: 'failed',
    error: [30008, 'Unknown error'],
  },
} as const satisfies Readonly<Record<string, TextDoing>>;

export type TextDoingName = keyof typeof textDoings;
