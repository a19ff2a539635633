/** Opens the connections to one server: the one at the address, or the master that Sentinels name. */
import { Redis } from 'ioredis';
import type { RedisSettings } from '../../src/config/redis.ts';
import type { Millis } from '../../src/ports/time.ts';
import { disconnect } from './calls.ts';
import {
  connectionOptions,
  isRefusedByReplica,
  messageOf,
  retryDelay,
  type Commands,
  type Connection,
  type ConnectionOptions,
  type Warn,
} from './connection.ts';

/** How long a Sentinel may take to answer. */
const answerTimeout: Millis = 500;

type ServerSettings = Extract<RedisSettings, { readonly form: 'single' | 'sentinel' }>;

/** Connects, and reconnects until closed. @throws the error of the first connection. */
export const openServer = async (redis: ServerSettings, warn: Warn): Promise<Connection> => {
  const client = await openClient(redis, warn);
  try {
    const subscriber = await openClient(redis, warn);
    // Subscribing to a replica is not refused: after a failover the subscriber would stay on the old node.
    client.on('reconnecting', () => {
      if (subscriber.status === 'ready') subscriber.disconnect(true);
    });
    return {
      commands: client as unknown as Commands,
      subscriber,
      obstacle: () => (client.status === 'ready' ? undefined : `Redis is ${client.status}, expected ready`),
      masters: () => [client],
      async close() {
        await Promise.all([disconnect(client), disconnect(subscriber)]);
      },
    };
  } catch (error) {
    await disconnect(client);
    throw error;
  }
};

/** Where the server is. `isFirst` is true until the first connection stands. */
const placeOf = (redis: ServerSettings, isFirst: () => boolean): ConnectionOptions => {
  if (redis.form === 'single') return { ...redis.hosts[0], db: redis.database };
  return {
    sentinels: redis.hosts.map(({ host, port }) => ({ host, port })),
    name: redis.master,
    db: redis.database,
    // Leaves the old master once a Sentinel announces the new one (`+switch-master`).
    failoverDetector: true,
    sentinelCommandTimeout: answerTimeout,
    // The first connection fails where no Sentinel answers. Later ones are tried until one does.
    sentinelRetryStrategy: attempt => (isFirst() ? null : retryDelay(attempt)),
    ...(redis.sentinelLogin !== undefined && { sentinelPassword: redis.sentinelLogin.password }),
    ...(redis.sentinelLogin?.user !== undefined && { sentinelUsername: redis.sentinelLogin.user }),
    ...(redis.tls && { sentinelTLS: {}, enableTLSForSentinelMode: true }),
  };
};

/** An answer of a replica ends the connection: the next one goes by the address again, which leads to the new master. */
const openClient = async (redis: ServerSettings, warn: Warn): Promise<Redis> => {
  let isFirst = true;
  const options: ConnectionOptions = {
    ...connectionOptions(redis),
    ...placeOf(redis, () => isFirst),
    enableOfflineQueue: false,
    retryStrategy: retryDelay,
    // Returns true, never 2: with 2 the library would send the command again.
    reconnectOnError(error) {
      if (!isRefusedByReplica(error)) return false;
      warn('redis.replica', { reason: 'got a replica, expected the master: connecting again' });
      return true;
    },
  };
  const client = new Redis(options);
  let last: unknown;
  client.on('error', error => {
    last = error;
    warn('redis.connection-failed', { reason: messageOf(error) });
  });
  try {
    await client.connect();
    isFirst = false;
    return client;
  } catch (error) {
    client.disconnect();
    throw last ?? error;
  }
};
