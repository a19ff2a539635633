/** Durable documents, as far as memory is durable. */
import { Problem } from '../../src/errors.ts';
import { named, type Collection, type Doc, type Kind } from '../../src/ports/stores.ts';
import type { Clock } from '../../src/ports/time.ts';
import { whenDoubled, type StoredValue } from './expiring-map.ts';
import { createSortedIds } from './sorted-ids.ts';

export const createCollection = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  clock: Clock,
): Collection<D, Index> => {
  const kept = new Map<string, StoredValue & { readonly doc: D }>();
  const ids = createSortedIds();
  const taken = new Map(kind.unique.map(member => [member, new Map<unknown, string>()]));

  const drop = (id: string): void => {
    for (const [member, owners] of taken) owners.delete(kept.get(id)?.doc[member]);
    kept.delete(id);
    ids.drop(id);
  };
  const sweep = whenDoubled(
    () => [...kept].forEach(([id, { until }]) => until <= clock() && drop(id)),
    () => kept.size,
  );
  const live = (id: string): (StoredValue & { readonly doc: D }) | undefined => {
    const found = kept.get(named(id));
    if (found === undefined || found.until > clock()) return found;
    drop(id);
    return undefined;
  };
  const refuseTaken = (doc: D): void => {
    for (const [member, owners] of taken) {
      const owner = doc[member] === undefined ? undefined : owners.get(doc[member]);
      if (owner !== undefined && owner !== doc.id && live(owner) !== undefined) {
        throw new Problem('conflict', `${kind.name}: this ${member} is taken`);
      }
    }
  };
  const store = (doc: D): void => {
    refuseTaken(doc);
    drop(doc.id);
    const text = JSON.stringify(doc);
    const copy = JSON.parse(text) as D;
    const until = kind.expires === undefined ? undefined : copy[kind.expires];
    kept.set(doc.id, { text, doc: copy, until: typeof until === 'number' ? until : Infinity });
    ids.add(doc.id);
    for (const [member, owners] of taken) if (copy[member] !== undefined) owners.set(copy[member], doc.id);
    sweep();
  };

  return {
    async get(id) {
      const found = live(id);
      return found && (JSON.parse(found.text) as D);
    },
    async find(where, { after, limit = 100 } = {}) {
      const wanted = Object.entries(where) as [Index, unknown][];
      refuseUndefined(kind.name, wanted);
      const found: D[] = [];
      for (const id of ids.after(after === undefined ? undefined : named(after))) {
        if (found.length >= limit) break;
        const entry = kept.get(id);
        if (
          entry !== undefined &&
          entry.until > clock() &&
          wanted.every(([member, value]) => entry.doc[member] === value)
        ) {
          found.push(JSON.parse(entry.text) as D);
        }
      }
      return found;
    },
    async insert(doc) {
      if (live(doc.id) !== undefined) throw new Problem('conflict', `${kind.name}: this id is taken`);
      store(doc);
    },
    async replace(next) {
      if (live(next.id)?.doc.rev !== next.rev) return undefined;
      const stored = { ...next, rev: next.rev + 1 };
      store(stored);
      return JSON.parse(JSON.stringify(stored)) as D;
    },
    async remove(id) {
      const found = live(id);
      drop(id);
      return found !== undefined;
    },
  };
};

/** Absent is not a value to look for: an `undefined` that slipped in would otherwise find everybody's documents. */
const refuseUndefined = (name: string, wanted: readonly (readonly [string, unknown])[]): void => {
  const missing = wanted.find(([, value]) => value === undefined);
  if (missing !== undefined)
    throw new Problem('internal', `${name}: got no ${missing[0]} to find by, expected a value`);
};
