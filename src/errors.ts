/**
 * Defines the exceptions of the product as one closed list. Outcomes that a person can cause are values, not exceptions.
 */

/** HTTP status of each code, and the number that people read to a help desk (`docs/errors.md`). */
const problems = {
  conflict: { status: 409, number: 1409, retryable: false },
  'bad-request': { status: 400, number: 1400, retryable: false },
  'not-found': { status: 404, number: 1404, retryable: false },
  'method-not-allowed': { status: 405, number: 1405, retryable: false },
  'too-large': { status: 413, number: 1413, retryable: false },
  'unsupported-type': { status: 415, number: 1415, retryable: false },
  'wrong-host': { status: 421, number: 1421, retryable: false },
  forbidden: { status: 403, number: 1403, retryable: false },
  'sign-in-lost': { status: 400, number: 1001, retryable: false },
  'sign-in-elsewhere': { status: 403, number: 1002, retryable: false },
  'too-many-sign-ins': { status: 429, number: 1004, retryable: true },
  'changes-frozen': { status: 403, number: 1006, retryable: false },
  forged: { status: 403, number: 1003, retryable: false },
  overloaded: { status: 503, number: 1503, retryable: true },
  unavailable: { status: 503, number: 1504, retryable: true },
  unreached: { status: 502, number: 1506, retryable: true },
  'in-use': { status: 409, number: 1505, retryable: false },
  undeliverable: { status: 502, number: 2100, retryable: true },
  unreadable: { status: 500, number: 1501, retryable: false },
  internal: { status: 500, number: 1500, retryable: false },
} as const;

/** Code of a Problem. */
export type ProblemCode = keyof typeof problems;

/**
 * An exceptional condition. `message` is for operators: "got …, expected …", never a secret. The browser gets the page that
 * belongs to `code`, not the message.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  /** Read by oidc-provider and Koa: the status of the answer, and that the message must not be in it. */
  readonly statusCode: number;
  readonly status: number;
  readonly expose = false;
  readonly retryable: boolean;

  constructor(
    code: ProblemCode,
    message: string,
    options: { readonly cause?: unknown; readonly retryable?: boolean } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.statusCode = problems[code].status;
    this.status = problems[code].status;
    this.retryable = options.retryable ?? problems[code].retryable;
  }

  /** Stable name for people and documents: `IDP-1504`. */
  get label(): string {
    return `IDP-${problems[this.code].number}`;
  }
}

/**
 * Why a carrier did not accept a message. refused: because of this number (blocked, not a telephone, a country that is switched
 * off). gone: the push service does not know this device any more. The others concern the carrier: down, slow (it may have
 * accepted), busy (too many messages), misconfigured (by us).
 */
export type CarrierRefusal = 'refused' | 'opted-out' | 'gone' | 'down' | 'slow' | 'busy' | 'misconfigured';

/** Refusals that another try would only repeat. */
const lasting: ReadonlySet<CarrierRefusal> = new Set<CarrierRefusal>(['refused', 'opted-out', 'gone', 'misconfigured']);

/** A message that no carrier certainly accepted. */
export class Undelivered extends Problem {
  readonly reason: CarrierRefusal;

  constructor(reason: CarrierRefusal, message: string, options: { readonly cause?: unknown } = {}) {
    super('undeliverable', message, { ...options, retryable: !lasting.has(reason) });
    this.reason = reason;
  }
}

/** Whether `error` is a Problem, of this code where one is given. */
export const isProblem = (error: unknown, code?: ProblemCode): error is Problem =>
  error instanceof Problem && (code === undefined || error.code === code);
