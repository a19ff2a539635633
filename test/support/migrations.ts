/** Gives migrations what they need in tests, and steps over documents of their own. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { waitingTimers } from '../../server/timers.ts';
import { createSealer } from '../../src/crypto.ts';
import { silentLog } from '../../src/log.ts';
import type { Migration } from '../../src/migrations/migration.ts';
import type { MigrationDeps } from '../../src/migrations/run.ts';
import { conflict, optimisticWrite } from '../../src/optimistic-write.ts';
import type { Collection, Doc, Kind } from '../../src/ports/stores.ts';

/** They use a sealing key of their own, timers of the process, and the release `2.0.0`, unless told. */
export const migrationDeps = (
  given: Pick<MigrationDeps, 'durable' | 'clock'> & Partial<MigrationDeps>,
): MigrationDeps => ({
  sealer: createSealer([{ id: 'test', key: createSecretKey(randomBytes(32)) }]),
  log: silentLog,
  schedule: waitingTimers,
  release: '2.0.0',
  ...given,
});

/** A document that steps change: each adds its number to `passed`. `touched` belongs to a concurrent writer. */
export interface Item extends Doc {
  readonly passed: readonly number[];
  readonly touched?: number;
}
export const itemKind: Kind<Item> = { name: 'migrated-items', index: [], unique: [] };

/** Items in the order of their ids. */
export const newItems = (count: number): readonly Item[] =>
  Array.from({ length: count }, (_, at) => ({ id: String(at).padStart(5, '0'), rev: 1, passed: [] }));

/** All items. */
export const allItems = async (items: Collection<Item>): Promise<readonly Item[]> => items.find({}, { limit: 10_000 });

/** A step over the items, `limit` to a page. A step that counted a document twice would add its number twice. */
export const itemStep = (number: number, limit = 10): Migration => ({
  number,
  name: `pass-${number}`,
  phase: 'migrate',
  async run({ durable }, cursor) {
    const items = durable.collection(itemKind);
    const page = await items.find({}, { limit, ...(cursor !== '' && { after: cursor }) });
    let changed = 0;
    for (const { id } of page) {
      const isChanged = await optimisticWrite(
        async () => {
          const item = await items.get(id);
          if (item === undefined || item.passed.includes(number)) return false;
          const written = await items.replace({ ...item, passed: [...item.passed, number] });
          return written === undefined ? conflict : true;
        },
        () => {
          throw new Error(`${id}: a concurrent writer won every time`);
        },
      );
      if (isChanged) changed += 1;
    }
    const next = page.length === limit ? page.at(-1)?.id : undefined;
    return { seen: page.length, changed, ...(next !== undefined && { next }) };
  },
});
