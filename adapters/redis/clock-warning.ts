/**
 * Compares the clock of this node with that of Redis, with which all nodes can compare theirs. Nodes whose clocks differ judge differently
 * when a code or a session ends.
 */
import type { Redis } from 'ioredis';
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';
import type { Warn } from './connection.ts';

/** Codes of apps bear half a minute; more than a second is no healthy time service. */
const most: Millis = 1_000;
const quietFor: Millis = 3_600_000;

/** Gives a function that asks a Redis for its time, and warns at most once an hour. It never throws: it is no check of the store. */
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
    if (Math.abs(ahead) <= most || Math.abs(answered - warnedAt) < quietFor) return;
    warnedAt = answered;
    const side = ahead > 0 ? 'ahead' : 'behind';
    warn('clock.suspect', { because: 'redis', clock: side, milliseconds: Math.abs(ahead) });
  };
};
