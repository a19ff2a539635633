/** Implements the port `Collection` for one kind of documents, in the layout of `layout.ts`. */
import { MongoBulkWriteError, type ClientSession, type Collection as Documents, type Filter } from 'mongodb';
import { isProblem, Problem } from '../../src/errors.ts';
import {
  criteriaIn,
  named,
  revised,
  type Collection,
  type Doc,
  type Inserted,
  type Kind,
} from '../../src/ports/stores.ts';
import type { Clock } from '../../src/ports/time.ts';
import { answered, duplicateKey, serverTime, takenIn } from './connection.ts';
import { fromStored, type Layout, type Stored } from './layout.ts';
import { readBack, wasStored } from './outcome.ts';
import { createReadById } from './read-by-id.ts';

/** Documents in one batch of `insertMany`. */
const batchLength = 500;
/** The index of `_id`, which MongoDB creates itself. */
const byId = '_id_';

/** The writes of one kind, as a batch carries them out in its transaction. */
export interface Rows<D extends Doc = Doc> {
  /** Creates the indexes, which no transaction can. */
  ready(): Promise<void>;
  toInsert(doc: D): Stored;
  toReplace(next: D): Stored;
  /** @throws the driver's error */
  insert(row: Stored, session?: ClientSession): Promise<void>;
  /** False: another revision is stored, or none. @throws the driver's error */
  replace(row: Stored, session?: ClientSession): Promise<boolean>;
  /** False: it is not stored. @throws the driver's error */
  remove(id: string, session?: ClientSession): Promise<boolean>;
  /** Deletes ended documents that still hold the id or a unique member of a row. False: documents of this kind do not end. */
  clear(rows: readonly Stored[]): Promise<boolean>;
  readBack(id: string): Promise<Stored | null>;
}

/** The collection of a kind. Each call first waits for `ready`, which creates the indexes. */
export const openDocuments = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  layout: Layout<D>,
  deps: { readonly documents: Documents<Stored>; readonly clock: Clock; readonly ready: () => Promise<void> },
): { readonly collection: Collection<D, Index>; readonly rows: Rows<D> } => {
  const { documents, clock, ready } = deps;
  const readById = createReadById(documents);
  const call = async <T>(steps: () => Promise<T>): Promise<T> => answered(ready().then(steps));
  const taken = (member: string): Problem =>
    new Problem('conflict', `${kind.name}: got a taken ${member}, expected a new one`);

  const rows: Rows<D> = {
    ready,
    toInsert: doc => layout.toStored({ ...doc, id: named(doc.id) }),
    toReplace: next => layout.toStored(revised({ ...next, id: named(next.id) })),
    insert: async (row, session) => void (await documents.insertOne(row, within(session))),
    async replace(row, session) {
      const { _id: id, rev } = row;
      const old = { _id: id, rev: rev - 1, ...layout.live(clock()) };
      return (await documents.replaceOne(old, row, { hint: byId, ...within(session) })).matchedCount === 1;
    },
    async remove(id, session) {
      const one = { _id: named(id), ...layout.live(clock()) };
      return (await documents.deleteOne(one, { hint: byId, ...within(session) })).deletedCount === 1;
    },
    async clear(some) {
      const ended = layout.ended?.(clock());
      if (ended === undefined) return false;
      await documents.deleteMany({ ...ended, _id: { $in: some.map(({ _id }) => _id) } }, { hint: byId });
      for (const [member, hint] of layout.unique) {
        const values = some.flatMap(({ members }) => members[member] ?? []);
        if (values.length > 0) await documents.deleteMany({ ...ended, ...layout.hasOne(member, values) }, { hint });
      }
      return true;
    },
    readBack: async id => readBack(documents, id),
  };

  /** Writes `row` once, and finds out the outcome where no answer came. False: another revision is stored. */
  const attempt = async (row: Stored, write: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await write();
    } catch (error) {
      const member = takenIn(error);
      if (member !== undefined) throw taken(member);
      return wasStored(documents, row, error);
    }
  };
  /** As `attempt`. An ended document may still hold a unique value: it is deleted, and the write is tried again. */
  const attemptFreed = async (row: Stored, write: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await attempt(row, write);
    } catch (error) {
      if (!isProblem(error, 'conflict') || !(await rows.clear([row]))) throw error;
      return attempt(row, write);
    }
  };

  const insertAll = async (all: readonly Stored[]): Promise<readonly Inserted[]> => {
    if (all.length > 1) await rows.clear(all);
    try {
      await documents.insertMany(all, { ordered: false });
      return all.map(() => 'inserted');
    } catch (error) {
      const refused = refusedIn(error);
      const isStored = async (row: Stored, place: number): Promise<boolean> =>
        refused === undefined ? wasStored(documents, row, error) : !refused.has(place);
      const stored = await Promise.all(all.map(isStored));
      return stored.map(each => (each ? 'inserted' : 'conflict'));
    }
  };

  const collection: Collection<D, Index> = {
    async get(id) {
      const name = named(id);
      const row = await call(async () => readById(name));
      // The end is compared here, because MongoDB is fastest with the id as the only condition.
      if (row === undefined || (row.until !== undefined && row.until.getTime() <= clock())) return undefined;
      return fromStored(row) as D;
    },
    async find(where, { after, limit = 100, order = 'oldest' } = {}) {
      const criteria = criteriaIn(kind, where);
      const past = after === undefined ? {} : { _id: { [orders[order].past]: named(after) } };
      if (limit <= 0) return [];
      const filter: Filter<Stored> = { ...layout.has(criteria), ...past, ...layout.live(clock()) };
      const { hint, isOne } = indexFor(
        criteria.map(([member]) => member),
        layout,
      );
      const found = await call(async () =>
        documents
          .find(filter, {
            // Sorting one document would cost MongoDB a sort in memory.
            ...(!isOne && { sort: { _id: orders[order].direction } }),
            ...(hint !== undefined && { hint }),
            limit,
            batchSize: limit,
            maxTimeMS: serverTime,
          })
          .toArray(),
      );
      return found.map(row => fromStored(row) as D);
    },
    async insert(doc) {
      const row = rows.toInsert(doc);
      const insert = async (): Promise<boolean> => rows.insert(row).then(() => true);
      if (!(await call(() => attemptFreed(row, insert)))) throw taken('id');
    },
    async insertMany(docs) {
      const all = docs.map(doc => rows.toInsert(doc));
      const outcomes: Inserted[] = [];
      for (let first = 0; first < all.length; first += batchLength) {
        const some = all.slice(first, first + batchLength);
        outcomes.push(...(await call(() => insertAll(some))));
      }
      return outcomes;
    },
    async replace(next) {
      const row = rows.toReplace(next);
      return (await call(() => attemptFreed(row, () => rows.replace(row)))) ? (fromStored(row) as D) : undefined;
    },
    async remove(id) {
      // Not read back if no answer comes: an absent document does not show which caller removed it.
      return call(() => rows.remove(id));
    },
  };
  return { collection, rows };
};

const within = (session: ClientSession | undefined): { readonly session?: ClientSession } =>
  session === undefined ? {} : { session };

const orders = { oldest: { past: '$gt', direction: 1 }, newest: { past: '$lt', direction: -1 } } as const;

/** The index to find these members by. `isOne`: it has one document at most. Of several members MongoDB chooses one. */
const indexFor = <D>(
  members: readonly string[],
  { unique, several }: Layout<D>,
): { readonly hint?: string; readonly isOne: boolean } => {
  const one = members.flatMap(member => unique.get(member) ?? [])[0];
  if (one !== undefined) return { hint: one, isOne: true };
  const [first, second] = members;
  if (first === undefined) return { hint: byId, isOne: false };
  const hint = second === undefined ? several.get(first) : undefined;
  return { ...(hint !== undefined && { hint }), isOne: false };
};

/** Indexes of the documents whose id or unique member is taken. undefined: another error occurred too. */
const refusedIn = (error: unknown): ReadonlySet<number> | undefined => {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) return undefined;
  const errors = [error.writeErrors].flat();
  if (errors.length === 0 || errors.some(({ code }) => code !== duplicateKey)) return undefined;
  return new Set(errors.map(({ index }) => index));
};
