/** Both halves of a store inside this process: for tests, and for looking around. Nothing in it survives the process. */
import { EventEmitter } from 'node:events';
import { Problem } from '../src/errors.ts';
import {
  named,
  type Bell,
  type Clock,
  type Collection,
  type Doc,
  type DurableStore,
  type EpochMillis,
  type Ephemeral,
  type Kind,
  type ShortLivedStore,
} from '../src/ports.ts';

/** Opens an empty store. There is nothing outside that could fail. */
export const openMemory = (parts: {
  readonly clock: Clock;
}): { readonly durable: DurableStore; readonly shortLived: ShortLivedStore } => {
  const collections = new Map<string, unknown>();
  return {
    durable: {
      collection<D extends Doc, Index extends keyof D & string = never>(kind: Kind<D, Index>) {
        const known = collections.get(kind.name) ?? createCollection(kind, parts.clock);
        collections.set(kind.name, known);
        return known as Collection<D, Index>;
      },
      check: async () => {},
      close: async () => {},
    },
    shortLived: {
      ephemeral: createEphemeral(parts.clock),
      bell: createBell(),
      check: async () => {},
      close: async () => {},
    },
  };
};

/** What is kept of a document or a value: its JSON text, so that what is handed out is always a copy. */
interface Kept {
  readonly text: string;
  readonly until: EpochMillis;
}

/** Calls `sweep` each time a map has doubled since the last time: what ended goes, at a constant cost per write. */
const whenDoubled = (sweep: () => void, size: () => number): (() => void) => {
  let next = 1024;
  return () => {
    if (size() < next) return;
    sweep();
    next = Math.max(1024, size() * 2);
  };
};

/** Ids in the order in which every store sorts them: by code point, which is the order of their UTF-8. */
class SortedIds {
  readonly #ids: string[] = [];

  /** Index of the first id that is not before `id`. */
  #place(id: string): number {
    const bytes = Buffer.from(id);
    let [low, high] = [0, this.#ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (Buffer.compare(Buffer.from(this.#ids[middle] ?? ''), bytes) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  add(id: string): void {
    this.#ids.splice(this.#place(id), 0, id);
  }

  delete(id: string): void {
    const place = this.#place(id);
    if (this.#ids[place] === id) this.#ids.splice(place, 1);
  }

  *after(id: string | undefined): Generator<string> {
    let place = id === undefined ? 0 : this.#place(id);
    if (id !== undefined && this.#ids[place] === id) place += 1;
    for (; place < this.#ids.length; place += 1) yield this.#ids[place] ?? '';
  }
}

const createCollection = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  clock: Clock,
): Collection<D, Index> => {
  const kept = new Map<string, Kept & { readonly doc: D }>();
  const ids = new SortedIds();
  const taken = new Map(kind.unique.map(member => [member, new Map<unknown, string>()]));

  const drop = (id: string): void => {
    for (const [member, owners] of taken) owners.delete(kept.get(id)?.doc[member]);
    kept.delete(id);
    ids.delete(id);
  };
  const sweep = whenDoubled(
    () => [...kept].forEach(([id, { until }]) => until <= clock() && drop(id)),
    () => kept.size,
  );
  const live = (id: string): (Kept & { readonly doc: D }) | undefined => {
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

const createEphemeral = (clock: Clock): Ephemeral => {
  const kept = new Map<string, Kept & { readonly tags: readonly string[] }>();
  const sweep = whenDoubled(
    () => [...kept].forEach(([key, { until }]) => until <= clock() && kept.delete(key)),
    () => kept.size,
  );
  const live = (key: string): (Kept & { readonly tags: readonly string[] }) | undefined => {
    const found = kept.get(named(key));
    return found !== undefined && found.until > clock() ? found : undefined;
  };
  const store: Ephemeral['put'] = async (key, value, ttl, tags = []) => {
    kept.set(named(key), { text: JSON.stringify(value), until: clock() + ttl, tags: tags.map(named) });
    sweep();
  };

  return {
    put: store,
    async get<T>(key: string) {
      const found = live(key);
      return found && (JSON.parse(found.text) as T);
    },
    async add(key, value, ttl, tags) {
      if (live(key) !== undefined) return false;
      await store(key, value, ttl, tags);
      return true;
    },
    async swap(key, was, next, ttl) {
      const found = live(key);
      if (found === undefined || found.text !== JSON.stringify(was)) return false;
      if (next === undefined) return kept.delete(key);
      const until = ttl === undefined ? found.until : clock() + ttl;
      kept.set(key, { text: JSON.stringify(next), until, tags: found.tags });
      return true;
    },
    async take<T>(key: string) {
      const found = live(key);
      kept.delete(key);
      return found && (JSON.parse(found.text) as T);
    },
    async hit(key, window) {
      const found = live(key);
      const total = found === undefined ? 1 : Number(found.text) + 1;
      kept.set(key, { text: String(total), until: found?.until ?? clock() + window, tags: found?.tags ?? [] });
      sweep();
      return total;
    },
    async dropTagged(tag) {
      named(tag);
      for (const [key, { tags }] of kept) if (tags.includes(tag)) kept.delete(key);
    },
  };
};

/** An emitter's own names ('error') are none of these. */
const event = (topic: string): string => `rung ${named(topic)}`;

const createBell = (): Bell => {
  const tower = new EventEmitter().setMaxListeners(0);
  return {
    async ring(topic) {
      const rung = event(topic);
      // Later, as from another node.
      queueMicrotask(() => tower.emit(rung));
    },
    async hear(topic, onRing) {
      const heard = event(topic);
      const listener = (): void => onRing();
      tower.on(heard, listener);
      return () => void tower.off(heard, listener);
    },
  };
};
