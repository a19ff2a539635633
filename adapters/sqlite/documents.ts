/** The durable half: documents of one kind in one table, written through the connection that waits for the disk. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { Problem } from '../../src/errors.ts';
import { named, type Collection, type Doc, type Kind } from '../../src/ports/stores.ts';
import type { Clock, EpochMillis } from '../../src/ports/time.ts';
import { atOnce, guarded } from './file.ts';
import { layoutOf, prepareTable, textOf } from './layout.ts';

/** Removes at most so many ended documents and says how many there were. */
export type Purge = (most: number) => number;

/**
 * The collection of a kind, and what purges it where its documents end.
 * @throws Problem 'conflict' where a newly declared unique member is not unique in what is stored.
 */
export const openDocuments = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  deps: { readonly db: DatabaseSync; readonly clock: Clock; readonly realm: string },
): { readonly collection: Collection<D, Index>; readonly purge?: Purge } => {
  const { db, clock } = deps;
  const layout = layoutOf(kind, deps.realm);
  prepareTable(db, layout);
  const { table, until } = layout;
  const live = until === undefined ? 'TRUE' : `(${until} IS NULL OR ${until} > :now)`;
  const now = (): { now?: EpochMillis } => (until === undefined ? {} : { now: clock() });

  const select = db.prepare(`SELECT body FROM ${table} WHERE id = :id AND ${live}`);
  const insert = db.prepare(`INSERT INTO ${table} (id, rev, body) VALUES (:id, :rev, :body)`);
  const update = db.prepare(
    `UPDATE ${table} SET rev = rev + 1, body = :body WHERE id = :id AND rev = :rev AND ${live}`,
  );
  const remove = db.prepare(`DELETE FROM ${table} WHERE id = :id AND ${live}`);
  const search = searches(db, table, live);
  const cleared = clearing(db, kind, table, until);

  const collection: Collection<D, Index> = {
    async get(id) {
      const row = guarded(() => select.get({ id: named(id), ...now() }));
      return row && (JSON.parse(String(row['body'])) as D);
    },
    async find(where, { after, limit = 100 } = {}) {
      const wanted = Object.entries(where) as [Index, unknown][];
      refuseUndefined(kind.name, wanted);
      const values = Object.fromEntries(wanted.map(([, value], place) => [`value${place}`, JSON.stringify(value)]));
      const page = { after: named(after ?? ''), limit: Math.max(0, limit) };
      const members = wanted.map(([member]) => member);
      const rows = guarded(() => search(members, after !== undefined).all({ ...values, ...page, ...now() }));
      return rows.map(row => JSON.parse(String(row['body'])) as D);
    },
    async insert(doc) {
      const row = { id: named(doc.id), rev: doc.rev, body: JSON.stringify(doc) };
      guarded(() => cleared(doc, clock(), () => insert.run(row)));
    },
    async replace(next) {
      const body = JSON.stringify({ ...next, rev: next.rev + 1 });
      const row = { id: named(next.id), rev: next.rev, body, ...now() };
      const { changes } = guarded(() => cleared(next, clock(), () => update.run(row)));
      return changes === 1 ? (JSON.parse(body) as D) : undefined;
    },
    async remove(id) {
      return guarded(() => remove.run({ id: named(id), ...now() })).changes === 1;
    },
  };
  if (until === undefined) return { collection };
  const purge = db.prepare(
    `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${until} <= :now LIMIT :most)`,
  );
  return { collection, purge: most => Number(guarded(() => purge.run({ now: clock(), most })).changes) };
};

/** Absent is not a value to look for: an `undefined` that slipped in would otherwise find everybody's documents. */
const refuseUndefined = (name: string, wanted: readonly (readonly [string, unknown])[]): void => {
  const missing = wanted.find(([, value]) => value === undefined);
  if (missing !== undefined)
    throw new Problem('internal', `${name}: got no ${missing[0]} to find by, expected a value`);
};

/** One prepared search for each set of members, on the first page (which has no `after`) and on the others. */
const searches = (db: DatabaseSync, table: string, live: string) => {
  const known = new Map<string, StatementSync>();
  return (members: readonly string[], later: boolean): StatementSync => {
    const equal = members.map((member, place) => `${textOf(member)} = :value${place}`);
    const conditions = [...equal, `id ${later ? '>' : '>='} :after`, live].join(' AND ');
    const sql = `SELECT body FROM ${table} WHERE ${conditions} ORDER BY id LIMIT :limit`;
    const statement = known.get(sql) ?? db.prepare(sql);
    known.set(sql, statement);
    return statement;
  };
};

/** Writes after removing, in the same transaction, ended documents that still hold the id or a unique member. */
const clearing = <D extends Doc, Index extends keyof D & string>(
  db: DatabaseSync,
  kind: Kind<D, Index>,
  table: string,
  until: string | undefined,
) => {
  const clear = (column: string): StatementSync =>
    db.prepare(`DELETE FROM ${table} WHERE ${column} = :value AND ${until} <= :now`);
  const byId = until === undefined ? undefined : clear('id');
  const byMember = byId === undefined ? [] : kind.unique.map(member => [member, clear(textOf(member))] as const);
  return <T>(doc: D, now: EpochMillis, write: () => T): T => {
    if (byId === undefined) return write();
    return atOnce(db, () => {
      byId.run({ value: doc.id, now });
      for (const [member, statement] of byMember) {
        if (doc[member] !== undefined) statement.run({ value: JSON.stringify(doc[member]), now });
      }
      return write();
    });
  };
};
