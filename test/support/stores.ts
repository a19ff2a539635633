/** Every store this house can stand on, under one roof: a test that runs over `stores` runs on each of them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemory } from '../../adapters/memory.ts';
import { openSqlite } from '../../adapters/sqlite.ts';
import type { Clock, DurableStore, ShortLivedStore } from '../../src/ports.ts';

/** What one node holds: both halves, as `createApp` takes them. */
export interface Node {
  readonly durable: DurableStore;
  readonly shortLived: ShortLivedStore;
}

/** An open store. What `reopen` gives is a second node over the same data; `close` ends every node and the data. */
export interface OpenStore extends Node {
  readonly reopen: () => Promise<Node>;
  readonly close: () => Promise<void>;
}

export const stores: readonly {
  readonly name: 'memory' | 'sqlite' | 'redis';
  readonly open: (clock: Clock) => Promise<OpenStore>;
}[] = [
  {
    name: 'memory',
    async open(clock) {
      // Memory has one process and so one node: the second is the first.
      const node = openMemory({ clock });
      return { ...node, reopen: async () => node, close: async () => {} };
    },
  },
  {
    name: 'sqlite',
    async open(clock) {
      const folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
      const nodes: Node[] = [];
      const open = (): Node => {
        const node = openSqlite({ file: join(folder, 'store.db'), clock });
        nodes.push(node);
        return node;
      };
      return {
        ...open(),
        reopen: async () => open(),
        async close() {
          await Promise.all(nodes.flatMap(node => [node.durable.close(), node.shortLived.close()]));
          await rm(folder, { recursive: true });
        },
      };
    },
  },
];
