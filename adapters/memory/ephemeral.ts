/** Short-lived values in a map. One thread, and no method waits in between: each is one step. */
import { named, type Clock, type Ephemeral } from '../../src/ports.ts';
import { whenDoubled, type Kept } from './kept.ts';

export const createEphemeral = (clock: Clock): Ephemeral => {
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
    async giveBack(key) {
      const found = live(key);
      if (found !== undefined) kept.set(key, { ...found, text: String(Math.max(Number(found.text) - 1, 0)) });
    },
    async dropTagged(tag) {
      named(tag);
      for (const [key, { tags }] of kept) if (tags.includes(tag)) kept.delete(key);
    },
  };
};
