/** Every store this house can stand on, under one roof: a test that runs over `stores` runs on each of them. */
import { openMemory } from '../../adapters/memory.ts';
import type { Clock, DurableStore, ShortLivedStore } from '../../src/ports.ts';

/** What one node holds: both halves, as `createApp` takes them. */
export interface Node {
  readonly durable: DurableStore;
  readonly shortLived: ShortLivedStore;
}

/** An open store. What `reopen` gives is a second node over the same data; `close` ends every node and the data. */
export interface OpenStore extends Node {
  reopen(): Promise<Node>;
  close(): Promise<void>;
}

export const stores: readonly {
  readonly name: 'memory' | 'sqlite' | 'redis';
  open(clock: Clock): Promise<OpenStore>;
}[] = [
  {
    name: 'memory',
    async open(clock) {
      // Memory has one process and so one node: the second is the first.
      const node = openMemory({ clock });
      return { ...node, reopen: async () => node, close: async () => {} };
    },
  },
];
