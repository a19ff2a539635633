/**
 * The bell of a SQLite file: heard by every node in this process that has the same file open. Another process on the
 * file (the command line) is not heard; pages then notice by reading every 5 s.
 */
import { EventEmitter } from 'node:events';
import { named, type Notifier } from '../../src/ports/stores.ts';

/** One for the process, as the file is. */
const tower = new EventEmitter().setMaxListeners(0);

/** `name` is what nodes that hear each other have in common. */
export const openNotifier = (name: string): Notifier => {
  const event = (topic: string): string => `${name}\0${named(topic)}`;
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
