/** Publishes to each node on one Redis, over one channel per realm. The message is the topic. */
import { createInProcessNotifier } from '../../src/in-process-notifier.ts';
import { randomUUID } from 'node:crypto';
import { named, rereadTimes, type Notifier } from '../../src/ports/stores.ts';
import type { Millis } from '../../src/ports/time.ts';
import { answered, type Call } from './calls.ts';
import type { Connection, Warn } from './connection.ts';

/** A node sends itself a message this often, while it has subscribers. One that has not heard it twice is unsure. */
const probeInterval: Millis = 5000;

/**
 * Subscribes the connection to the channel once. So subscribing to a topic needs no command, and no message is lost between two
 * commands.
 */
export const openNotifier = async (
  { commands, subscriber }: Pick<Connection, 'commands' | 'subscriber'>,
  call: Call,
  channel: string,
  warn: Warn,
): Promise<Notifier> => {
  const local = createInProcessNotifier();
  const probe = `probe:${randomUUID()}`;
  let [asked, heard] = [-Infinity, -Infinity];

  subscriber.on('message', (_channel, topic: string) => {
    if (topic === probe) heard = performance.now();
    else void local.publish(topic);
  });
  subscriber.on('close', () => {
    heard = -Infinity;
  });
  await answered(subscriber.subscribe(channel));
  subscriber.on('ready', () => {
    subscriber.subscribe(channel).catch((error: unknown) => {
      warn('redis.not-subscribed', { reason: String(error) });
      subscriber.disconnect(true);
    });
  });

  return {
    async publish(topic) {
      await call(() => commands.publish(channel, named(topic)));
    },
    subscribe: (topic, onMessage) => local.subscribe(topic, onMessage),
    rereadAfter() {
      const now = performance.now();
      if (now - asked >= probeInterval) {
        asked = now;
        // Without Redis it is not heard, and that is what it is for.
        call(() => commands.publish(channel, probe)).catch(() => {});
      }
      return now - heard < 2 * probeInterval ? rereadTimes.connected : rereadTimes.unsure;
    },
  };
};
