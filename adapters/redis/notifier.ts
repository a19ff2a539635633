/** Publishes to each node on one Redis, over one channel per realm. The message is the topic. */
import { createInProcessNotifier } from '../../src/in-process-notifier.ts';
import { named, type Notifier } from '../../src/ports/stores.ts';
import { answered, type Call } from './calls.ts';
import type { Connection, Warn } from './connection.ts';

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

  subscriber.on('message', (_channel, topic: string) => void local.publish(topic));
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
  };
};
