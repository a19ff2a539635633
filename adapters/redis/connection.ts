/**
 * Connects to Redis so that each command is sent once, and fails at once without a connection.
 * A command that was sent may have run, although no answer came: sent again, an increment would count twice.
 */
import { Redis, type RedisOptions } from 'ioredis';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';
import { scripts } from './scripts.ts';

/** Logs a warning for operators. */
export type Warn = (event: string, fields?: object) => void;

/** How long the answer to a command may take. */
const answerTimeout: Millis = 500;

const options = {
  scripts,
  lazyConnect: true,
  connectTimeout: 2000,
  // A connection without any answer for this long is replaced.
  socketTimeout: 2000,
  // Its timer keeps the process alive, also after the connection has ended.
  disconnectTimeout: 200,
  // These three: an unknown outcome is an error at once, never a second attempt.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  // The library would not report that it failed to subscribe again, so `notifier.ts` does it.
  autoResubscribe: false,
  retryStrategy: (attempt: number): Millis => Math.min(50 * 2 ** Math.min(attempt, 6), 2000),
} satisfies RedisOptions;

/**
 * Codes of a node that no longer leads: after a failover a connection to it stays open, and every write is refused.
 * Redis 6 puts the code into the message of a failed script.
 */
const isRefusedByReplica = (error: unknown): boolean => /(?:^|-)(?:READONLY|MASTERDOWN)\b/.test(messageOf(error));

const messageOf = (error: unknown): string => (Error.isError(error) ? error.message : String(error));

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

/**
 * Connects, and reconnects until closed. An answer of a replica ends the connection: the next one goes by the name in the
 * address again, which leads to the new master.
 * @throws Problem 'unavailable' where the first connection fails.
 */
export const connect = async (url: string, warn: Warn): Promise<Redis> => {
  const client = new Redis(url, {
    ...options,
    // Returns true, never 2: with 2 the library would send the command again.
    reconnectOnError(error) {
      if (!isRefusedByReplica(error)) return false;
      warn('redis.replica', { reason: 'got a replica, expected the master: connecting again' });
      return true;
    },
  });
  let last: unknown;
  client.on('error', error => {
    last = error;
    warn('redis.connection-failed', { reason: messageOf(error) });
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.disconnect();
    throw new Problem('unavailable', `Redis at ${new URL(url).host} cannot be reached: ${messageOf(last ?? error)}`);
  }
};

/** Ends a connection after its last answers. */
export const disconnect = async (client: Redis): Promise<void> => {
  try {
    await answered(client.quit());
  } catch {
    // Not connected, or no answer came.
    client.disconnect();
  }
};

/**
 * Checks that Redis is ready, is the master, and never evicts values. With any policy but `noeviction` a full Redis forgets
 * used codes and counted attempts, so that codes could be used again. https://redis.io/docs/latest/develop/reference/eviction/
 * @throws Problem 'unavailable' that says what it got and what it needs. A connection to a replica is replaced.
 */
export const checkReady = async (client: Redis): Promise<void> => {
  // While Redis loads its data it answers INFO, but no other command.
  if (client.status !== 'ready') throw new Problem('unavailable', `Redis is ${client.status}, expected ready`);
  // INFO, because hosted services forbid CONFIG.
  const [memory, replication] = await answered(Promise.all([client.info('memory'), client.info('replication')]));
  if (/^role:slave/m.test(replication)) {
    client.disconnect(true);
    throw new Problem('unavailable', 'Redis is a replica, expected the master');
  }
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  if (policy === 'noeviction') return;
  throw new Problem(
    'unavailable',
    `Redis has maxmemory-policy ${policy ?? '(not told)'}, expected noeviction: a full Redis would forget used codes and counted attempts`,
  );
};
