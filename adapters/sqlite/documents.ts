/** Stores the documents of one kind in one table, as JSON. Finds them by the indexes that `layout.ts` creates. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { isProblem } from '../../src/errors.ts';
import {
  criteriaIn,
  named,
  outcomeOf,
  revised,
  type Collection,
  type Doc,
  type Inserted,
  type Kind,
  type Writer,
} from '../../src/ports/stores.ts';
import type { Clock, EpochMillis } from '../../src/ports/time.ts';
import { guarded, inTransaction, readingText } from './file.ts';
import { layoutOf, prepareTable, type Layout } from './layout.ts';
import type { RunStep } from './lock-wait.ts';

/** Deletes at most `limit` expired rows, and returns how many it deleted. */
export type Purge = (limit: number) => number;

/** The collection of a kind, the writes that run in a transaction of the caller, and the purge where its documents expire. */
export interface Documents<D extends Doc, Index extends keyof D> {
  readonly collection: Collection<D, Index>;
  readonly writer: Writer<D>;
  readonly purge?: Purge;
}

/**
 * Opens the documents of a kind.
 * @throws Problem 'conflict' where a newly declared unique member has duplicates among the stored documents.
 */
export const openDocuments = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  deps: {
    readonly db: DatabaseSync;
    readonly read: RunStep;
    readonly write: RunStep;
    readonly clock: Clock;
    readonly realm: string;
  },
): Documents<D, Index> => {
  const { db, clock, read, write } = deps;
  const layout = layoutOf(kind, deps.realm);
  prepareTable(db, layout);
  const { table, until } = layout;
  const live = until === undefined ? 'TRUE' : `(${until} IS NULL OR ${until} > :now)`;
  const now = (): { now?: EpochMillis } => (until === undefined ? {} : { now: clock() });

  const select = readingText(db, `SELECT body FROM ${table} WHERE id = ?`);
  const insert = db.prepare(`INSERT INTO ${table} (id, rev, body) VALUES (:id, :rev, :body)`);
  const update = db.prepare(
    `UPDATE ${table} SET rev = rev + 1, body = :body WHERE id = :id AND rev = :rev AND ${live}`,
  );
  const remove = db.prepare(`DELETE FROM ${table} WHERE id = :id AND ${live}`);
  const search = searches(db, layout, live);
  const writeOver = writingOver(db, kind, layout);

  const replace = (next: D, body: string): boolean => {
    const row = { id: named(next.id), rev: next.rev, body };
    return writeOver(next, clock, () => update.run({ ...row, ...now() })).changes === 1;
  };
  const writer: Writer<D> = {
    insert(doc) {
      const row = { id: named(doc.id), rev: doc.rev, body: JSON.stringify(doc) };
      writeOver(doc, clock, () => insert.run(row));
    },
    replace: next => replace(next, JSON.stringify(revised(next))),
    remove: id => remove.run({ id: named(id), ...now() }).changes === 1,
  };

  const collection: Collection<D, Index> = {
    async get(id) {
      const body = await read(() => select(named(id)));
      if (body === undefined) return undefined;
      const doc = JSON.parse(body) as D;
      // The end is compared here, because SQLite would have to parse the document too.
      const end: unknown = kind.expires === undefined ? undefined : doc[kind.expires];
      return typeof end === 'number' && end <= clock() ? undefined : doc;
    },
    async find(where, { after, limit = 100, order = 'oldest' } = {}) {
      const criteria = criteriaIn(kind, where);
      const values = Object.fromEntries(criteria.map(([, value], place) => [`value${place}`, JSON.stringify(value)]));
      const page = { after: named(after ?? ''), limit: Math.max(0, limit) };
      const members = criteria.map(([member]) => member);
      const rows = await read(() => search(members, order, after === undefined).all({ ...values, ...page, ...now() }));
      return rows.map(row => JSON.parse(String(row['body'])) as D);
    },
    async insert(doc) {
      await write(() => writer.insert(doc));
    },
    async insertMany(docs) {
      const outcomes: Inserted[] = [];
      for (let first = 0; first < docs.length; first += perTransaction) {
        const some = docs.slice(first, first + perTransaction);
        for (const { id } of some) named(id);
        // A refused statement is undone alone, with its triggers. The others of the transaction stay.
        const insertSome = (): readonly Inserted[] => some.map(doc => outcomeOf(() => writer.insert(doc)));
        outcomes.push(...(await write(() => inTransaction(db, insertSome))));
      }
      return outcomes;
    },
    async replace(next) {
      const body = JSON.stringify(revised(next));
      return (await write(() => replace(next, body))) ? (JSON.parse(body) as D) : undefined;
    },
    async remove(id) {
      return write(() => writer.remove(id));
    },
  };
  if (until === undefined) return { collection, writer };
  const purge = db.prepare(
    `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${until} <= :now LIMIT :limit)`,
  );
  return { collection, writer, purge: limit => Number(guarded(() => purge.run({ now: clock(), limit })).changes) };
};

/** Documents that one transaction of `insertMany` inserts: reads and other writes wait meanwhile, a few milliseconds. */
const perTransaction = 200;

const orders = {
  oldest: { isPast: 'id > :after', direction: 'ASC' },
  newest: { isPast: 'id < :after', direction: 'DESC' },
} as const;

/** Prepares a search for each set of members and order. The first page has an empty `after`, the lowest id that there is. */
const searches = (db: DatabaseSync, { table, has }: Layout, live: string) => {
  const statements = new Map<string, StatementSync>();
  return (members: readonly string[], order: keyof typeof orders, isFirst: boolean): StatementSync => {
    const { isPast, direction } = orders[order];
    const equal = members.map((member, place) => has(member, `:value${place}`));
    const conditions = [...equal, isFirst ? 'id >= :after' : isPast, live].join(' AND ');
    const sql = `SELECT body FROM ${table} WHERE ${conditions} ORDER BY id ${direction} LIMIT :limit`;
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
};

/**
 * Writes a document in one statement. Where expired documents still hold its id or a unique member, it deletes them and writes again,
 * in the transaction of the caller or in its own.
 */
const writingOver = <D extends Doc, Index extends keyof D & string>(
  db: DatabaseSync,
  { unique, uniqueEach = [] }: Kind<D, Index>,
  { table, until, has }: Layout,
) => {
  const clear = (condition: string): StatementSync =>
    db.prepare(`DELETE FROM ${table} WHERE ${condition} AND ${until} <= :now`);
  const byId = until === undefined ? undefined : clear('id = :value');
  const byMember =
    byId === undefined ? [] : [...unique, ...uniqueEach].map(member => [member, clear(has(member, ':value'))] as const);
  const clearFor = (doc: D, now: EpochMillis): void => {
    byId?.run({ value: doc.id, now });
    for (const [member, statement] of byMember) {
      for (const value of uniqueEach.includes(member) ? listIn(doc[member]) : [doc[member]]) {
        if (value !== undefined) statement.run({ value: JSON.stringify(value), now });
      }
    }
  };
  return <T>(doc: D, clock: Clock, write: () => T): T => {
    try {
      return guarded(write);
    } catch (error) {
      if (byId === undefined || !isProblem(error, 'conflict')) throw error;
    }
    const again = (): T => {
      clearFor(doc, clock());
      return guarded(write);
    };
    return db.isTransaction ? again() : inTransaction(db, again);
  };
};

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
