/** Counts calls of the stores. Each call of a collection or of the short-lived half is one round trip. */
import type { Resources } from '../../../server/services.ts';
import type { DurableStore, Ephemeral, EphemeralWrite } from '../../../src/ports/stores.ts';

export interface Operations {
  /** In order: `get challenge`, `find authenticators`. */
  readonly done: string[];
  readonly wrap: (resources: Resources) => Resources;
}

/** Reports every call of a method of `kept` before it runs. */
const recordCallsOf = <Kept extends object>(kept: Kept, tell: (method: string, first: unknown) => void): Kept =>
  new Proxy(kept, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...given: readonly unknown[]): unknown => {
        tell(String(name), name === 'writeMany' ? given.flat() : given[0]);
        return Reflect.apply(value, target, given);
      };
    },
  });

const isWrites = (value: unknown): value is readonly EphemeralWrite[] =>
  Array.isArray(value) && value.some(each => typeof each === 'object' && each !== null && 'method' in each);

/** The kind of a short-lived key, its first part; of several counters, that of the first one; of several writes, each one. */
const kindOf = (key: unknown): string => {
  if (isWrites(key)) return key.map(write => `${write.method} ${kindOf(write.key)}`).join(' + ');
  if (Array.isArray(key)) return kindOf(key[0]);
  return typeof key === 'string' ? (key.split(':')[0] ?? '') : '';
};

const durableWrites: ReadonlySet<string | undefined> = new Set(['insert', 'insertMany', 'replace', 'remove', 'batch']);

/** True for an operation that commits to the durable store: each waits for the disk. */
export const isDurableWrite = (operation: string): boolean => durableWrites.has(operation.split(' ')[0]);

/** Wraps resources: `tell` gets each operation before it runs. */
export const watchOperations = (tell: (operation: string) => void): Operations['wrap'] => {
  const watchDurable = (durable: DurableStore): DurableStore => ({
    collection: kind => recordCallsOf(durable.collection(kind), method => tell(`${method} ${kind.name}`)),
    async batch(writes) {
      tell(`batch ${writes.map(({ method, kind }) => `${method} ${kind.name}`).join(' + ')}`);
      return durable.batch(writes);
    },
    check: async () => durable.check(),
    close: async () => durable.close(),
  });
  const watchEphemeral = (ephemeral: Ephemeral): Ephemeral =>
    recordCallsOf(ephemeral, (method, first) => tell(`${method} ${kindOf(first)}`));
  return resources => ({
    ...resources,
    durable: watchDurable(resources.durable),
    shortLived: { ...resources.shortLived, ephemeral: watchEphemeral(resources.shortLived.ephemeral) },
  });
};

export const countOperations = (): Operations => {
  const done: string[] = [];
  return { done, wrap: watchOperations(operation => done.push(operation)) };
};
