/** Checks that Redis can be used: each master answers, and never evicts values. */
import type { Redis } from 'ioredis';
import { Problem } from '../../src/errors.ts';
import type { Call } from './calls.ts';
import type { Connection } from './connection.ts';

/**
 * Checks Redis and each of its masters.
 * @throws Problem 'unavailable' with got and expected
 */
export const checkReady = async ({ masters }: Connection, call: Call): Promise<void> => {
  const connections = await call(() => Promise.all(masters().map(inspect)));
  for (const each of connections) checkMaster(each);
};

/** By INFO, because hosted services forbid CONFIG. */
const inspect = async (master: Redis) => {
  const [memory, replication] = await Promise.all([master.info('memory'), master.info('replication')]);
  return { master, memory, replication };
};

/**
 * With any policy but `noeviction` a full Redis forgets used codes and counted attempts, so that codes could be used again.
 * https://redis.io/docs/latest/develop/reference/eviction/ A connection to a replica is replaced.
 */
const checkMaster = ({ master, memory, replication }: Awaited<ReturnType<typeof inspect>>): void => {
  if (/^role:slave/m.test(replication)) {
    master.disconnect(true);
    throw new Problem('unavailable', 'Redis is a replica, expected the master');
  }
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  if (policy === 'noeviction') return;
  throw new Problem(
    'unavailable',
    `Redis has maxmemory-policy ${policy ?? '(not told)'}, expected noeviction: a full Redis would forget used codes and counted attempts`,
  );
};
