/** Checks whether Redis can be reached and evicts nothing. */
import { openRedis } from '../../adapters/redis.ts';
import { hostsOf } from '../../adapters/redis/connection.ts';
import type { Clock } from '../../src/ports/time.ts';
import type { Finding, LiveSettings } from './finding.ts';

/** Empty without Redis. */
export const redisFindings = async (
  { redis, issuer }: Pick<LiveSettings, 'redis' | 'issuer'>,
  clock: Clock,
): Promise<readonly Finding[]> => {
  if (redis === undefined) return [];
  const about = `Redis ${hostsOf(redis)}`;
  try {
    // Opening checks the policy of eviction, as a start of the server does.
    const store = await openRedis({ redis, clock, realm: issuer.host });
    await store.close();
    return [{ about, ok: true, got: 'it answers, and evicts nothing' }];
  } catch (error) {
    const got = Error.isError(error) ? error.message : String(error);
    const remedy = 'Compare REDIS_URL with your servers, and let this machine reach each of them.';
    return [{ about, ok: false, got, expected: 'a Redis with maxmemory-policy noeviction', remedy }];
  }
};
