/**
 * Stores documents in maps. Between reading and writing a key no method waits, so that this is one atomic step.
 * Documents are kept as JSON text: callers always get copies.
 */
import { Problem } from '../../src/errors.ts';
import {
  criteriaIn,
  named,
  outcomeOf,
  revised,
  type Collection,
  type Doc,
  type Kind,
  type Writer,
} from '../../src/ports/stores.ts';
import type { Clock } from '../../src/ports/time.ts';
import { whenDoubled, type StoredValue } from './expiring-map.ts';
import { createIndexes } from './indexes.ts';
import { createSortedIds } from './sorted-ids.ts';

/** A collection, and what `batch` needs of it. */
export interface MemoryCollection<D extends Doc, Index extends keyof D> {
  readonly collection: Collection<D, Index>;
  readonly writer: Writer<D>;
  /** A function that puts back what is stored under this id now. */
  readonly restorer: (id: string) => () => void;
}

/** An empty collection of this kind. */
export const createCollection = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  clock: Clock,
): MemoryCollection<D, Index> => {
  const entries = new Map<string, StoredValue & { readonly doc: D }>();
  const ids = createSortedIds();
  const indexes = createIndexes(kind);

  const drop = (id: string): void => {
    const entry = entries.get(id);
    if (entry !== undefined) indexes.drop(entry.doc);
    entries.delete(id);
    ids.drop(id);
  };
  const sweep = whenDoubled(
    () => [...entries].forEach(([id, { until }]) => until <= clock() && drop(id)),
    () => entries.size,
  );
  const live = (id: string): (StoredValue & { readonly doc: D }) | undefined => {
    const entry = entries.get(named(id));
    if (entry === undefined || entry.until > clock()) return entry;
    drop(id);
    return undefined;
  };
  const refuseTaken = (doc: D): void => {
    for (const [member, owner] of indexes.sharing(doc)) {
      if (live(owner) !== undefined) {
        throw new Problem('conflict', `${kind.name}: got a ${member} that is taken, expected a new one`);
      }
    }
  };
  const keep = (entry: StoredValue & { readonly doc: D }): void => {
    entries.set(entry.doc.id, entry);
    ids.add(entry.doc.id);
    indexes.add(entry.doc);
  };
  const store = (doc: D): void => {
    refuseTaken(doc);
    drop(doc.id);
    const text = JSON.stringify(doc);
    const copy = JSON.parse(text) as D;
    const until = kind.expires === undefined ? undefined : copy[kind.expires];
    keep({ text, doc: copy, until: typeof until === 'number' ? until : Infinity });
    sweep();
  };

  const writer: Writer<D> = {
    insert(doc) {
      if (live(doc.id) !== undefined) {
        throw new Problem('conflict', `${kind.name}: got an id that is taken, expected a new one`);
      }
      store(doc);
    },
    replace(next) {
      if (live(next.id)?.doc.rev !== next.rev) return false;
      store(revised(next));
      return true;
    },
    remove(id) {
      const entry = live(id);
      drop(id);
      return entry !== undefined;
    },
  };

  const collection: Collection<D, Index> = {
    async get(id) {
      const entry = live(id);
      return entry && (JSON.parse(entry.text) as D);
    },
    async find(where, { after, limit = 100, order = 'oldest' } = {}) {
      const criteria = criteriaIn(kind, where) as readonly (readonly [Index, unknown])[];
      const candidates = criteria.map(([member, value]) => indexes.idsWith(member, value));
      const [fewest = ids, ...others] = candidates.toSorted((one, other) => one.size() - other.size());
      const found: D[] = [];
      for (const id of fewest.after(after === undefined ? undefined : named(after), order)) {
        if (found.length >= limit) break;
        const entry = entries.get(id);
        if (entry !== undefined && entry.until > clock() && others.every(each => each.has(id))) {
          found.push(JSON.parse(entry.text) as D);
        }
      }
      return found;
    },
    async insert(doc) {
      writer.insert(doc);
    },
    async insertMany(docs) {
      return docs.map(doc => outcomeOf(() => writer.insert(doc)));
    },
    async replace(next) {
      return writer.replace(next) ? (JSON.parse(JSON.stringify(revised(next))) as D) : undefined;
    },
    async remove(id) {
      return writer.remove(id);
    },
  };
  return {
    collection,
    writer,
    restorer(id) {
      const entry = entries.get(id);
      return () => {
        drop(id);
        if (entry !== undefined) keep(entry);
      };
    },
  };
};
