/** Stores short-lived values in a map. Between reading and writing a key no method waits, so that this is one atomic step. */
import { named, type Ephemeral, type EphemeralWrite, type Key } from '../../src/ports/stores.ts';
import type { Clock, Millis } from '../../src/ports/time.ts';
import { whenDoubled, type StoredValue } from './expiring-map.ts';

/** An empty store. */
export const createEphemeral = (clock: Clock): Ephemeral => {
  const entries = new Map<string, StoredValue & { readonly tags: readonly string[] }>();
  const sweep = whenDoubled(
    () => [...entries].forEach(([key, { until }]) => until <= clock() && entries.delete(key)),
    () => entries.size,
  );
  const live = (key: string): (StoredValue & { readonly tags: readonly string[] }) | undefined => {
    const entry = entries.get(named(key));
    return entry !== undefined && entry.until > clock() ? entry : undefined;
  };
  const put: Ephemeral['put'] = async (key, value, ttl, tags = []) => {
    entries.set(named(key), { text: JSON.stringify(value), until: clock() + ttl, tags: tags.map(named) });
    sweep();
  };

  const valueAt = (key: string): unknown => {
    const entry = live(key);
    return entry && JSON.parse(entry.text);
  };
  const increment = (key: string, window: Millis): number => {
    const entry = live(key);
    const total = entry === undefined ? 1 : Number(entry.text) + 1;
    entries.set(key, { text: String(total), until: entry?.until ?? clock() + window, tags: entry?.tags ?? [] });
    sweep();
    return total;
  };
  const setIfAbsent: Ephemeral['setIfAbsent'] = async (key, value, ttl, tags) => {
    if (live(key) !== undefined) return false;
    await put(key, value, ttl, tags);
    return true;
  };

  const compareAndSwap: Ephemeral['compareAndSwap'] = async (key, expected, next, ttl) => {
    const entry = live(key);
    if (entry === undefined || entry.text !== JSON.stringify(expected)) return false;
    if (next === undefined) return entries.delete(key);
    const until = ttl === undefined ? entry.until : clock() + ttl;
    entries.set(key, { text: JSON.stringify(next), until, tags: entry.tags });
    return true;
  };
  const decrement = (key: string): void => {
    const entry = live(key);
    if (entry !== undefined) entries.set(key, { ...entry, text: String(Math.max(Number(entry.text) - 1, 0)) });
  };
  const write = async (one: EphemeralWrite): Promise<boolean> => {
    if (one.method === 'setIfAbsent') return setIfAbsent(one.key, one.value, one.ttl, one.tags);
    if (one.method === 'compareAndSwap') return compareAndSwap(one.key, one.expected, one.next, one.ttl);
    if (one.method === 'remove') return live(one.key) !== undefined && entries.delete(one.key);
    if (one.method === 'decrement') decrement(one.key);
    else await put(one.key, one.value, one.ttl, one.tags);
    return true;
  };

  return {
    put,
    setIfAbsent,
    compareAndSwap,
    async get<T>(key: string) {
      return valueAt(key) as T | undefined;
    },
    async getMany<T extends readonly unknown[]>(...keys: { readonly [At in keyof T]: Key<T[At]> }) {
      return keys.map(valueAt) as { [At in keyof T]: T[At] | undefined };
    },
    async setWith(others, key, value, ttl) {
      for (const other of others) await put(other.key, other.value, other.ttl);
      return setIfAbsent(key, value, ttl);
    },
    async getAndDelete<T>(key: string) {
      const entry = live(key);
      entries.delete(key);
      return entry && (JSON.parse(entry.text) as T);
    },
    async increment(key, window) {
      return increment(key, window);
    },
    async incrementMany(counters) {
      return counters.map(([key, window]) => increment(key, window));
    },
    async counts(...keys) {
      return keys.map(live).map(entry => entry && { total: Number(entry.text), until: entry.until });
    },
    async decrement(...keys) {
      keys.forEach(decrement);
    },
    async writeMany(writes, last = []) {
      return [...(await Promise.all(writes.map(write))), ...(await Promise.all(last.map(write)))];
    },
    async dropTagged(tag) {
      named(tag);
      for (const [key, { tags }] of entries) if (tags.includes(tag)) entries.delete(key);
    },
  };
};
