/** Lists the ways in which the carrier's REST API may answer. A new way is a new row. */

/** An error as Twilio's REST API answers it. */
export interface RestError {
  /** HTTP status. */
  readonly status: number;
  /** Twilio's code, https://www.twilio.com/docs/api/errors. */
  readonly code: number;
  readonly message: string;
}

/** How the carrier's REST API answers. */
export interface ApiBehaviour {
  /** Name on the page. */
  readonly label: string;
  /** Whether the request is carried out, even if the answer says otherwise. */
  readonly executes: boolean;
  /** Milliseconds before it answers. */
  readonly delay: number;
  /** Replaces the true answer, for calls and texts apart; 'reset' breaks the connection. */
  readonly instead?: 'reset' | { readonly calls?: RestError; readonly texts?: RestError };
}

const error = (status: number, code: number, message: string): RestError => ({ status, code, message });
/** The same error for calls and texts. */
const errors = (status: number, code: number, message: string) => {
  const one = error(status, code, message);
  return { calls: one, texts: one };
};

/** All behaviours by name. */
export const apiBehaviours = {
  answers: { label: 'Answers', executes: true, delay: 0 },
  slow: { label: 'Slow', executes: true, delay: 3000 },
  'too-many': { label: 'Too many', executes: false, delay: 0, instead: errors(429, 20429, 'Too Many Requests') },
  'server-error': {
    label: 'Server error',
    executes: false,
    delay: 0,
    instead: errors(500, 20500, 'Internal Server Error'),
  },
  unavailable: {
    label: 'Unavailable',
    executes: false,
    delay: 0,
    instead: errors(503, 20503, 'Service Unavailable'),
  },
  hanging: {
    label: 'Hangs',
    executes: false,
    delay: 30_000,
    instead: errors(504, 20504, 'Gateway Timeout'),
  },
  reset: { label: 'Connection reset', executes: false, delay: 0, instead: 'reset' },
  'answer-lost': { label: 'Answer lost', executes: true, delay: 0, instead: 'reset' },
  refused: {
    label: 'Refused',
    executes: false,
    delay: 0,
    instead: errors(403, 60410, 'Delivery to this number is temporarily blocked for suspected fraud'),
  },
  'invalid-number': {
    label: 'Invalid number',
    executes: false,
    delay: 0,
    instead: errors(400, 21211, "Invalid 'To' Phone Number"),
  },
  'region-closed': {
    label: 'Region closed',
    executes: false,
    delay: 0,
    instead: {
      calls: error(400, 21215, 'Account not authorized to call this number: geographic permissions'),
      texts: error(400, 21408, 'Permission to send an SMS has not been enabled for the region of this number'),
    },
  },
  'opted-out': {
    label: 'Opted out',
    executes: false,
    delay: 0,
    instead: {
      texts: error(400, 21610, 'Attempt to send to unsubscribed recipient'),
    },
  },
  unauthorized: {
    label: 'Unauthorized',
    executes: false,
    delay: 0,
    instead: errors(401, 20003, 'Authenticate'),
  },
} as const satisfies Readonly<Record<string, ApiBehaviour>>;

/** Name of a row. */
export type ApiBehaviourName = keyof typeof apiBehaviours;
