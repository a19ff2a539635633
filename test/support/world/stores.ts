/** Lists every store of the product. A test that runs over `stores` runs on each of them. */
import { afterAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryDurable, openMemoryShortLived } from '../../../adapters/memory.ts';
import { openRedis } from '../../../adapters/redis.ts';
import { openSqliteDurable, openSqliteShortLived } from '../../../adapters/sqlite.ts';
import type { Clock } from '../../../src/ports/time.ts';
import type { DurableStore, ShortLivedStore } from '../../../src/ports/stores.ts';
import { hasRedisServer, startRedis, type RedisServer } from './redis-server.ts';

/** Both halves of one node, as `createApp` takes them. */
export interface Node {
  readonly durable: DurableStore;
  readonly shortLived: ShortLivedStore;
}

export interface Store {
  readonly name: 'memory' | 'sqlite' | 'redis';
  readonly open: (clock: Clock) => Promise<OpenStore>;
}

/** An open store. `reopen` opens a second node over the same data; `close` ends every node and the data. */
export interface OpenStore extends Node {
  readonly reopen: () => Promise<Node>;
  readonly close: () => Promise<void>;
}

const openFile = async (clock: Clock, shortLived?: () => Promise<ShortLivedStore>): Promise<OpenStore> => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  const open: Node[] = [];
  const node = async (): Promise<Node> => {
    const file = join(folder, 'store.db');
    const durable = openSqliteDurable({ file, clock });
    const opened = { durable, shortLived: (await shortLived?.()) ?? openSqliteShortLived({ file, clock }) };
    open.push(opened);
    return opened;
  };
  return {
    ...(await node()),
    reopen: node,
    async close() {
      await Promise.all(open.flatMap(each => [each.durable.close(), each.shortLived.close()]));
      await rm(folder, { recursive: true });
    },
  };
};

const memory: Store = {
  name: 'memory',
  async open(clock) {
    // Memory has one process and so one node: the second is the first.
    const node = { durable: openMemoryDurable({ clock }), shortLived: openMemoryShortLived({ clock }) };
    return { ...node, reopen: async () => node, close: async () => {} };
  },
};

const sqlite: Store = { name: 'sqlite', open: clock => openFile(clock) };

/** One server for all tests of a file, started on demand. Each opening uses a realm of its own. */
let server: Promise<RedisServer> | undefined;
afterAll(async () => (await server)?.stop());

/** SQLite for durable data and Redis for short-lived data, as with several nodes. */
const redis: Store = {
  name: 'redis',
  async open(clock) {
    server ??= startRedis();
    const { url } = await server;
    const realm = randomUUID();
    return openFile(clock, () => openRedis({ url, clock, realm }));
  },
};

/** `npm run test:fast` names some stores in SALLYPORT_TEST_STORES, separated by commas; otherwise all are tested. */
const named = process.env['SALLYPORT_TEST_STORES']?.split(',');
const chosen = [memory, sqlite, redis].filter(({ name }) => named?.includes(name) ?? true);

const canRun = ({ name }: Store): boolean => name !== 'redis' || hasRedisServer() || process.env['CI'] === 'true';
export const stores: readonly Store[] = chosen.filter(canRun);
if (stores.length < chosen.length) {
  process.stderr.write(
    'NOT TESTED ON REDIS: this machine has no redis-server (Debian: apt-get install redis-server). With CI=true this fails.\n',
  );
}
