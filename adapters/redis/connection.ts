/** Connections to Redis on which nothing is ever sent twice. */
import { Redis, type RedisOptions } from 'ioredis';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports.ts';
import { scripts } from './scripts.ts';

export type Warn = (event: string, fields?: object) => void;

/** How long one command may take. What happened to one that took longer is unknown. */
const patience: Millis = 500;

const options = {
  scripts,
  lazyConnect: true,
  connectTimeout: 2000,
  commandTimeout: patience,
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

/** The answer to a command. The library's error is not handed on: it carries the command's arguments, which are secrets. */
export const answered = async <T>(answer: Promise<T>): Promise<T> => {
  try {
    return await answer;
  } catch (error) {
    throw new Problem('unavailable', `Redis did not do what it was asked: ${saying(error)}`);
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
    await client.quit();
  } catch {
    // Not connected, or no answer: there is nothing to wait for.
  }
  client.disconnect();
};

/**
 * Asks whether Redis may throw away what it keeps: with any other policy than `noeviction` a full Redis forgets used
 * codes and counted tries, and they could be used again.
 * @throws Problem 'unavailable' that names the policy.
 */
export const checkPolicy = async (client: Redis): Promise<void> => {
  // INFO, as hosted services forbid CONFIG.
  const policy = /^maxmemory_policy:(\S+)/m.exec(await answered(client.info('memory')))?.[1];
  if (policy === 'noeviction') return;
  throw new Problem(
    'unavailable',
    `Redis has maxmemory-policy ${policy ?? '(not told)'}, expected noeviction: it would forget used codes and counted tries when it is full`,
  );
};
