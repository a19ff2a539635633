/**
 * Compares the clock of this node with that of Redis, which is the same for all nodes. Nodes with different clocks would disagree
 * when a code or a session ends.
 */
import type { Redis } from 'ioredis';
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';
import type { Warn } from './connection.ts';

/** Codes of apps tolerate half a minute, but a working time service keeps clocks within a second. */
const maxDifference: Millis = 1_000;
const warningInterval: Millis = 3_600_000;

/** Returns a function that reads the time of a Redis, and warns at most once an hour. It never throws: it is no readiness check. */
export const createClockWarning = (clock: Clock, warn: Warn): ((redis: Pick<Redis, 'time'>) => Promise<void>) => {
  let warnedAt: EpochMillis = -Infinity;
  return async redis => {
    const asked = clock();
    const answer = await redis.time().catch(() => undefined);
    if (answer === undefined) return;
    const answered = clock();
    const theirs = Number(answer[0]) * 1000 + Math.floor(Number(answer[1]) / 1000);
    // The answer was made between the two readings.
    const ahead = theirs < asked ? asked - theirs : Math.min(0, answered - theirs);
    if (Math.abs(ahead) <= maxDifference || Math.abs(answered - warnedAt) < warningInterval) return;
    warnedAt = answered;
    const side = ahead > 0 ? 'ahead' : 'behind';
    warn('clock.suspect', { because: 'redis', clock: side, milliseconds: Math.abs(ahead) });
  };
};
