/**
 * What the world breaks, as one closed list. What a person can cause is a value, not one of these.
 * Each code has its HTTP status and the number that people read to a help desk (`docs/errors.md`).
 */
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
  forged: { status: 403, number: 1003, retryable: false },
  overloaded: { status: 503, number: 1503, retryable: true },
  unavailable: { status: 503, number: 1504, retryable: true },
  undeliverable: { status: 502, number: 2100, retryable: true },
  unreadable: { status: 500, number: 1501, retryable: false },
  internal: { status: 500, number: 1500, retryable: false },
} as const;

export type ProblemCode = keyof typeof problems;

/**
 * An exceptional condition. `message` tells an operator what was got and what was expected, never a secret;
 * the browser is shown the page that belongs to `code`, not the message.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  /** oidc-provider and Koa read these: the status to answer with, and that the message is not for the browser. */
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

  /** Stable, for people and documents: `IDP-1504`. */
  get label(): string {
    return `IDP-${problems[this.code].number}`;
  }
}

/**
 * Why a carrier did not take a message. refused: this number (blocked, not a telephone, a country that is switched off);
 * the others are about the carrier: down, slow (it may have taken it), busy (it takes no more now), misconfigured (by us).
 */
export type CarrierRefusal = 'refused' | 'down' | 'slow' | 'busy' | 'misconfigured';

/** A message that no carrier took. */
export class Undelivered extends Problem {
  readonly reason: CarrierRefusal;

  constructor(reason: CarrierRefusal, message: string, options: { readonly cause?: unknown } = {}) {
    super('undeliverable', message, { ...options, retryable: reason !== 'refused' && reason !== 'misconfigured' });
    this.reason = reason;
  }
}

/** True for a Problem of this code, also one that crossed a module realm. */
export const isProblem = (error: unknown, code?: ProblemCode): error is Problem =>
  error instanceof Problem && (code === undefined || error.code === code);
