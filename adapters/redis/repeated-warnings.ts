/** Keeps a warning that is repeated out of the log: while Redis is down, each connection fails twice a second. */
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';
import type { Warn } from './connection.ts';

/** The same warning is logged once in this time. */
const quietFor: Millis = 10_000;
/** Different warnings that are remembered: reasons may name changing hosts. */
const most = 100;

/** Passes a warning on, unless the same one with the same fields was logged a moment before. */
export const withoutRepeats = (warn: Warn, clock: Clock): Warn => {
  const loggedAt = new Map<string, EpochMillis>();
  return (event, fields) => {
    const now = clock();
    const line = JSON.stringify([event, fields]);
    const last = loggedAt.get(line);
    // The absolute difference: a clock that was set back must not silence it for longer.
    if (last !== undefined && Math.abs(now - last) < quietFor) return;
    if (loggedAt.size >= most) loggedAt.clear();
    loggedAt.set(line, now);
    warn(event, fields);
  };
};
