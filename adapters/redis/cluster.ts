/**
 * Opens the connections to a cluster. Redirections (MOVED, ASK) are followed, because the command did not run. After a broken
 * connection the outcome of its commands is unknown, so they are not sent again.
 */
import { Cluster, Command, Redis } from 'ioredis';
import { Problem } from '../../src/errors.ts';
import type { RedisSettings } from '../../src/config/redis.ts';
import { disconnect } from './calls.ts';
import {
  anyOf,
  connectionOptions,
  messageOf,
  openMovable,
  retryDelay,
  type Commands,
  type Connection,
  type ConnectionOptions,
  type Warn,
} from './connection.ts';

import { scripts } from './scripts.ts';

type ClusterSettings = Extract<RedisSettings, { readonly form: 'cluster' }>;

/** Connects, and reconnects until closed. @throws the error of the first connection. */
export const openCluster = async (redis: ClusterSettings, warn: Warn): Promise<Connection> => {
  const { scripts: _scripts, lazyConnect, ...redisOptions } = connectionOptions(redis);
  const cluster = new Cluster([...redis.hosts], {
    scripts,
    lazyConnect,
    redisOptions,
    clusterRetryStrategy: retryDelay,
    // A slot rarely moves twice while a command follows it.
    maxRedirections: 5,
    // 0, because the library would otherwise send commands of a broken connection again.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    slotsRefreshTimeout: 1000,
    // Finds new replicas and masters before a command meets a MOVED.
    slotsRefreshInterval: 5000,
    // Names are not resolved here, so that certificates can be verified by name.
    dnsLookup: (name, found) => found(null, name),
  });
  let last: unknown;
  const onError = (error: unknown): void => {
    last = error;
    warn('redis.connection-failed', { reason: messageOf(error) });
  };
  cluster.on('error', onError);
  cluster.on('node error', onError);
  try {
    await cluster.connect();
    const steps = openSteps(redisOptions, onError);
    const subscriber = await openSubscriber(cluster, redisOptions, onError);
    const lot = Math.random();
    // Always by the same node, because messages by different nodes may arrive in another order.
    const publish = (channel: string, message: string): Promise<number> => {
      const masters = cluster.nodes('master');
      return (masters[Math.floor(lot * masters.length)] ?? cluster).publish(channel, message);
    };
    return {
      commands: Object.assign(cluster as unknown as Commands, { publish }),
      subscriber,
      obstacle: () => (cluster.status === 'ready' ? undefined : `the cluster is ${cluster.status}, expected ready`),
      masters: () => mastersOf(cluster),
      stepsFor(key, moved) {
        // Any command brings the map of slots up to date, if it is moved too.
        if (moved !== undefined) cluster.get(key).catch(() => {});
        const place = moved?.split(' ')[2] ?? cluster.slots[new Command('get', [key]).getSlot() ?? 0]?.[0];
        if (place === undefined) throw new Problem('unavailable', 'no node of the cluster has a key');
        return steps.to(place);
      },
      async close() {
        await Promise.all([disconnect(cluster), disconnect(subscriber), steps.close()]);
      },
    };
  } catch (error) {
    cluster.disconnect();
    throw last ?? error;
  }
};

/**
 * The connection to each node that has slots. @throws Problem 'unavailable' where one is missing: the library forgets connections
 * that broke, and keys of that node cannot be reached.
 */
const mastersOf = (cluster: Cluster): readonly Redis[] => {
  const connected = new Map(cluster.nodes().map(node => [`${node.options.host}:${node.options.port}`, node]));
  return [...new Set(cluster.slots.map(([owner]) => owner))].map(owner => {
    const node = connected.get(String(owner));
    if (node === undefined)
      throw new Problem('unavailable', `no connection to ${String(owner)}, a master of the cluster`);
    return node;
  });
};

/**
 * A connection to any node: a cluster delivers messages to the subscribers of every node. The library's own subscriber is not used,
 * because it does not report that it failed to subscribe again.
 */
const openSubscriber = async (
  cluster: Cluster,
  shared: ConnectionOptions,
  onError: (error: unknown) => void,
): Promise<Redis> => {
  const subscriber = openMovable(shared, () => {
    const { host, port } = anyOf(cluster.nodes())?.options ?? {};
    return host === undefined || port === undefined ? {} : { host, port };
  });
  subscriber.on('error', onError);
  // A node that left the cluster still answers, but gets no messages.
  cluster.on('-node', ({ options: { host, port } }: Redis) => {
    if (subscriber.options.host === host && subscriber.options.port === port) subscriber.disconnect(true);
  });
  try {
    await subscriber.connect();
    return subscriber;
  } catch (error) {
    subscriber.disconnect();
    throw error;
  }
};

/** Second connections to nodes, for steps that wait for replicas. */
const openSteps = (shared: ConnectionOptions, onError: (error: unknown) => void) => {
  const opened = new Map<string, Redis>();
  const open = (place: string): Redis => {
    const colon = place.lastIndexOf(':');
    const redis = new Redis({
      ...shared,
      scripts,
      host: place.slice(0, colon),
      port: Number(place.slice(colon + 1)),
      lazyConnect: true,
      // Lost for good: the node may not come back, and the next step opens another.
      retryStrategy: null,
    } satisfies ConnectionOptions);
    redis.on('error', onError);
    redis.once('end', () => opened.delete(place));
    opened.set(place, redis);
    return redis;
  };
  return {
    /** `place` is `host:port`. */
    to: (place: string): Redis => opened.get(place) ?? open(place),
    close: async (): Promise<void> => {
      await Promise.all([...opened.values()].map(disconnect));
    },
  };
};
