/** Short-lived values in a map. One thread, and no method waits in between: each is one step. */
import { named, type Ephemeral, type Key } from '../../src/ports/stores.ts';
import type { Clock, Millis } from '../../src/ports/time.ts';
import { whenDoubled, type StoredValue } from './expiring-map.ts';

export const createEphemeral = (clock: Clock): Ephemeral => {
  const kept = new Map<string, StoredValue & { readonly tags: readonly string[] }>();
  const sweep = whenDoubled(
    () => [...kept].forEach(([key, { until }]) => until <= clock() && kept.delete(key)),
    () => kept.size,
  );
  const live = (key: string): (StoredValue & { readonly tags: readonly string[] }) | undefined => {
    const found = kept.get(named(key));
    return found !== undefined && found.until > clock() ? found : undefined;
  };
  const store: Ephemeral['put'] = async (key, value, ttl, tags = []) => {
    kept.set(named(key), { text: JSON.stringify(value), until: clock() + ttl, tags: tags.map(named) });
    sweep();
  };

  const valueAt = (key: string): unknown => {
    const found = live(key);
    return found && JSON.parse(found.text);
  };
  const hit = (key: string, window: Millis): number => {
    const found = live(key);
    const total = found === undefined ? 1 : Number(found.text) + 1;
    kept.set(key, { text: String(total), until: found?.until ?? clock() + window, tags: found?.tags ?? [] });
    sweep();
    return total;
  };
  const add: Ephemeral['setIfAbsent'] = async (key, value, ttl, tags) => {
    if (live(key) !== undefined) return false;
    await store(key, value, ttl, tags);
    return true;
  };

  return {
    put: store,
    setIfAbsent: add,
    async get<T>(key: string) {
      return valueAt(key) as T | undefined;
    },
    async getMany<T extends readonly unknown[]>(...keys: { readonly [At in keyof T]: Key<T[At]> }) {
      return keys.map(valueAt) as { [At in keyof T]: T[At] | undefined };
    },
    async setWith(others, key, value, ttl) {
      for (const other of others) await store(other.key, other.value, other.ttl);
      return add(key, value, ttl);
    },
    async compareAndSwap(key, was, next, ttl) {
      const found = live(key);
      if (found === undefined || found.text !== JSON.stringify(was)) return false;
      if (next === undefined) return kept.delete(key);
      const until = ttl === undefined ? found.until : clock() + ttl;
      kept.set(key, { text: JSON.stringify(next), until, tags: found.tags });
      return true;
    },
    async getAndDelete<T>(key: string) {
      const found = live(key);
      kept.delete(key);
      return found && (JSON.parse(found.text) as T);
    },
    async increment(key, window) {
      return hit(key, window);
    },
    async incrementMany(hits) {
      return hits.map(([key, window]) => hit(key, window));
    },
    async decrement(...keys) {
      for (const key of keys) {
        const found = live(key);
        if (found !== undefined) kept.set(key, { ...found, text: String(Math.max(Number(found.text) - 1, 0)) });
      }
    },
    async dropTagged(tag) {
      named(tag);
      for (const [key, { tags }] of kept) if (tags.includes(tag)) kept.delete(key);
    },
  };
};
