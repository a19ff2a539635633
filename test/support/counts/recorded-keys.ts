/** Records the short-lived keys that a store is given, so that a test can lose any of them. */
import type { Ephemeral } from '../../../src/ports/stores.ts';
import type { Node, Store } from '../world/stores.ts';

export interface KeyRecordingStore extends Store {
  /** Keys with a value now, oldest first. */
  present(): Promise<readonly string[]>;
  /** Removes the key, as if the store had lost it. */
  lose(key: string): Promise<void>;
  /** Every lifetime that was requested, in milliseconds. */
  readonly lifetimes: readonly number[];
}

export const recordKeys = (store: Store): KeyRecordingStore => {
  const seen = new Set<string>();
  const lifetimes: number[] = [];
  const noted = <Key extends string>(key: Key, ttl: number): Key => {
    seen.add(key);
    lifetimes.push(ttl);
    return key;
  };
  let real: Ephemeral | undefined;
  const noting = (ephemeral: Ephemeral): Ephemeral => ({
    ...ephemeral,
    get: key => ephemeral.get(key),
    getAndDelete: key => ephemeral.getAndDelete(key),
    compareAndSwap: (...all) => ephemeral.compareAndSwap(...all),
    getMany: (...all) => ephemeral.getMany(...all),
    counts: (...all) => ephemeral.counts(...all),
    decrement: (...all) => ephemeral.decrement(...all),
    dropTagged: tag => ephemeral.dropTagged(tag),
    put: (key, value, ttl, tags) => ephemeral.put(noted(key, ttl), value, ttl, tags),
    setIfAbsent: (key, value, ttl, tags) => ephemeral.setIfAbsent(noted(key, ttl), value, ttl, tags),
    setWith(others, key, value, ttl) {
      for (const other of others) noted(other.key, other.ttl);
      return ephemeral.setWith(others, noted(key, ttl), value, ttl);
    },
    writeMany(writes, last = []) {
      for (const write of [...writes, ...last])
        if ('ttl' in write && write.ttl !== undefined) noted(write.key, write.ttl);
      return ephemeral.writeMany(writes, last);
    },
    increment: (key, window) => ephemeral.increment(noted(key, window), window),
    incrementMany: hits => ephemeral.incrementMany(hits.map(([key, window]) => [noted(key, window), window])),
  });
  const watched = ({ durable, shortLived }: Node): Node => ({
    durable,
    shortLived: {
      ephemeral: noting(shortLived.ephemeral),
      notifier: shortLived.notifier,
      check: () => shortLived.check(),
      close: () => shortLived.close(),
    },
  });
  const stored = (): Ephemeral => {
    if (real === undefined) throw new Error('the store is not open');
    return real;
  };
  return {
    name: store.name,
    lifetimes,
    async open(clock) {
      const opened = await store.open(clock);
      real = opened.shortLived.ephemeral;
      return {
        ...watched(opened),
        reopen: async () => watched(await opened.reopen()),
        close: () => opened.close(),
      };
    },
    async present() {
      const values = await Promise.all([...seen].map(async key => ({ key, value: await stored().get(key) })));
      return values.filter(({ value }) => value !== undefined).map(({ key }) => key);
    },
    async lose(key) {
      await stored().getAndDelete(key);
    },
  };
};
