/** Gathers the settings of Redis. */
import type { RedisAddress, RedisLogin } from './redis-address.ts';
import type { Values } from './table.ts';

export type { HostAndPort, RedisLogin } from './redis-address.ts';

/** Address of Redis, and the number of replicas that must have a step that counts once. */
export type RedisSettings = RedisAddress & {
  /** Login of the Sentinels. */
  readonly sentinelLogin?: RedisLogin;
  /** Replicas that must have such a step. Absent: one of those that the master has, none where it has none. */
  readonly replicas?: number;
};

/** Settings of Redis; undefined where the database holds short-lived data too. */
export const redisOf = ({ redisUrl, redisSentinelLogin, redisReplicas }: Values): RedisSettings | undefined =>
  redisUrl === undefined
    ? undefined
    : {
        ...redisUrl,
        ...(redisSentinelLogin !== undefined && { sentinelLogin: redisSentinelLogin }),
        ...(redisReplicas !== undefined && { replicas: redisReplicas }),
      };
