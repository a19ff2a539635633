/** Settings of Redis from an address, as the environment has it. */
import type { RedisSettings } from '../../../src/config/redis.ts';
import { redisAddress } from '../../../src/config/redis-address.ts';

/** @throws Error for text that is no address. */
export const redisAt = (url: string, more: Pick<RedisSettings, 'replicas'> = {}): RedisSettings => {
  const address = redisAddress(url);
  if (address === undefined) throw new Error(`got ${url}, expected an address of Redis`);
  return { ...address, ...more };
};
