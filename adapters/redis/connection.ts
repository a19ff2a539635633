/** Connections to Redis on which nothing is ever sent twice. */
import { Redis, type RedisOptions } from 'ioredis';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';
import { scripts } from './scripts.ts';

export type Warn = (event: string, fields?: object) => void;

/** How long the answer to a command may take. */
const patience: Millis = 500;

const options = {
  scripts,
  lazyConnect: true,
  connectTimeout: 2000,
  // A connection on which nothing comes back is given up, and another one made.
  socketTimeout: 2000,
  // Its timer also runs, and holds the process, where the connection has ended already.
  disconnectTimeout: 200,
  // A command that was sent may have been carried out, though no answer came: sent again, a hit would count twice and
  // a `take` would lose its value. Nor does one wait for a connection: its caller is told at once.
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  // The library would subscribe again with nobody to hear that it failed (bell.ts does it itself).
  autoResubscribe: false,
  retryStrategy: (attempt: number): Millis => Math.min(50 * 2 ** Math.min(attempt, 6), 2000),
} satisfies RedisOptions;

const saying = (error: unknown): string => (Error.isError(error) ? error.message : String(error));

/**
 * The answer to what was asked. The library's error is not handed on: it carries the command's arguments, which are
 * secrets.
 * @throws Problem 'unavailable' where Redis refuses, or no answer comes in time; whether it was done is then unknown.
 */
export const answered = async <T>(answer: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>();
  // One turn more, in which an answer is read that came while this process was busy itself.
  const overdue = (): unknown => setImmediate(() => late.reject(new Error(`no answer within ${patience} ms`)));
  const timer = setTimeout(overdue, patience);
  try {
    return await Promise.race([answer, late.promise]);
  } catch (error) {
    throw new Problem('unavailable', `Redis did not do what it was asked: ${saying(error)}`);
  } finally {
    clearTimeout(timer);
  }
};

/** Connects, and from then on again and again, until closed. @throws Problem 'unavailable' where the first time fails. */
export const connect = async (url: string, warn: Warn): Promise<Redis> => {
  const client = new Redis(url, options);
  let last: unknown;
  client.on('error', error => {
    last = error;
    warn('redis.connection-failed', { reason: saying(error) });
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.disconnect();
    throw new Problem('unavailable', `Redis at ${new URL(url).host} cannot be reached: ${saying(last ?? error)}`);
  }
};

/** Ends a connection once its last answers are there. */
export const disconnect = async (client: Redis): Promise<void> => {
  try {
    await answered(client.quit());
  } catch {
    // Not connected, or no answer: there is nothing to wait for.
    client.disconnect();
  }
};

/**
 * Asks whether Redis is there, and whether it may throw away what it keeps: with any other policy than `noeviction`
 * a full Redis forgets used codes and counted tries, and they could be used again.
 * @throws Problem 'unavailable' that names the policy it got and the one it needs.
 */
export const checkPolicy = async (client: Redis): Promise<void> => {
  // A Redis that is still loading answers INFO, and nothing else.
  if (client.status !== 'ready') throw new Problem('unavailable', `Redis is not connected: ${client.status}`);
  // INFO, as hosted services forbid CONFIG.
  const policy = /^maxmemory_policy:(\S+)/m.exec(await answered(client.info('memory')))?.[1];
  if (policy === 'noeviction') return;
  throw new Problem(
    'unavailable',
    `Redis has maxmemory-policy ${policy ?? '(not told)'}, expected noeviction: it would forget used codes and counted tries when it is full`,
  );
};
