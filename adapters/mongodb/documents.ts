/** Implements the port `Collection` for one kind of documents, in the layout of `layout.ts`. */
import { MongoBulkWriteError, type Collection as Documents, type Filter } from 'mongodb';
import { isProblem, Problem } from '../../src/errors.ts';
import { criteriaIn, named, type Collection, type Doc, type Inserted, type Kind } from '../../src/ports/stores.ts';
import type { Clock } from '../../src/ports/time.ts';
import { answered, duplicateKey, serverTime, takenIn } from './connection.ts';
import { fromStored, type Layout, type Stored } from './layout.ts';
import { wasStored } from './outcome.ts';

/** Documents in one batch of `insertMany`. */
const batchLength = 500;
/** The index of `_id`, which MongoDB creates itself. */
const byId = '_id_';

/** The collection of a kind. Each call first waits for `ready`, which creates the indexes. */
export const openDocuments = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  layout: Layout<D>,
  deps: { readonly documents: Documents<Stored>; readonly clock: Clock; readonly ready: () => Promise<void> },
): Collection<D, Index> => {
  const { documents, clock, ready } = deps;
  const call = async <T>(steps: () => Promise<T>): Promise<T> => answered(ready().then(steps));
  const taken = (member: string): Problem =>
    new Problem('conflict', `${kind.name}: got a taken ${member}, expected a new one`);

  /** Deletes ended documents that still hold an id or a unique member of `rows`. */
  const clear = async (rows: readonly Stored[]): Promise<void> => {
    const ended = layout.ended?.(clock());
    if (ended === undefined) return;
    await documents.deleteMany({ ...ended, _id: { $in: rows.map(({ _id }) => _id) } }, { hint: byId });
    for (const [member, hint] of layout.unique) {
      const values = rows.flatMap(({ members }) => members[member] ?? []);
      if (values.length > 0) await documents.deleteMany({ ...ended, ...layout.hasOne(member, values) }, { hint });
    }
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
      if (!isProblem(error, 'conflict') || layout.ended === undefined) throw error;
      await clear([row]);
      return attempt(row, write);
    }
  };

  const insertRows = async (rows: readonly Stored[]): Promise<readonly Inserted[]> => {
    if (rows.length > 1) await clear(rows);
    try {
      await documents.insertMany(rows, { ordered: false });
      return rows.map(() => 'inserted');
    } catch (error) {
      const refused = refusedIn(error);
      const isStored = async (row: Stored, place: number): Promise<boolean> =>
        refused === undefined ? wasStored(documents, row, error) : !refused.has(place);
      const stored = await Promise.all(rows.map(isStored));
      return stored.map(each => (each ? 'inserted' : 'conflict'));
    }
  };

  return {
    async get(id) {
      const one = { _id: named(id) };
      const row = await call(async () => documents.findOne(one, { maxTimeMS: serverTime }));
      // The end is compared here, because MongoDB is fastest with the id as the only condition.
      if (row === null || (row.until !== undefined && row.until.getTime() <= clock())) return undefined;
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
      const rows = await call(async () =>
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
      return rows.map(row => fromStored(row) as D);
    },
    async insert(doc) {
      const row = layout.toStored({ ...doc, id: named(doc.id) });
      const insert = async (): Promise<boolean> => (await documents.insertOne(row)).acknowledged;
      if (!(await call(() => attemptFreed(row, insert)))) throw taken('id');
    },
    async insertMany(docs) {
      const rows = docs.map(doc => layout.toStored({ ...doc, id: named(doc.id) }));
      const outcomes: Inserted[] = [];
      for (let first = 0; first < rows.length; first += batchLength) {
        const some = rows.slice(first, first + batchLength);
        outcomes.push(...(await call(() => insertRows(some))));
      }
      return outcomes;
    },
    async replace(next) {
      const row = layout.toStored({ ...next, id: named(next.id), rev: next.rev + 1 });
      const replace = async (): Promise<boolean> => {
        const old = { _id: next.id, rev: next.rev, ...layout.live(clock()) };
        return (await documents.replaceOne(old, row, { hint: byId })).matchedCount === 1;
      };
      return (await call(() => attemptFreed(row, replace))) ? (fromStored(row) as D) : undefined;
    },
    async remove(id) {
      const one = { _id: named(id), ...layout.live(clock()) };
      // Not read back if no answer comes: an absent document does not show which caller removed it.
      return (await call(async () => documents.deleteOne(one, { hint: byId }))).deletedCount === 1;
    },
  };
};

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
