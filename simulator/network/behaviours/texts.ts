/** Lists the ways in which a text may reach a telephone or fail. A new way is a new row. */

/** How a text to this telephone is delivered. */
export interface TextBehaviour {
  /** Name on the page. */
  readonly label: string;
  /** Shown on the phone's screen while this is set. */
  readonly note?: string;
  /** Milliseconds from sending to arrival; undefined: it never arrives. */
  readonly arrivesAfter?: number;
  /** How often it arrives. */
  readonly times: 1 | 2;
  /** The last status that the carrier reports. */
  readonly finalStatus: 'sent' | 'delivered' | 'undelivered' | 'failed';
  /** Twilio's error, after undelivered or failed. */
  readonly error?: readonly [code: number, message: string];
}

/** All behaviours by name. */
export const textBehaviours = {
  'at-once': { label: 'At once', arrivesAfter: 0, times: 1, finalStatus: 'delivered' },
  late: {
    label: 'Late',
    note: 'Texts arrive after 90 s, or when you deliver them.',
    arrivesAfter: 90_000,
    times: 1,
    finalStatus: 'delivered',
  },
  doubled: { label: 'Doubled', note: 'Each text arrives twice.', arrivesAfter: 0, times: 2, finalStatus: 'delivered' },
  lost: { label: 'Lost', note: 'Texts are lost without an error.', times: 1, finalStatus: 'sent' },
  undelivered: {
    label: 'Undelivered',
    note: 'The phone is off: texts are not delivered (30003).',
    times: 1,
    finalStatus: 'undelivered',
    error: [30003, 'Unreachable destination handset'],
  },
  blocked: {
    label: 'Blocked',
    note: 'The carrier blocks texts (30004).',
    times: 1,
    finalStatus: 'undelivered',
    error: [30004, 'Message blocked'],
  },
  unknown: {
    label: 'Unknown handset',
    note: 'The carrier does not know this handset (30005).',
    times: 1,
    finalStatus: 'undelivered',
    error: [30005, 'Unknown destination handset'],
  },
  landline: {
    label: 'Landline',
    note: 'A landline cannot receive texts (30006).',
    times: 1,
    finalStatus: 'undelivered',
    error: [30006, 'Landline or unreachable carrier'],
  },
  filtered: {
    label: 'Filtered',
    note: 'Filtered as spam (30007).',
    times: 1,
    finalStatus: 'undelivered',
    error: [30007, 'Message filtered'],
  },
  failed: {
    label: 'Failed',
    note: 'Delivery fails (30008).',
    times: 1,
    finalStatus: 'failed',
    error: [30008, 'Unknown error'],
  },
} as const satisfies Readonly<Record<string, TextBehaviour>>;

/** Name of a row. */
export type TextBehaviourName = keyof typeof textBehaviours;
