/**
 * Publishes to subscribers in this process. Stores of a single node use it alone, and Redis to pass messages on locally.
 */
import { EventEmitter } from 'node:events';
import { named, rereadTimes, type Notifier } from './ports/stores.ts';

/** Keeps topics apart from the events that an emitter treats specially (`error`). */
const eventOf = (topic: string): string => `topic ${named(topic)}`;

/** A notifier without subscribers. */
export const createInProcessNotifier = (): Notifier => {
  // One page that waits is one listener: any number of them is usual.
  const emitter = new EventEmitter().setMaxListeners(0);
  return {
    async publish(topic) {
      const event = eventOf(topic);
      // Later, as a message from another node would be: a subscriber never runs inside the call of the publisher.
      queueMicrotask(() => emitter.emit(event));
    },
    async subscribe(topic, onMessage) {
      const event = eventOf(topic);
      // A listener of its own for each subscription: the same function may subscribe twice and end one of them.
      const listener = (): void => onMessage();
      emitter.on(event, listener);
      return () => void emitter.off(event, listener);
    },
    rereadAfter: () => rereadTimes.complete,
  };
};
