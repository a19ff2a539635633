/** Waits for the answers of Redis, for a limited time. */
import type { Cluster, Redis } from 'ioredis';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';
import { messageOf } from './connection.ts';

/** How long the answer to a command may take. */
const answerTimeout: Millis = 500;

/**
 * Waits for the answer to a command. The library's error is not passed on as cause: it holds the command's arguments, which
 * are secrets.
 * @throws Problem 'unavailable' where Redis refuses, or no answer comes in time. Whether the command ran is then unknown.
 */
export const answered = async <T>(answer: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>();
  // One more round of the event loop: an answer that came while this process was busy is read first.
  const onTimeout = (): unknown => setImmediate(() => late.reject(new Error(`no answer within ${answerTimeout} ms`)));
  const timer = setTimeout(onTimeout, answerTimeout);
  try {
    return await Promise.race([answer, late.promise]);
  } catch (error) {
    throw new Problem('unavailable', `Redis did not carry out a command: ${messageOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
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
