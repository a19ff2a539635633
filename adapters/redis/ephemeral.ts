/** Stores short-lived values in Redis. Each method is one command or script per key, sent in one packet. */
import { named, type Ephemeral, type EphemeralWrite, type Key } from '../../src/ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';
import type { Call } from './calls.ts';
import type { Commands } from './connection.ts';
import type { Once } from './once-only.ts';

/** Redis keeps a value this much longer than it lives, because our clocks and its own may differ by that. */
const grace: Millis = 60_000;
const redisTtl = (ttl: Millis): Millis => Math.max(1, Math.ceil(ttl) + grace);

/** Keys of a tag that are read at once, and deleted in one packet: some hundred at a time keep other requests from waiting. */
const pageOfKeys = 200;

const tagText = (tags: readonly string[]): string =>
  tags.length === 0 ? '' : `,${tags.map(tag => encodeURIComponent(named(tag))).join(',')},`;
const tagsOf = (text: string): readonly string[] => (text === '' ? [] : text.slice(1, -1).split(','));

/** The JSON in a stored text; undefined for an absent value, or one that has expired at `now`. */
const jsonIn = (text: string | null, now: EpochMillis): string | undefined => {
  if (text === null) return undefined;
  const first = text.indexOf('|');
  if (Number(text.slice(0, first)) <= now) return undefined;
  return text.slice(text.indexOf('|', first + 1) + 1);
};

/** The end of the life of a stored text. */
const endIn = (text: string | null): EpochMillis => Number(text?.slice(0, text.indexOf('|')));

const isOne = (answer: unknown): boolean => answer === 1;
const isText = (answer: unknown): answer is string => typeof answer === 'string';

/** `prefix` keeps realms apart. */
export const openEphemeral = (deps: {
  readonly client: Commands;
  readonly call: Call;
  readonly once: Once;
  readonly clock: Clock;
  readonly prefix: string;
}): Ephemeral => {
  const { client, call, once, clock, prefix } = deps;

  const place = (key: string): string => `${prefix}:value:${named(key)}`;
  const tagPlace = (tag: string): string => `${prefix}:tag:${tag}`;

  /** Sent before the value: a tag without its value is harmless, a value that its tag does not list would outlive a revocation. */
  const addTagged = (tags: string, at: string, until: EpochMillis, ttl: Millis): Promise<unknown>[] =>
    tagsOf(tags).map(tag => client.addTagged(tagPlace(tag), clock(), until, at, redisTtl(ttl)));

  const valueIn = (text: string | null): unknown => {
    const json = jsonIn(text, clock());
    return json === undefined ? undefined : JSON.parse(json);
  };
  const increment = (key: string, window: Millis): Promise<unknown> => {
    const now = clock();
    return client.incrementCounter(place(key), now, now + window, redisTtl(window));
  };
  const textOf = (value: unknown, ttl: Millis): string => `${clock() + ttl}||${JSON.stringify(value)}`;

  const put: Ephemeral['put'] = async (key, value, ttl, tags = []) => {
    const [at, until, names] = [place(key), clock() + ttl, tagText(tags)];
    const text = `${until}|${names}|${JSON.stringify(value)}`;
    await call(() => Promise.all([...addTagged(names, at, until, ttl), client.set(at, text, 'PX', redisTtl(ttl))]));
  };
  const setIfAbsent: Ephemeral['setIfAbsent'] = async (key, value, ttl, tags = []) => {
    const [at, until, names] = [place(key), clock() + ttl, tagText(tags)];
    const text = `${until}|${names}|${JSON.stringify(value)}`;
    const tagged = names === '' ? undefined : call(() => Promise.all(addTagged(names, at, until, ttl)));
    const set = once(at, on => on.setIfAbsent(at, clock(), text, redisTtl(ttl)), isOne);
    const [result] = await Promise.all([set, tagged]);
    return isOne(result);
  };
  const compareAndSwap: Ephemeral['compareAndSwap'] = async (key, expected, next, ttl) => {
    const [at, now] = [place(key), clock()];
    const nextJson = next === undefined ? [] : [JSON.stringify(next)];
    const lifetime = next === undefined || ttl === undefined ? [] : [now + ttl, redisTtl(ttl)];
    const args = [now, JSON.stringify(expected), ...nextJson, ...lifetime];
    const tags = await once(at, on => on.compareAndSwap(at, ...args), isText);
    if (!isText(tags)) return false;
    if (ttl !== undefined) await call(() => Promise.all(addTagged(tags, at, now + ttl, ttl)));
    return true;
  };
  const getAndDelete = async <T>(key: Key<T>): Promise<T | undefined> => {
    const at = place(key);
    const json = jsonIn(await once(at, on => on.getdel(at), isText), clock());
    return json === undefined ? undefined : (JSON.parse(json) as T);
  };
  const decrement: Ephemeral['decrement'] = async (...keys) => {
    await call(() => Promise.all(keys.map(key => client.decrementCounter(place(key), clock()))));
  };
  const write = async (one: EphemeralWrite): Promise<boolean> => {
    if (one.method === 'setIfAbsent') return setIfAbsent(one.key, one.value, one.ttl, one.tags);
    if (one.method === 'compareAndSwap') return compareAndSwap(one.key, one.expected, one.next, one.ttl);
    if (one.method === 'remove') return (await getAndDelete(one.key)) !== undefined;
    if (one.method === 'decrement') await decrement(one.key);
    else await put(one.key, one.value, one.ttl, one.tags);
    return true;
  };

  return {
    async get<T>(key: string) {
      return valueIn(await call(() => client.get(place(key)))) as T | undefined;
    },
    // Commands that are issued together leave in one packet, and run in their order.
    async getMany<T extends readonly unknown[]>(...keys: { readonly [At in keyof T]: Key<T[At]> }) {
      const texts = await call(() => Promise.all(keys.map(key => client.get(place(key)))));
      return texts.map(valueIn) as { [At in keyof T]: T[At] | undefined };
    },
    async setWith(others, key, value, ttl) {
      // Without `once`: what begins here is begun again where a failover loses it.
      const results = await call(() =>
        Promise.all([
          ...others.map(other =>
            client.set(place(other.key), textOf(other.value, other.ttl), 'PX', redisTtl(other.ttl)),
          ),
          client.setIfAbsent(place(key), clock(), textOf(value, ttl), redisTtl(ttl)),
        ]),
      );
      return isOne(results.at(-1));
    },
    put,
    setIfAbsent,
    compareAndSwap,
    getAndDelete,
    decrement,
    // The writes of one list are sent before the first one is answered.
    async writeMany(writes, last = []) {
      return [...(await Promise.all(writes.map(write))), ...(await Promise.all(last.map(write)))];
    },
    async increment(key, window) {
      return Number(await call(() => increment(key, window)));
    },
    async incrementMany(counters) {
      const totals = await call(() => Promise.all(counters.map(([key, window]) => increment(key, window))));
      return totals.map(Number);
    },
    async counts(...keys) {
      const texts = await call(() => Promise.all(keys.map(key => client.get(place(key)))));
      return texts.map(text => {
        const json = jsonIn(text, clock());
        return json === undefined ? undefined : { total: Number(json), until: endIn(text) };
      });
    },
    async dropTagged(tag) {
      const text = tagText([tag]);
      // From the end: keys that expire leave the set at its beginning, so that no key changes its place to one that was read.
      for (let last = -1, found = pageOfKeys; found === pageOfKeys; last -= pageOfKeys) {
        const keys = await call(() => client.zrange(tagPlace(text.slice(1, -1)), last - pageOfKeys + 1, `${last}`));
        // The set itself expires later: a key removed from it may be stored again, with this tag, at the same moment.
        await call(() => Promise.all(keys.map(key => client.dropIfTagged(key, text))));
        found = keys.length;
      }
    },
  };
};
