/** Short-lived values in Redis: one command or one script each. */
import type { Redis } from 'ioredis';
import { named, type Ephemeral, type Key } from '../../src/ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';
import { answered } from './connection.ts';
import type { Scripts } from './scripts.ts';

/** Redis keeps a value so much longer than it lives: our clocks and Redis' may differ by that. */
const grace: Millis = 60_000;
const collectAfter = (ttl: Millis): Millis => Math.max(1, Math.ceil(ttl) + grace);

/** How many values one tag remembers, and how many are dropped at a time. */
const mostTagged = 10_000;
const batch = 100;

const tagText = (tags: readonly string[]): string =>
  tags.length === 0 ? '' : `,${tags.map(tag => encodeURIComponent(named(tag))).join(',')},`;
const tagsOf = (text: string): readonly string[] => (text === '' ? [] : text.slice(1, -1).split(','));

/** The JSON in a stored text; undefined where there is none, or it has ended at `now`. */
const jsonIn = (text: string | null, now: EpochMillis): string | undefined => {
  if (text === null) return undefined;
  const first = text.indexOf('|');
  if (Number(text.slice(0, first)) <= now) return undefined;
  return text.slice(text.indexOf('|', first + 1) + 1);
};

/** `prefix` keeps realms apart. */
export const openEphemeral = (client: Redis, clock: Clock, prefix: string): Ephemeral => {
  const run = client as unknown as Scripts;
  const place = (key: string): string => `${prefix}:value:${named(key)}`;
  const tagPlace = (tag: string): string => `${prefix}:tag:${tag}`;

  /** Notes the tags first: a tag without its value is harmless, a value that no tag remembers would outlive a revocation. */
  const note = (tags: string, at: string, until: EpochMillis, ttl: Millis): Promise<unknown>[] =>
    tagsOf(tags).map(tag => run.noteTagged(tagPlace(tag), clock(), until, at, collectAfter(ttl), mostTagged));

  const valueIn = (text: string | null): unknown => {
    const json = jsonIn(text, clock());
    return json === undefined ? undefined : JSON.parse(json);
  };
  const count = (key: string, window: Millis): Promise<unknown> => {
    const now = clock();
    return run.countHit(place(key), now, now + window, collectAfter(window));
  };
  const textOf = (value: unknown, ttl: Millis, names = ''): string =>
    `${clock() + ttl}|${names}|${JSON.stringify(value)}`;

  return {
    async get<T>(key: string) {
      return valueIn(await answered(client.get(place(key)))) as T | undefined;
    },
    // Several commands at once leave in one packet, in their order, and run one after the other.
    async getMany<T extends readonly unknown[]>(...keys: { readonly [At in keyof T]: Key<T[At]> }) {
      const texts = await answered(Promise.all(keys.map(key => client.get(place(key)))));
      return texts.map(valueIn) as { [At in keyof T]: T[At] | undefined };
    },
    async setWith(others, key, value, ttl) {
      const puts = others.map(other =>
        client.set(place(other.key), textOf(other.value, other.ttl), 'PX', collectAfter(other.ttl)),
      );
      const added = run.addValue(place(key), clock(), textOf(value, ttl), collectAfter(ttl));
      const [put] = await answered(Promise.all([added, ...puts]));
      return put === 1;
    },
    async put(key, value, ttl, tags = []) {
      const [at, until, names] = [place(key), clock() + ttl, tagText(tags)];
      const text = `${until}|${names}|${JSON.stringify(value)}`;
      await answered(Promise.all([...note(names, at, until, ttl), client.set(at, text, 'PX', collectAfter(ttl))]));
    },
    async setIfAbsent(key, value, ttl, tags = []) {
      const [at, until, names] = [place(key), clock() + ttl, tagText(tags)];
      const text = `${until}|${names}|${JSON.stringify(value)}`;
      const noted = note(names, at, until, ttl);
      const [put] = await answered(Promise.all([run.addValue(at, clock(), text, collectAfter(ttl)), ...noted]));
      return put === 1;
    },
    async compareAndSwap(key, was, next, ttl) {
      const [at, now] = [place(key), clock()];
      const into = next === undefined ? [] : [JSON.stringify(next)];
      const life = next === undefined || ttl === undefined ? [] : [now + ttl, collectAfter(ttl)];
      const tags = await answered(run.swapValue(at, now, JSON.stringify(was), ...into, ...life));
      if (typeof tags !== 'string') return false;
      if (ttl !== undefined) await answered(Promise.all(note(tags, at, now + ttl, ttl)));
      return true;
    },
    async getAndDelete<T>(key: string) {
      const json = jsonIn(await answered(client.getdel(place(key))), clock());
      return json === undefined ? undefined : (JSON.parse(json) as T);
    },
    async increment(key, window) {
      return Number(await answered(count(key, window)));
    },
    async incrementMany(hits) {
      const totals = await answered(Promise.all(hits.map(([key, window]) => count(key, window))));
      return totals.map(Number);
    },
    async decrement(...keys) {
      await answered(Promise.all(keys.map(key => run.giveBackHit(place(key), clock()))));
    },
    async dropTagged(tag) {
      const text = tagText([tag]);
      // The list is left to end by itself: a key that is taken off it may be put anew, with this tag, at this very moment.
      const keys = await answered(client.zrange(tagPlace(text.slice(1, -1)), 0, '-1'));
      for (let from = 0; from < keys.length; from += batch) {
        await answered(Promise.all(keys.slice(from, from + batch).map(key => run.dropIfTagged(key, text))));
      }
    },
  };
};
