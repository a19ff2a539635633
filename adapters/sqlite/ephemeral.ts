/** Stores short-lived values of all realms in one table. Each method is one statement or one transaction. */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { named, type Count, type Ephemeral, type EphemeralWrite, type Key } from '../../src/ports/stores.ts';
import type { Clock, Millis } from '../../src/ports/time.ts';
import type { Purge } from './documents.ts';
import { guarded, inTransaction, readingText } from './file.ts';
import type { RunStep } from './lock-wait.ts';

const at = 'realm = :realm AND key = :key';
const insert = 'INSERT INTO ephemeral (realm, key, value, until) VALUES (:realm, :key, :value, :until)';
/** Overwrites an expired value that was not purged yet. */
const put = `${insert} ON CONFLICT (realm, key) DO UPDATE SET value = excluded.value, until = excluded.until`;

const prepareAll = (db: DatabaseSync) => ({
  get: readingText(db, 'SELECT value FROM ephemeral WHERE realm = ? AND key = ? AND until > ?'),
  getWithEnd: db.prepare(`SELECT value, until FROM ephemeral WHERE ${at} AND until > :now`),
  add: db.prepare(`${insert} ON CONFLICT (realm, key) DO NOTHING`),
  put: db.prepare(put),
  setIfAbsent: db.prepare(`${put} WHERE ephemeral.until <= :now`),
  swap: db.prepare(
    `UPDATE ephemeral SET value = :next, until = coalesce(:until, until)
     WHERE ${at} AND value = :expected AND until > :now`,
  ),
  deleteIfEqual: db.prepare(`DELETE FROM ephemeral WHERE ${at} AND value = :expected AND until > :now`),
  getAndDelete: db.prepare(`DELETE FROM ephemeral WHERE ${at} RETURNING value, until`),
  increment: db.prepare(`INSERT INTO ephemeral (realm, key, value, until) VALUES (:realm, :key, '1', :until)
    ON CONFLICT (realm, key) DO UPDATE SET
      value = CASE WHEN until > :now THEN CAST(CAST(value AS INTEGER) + 1 AS TEXT) ELSE '1' END,
      until = CASE WHEN until > :now THEN until ELSE excluded.until END
    RETURNING value`),
  decrement: db.prepare(
    `UPDATE ephemeral SET value = CAST(max(CAST(value AS INTEGER) - 1, 0) AS TEXT) WHERE ${at} AND until > :now`,
  ),
  tag: db.prepare('INSERT OR IGNORE INTO ephemeral_tags (realm, tag, key) VALUES (:realm, :tag, :key)'),
  untag: db.prepare(`DELETE FROM ephemeral_tags WHERE ${at}`),
  dropTagged: db.prepare(
    `DELETE FROM ephemeral WHERE realm = :realm AND key IN (SELECT key FROM ephemeral_tags WHERE realm = :realm AND tag = :tag)`,
  ),
  purge: db.prepare(
    `DELETE FROM ephemeral WHERE (realm, key) IN (SELECT realm, key FROM ephemeral WHERE until <= :now LIMIT :limit)`,
  ),
});

/** The row that a write returns. `get` would end before the commit, and so hide that it failed, as on a full disk. */
const returned = (write: StatementSync, values: Record<string, SQLInputValue>) => write.all(values)[0];

/** Short-lived values of one realm, and the purge of expired values of all realms. */
export const openEphemeral = ({
  db,
  read,
  write: run,
  clock,
  realm,
}: {
  readonly db: DatabaseSync;
  readonly read: RunStep;
  readonly write: RunStep;
  readonly clock: Clock;
  readonly realm: string;
}): { readonly ephemeral: Ephemeral; readonly purge: Purge } => {
  const statements = prepareAll(db);
  const rowAt = (key: string): { realm: string; key: string } => ({ realm, key: named(key) });
  /** Adds a value under a key that has none, not even an expired one. Such a key has no tags. False: it has one. */
  const add = (...[key, value, ttl]: Parameters<Ephemeral['put']>): boolean =>
    statements.add.run({ ...rowAt(key), value: JSON.stringify(value), until: clock() + ttl }).changes === 1;
  /** Must run in a transaction. False: the key was not absent. */
  const write = (method: 'put' | 'setIfAbsent', ...entry: Parameters<Ephemeral['put']>): boolean => {
    const [key, value, ttl, tags = []] = entry;
    const [row, names] = [rowAt(key), tags.map(named)];
    if (!add(...entry)) {
      const now = clock();
      const written = { ...row, value: JSON.stringify(value), until: now + ttl };
      const { changes } = statements[method].run(method === 'put' ? written : { ...written, now });
      if (changes !== 1) return false;
      statements.untag.run(row);
    }
    for (const tag of names) statements.tag.run({ ...row, tag });
    return true;
  };
  const transaction = <T>(steps: () => T): Promise<T> => run(() => inTransaction(db, steps));
  /** The same in a step of its own: one statement where the key is new and without tags, as most are. */
  const writeOne = (method: 'put' | 'setIfAbsent', ...entry: Parameters<Ephemeral['put']>): Promise<boolean> =>
    run(() => {
      const [, , , tags = []] = entry;
      return (tags.length === 0 && add(...entry)) || inTransaction(db, () => write(method, ...entry));
    });

  const valueAt = (key: string): unknown => {
    const text = statements.get(realm, named(key), clock());
    return text === undefined ? undefined : JSON.parse(text);
  };
  const countAt = (key: string): Count | undefined => {
    const row = statements.getWithEnd.get({ ...rowAt(key), now: clock() });
    return row && { total: Number(row['value']), until: Number(row['until']) };
  };
  const increment = (key: string, window: Millis): number => {
    const now = clock();
    return Number(returned(statements.increment, { ...rowAt(key), now, until: now + window })?.['value']);
  };

  const decrement = (key: string): void => void statements.decrement.run({ ...rowAt(key), now: clock() });
  const compareAndSwap = (...[key, expected, next, ttl]: Parameters<Ephemeral['compareAndSwap']>): boolean => {
    const now = clock();
    const row = { ...rowAt(key), expected: JSON.stringify(expected), now };
    const { changes } =
      next === undefined
        ? statements.deleteIfEqual.run(row)
        : statements.swap.run({ ...row, next: JSON.stringify(next), until: ttl === undefined ? null : now + ttl });
    return changes === 1;
  };
  const take = (key: string): unknown => {
    const row = returned(statements.getAndDelete, rowAt(key));
    return row !== undefined && Number(row['until']) > clock() ? JSON.parse(String(row['value'])) : undefined;
  };
  /** Must run in a transaction. */
  const carryOut = (one: EphemeralWrite): boolean => {
    if (one.method === 'compareAndSwap') return compareAndSwap(one.key, one.expected, one.next, one.ttl);
    if (one.method === 'remove') return take(one.key) !== undefined;
    if (one.method !== 'decrement') return write(one.method, one.key, one.value, one.ttl, one.tags);
    decrement(one.key);
    return true;
  };

  const ephemeral: Ephemeral = {
    async get<T>(key: string) {
      return (await read(() => valueAt(key))) as T | undefined;
    },
    async getMany<T extends readonly unknown[]>(...keys: { readonly [At in keyof T]: Key<T[At]> }) {
      return (await read(() => keys.map(valueAt))) as { [At in keyof T]: T[At] | undefined };
    },
    async setWith(others, key, value, ttl) {
      return transaction(() => {
        for (const other of others) write('put', other.key, other.value, other.ttl);
        return write('setIfAbsent', key, value, ttl);
      });
    },
    async put(...entry) {
      await writeOne('put', ...entry);
    },
    async setIfAbsent(...entry) {
      return writeOne('setIfAbsent', ...entry);
    },
    async compareAndSwap(...swap) {
      return run(() => compareAndSwap(...swap));
    },
    async getAndDelete<T>(key: string) {
      return (await run(() => take(key))) as T | undefined;
    },
    async increment(key, window) {
      return run(() => increment(key, window));
    },
    async incrementMany(counters) {
      return transaction(() => counters.map(([key, window]) => increment(key, window)));
    },
    async counts(...keys) {
      return read(() => keys.map(countAt));
    },
    async decrement(...keys) {
      await transaction(() => keys.forEach(decrement));
    },
    async writeMany(writes, last = []) {
      return transaction(() => [...writes, ...last].map(carryOut));
    },
    async dropTagged(tag) {
      await run(() => statements.dropTagged.run({ realm, tag: named(tag) }));
    },
  };
  return { ephemeral, purge: limit => Number(guarded(() => statements.purge.run({ now: clock(), limit })).changes) };
};
