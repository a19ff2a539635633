/**
 * R07. The primary of MongoDB hands over under load, or is killed (SIGKILL). No acknowledged write may be lost or carried out
 * twice, of several compare-and-swaps one says yes for each revision, and no sign-in fails for longer than 5 s with
 * `electionTimeoutMillis: 2000`.
 * Guards: `adapters/mongodb/connection.ts#connect` (write concern, limits), `adapters/mongodb/outcome.ts#wasStored`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openMongoDurable } from '../../adapters/mongodb.ts';
import { isProblem } from '../../src/errors.ts';
import {
  inserting,
  removing,
  replacing,
  type Collection,
  type Doc,
  type DurableStore,
  type Kind,
} from '../../src/ports/stores.ts';
import { canRunMongod, startMongod, type MongodSet } from '../support/world/mongod.ts';
import { startRedis, type RedisServer } from '../support/world/redis-server.ts';
import { amount, isFull } from './support/amounts.ts';
import { hasProxy, startSite, type Site } from './support/site.ts';
import { atRate } from './support/site/load.ts';
import type { SitePerson } from './support/site/people.ts';
import type { Step } from './support/site/visitor.ts';

interface Written extends Doc {
  readonly writer: string;
  readonly name?: string;
  readonly total?: number;
}
const kind: Kind<Written, 'writer' | 'name'> = { name: 'written', index: ['writer'], unique: ['name'] };

/** The promise. */
const longestOutage = 5000;
const stepDowns = amount({ test: 1, full: 8 });
const kills = amount({ test: 1, full: 8 });
/** At two a second, as long as the faults. */
const signIns = amount({ test: 20, full: 400 });
/** As the visitor of `support/site/visitor.ts` waits. */
const untilAgain = 300;
/** A writer waits between two writes, so that the load leaves processors to the election. */
const untilNextWrite = isFull ? 10 : 0;
/** Between two faults, so that each finds a set of three. */
const between = isFull ? 15_000 : 1000;
/** Loads that run at the same time: one after the other at full, so that each has both processors. */
const loads = isFull ? [[['writes']], [['sign-ins']]] : [[['writes', 'sign-ins']]];

const suite = canRunMongod('R07') && hasProxy('haproxy') ? describe : describe.skip;

suite('R07 the primary of MongoDB is lost', () => {
  let set: MongodSet;
  beforeAll(async () => {
    set = await startMongod({ size: 3 });
  });
  afterAll(() => set.stop());

  const killPrimary = async (): Promise<void> => {
    const primary = await set.primary();
    await primary.kill();
    // Until another one is elected, and the killed one is back.
    await set.primary();
    await sleep(between);
    await primary.restart();
  };
  const faults = async (): Promise<void> => {
    await sleep(between);
    for (let times = 0; times < stepDowns; times += 1) {
      await set.stepDown();
      await set.primary();
      await sleep(between);
    }
    for (let times = 0; times < kills; times += 1) {
      await killPrimary();
      await sleep(between);
    }
  };

  /** Writes while `during` lasts. Every acknowledged write must be there once, and each revision have one winner. */
  const writeDuring = async (during: Promise<unknown>): Promise<void> => {
    const stores: DurableStore[] = [];
    const nodes: Collection<Written, 'writer' | 'name'>[] = [];
    for (let node = 0; node < 2; node += 1) {
      const store = await openMongoDurable({ url: set.url, clock: Date.now, realm: 'r07' });
      stores.push(store);
      nodes.push(store.collection(kind));
    }
    const [first] = nodes;
    if (first === undefined) throw new Error('there is no node');
    await first.insert({ id: 'counter', rev: 1, writer: 'all', total: 0 });
    await first.insert({ id: 'batches', rev: 1, writer: 'all', total: 0 });
    const acknowledged: string[] = [];
    const tally = { yes: 0, no: 0, unknown: 0, inserted: 0, longestCall: 0, longestGap: 0 };
    let written = performance.now();
    const load = { isOn: true };

    /** Gives the result of a call; undefined where its outcome is unknown. */
    const timed = async <T>(call: () => Promise<T>): Promise<{ readonly result: T } | undefined> => {
      const began = performance.now();
      try {
        return { result: await call() };
      } catch (error) {
        if (!isProblem(error, 'unavailable')) throw error;
        return undefined;
      } finally {
        tally.longestCall = Math.max(tally.longestCall, performance.now() - began);
        if (untilNextWrite > 0) await sleep(untilNextWrite);
      }
    };
    const inserts = async (node: Collection<Written, 'writer' | 'name'>, writer: string): Promise<void> => {
      for (let at = 0; load.isOn; at += 1) {
        const id = `${writer}-${at}`;
        if ((await timed(() => node.insert({ id, rev: 1, writer, name: id }))) === undefined) continue;
        acknowledged.push(id);
        tally.longestGap = Math.max(tally.longestGap, performance.now() - written);
        written = performance.now();
        tally.inserted += 1;
      }
    };
    const swaps = async (node: Collection<Written, 'writer' | 'name'>): Promise<void> => {
      while (load.isOn) {
        const read = await timed(() => node.get('counter'));
        if (read?.result === undefined) continue;
        const { result } = read;
        const swapped = await timed(() => node.replace({ ...result, total: (result.total ?? 0) + 1 }));
        if (swapped === undefined) tally.unknown += 1;
        else if (swapped.result === undefined) tally.no += 1;
        else tally.yes += 1;
      }
    };

    /** Each batch inserts a document and counts it in another. */
    const batches = async (store: DurableStore, writer: string): Promise<void> => {
      for (let at = 0; load.isOn; at += 1) {
        const id = `${writer}-${at}`;
        const outcome = await timed(async () => {
          const counted = await store.collection(kind).get('batches');
          if (counted === undefined) throw new Error('the counter is gone');
          return store.batch([
            inserting(kind, { id, rev: 1, writer }),
            replacing(kind, { ...counted, total: (counted.total ?? 0) + 1 }),
          ]);
        });
        if (outcome?.result.ok === true) batched.push(id);
        else if (outcome !== undefined) refused.push(id);
      }
    };
    const batched: string[] = [];
    const refused: string[] = [];

    const writers = nodes.flatMap((node, at) => [
      inserts(node, `a${at}`),
      inserts(node, `b${at}`),
      swaps(node),
      swaps(node),
    ]);
    const ofBatches = stores.map((store, at) => batches(store, `c${at}`));
    await during;
    load.isOn = false;
    await Promise.all([...writers, ...ofBatches]);

    process.stderr.write(`R07: ${JSON.stringify(tally)}\n`);
    const found: string[] = [];
    for (const writer of ['a0', 'b0', 'a1', 'b1']) {
      for (let after = ''; ; after = found.at(-1) ?? '') {
        const page = await first.find({ writer }, { after, limit: 1000 });
        found.push(...page.map(({ id }) => id));
        if (page.length < 1000) break;
      }
    }
    const there = new Set(found);
    expect(there.size).toBe(found.length);
    expect(acknowledged.filter(id => !there.has(id))).toEqual([]);
    const counter = await first.get('counter');
    expect(counter?.total).toBe((counter?.rev ?? 0) - 1);
    // A swap of unknown outcome may have been carried out; one that was refused was not.
    expect(counter?.total).toBeGreaterThanOrEqual(tally.yes);
    expect(counter?.total).toBeLessThanOrEqual(tally.yes + tally.unknown);
    const inBatches = await Promise.all(['c0', 'c1'].map(writer => first.find({ writer }, { limit: 100_000 })));
    const stored = new Set(inBatches.flat().map(({ id }) => id));
    expect(batched.filter(id => !stored.has(id))).toEqual([]);
    expect(refused.filter(id => stored.has(id))).toEqual([]);
    // No batch is half done.
    expect((await first.get('batches'))?.total).toBe(stored.size);
    expect(batched.length).toBeGreaterThan(10);
    expect(tally.inserted).toBeGreaterThan(100);
    expect(tally.longestCall).toBeLessThanOrEqual(longestOutage + 200);
    expect(tally.longestGap).toBeLessThanOrEqual(longestOutage);
    await Promise.all(stores.map(store => store.close()));
  };

  test.each(loads)('R07 no write and no sign-in is lost or done twice under load: %j', async load => {
    const redis: RedisServer = await startRedis();
    const site: Site = await startSite({ databaseUrl: set.url, redisUrl: redis.url });
    try {
      const people = load.includes('sign-ins') ? await site.addPeople(signIns) : [];
      const running = faults();
      await Promise.all([
        running,
        load.includes('writes') ? writeDuring(running) : undefined,
        load.includes('sign-ins') ? signInAll(site, people) : undefined,
      ]);
      expect(await site.violations()).toEqual([]);
    } finally {
      await site.close();
      await redis.stop();
    }
  });

  test('R07 what no majority has decides nothing that is acknowledged', async () => {
    const store = await openMongoDurable({ url: set.url, clock: Date.now, realm: 'alone' });
    const written = store.collection(kind);
    await written.insert({ id: 'old', rev: 1, writer: 'a' });
    const primary = await set.primary();
    const others = set.nodes.filter(node => node !== primary);
    const replicate = async (mode: 'off' | 'alwaysOn'): Promise<void> => {
      for (const node of others) await set.commandAt(node, { configureFailPoint: 'stopReplProducer', mode });
    };
    await replicate('alwaysOn');
    const unavailable = expect.objectContaining({ code: 'unavailable' });
    const name = 'taken';
    const refused = async (write: Promise<unknown>): Promise<void> => expect(write).rejects.toEqual(unavailable);
    const alone = [refused(written.insert({ id: 'new', rev: 1, writer: 'a', name })), refused(written.remove('old'))];
    // Only the primary has both. A refusal because of them would be an answer that the next primary contradicts.
    for (let waits = 0; waits < 200 && (await written.get('old')) !== undefined; waits += 1) await sleep(25);
    const based = [
      written.insert({ id: 'new', rev: 1, writer: 'b' }),
      written.insert({ id: 'other', rev: 1, writer: 'b', name }),
      written.insertMany([{ id: 'more', rev: 1, writer: 'b', name }]),
      written.remove('old'),
      written.replace({ id: 'old', rev: 1, writer: 'b' }),
      store.batch([
        inserting(kind, { id: 'e', rev: 1, writer: 'b' }),
        replacing(kind, { id: 'old', rev: 1, writer: 'b' }),
      ]),
      store.batch([
        inserting(kind, { id: 'f', rev: 1, writer: 'b' }),
        inserting(kind, { id: 'new', rev: 1, writer: 'b' }),
      ]),
      store.batch([inserting(kind, { id: 'g', rev: 1, writer: 'b' }), removing(kind, 'old')]),
    ];
    await Promise.all([...alone, ...based.map(refused)]);
    await primary.kill();
    await replicate('off');
    await set.primary();
    expect(await written.get('new')).toBeUndefined();
    expect(await written.get('old')).toMatchObject({ rev: 1 });
    await primary.restart();
    await store.close();
  });
});

/** Signs people in while the faults last. No sign-in may fail for longer than 5 s, and none be done twice. */
const signInAll = async (site: Site, people: readonly SitePerson[]): Promise<void> => {
  const total = people.length;
  const done = await atRate({ perSecond: 2, total }, async at => {
    const person = people[at];
    if (person === undefined) throw new Error('there are too few people');
    return site.signIn(person);
  });
  const signedIn = done.map(({ outcome }) => outcome);
  const outages = signedIn.map(({ steps }) => longestFailure(steps));
  process.stderr.write(
    `R07: ${total} sign-ins, the longest failures: ${outages.toSorted(falling).slice(0, 5).join(', ')} ms\n`,
  );
  expect(signedIn.filter(({ claims }) => claims === undefined)).toEqual([]);
  expect(Math.max(0, ...outages)).toBeLessThanOrEqual(longestOutage);
};

const falling = (one: number, other: number): number => other - one;

/** The longest time for which the requests of one sign-in failed, one after the other, in milliseconds. */
const longestFailure = (steps: readonly Step[]): number => {
  let [longest, current] = [0, 0];
  for (const { status, took } of steps) {
    const isFailed = status === undefined || status >= 500;
    // A person waits a moment before the next attempt.
    current = isFailed ? current + took + untilAgain : 0;
    longest = Math.max(longest, current);
  }
  return Math.round(longest);
};
