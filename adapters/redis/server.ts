/** Opens the connections to one server: the one at the address, or the master that Sentinels name. */
import { Redis } from 'ioredis';
import type { RedisSettings } from '../../src/config/redis.ts';
import type { Millis } from '../../src/ports/time.ts';
import { disconnect } from './calls.ts';
import {
  anyOf,
  connectionOptions,
  isRefusedByReplica,
  messageOf,
  openMovable,
  retryDelay,
  type Commands,
  type Connection,
  type ConnectionOptions,
  type Warn,
} from './connection.ts';

/** How long a Sentinel may take to answer. */
const answerTimeout: Millis = 500;

type SentinelSettings = Extract<RedisSettings, { readonly form: 'sentinel' }>;
type ServerSettings = Extract<RedisSettings, { readonly form: 'single' }> | SentinelSettings;

/** Connects, and reconnects until closed. @throws the error of the first connection. */
export const openServer = async (redis: ServerSettings, warn: Warn): Promise<Connection> => {
  const opened: Redis[] = [];
  const open = async (): Promise<Redis> => {
    const client = await openClient(redis, warn);
    opened.push(client);
    return client;
  };
  const close = async (): Promise<void> => {
    await Promise.all(opened.map(disconnect));
  };
  try {
    const [client, steps, subscriber] = [await open(), await open(), await open()];
    // Redis lets clients subscribe to a replica, so that after a failover the subscriber would stay on the old node.
    client.on('reconnecting', () => {
      if (subscriber.status === 'ready') subscriber.disconnect(true);
    });
    const watch =
      redis.form === 'sentinel'
        ? watchMaster(redis, warn, () => {
            for (const each of opened) each.disconnect(true);
          })
        : undefined;
    return {
      commands: client as unknown as Commands,
      subscriber,
      obstacle: () => (client.status === 'ready' ? undefined : `Redis is ${client.status}, expected ready`),
      masters: () => [client, steps],
      stepsFor: () => steps,
      async close() {
        watch?.disconnect();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The address of the server. `isFirst` returns true until the first connection is open. */
const placeOf = (redis: ServerSettings, isFirst: () => boolean): ConnectionOptions => {
  if (redis.form === 'single') return { ...redis.hosts[0], db: redis.database };
  return {
    sentinels: redis.hosts.map(({ host, port }) => ({ host, port })),
    name: redis.master,
    db: redis.database,
    sentinelCommandTimeout: answerTimeout,
    // The first connection fails if no Sentinel answers. Later attempts are repeated until one answers.
    sentinelRetryStrategy: attempt => (isFirst() ? null : retryDelay(attempt)),
    ...sentinelLoginOf(redis),
    ...(redis.tls && { sentinelTLS: {}, enableTLSForSentinelMode: true }),
  };
};

const sentinelLoginOf = ({ sentinelLogin: login }: SentinelSettings): ConnectionOptions => ({
  ...(login !== undefined && { sentinelPassword: login.password }),
  ...(login?.user !== undefined && { sentinelUsername: login.user }),
});

/**
 * Subscribes to one of the Sentinels, and to another one if that is lost. Calls `onSwitch` after they have agreed on a new master:
 * the old one may not know it yet, and still answer as a master. The library's own detector is not used, because it logs each lost
 * Sentinel with its stack, and leaves connections open.
 */
const watchMaster = (redis: SentinelSettings, warn: Warn, onSwitch: () => void): Redis => {
  const { login: _login, sentinelLogin: login, ...place } = redis;
  const shared = connectionOptions({ ...place, ...(login !== undefined && { login }) });
  const sentinel = openMovable(shared, () => anyOf(redis.hosts) ?? {});
  sentinel.on('error', error => warn('redis.sentinel-lost', { reason: messageOf(error) }));
  sentinel.on('message', (_channel, text: string) => {
    if (text.startsWith(`${redis.master} `)) onSwitch();
  });
  sentinel.on('ready', () => {
    sentinel.subscribe('+switch-master').catch(() => sentinel.disconnect(true));
  });
  // A failed attempt is reported as an error, and the next one follows.
  sentinel.connect().catch(() => {});
  return sentinel;
};

/** Opens a connection to the master. A refusal by a replica closes it, and the next connection finds the new master. */
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
