/**
 * Circuit breaker of one channel: after five failures in a row nothing is sent for 30 s, then one trial at a time. Spares a
 * carrier that is down, and the people who would wait for it. Pure: the clock is passed in. By hand: 30 lines, and no library
 * tells a carrier that refuses from one that is down.
 */
import type { CarrierRefusal } from '../../errors.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';

export interface CircuitBreaker {
  readonly failures: number;
  /** Nothing is sent before then; undefined: the circuit is closed, everything is sent. */
  readonly openUntil?: EpochMillis;
  /** A trial send is under way. */
  readonly trying?: true;
}

const failuresInARow = 5;
const openTime: Millis = 30_000;

export const closed: CircuitBreaker = { failures: 0 };

/** The breaker with one more send under way; undefined: it may not be sent. */
export const admitSend = (breaker: CircuitBreaker, now: EpochMillis): CircuitBreaker | undefined => {
  if (breaker.openUntil === undefined) return breaker;
  return now < breaker.openUntil || breaker.trying ? undefined : { ...breaker, trying: true };
};

/** Undoes `admitSend` where the send was never attempted: the next one may be the trial. */
export const undoAdmission = ({ trying: _trying, ...breaker }: CircuitBreaker): CircuitBreaker => breaker;

/** The breaker after a send; `refusal` undefined: it was taken. A carrier that refuses or is busy is not down. */
export const afterSend = (
  breaker: CircuitBreaker,
  refusal: CarrierRefusal | undefined,
  now: EpochMillis,
): CircuitBreaker => {
  if (refusal !== 'down' && refusal !== 'slow') return closed;
  const failures = breaker.failures + 1;
  return failures < failuresInARow ? { failures } : { failures, openUntil: now + openTime };
};
