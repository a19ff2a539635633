/** Opens the short-lived store in Redis 6.2 or newer. Any number of nodes may share it. */
import type { Clock } from '../src/ports/time.ts';
import type { ShortLivedStore } from '../src/ports/stores.ts';
import { openNotifier } from './redis/notifier.ts';
import { checkReady, connect, disconnect } from './redis/connection.ts';
import { openEphemeral } from './redis/ephemeral.ts';

/**
 * Connects, and checks that Redis never evicts values. The store's `check` does so again, because the policy can be changed
 * while Redis runs.
 * @throws Problem 'unavailable' where it cannot be reached, or has a maxmemory-policy other than `noeviction`.
 */
export const openRedis = async (deps: {
  /** redis: or rediss:, with name, password and database where there are any. */
  readonly url: string;
  readonly clock: Clock;
  /** Keeps several issuers apart on one Redis. */
  readonly realm: string;
  readonly log?: { warn(event: string, fields?: object): void };
}): Promise<ShortLivedStore> => {
  const { url, clock, log } = deps;
  const warn = (event: string, fields?: object): void => log?.warn(event, fields);
  const prefix = `sallyport:${encodeURIComponent(deps.realm)}`;
  const client = await connect(url, warn);
  const connections = [client];
  try {
    await checkReady(client);
    const subscriber = await connect(url, warn);
    connections.push(subscriber);
    // Subscribing to a replica is not refused: after a failover the subscriber would stay on the old node.
    client.on('reconnecting', () => {
      if (subscriber.status === 'ready') subscriber.disconnect(true);
    });
    return {
      ephemeral: openEphemeral(client, clock, prefix),
      notifier: await openNotifier(client, subscriber, `${prefix}:notifier`, warn),
      check: () => checkReady(client),
      close: async () => {
        await Promise.all(connections.map(disconnect));
      },
    };
  } catch (error) {
    await Promise.all(connections.map(disconnect));
    throw error;
  }
};
