/** Instruments stores: runs each operation inside a function that measures or traces it. Every store works without changes. */
import { isProblem } from '../../src/errors.ts';
import type { storeOperations } from '../../src/metrics.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import type {
  Collection,
  Doc,
  DurableStore,
  Ephemeral,
  Kind,
  Notifier,
  ShortLivedStore,
} from '../../src/ports/stores.ts';

export type StoreOperation = (typeof storeOperations)[number];

/** Runs one operation, and returns its result or throws its error. */
export type Around = <T>(
  store: 'durable' | 'short-lived',
  operation: StoreOperation,
  run: () => Promise<T>,
) => Promise<T>;

/** Measures seconds and errors. A conflict is the regular result of a lost race, not an error of the store. */
export const timed =
  (metrics: Metrics): Around =>
  async (store, operation, run) => {
    const began = performance.now();
    const done = (): void =>
      metrics.observe('sallyport_store_seconds', { store, operation }, (performance.now() - began) / 1000);
    try {
      const result = await run();
      done();
      return result;
    } catch (error) {
      if (isProblem(error, 'conflict')) done();
      else metrics.count('sallyport_store_errors_total', { store, operation });
      throw error;
    }
  };

/** The durable store, each operation of its collections inside `around`. */
export const instrumentedDurable = (store: DurableStore, around: Around): DurableStore => {
  const within = async <T>(operation: StoreOperation, run: () => Promise<T>): Promise<T> =>
    around('durable', operation, run);
  return {
    collection<D extends Doc, Index extends keyof D & string = never>(kind: Kind<D, Index>): Collection<D, Index> {
      const inner = store.collection(kind);
      return {
        get: id => within('get', () => inner.get(id)),
        find: (where, page) => within('find', () => inner.find(where, page)),
        insert: doc => within('insert', () => inner.insert(doc)),
        insertMany: docs => within('insertMany', () => inner.insertMany(docs)),
        replace: next => within('replace', () => inner.replace(next)),
        remove: id => within('remove', () => inner.remove(id)),
      };
    },
    batch: writes => within('batch', () => store.batch(writes)),
    check: () => within('check', () => store.check()),
    close: () => store.close(),
  };
};

/** The short-lived store, each operation inside `around`. */
export const instrumentedShortLived = (store: ShortLivedStore, around: Around): ShortLivedStore => {
  const within = async <T>(operation: StoreOperation, run: () => Promise<T>): Promise<T> =>
    around('short-lived', operation, run);
  const { ephemeral: inner, notifier: innerNotifier } = store;
  const ephemeral: Ephemeral = {
    get: key => within('get', () => inner.get(key)),
    getMany: (...keys) => within('getMany', () => inner.getMany(...keys)),
    put: (...args) => within('put', () => inner.put(...args)),
    setIfAbsent: (...args) => within('setIfAbsent', () => inner.setIfAbsent(...args)),
    setWith: (...args) => within('setWith', () => inner.setWith(...args)),
    writeMany: (...args) => within('writeMany', () => inner.writeMany(...args)),
    compareAndSwap: (...args) => within('compareAndSwap', () => inner.compareAndSwap(...args)),
    getAndDelete: key => within('getAndDelete', () => inner.getAndDelete(key)),
    increment: (...args) => within('increment', () => inner.increment(...args)),
    incrementMany: counters => within('incrementMany', () => inner.incrementMany(counters)),
    counts: (...keys) => within('counts', () => inner.counts(...keys)),
    decrement: (...keys) => within('decrement', () => inner.decrement(...keys)),
    dropTagged: tag => within('dropTagged', () => inner.dropTagged(tag)),
  };
  const notifier: Notifier = {
    publish: topic => within('publish', () => innerNotifier.publish(topic)),
    subscribe: (topic, onMessage) => within('subscribe', () => innerNotifier.subscribe(topic, onMessage)),
    rereadAfter: () => innerNotifier.rereadAfter(),
  };
  return { ephemeral, notifier, check: () => within('check', () => store.check()), close: () => store.close() };
};
