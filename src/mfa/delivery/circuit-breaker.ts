/** Spares a carrier that is down, and the people who would wait for it (R18). Pure: the clock is passed in. */
import type { CarrierRefusal } from '../../errors.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';

/** How one channel does. `trying`: a send that was let through to see whether it works again has not ended yet. */
export interface Breaker {
  readonly failures: number;
  /** Nothing is sent before then; undefined: everything is. */
  readonly restsUntil?: EpochMillis;
  readonly trying?: true;
}

// By hand: libraries keep state and timers of their own. This is a plain value under our clock, so tests can move time.
const failuresInARow = 5;
const rest: Millis = 30_000;

export const closed: Breaker = { failures: 0 };

/** The breaker with one more send on its way; undefined: it may not go. After the rest one goes at a time. */
export const admitted = (breaker: Breaker, now: EpochMillis): Breaker | undefined => {
  if (breaker.restsUntil === undefined) return breaker;
  return now < breaker.restsUntil || breaker.trying ? undefined : { ...breaker, trying: true };
};

/** The breaker where what was let through did not go after all: nothing is known of the carrier, and the next one may try. */
export const unsent = ({ trying: _trying, ...breaker }: Breaker): Breaker => breaker;

/** The breaker once a send ended; `reason` undefined: it was taken. What a carrier refuses or has no room for, it is there to refuse. */
export const after = (breaker: Breaker, reason: CarrierRefusal | undefined, now: EpochMillis): Breaker => {
  if (reason !== 'down' && reason !== 'slow') return closed;
  const failures = breaker.failures + 1;
  return failures < failuresInARow ? { failures } : { failures, restsUntil: now + rest };
};
