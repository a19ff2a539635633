/** The short-lived half in Redis 6.2 or newer, shared by any number of nodes. */
import type { Clock } from '../src/ports/time.ts';
import type { ShortLivedStore } from '../src/ports/stores.ts';
import { openNotifier } from './redis/notifier.ts';
import { checkPolicy, connect, disconnect } from './redis/connection.ts';
import { openEphemeral } from './redis/ephemeral.ts';

/**
 * Connects and looks whether Redis can be trusted with what must not be forgotten. `check` looks again, as its policy
 * can be changed while it runs.
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
  const open = [client];
  try {
    await checkPolicy(client);
    const listening = await connect(url, warn);
    open.push(listening);
    return {
      ephemeral: openEphemeral(client, clock, prefix),
      notifier: await openNotifier(client, listening, `${prefix}:notifier`, warn),
      check: () => checkPolicy(client),
      close: async () => {
        await Promise.all(open.map(disconnect));
      },
    };
  } catch (error) {
    await Promise.all(open.map(disconnect));
    throw error;
  }
};
