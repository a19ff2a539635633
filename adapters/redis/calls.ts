/**
 * Waits for the answers of Redis, for a limited time. A circuit breaker stops calls to a Redis that hangs: otherwise a request would
 * wait for each of its calls in turn.
 */
import type { Cluster, Redis } from 'ioredis';
import { isProblem, Problem } from '../../src/errors.ts';
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';
import { messageOf } from './connection.ts';

/** How long the answer to a command may take. */
export const answerTimeout: Millis = 500;

/** Timeouts in a row after which the breaker opens. Fewer may be several calls in one short pause of Redis. */
const timeoutsInARow = 5;
/** How long the breaker stays open, so that calls fail at once. Short, because Redis may answer again. */
const openTime: Millis = 1000;

class NoAnswer extends Error {}

/** Sends what `send` sends, and waits for its answer. @throws Problem 'unavailable' without one, see `answered`. */
export type Call = <T>(send: () => Promise<T>) => Promise<T>;

/**
 * Waits for the answer to a command. The library's error is not passed on as cause: it holds the command's arguments, which
 * are secrets.
 * @throws Problem 'unavailable' where Redis refuses, or no answer comes in time. Whether the command ran is then unknown.
 */
export const answered = async <T>(answer: Promise<T>, limit: Millis = answerTimeout): Promise<T> => {
  try {
    return await inTime(answer, limit);
  } catch (error) {
    throw unavailable(error);
  }
};

const unavailable = (error: unknown): Problem =>
  new Problem('unavailable', `Redis did not carry out a command: ${messageOf(error)}`);

const inTime = async <T>(answer: Promise<T>, limit: Millis): Promise<T> => {
  const late = Promise.withResolvers<never>();
  // One more round of the event loop: an answer that came while this process was busy is read first.
  const onTimeout = (): unknown => setImmediate(() => late.reject(new NoAnswer(`no answer within ${limit} ms`)));
  const timer = setTimeout(onTimeout, limit);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Calls with a circuit breaker. After some timeouts in a row all calls fail at once and are not sent. Then one is sent as a trial,
 * and its answer closes the breaker. `obstacle` says why no command can be sent.
 */
export const createCall = (clock: Clock, obstacle: () => string | undefined): Call => {
  let timeouts = 0;
  let openedAt: EpochMillis | undefined;
  let isTrying = false;

  /** By the absolute difference, because a clock that was set back must not extend the time. */
  const isOpen = (): boolean => openedAt !== undefined && (isTrying || Math.abs(clock() - openedAt) < openTime);

  const settle = (isAnswered: boolean): void => {
    timeouts = isAnswered ? 0 : timeouts + 1;
    openedAt = timeouts >= timeoutsInARow ? clock() : undefined;
  };

  return async send => {
    const missing = obstacle();
    if (missing !== undefined) throw unavailable(missing);
    if (isOpen()) throw unavailable('the last calls were not answered, so it is not asked for a moment');
    const isTrial = openedAt !== undefined;
    if (isTrial) isTrying = true;
    try {
      const answer = await inTime(send(), answerTimeout);
      settle(true);
      return answer;
    } catch (error) {
      if (isProblem(error)) throw error;
      // A refusal is an answer, and a broken connection is replaced.
      settle(!(error instanceof NoAnswer));
      throw unavailable(error);
    } finally {
      if (isTrial) isTrying = false;
    }
  };
};

/** Ends a connection after its last answers. */
export const disconnect = async (client: Redis | Cluster): Promise<void> => {
  try {
    await answered(client.quit());
  } catch {
    // Not connected, or no answer came.
    client.disconnect();
  }
};
