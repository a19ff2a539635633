/** The bell of all nodes on one Redis: one channel a realm, the message is the topic. */
import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import { named, type Notifier } from '../../src/ports/stores.ts';
import { answered, type Warn } from './connection.ts';

/** An emitter's own names ('error') are none of these. */
const event = (topic: string): string => `rung ${topic}`;

/**
 * `listening` is a connection of its own, which listens to the channel from here on: to hear a topic costs no command,
 * and between two commands no ring is lost.
 */
export const openNotifier = async (
  ringing: Redis,
  listening: Redis,
  channel: string,
  warn: Warn,
): Promise<Notifier> => {
  const tower = new EventEmitter().setMaxListeners(0);

  listening.on('message', (_channel, topic: string) => tower.emit(event(topic)));
  await answered(listening.subscribe(channel));
  listening.on('ready', () => {
    listening.subscribe(channel).catch((error: unknown) => {
      warn('redis.notifier-deaf', { reason: String(error) });
      listening.disconnect(true);
    });
  });

  return {
    async publish(topic) {
      await answered(ringing.publish(channel, named(topic)));
    },
    async subscribe(topic, onRing) {
      const heard = event(named(topic));
      const listener = (): void => onRing();
      tower.on(heard, listener);
      return () => void tower.off(heard, listener);
    },
  };
};
