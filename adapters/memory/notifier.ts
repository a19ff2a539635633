/** A bell for the one node that memory has. */
import { EventEmitter } from 'node:events';
import { named, type Notifier } from '../../src/ports/stores.ts';

/** An emitter's own names ('error') are none of these. */
const event = (topic: string): string => `rung ${named(topic)}`;

export const createNotifier = (): Notifier => {
  const tower = new EventEmitter().setMaxListeners(0);
  return {
    async publish(topic) {
      const rung = event(topic);
      // Later, as from another node.
      queueMicrotask(() => tower.emit(rung));
    },
    async subscribe(topic, onRing) {
      const heard = event(topic);
      const listener = (): void => onRing();
      tower.on(heard, listener);
      return () => void tower.off(heard, listener);
    },
  };
};
