/** A request that this network refuses, with Twilio's error code. */
export interface Refusal {
  /** Of HTTP. */
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** How the carrier's REST API answers. */
export interface Answering {
  readonly label: string;
  /** Whether the order is carried out, whatever is answered. */
  readonly takes: boolean;
  /** Milliseconds before it answers. */
  readonly after: number;
  /** Instead of the true answer, by what was asked for; 'reset': the connection breaks. */
  readonly says?: 'reset' | { readonly calls?: Refusal; readonly texts?: Refusal };
}

const refusal = (status: number, code: number, message: string): Refusal => ({ status, code, message });
/** The same for calls and texts. */
const refused = (status: number, code: number, message: string) => {
  const one = refusal(status, code, message);
  return { calls: one, texts: one };
};

/** A new behaviour is a new row. */
export const answerings = {
  answers: { label: 'Answers', takes: true, after: 0 },
  slow: { label: 'Slow', takes: true, after: 3000 },
  'too-many': { label: 'Too many', takes: false, after: 0, says: refused(429, 20429, 'Too Many Requests') },
  'server-error': {
    label: 'Server error',
    takes: false,
    after: 0,
    says: refused(500, 20500, 'Internal Server Error'),
  },
  unavailable: {
    label: 'Unavailable',
    takes: false,
    after: 0,
    says: refused(503, 20503, 'Service Unavailable'),
  },
  hanging: {
    label: 'Hangs',
    takes: false,
    after: 30_000,
    says: refused(504, 20504, 'Gateway Timeout'),
  },
  reset: { label: 'Breaks off', takes: false, after: 0, says: 'reset' },
  'answer-lost': { label: 'Answer lost', takes: true, after: 0, says: 'reset' },
  refused: {
    label: 'Refused',
    takes: false,
    after: 0,
    says: refused(403, 60410, 'Delivery to this number is temporarily blocked for suspected fraud'),
  },
  'invalid-number': {
    label: 'Invalid number',
    takes: false,
    after: 0,
    says: refused(400, 21211, "Invalid 'To' Phone Number"),
  },
  'region-closed': {
    label: 'Region closed',
    takes: false,
    after: 0,
    says: {
      calls: refusal(400, 21215, 'Account not authorized to call this number: geographic permissions'),
      texts: refusal(400, 21408, 'Permission to send an SMS has not been enabled for the region of this number'),
    },
  },
  'opted-out': {
    label: 'Opted out',
    takes: false,
    after: 0,
    says: {
      texts: refusal(400, 21610, 'Attempt to send to unsubscribed recipient'),
    },
  },
  unauthorized: {
    label: 'No access',
    takes: false,
    after: 0,
    says: refused(401, 20003, 'Authenticate'),
  },
} as const satisfies Readonly<Record<string, Answering>>;

export type AnsweringName = keyof typeof answerings;
