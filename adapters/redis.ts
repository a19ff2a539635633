/**
 * Opens the short-lived store in Redis 6.2 or newer: one server, the master that Sentinels name, or a cluster. Any number of nodes may
 * share it. `redis/server.ts` and `redis/cluster.ts` open connections, `redis/ephemeral.ts` and `redis/notifier.ts` use them.
 */
import { Problem } from '../src/errors.ts';
import type { RedisSettings } from '../src/config/redis.ts';
import type { Clock } from '../src/ports/time.ts';
import type { ShortLivedStore } from '../src/ports/stores.ts';
import { createCall } from './redis/calls.ts';
import { createClockWarning } from './redis/clock-warning.ts';
import { openCluster } from './redis/cluster.ts';
import { hostsOf, messageOf, type Connection, type Warn } from './redis/connection.ts';
import { openEphemeral } from './redis/ephemeral.ts';
import { openNotifier } from './redis/notifier.ts';
import { createOnce } from './redis/once-only.ts';
import { checkReady } from './redis/readiness.ts';
import { withoutRepeats } from './redis/repeated-warnings.ts';
import { openServer } from './redis/server.ts';

/**
 * Version of the layout of keys and values. Nodes of two releases share them during an upgrade. Raise it only if the older release
 * could not read the values of the newer one: with different versions neither sees the values of the other.
 */
const formVersion = 1;

/**
 * Connects, and checks that Redis never evicts values. The store's `check` does so again, because the policy can be changed
 * while Redis runs.
 * @throws Problem 'unavailable' where it cannot be reached, or has a maxmemory-policy other than `noeviction`.
 */
export const openRedis = async (deps: {
  readonly redis: RedisSettings;
  readonly clock: Clock;
  /** Keeps several issuers apart on one Redis. */
  readonly realm: string;
  readonly log?: { warn(event: string, fields?: object): void };
}): Promise<ShortLivedStore> => {
  const { redis, clock, log } = deps;
  const warn = withoutRepeats((event, fields) => log?.warn(event, fields), clock);
  const warnOfClock = createClockWarning(clock, warn);
  const prefix = `sallyport:${formVersion}:${encodeURIComponent(deps.realm)}`;
  const connection = await connect(redis, warn);
  try {
    const call = createCall(clock, connection.obstacle);
    await checkReady(connection, call);
    const once = createOnce({
      connection,
      call,
      clock,
      warn,
      ...(redis.replicas !== undefined && { replicas: redis.replicas }),
    });
    return {
      ephemeral: openEphemeral({ client: connection.commands, call, once, clock, prefix }),
      notifier: await openNotifier(connection, call, `${prefix}:notifier`, warn),
      async check() {
        const [master] = connection.masters();
        await Promise.all([checkReady(connection, call), master && warnOfClock(master)]);
      },
      close: connection.close,
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
};

/** Messages name the hosts, never the login. */
const connect = async (redis: RedisSettings, warn: Warn): Promise<Connection> => {
  try {
    return redis.form === 'cluster' ? await openCluster(redis, warn) : await openServer(redis, warn);
  } catch (error) {
    throw new Problem('unavailable', `Redis at ${hostsOf(redis)} cannot be reached: ${messageOf(error)}`);
  }
};
