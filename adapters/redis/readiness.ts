/** Checks that Redis can be trusted: each master answers, and never evicts values. */
import type { Redis } from 'ioredis';
import { Problem } from '../../src/errors.ts';
import { answered } from './calls.ts';
import type { Connection } from './connection.ts';

/**
 * Checks that Redis is ready, and each master of it. @throws Problem 'unavailable' that says what it got and what it needs.
 */
export const checkReady = async ({ obstacle, masters }: Connection): Promise<void> => {
  // While Redis loads its data it answers INFO, but no other command.
  const missing = obstacle();
  if (missing !== undefined) throw new Problem('unavailable', missing);
  await Promise.all(masters().map(checkMaster));
};

/**
 * With any policy but `noeviction` a full Redis forgets used codes and counted attempts, so that codes could be used again.
 * https://redis.io/docs/latest/develop/reference/eviction/ A connection to a replica is replaced.
 */
const checkMaster = async (master: Redis): Promise<void> => {
  // INFO, because hosted services forbid CONFIG.
  const [memory, replication] = await answered(Promise.all([master.info('memory'), master.info('replication')]));
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
