/** The short-lived half: values with their deadline in one table, each method one statement or one transaction. */
import type { DatabaseSync } from 'node:sqlite';
import { named, type Ephemeral, type Key } from '../../src/ports/stores.ts';
import type { Clock, Millis } from '../../src/ports/time.ts';
import type { Purge } from './documents.ts';
import { atOnce, guarded } from './file.ts';

const at = 'realm = :realm AND key = :key';
/** An ended value that nobody has purged yet is overwritten as if it were not there. */
const put = `INSERT INTO ephemeral (realm, key, value, until) VALUES (:realm, :key, :value, :until)
  ON CONFLICT (realm, key) DO UPDATE SET value = excluded.value, until = excluded.until`;

const prepared = (db: DatabaseSync) => ({
  get: db.prepare(`SELECT value FROM ephemeral WHERE ${at} AND until > :now`),
  put: db.prepare(put),
  add: db.prepare(`${put} WHERE ephemeral.until <= :now`),
  swap: db.prepare(
    `UPDATE ephemeral SET value = :next, until = coalesce(:until, until) WHERE ${at} AND value = :was AND until > :now`,
  ),
  drop: db.prepare(`DELETE FROM ephemeral WHERE ${at} AND value = :was AND until > :now`),
  take: db.prepare(`DELETE FROM ephemeral WHERE ${at} RETURNING value, until`),
  hit: db.prepare(`INSERT INTO ephemeral (realm, key, value, until) VALUES (:realm, :key, '1', :until)
    ON CONFLICT (realm, key) DO UPDATE SET
      value = CASE WHEN until > :now THEN CAST(CAST(value AS INTEGER) + 1 AS TEXT) ELSE '1' END,
      until = CASE WHEN until > :now THEN until ELSE excluded.until END
    RETURNING value`),
  giveBack: db.prepare(
    `UPDATE ephemeral SET value = CAST(max(CAST(value AS INTEGER) - 1, 0) AS TEXT) WHERE ${at} AND until > :now`,
  ),
  tag: db.prepare('INSERT OR IGNORE INTO ephemeral_tags (realm, tag, key) VALUES (:realm, :tag, :key)'),
  untag: db.prepare(`DELETE FROM ephemeral_tags WHERE ${at}`),
  dropTagged: db.prepare(
    `DELETE FROM ephemeral WHERE realm = :realm AND key IN (SELECT key FROM ephemeral_tags WHERE realm = :realm AND tag = :tag)`,
  ),
  purge: db.prepare(
    `DELETE FROM ephemeral WHERE (realm, key) IN (SELECT realm, key FROM ephemeral WHERE until <= :now LIMIT :most)`,
  ),
});

/** Short-lived values of one realm, and what purges those of every realm that ended. */
export const openEphemeral = ({
  db,
  clock,
  realm,
}: {
  readonly db: DatabaseSync;
  readonly clock: Clock;
  readonly realm: string;
}): { readonly ephemeral: Ephemeral; readonly purge: Purge } => {
  const run = prepared(db);
  const place = (key: string): { realm: string; key: string } => ({ realm, key: named(key) });
  /** Within a transaction. */
  const write = (statement: 'put' | 'add', ...[key, value, ttl, tags = []]: Parameters<Ephemeral['put']>): boolean => {
    const here = place(key);
    const now = clock();
    const row = { ...here, value: JSON.stringify(value), until: now + ttl, ...(statement === 'add' && { now }) };
    const names = tags.map(named);
    if (run[statement].run(row).changes !== 1) return false;
    run.untag.run(here);
    for (const tag of names) run.tag.run({ ...here, tag });
    return true;
  };
  const together = <T>(steps: () => T): T => guarded(() => atOnce(db, steps));

  const valueAt = (key: string): unknown => {
    const row = run.get.get({ ...place(key), now: clock() });
    return row && JSON.parse(String(row['value']));
  };
  const hit = (key: string, window: Millis): number => {
    const now = clock();
    return Number(run.hit.get({ ...place(key), now, until: now + window })?.['value']);
  };

  const ephemeral: Ephemeral = {
    async get<T>(key: string) {
      return guarded(() => valueAt(key)) as T | undefined;
    },
    async getMany<T extends readonly unknown[]>(...keys: { readonly [At in keyof T]: Key<T[At]> }) {
      return guarded(() => keys.map(valueAt)) as { [At in keyof T]: T[At] | undefined };
    },
    async setWith(others, key, value, ttl) {
      return together(() => {
        for (const other of others) write('put', other.key, other.value, other.ttl);
        return write('add', key, value, ttl);
      });
    },
    async put(...entry) {
      together(() => write('put', ...entry));
    },
    async setIfAbsent(...entry) {
      return together(() => write('add', ...entry));
    },
    async compareAndSwap(key, was, next, ttl) {
      const now = clock();
      const found = { ...place(key), was: JSON.stringify(was), now };
      const { changes } = guarded(() =>
        next === undefined
          ? run.drop.run(found)
          : run.swap.run({ ...found, next: JSON.stringify(next), until: ttl === undefined ? null : now + ttl }),
      );
      return changes === 1;
    },
    async getAndDelete<T>(key: string) {
      const row = guarded(() => run.take.get(place(key)));
      return row !== undefined && Number(row['until']) > clock() ? (JSON.parse(String(row['value'])) as T) : undefined;
    },
    async increment(key, window) {
      return guarded(() => hit(key, window));
    },
    async incrementMany(hits) {
      return together(() => hits.map(([key, window]) => hit(key, window)));
    },
    async decrement(...keys) {
      together(() => keys.forEach(key => run.giveBack.run({ ...place(key), now: clock() })));
    },
    async dropTagged(tag) {
      guarded(() => run.dropTagged.run({ realm, tag: named(tag) }));
    },
  };
  return { ephemeral, purge: most => Number(guarded(() => run.purge.run({ now: clock(), most })).changes) };
};
