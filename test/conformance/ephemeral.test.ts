/**
 * Tests the contract of short-lived stores. Every case runs on every store, because the safety of a challenge depends
 * on each.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { key, type Ephemeral, type Json, type Key } from '../../src/ports/stores.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { loneSurrogates, oddStrings } from '../support/hostile/odd-strings.ts';
import { shortLivedStores, type OpenStore } from '../support/world/stores.ts';

const a = key<Json>('a');
const b = key<Json>('b');
const count = key<number>('count');
const rounds = Array.from({ length: 5 }, (_, round) => round);

/** Swaps `b`, as one of several writes. */
const swap = (expected: Json, next: Json | undefined) =>
  ({ method: 'compareAndSwap', key: b, expected, next, ttl: 1000 }) as const;
const led = (caller: number): Key<number> => key('led', String(caller));
const winners = (results: readonly unknown[]): number =>
  results.filter(result => result !== false && result !== undefined).length;

describe.each(shortLivedStores())('short-lived values on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let values: Ephemeral;
  /** The same values on two nodes; sixteen callers alternate between them. */
  let nodes: readonly [Ephemeral, Ephemeral];

  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
    values = store.shortLived.ephemeral;
    nodes = [values, (await store.reopen()).shortLived.ephemeral];
  });
  afterEach(() => store.close());

  const sixteen = <T>(call: (node: Ephemeral, caller: number) => Promise<T>): Promise<readonly T[]> =>
    Promise.all(Array.from({ length: 16 }, (_, caller) => call(nodes[caller % 2 === 0 ? 0 : 1], caller)));

  describe('a value', () => {
    test.each<Json>([
      null,
      false,
      0,
      '',
      -1.5,
      1e21,
      'a\0b|"\\\ud800😀',
      [],
      {},
      [1, [null]],
      { 2: 'two', 1: 'one', ['__proto__x']: {}, deep: { list: ['|', ''] } },
      'x'.repeat(100_000),
    ])('is read as it was put, and compareAndSwap accepts the value that was read (case %#)', async value => {
      await values.put(a, value, 1000);
      const read = await values.get(a);
      expect(read).toEqual(value);
      expect(await values.compareAndSwap(a, read as Json, 'next')).toBe(true);
      expect(await nodes[1].get(a)).toBe('next');
    });

    test('that was not put is undefined for every method', async () => {
      expect(await values.get(a)).toBeUndefined();
      expect(await values.getAndDelete(a)).toBeUndefined();
      expect(await values.compareAndSwap(a, 1, 2)).toBe(false);
      expect(await values.compareAndSwap(a, 1, undefined)).toBe(false);
      expect(await values.get(a)).toBeUndefined();
    });

    test('is copied when it is put and when it is read', async () => {
      const written = { list: [1] };
      await values.put(a, written, 1000);
      written.list.push(2);
      ((await values.get(a)) as { list: number[] }).list.push(3);
      expect(await values.get(a)).toEqual({ list: [1] });
    });

    test('put again replaces the value and its life', async () => {
      await values.put(a, 1, 1000);
      clock.advance(999);
      await values.put(a, 2, 1000);
      clock.advance(999);
      expect(await values.get(a)).toBe(2);
      clock.advance(1);
      expect(await values.get(a)).toBeUndefined();
    });
  });

  describe('expiry to the millisecond', () => {
    const living: readonly (readonly [string, (at: Ephemeral) => Promise<unknown>, unknown, unknown])[] = [
      ['get', at => at.get(a), 1, undefined],
      ['getAndDelete', at => at.getAndDelete(a), 1, undefined],
      ['setIfAbsent', at => at.setIfAbsent(a, 2, 1000), false, true],
      ['compareAndSwap', at => at.compareAndSwap(a, 1, 2), true, false],
      ['compareAndSwap to undefined', at => at.compareAndSwap(a, 1, undefined), true, false],
      ['compareAndSwap with a new life', at => at.compareAndSwap(a, 1, 2, 1000), true, false],
      ['increment', at => at.increment(a as Key<number>, 1000), 2, 1],
    ];
    test.each(living)('%s finds the value one millisecond before its end', async (_, call, before) => {
      await values.put(a, 1, 1000);
      clock.advance(999);
      expect(await call(values)).toBe(before);
    });
    test.each(living)('%s finds no value from its end on', async (_, call, __, after) => {
      await values.put(a, 1, 1000);
      clock.advance(1000);
      expect(await call(values)).toBe(after);
    });
  });

  describe('setIfAbsent', () => {
    test('sets an absent key and leaves a present value as it is', async () => {
      expect(await values.setIfAbsent(a, 1, 1000)).toBe(true);
      expect(await values.setIfAbsent(a, 2, 5000)).toBe(false);
      expect(await values.get(a)).toBe(1);
      clock.advance(1000);
      expect(await values.get(a)).toBeUndefined();
    });

    test('gives the value that follows an expired one its own life', async () => {
      await values.put(a, 1, 1000);
      clock.advance(1000);
      expect(await values.setIfAbsent(a, 2, 1000)).toBe(true);
      clock.advance(999);
      expect(await values.get(a)).toBe(2);
      clock.advance(1);
      expect(await values.get(a)).toBeUndefined();
    });
  });

  describe('compareAndSwap', () => {
    test('refuses any expected value but exactly the stored one', async () => {
      await values.put(a, { phase: 'pending', n: 1 }, 1000);
      for (const was of [{ phase: 'pending' }, { phase: 'passed', n: 1 }, { phase: 'pending', n: '1' }, null, '', 1]) {
        expect(await values.compareAndSwap(a, was, 'next')).toBe(false);
        expect(await values.compareAndSwap(a, was, undefined)).toBe(false);
      }
      expect(await values.get(a)).toEqual({ phase: 'pending', n: 1 });
    });

    test('keeps the remaining life of the value', async () => {
      await values.put(a, 1, 1000);
      clock.advance(600);
      expect(await values.compareAndSwap(a, 1, 2)).toBe(true);
      clock.advance(399);
      expect(await values.get(a)).toBe(2);
      clock.advance(1);
      expect(await values.get(a)).toBeUndefined();
    });

    test('gives the value a new life if a ttl is passed', async () => {
      await values.put(a, 1, 1000);
      clock.advance(600);
      expect(await values.compareAndSwap(a, 1, 2, 2000)).toBe(true);
      clock.advance(1999);
      expect(await values.get(a)).toBe(2);
      clock.advance(1);
      expect(await values.get(a)).toBeUndefined();
    });

    test('to undefined deletes the value', async () => {
      await values.put(a, 1, 1000);
      expect(await values.compareAndSwap(a, 1, undefined)).toBe(true);
      expect(await values.get(a)).toBeUndefined();
      expect(await values.setIfAbsent(a, 2, 1000)).toBe(true);
    });
  });

  test('getAndDelete returns the value and deletes it', async () => {
    await values.put(a, 1, 1000);
    expect(await values.getAndDelete(a)).toBe(1);
    expect(await values.getAndDelete(a)).toBeUndefined();
    expect(await values.get(a)).toBeUndefined();
  });

  describe('increment', () => {
    test('counts from one, and get reads the count', async () => {
      expect(await values.get(count)).toBeUndefined();
      for (const expected of [1, 2, 3])
        expect(await nodes[expected % 2 === 0 ? 0 : 1].increment(count, 1000)).toBe(expected);
      expect(await values.get(count)).toBe(3);
      expect(await values.increment(key<number>('another'), 1000)).toBe(1);
    });

    test('starts the window once, and later increments do not extend it', async () => {
      await values.increment(count, 1000);
      clock.advance(999);
      expect(await values.increment(count, 1000)).toBe(2);
      clock.advance(1);
      expect(await values.get(count)).toBeUndefined();
      expect(await values.increment(count, 1000)).toBe(1);
      clock.advance(999);
      expect(await values.increment(count, 1000)).toBe(2);
    });

    test('continues from a count that was put or swapped', async () => {
      await values.put(count, 2 ** 50, 1000);
      expect(await values.increment(count, 1000)).toBe(2 ** 50 + 1);
      expect(await values.compareAndSwap(count, 2 ** 50 + 1, 5)).toBe(true);
      expect(await values.increment(count, 1000)).toBe(6);
    });
  });

  describe('counts', () => {
    test('gives totals with the ends of their windows, on every node, which no later count moves', async () => {
      const start = clock();
      const other = key<number>('other');
      await values.increment(count, 1000);
      clock.advance(10);
      await values.incrementMany([
        [count, 1000],
        [other, 500],
      ]);
      await values.decrement(other);
      expect(await nodes[1].counts(other, key<number>('nobody'), count)).toEqual([
        { total: 0, until: start + 510 },
        undefined,
        { total: 2, until: start + 1000 },
      ]);
      clock.advance(500);
      expect(await values.counts(other, count)).toEqual([undefined, { total: 2, until: start + 1000 }]);
      expect(await values.counts()).toEqual([]);
    });
  });

  describe('decrement', () => {
    test('lowers the count by one on every node, never below zero', async () => {
      await values.increment(count, 1000);
      await values.increment(count, 1000);
      await nodes[1].decrement(count);
      expect(await values.get(count)).toBe(1);
      for (let again = 0; again < 3; again += 1) await values.decrement(count);
      expect(await values.get(count)).toBe(0);
      expect(await values.increment(count, 1000)).toBe(1);
    });

    test('leaves the end of the window as it is', async () => {
      await values.increment(count, 1000);
      clock.advance(999);
      await values.decrement(count);
      expect(await values.increment(count, 1000)).toBe(1);
      clock.advance(1);
      expect(await values.get(count)).toBeUndefined();
    });

    test('has no effect without a count or after its end', async () => {
      await values.decrement(count);
      expect(await values.get(count)).toBeUndefined();
      await values.increment(count, 1000);
      clock.advance(1000);
      await values.decrement(count);
      expect(await values.get(count)).toBeUndefined();
      expect(await values.increment(count, 1000)).toBe(1);
    });

    test('is exact for large counts and keeps the tags', async () => {
      await values.put(count, 2 ** 50, 1000, ['grant']);
      await values.decrement(count);
      expect(await values.get(count)).toBe(2 ** 50 - 1);
      await values.dropTagged('grant');
      expect(await values.get(count)).toBeUndefined();
    });
  });

  describe('several keys at once', () => {
    const c = key<Json>('c');

    test('are read in the order given, with undefined for absent and expired values', async () => {
      await values.put(a, { one: 1 }, 1000);
      await values.put(c, null, 1000);
      await values.put(b, 'ended', 1);
      clock.advance(1);
      expect(await nodes[1].getMany(c, b, a, a)).toEqual([null, undefined, { one: 1 }, { one: 1 }]);
      expect(await values.getMany()).toEqual([]);
    });

    test('are incremented each in its own window, on every node', async () => {
      const other = key<number>('other');
      expect(
        await values.incrementMany([
          [count, 1000],
          [other, 50],
          [count, 1000],
        ]),
      ).toEqual([1, 1, 2]);
      clock.advance(50);
      expect(
        await nodes[1].incrementMany([
          [other, 50],
          [count, 1000],
        ]),
      ).toEqual([1, 3]);
      await values.decrement(count, other, key<number>('nobody'));
      expect(await values.getMany(count, other)).toEqual([2, 0]);
      expect(await values.incrementMany([])).toEqual([]);
    });

    test('are incremented by sixteen callers at once without a lost count', async () => {
      const other = key<number>('other');
      await sixteen(node =>
        node.incrementMany([
          [count, 1000],
          [other, 1000],
        ]),
      );
      expect(await values.getMany(count, other)).toEqual([16, 16]);
    });

    test('are set together with the key that refers to them, and the first caller wins', async () => {
      expect(await values.setWith([{ key: b, value: 'first', ttl: 500 }], a, 1, 1000)).toBe(true);
      expect(await nodes[1].getMany(a, b)).toEqual([1, 'first']);
      expect(await nodes[1].setWith([{ key: c, value: 'second', ttl: 1000 }], a, 2, 1000)).toBe(false);
      expect(await values.get(a)).toBe(1);
      clock.advance(500);
      expect(await values.getMany(a, b)).toEqual([1, undefined]);
      clock.advance(500);
      expect(await values.setWith([], a, 3, 1000)).toBe(true);
    });

    test.each(rounds)(
      'are set by sixteen callers at once, one wins, and its other keys can be read (round %d)',
      async () => {
        const results = await sixteen(async (node, caller) => {
          const won = await node.setWith(
            [{ key: led(caller), value: caller, ttl: 1000 }],
            key<number>('a'),
            caller,
            1000,
          );
          const leader = await node.get(key<number>('a'));
          return { won, led: leader === undefined ? undefined : (await node.get(led(leader))) === leader };
        });
        expect(winners(results.map(({ won }) => won))).toBe(1);
        expect(results.every(result => result.led)).toBe(true);
      },
    );
  });

  describe('several writes at once', () => {
    test('are each carried out as alone, and each has its own answer', async () => {
      await values.put(b, 1, 1000);
      await values.put(count, 3, 1000);
      await values.put(key<Json>('removed'), 1, 1000);
      expect(
        await values.writeMany([
          { method: 'put', key: a, value: 1, ttl: 500 },
          { method: 'setIfAbsent', key: key('set'), value: 1, ttl: 1000 },
          swap(1, 2),
          { method: 'remove', key: key('removed') },
          { method: 'decrement', key: count },
        ]),
      ).toEqual([true, true, true, true, true]);
      const keys = [a, key<Json>('set'), b, key<Json>('removed'), count];
      expect(await nodes[1].getMany(...keys)).toEqual([1, 1, 2, undefined, 2]);
      clock.advance(500);
      expect(await values.get(a)).toBeUndefined();
      expect(await values.writeMany([])).toEqual([]);
    });

    test('that are lost do not stop the others', async () => {
      await values.put(b, 1, 1000);
      await values.put(key<Json>('set'), 'before', 1000);
      await values.put(key<Json>('ended'), 1, 1);
      clock.advance(1);
      expect(
        await nodes[1].writeMany([
          { method: 'setIfAbsent', key: key('set'), value: 'after', ttl: 1000 },
          swap(0, 2),
          { method: 'remove', key: key('ended') },
          { method: 'decrement', key: key<number>('nobody') },
          { method: 'put', key: a, value: 1, ttl: 1000 },
        ]),
      ).toEqual([false, false, false, true, true]);
      expect(await values.getMany(key<Json>('set'), b, a)).toEqual(['before', 1, 1]);
      expect(await values.getMany(key<Json>('ended'), key<Json>('nobody'))).toEqual([undefined, undefined]);
    });

    test('have their tags', async () => {
      await values.writeMany([
        { method: 'put', key: a, value: 1, ttl: 1000, tags: ['grant'] },
        { method: 'setIfAbsent', key: b, value: 1, ttl: 1000, tags: ['grant'] },
      ]);
      await nodes[1].dropTagged('grant');
      expect(await values.getMany(a, b)).toEqual([undefined, undefined]);
    });

    test('that come last are not carried out before the others are stored', async () => {
      await values.put(b, 'kept', 1000);
      const [put, remove] = [
        { method: 'put', key: a, value: 1, ttl: 1000 },
        { method: 'remove', key: b },
      ] as const;
      const unstorable = { ...put, key: loneSurrogates[0] as Key<Json> };
      await expect(values.writeMany([unstorable], [remove])).rejects.toMatchObject({ code: 'bad-request' });
      expect(await values.get(b)).toBe('kept');
      expect(await values.writeMany([put], [remove, remove])).toEqual([true, true, false]);
      expect(await nodes[1].getMany(a, b)).toEqual([1, undefined]);
      expect(await values.writeMany([], [{ ...put, value: 2 }])).toEqual([true]);
      expect(await values.get(a)).toBe(2);
    });

    test.each(rounds)('by sixteen callers have one winner of each key (round %i)', async () => {
      await values.put(b, 'pending', 1000);
      await values.put(key<Json>('removed'), 1, 1000);
      await values.put(count, 20, 1000);
      const results = await sixteen((node, caller) =>
        node.writeMany([
          { method: 'setIfAbsent', key: a, value: caller, ttl: 1000 },
          swap('pending', caller),
          { method: 'remove', key: key('removed') },
          { method: 'decrement', key: count },
        ]),
      );
      const of = (place: number): readonly unknown[] => results.map(answers => answers[place]);
      expect([0, 1, 2].map(place => winners(of(place)))).toEqual([1, 1, 1]);
      expect(await values.getMany(a, b)).toEqual([of(0).indexOf(true), of(1).indexOf(true)]);
      expect(await values.get(count)).toBe(4);
    });
  });

  describe('dropTagged', () => {
    test('deletes the values with the tag on every node, and no others', async () => {
      await values.put(a, 1, 1000, ['grant', 'other']);
      await nodes[1].setIfAbsent(b, 2, 1000, ['grant']);
      await values.put(key<Json>('c'), 3, 1000, ['gran', 'grant2', 'other']);
      await values.put(key<Json>('d'), 4, 1000);
      await nodes[1].dropTagged('grant');
      for (const gone of [a, b]) expect(await values.get(gone)).toBeUndefined();
      expect([await values.get(key<Json>('c')), await values.get(key<Json>('d'))]).toEqual([3, 4]);
      await values.dropTagged('grant');
      await values.dropTagged('nobody has this');
    });

    test('uses the tags of the last put only', async () => {
      await values.put(a, 1, 1000, ['old']);
      await values.put(a, 2, 1000, ['new']);
      await values.dropTagged('old');
      expect(await values.get(a)).toBe(2);
      await values.dropTagged('new');
      expect(await values.get(a)).toBeUndefined();
    });

    test('ignores the tags of a refused setIfAbsent', async () => {
      await values.put(a, 1, 1000);
      await values.setIfAbsent(a, 2, 1000, ['grant']);
      await values.dropTagged('grant');
      expect(await values.get(a)).toBe(1);
    });

    test('finds a swapped value, also after a longer life', async () => {
      const c = key<Json>('c');
      await values.put(a, 1, 1000, ['grant']);
      await values.put(b, 1, 1000, ['grant']);
      await values.put(c, 1, 60_000, ['grant']);
      await values.compareAndSwap(a, 1, 2);
      await values.compareAndSwap(c, 1, 2);
      await values.compareAndSwap(b, 1, 2, 60_000);
      clock.advance(1000);
      expect(await values.get(b)).toBe(2);
      await values.put(a, 3, 1000, ['grant']);
      expect(await values.get(c)).toBe(2);
      await values.dropTagged('grant');
      expect(await values.getMany(a, b, c)).toEqual([undefined, undefined, undefined]);
    });

    test('deletes eleven thousand values, those that expire first too', async () => {
      const keys = Array.from({ length: 11_000 }, (_, n) => key<Json>('many', String(n)));
      const puts = keys.map(
        (each, at) => ({ method: 'put', key: each, value: 1, ttl: 60_000 + at, tags: ['many'] }) as const,
      );
      for (let at = 0; at < puts.length; at += 500) await values.writeMany(puts.slice(at, at + 500));
      await values.dropTagged('many');
      for (let at = 0; at < keys.length; at += 500) {
        const left = await values.getMany(...keys.slice(at, at + 500));
        expect(left.filter(value => value !== undefined)).toEqual([]);
      }
    });
  });

  describe('keys', () => {
    test('may be any well-formed text and are distinguished', async () => {
      for (const name of oddStrings) await values.put(name, name, 1000, [name]);
      for (const name of oddStrings) expect(await values.get(name)).toBe(name);
      for (const name of oddStrings) {
        await values.dropTagged(name);
        expect(await values.get(name)).toBeUndefined();
      }
      for (const name of oddStrings) expect(await values.increment(name as Key<number>, 1000)).toBe(1);
    });

    test('made of parts are distinct for distinct parts', () => {
      const keys = [key('a', 'b'), key('a:b'), key('a', 'b', ''), key('', 'a', 'b'), key('a%3Ab'), key('A', 'b')];
      expect(new Set(keys).size).toBe(keys.length);
    });

    test.each(loneSurrogates)('with a lone surrogate are refused (%j)', async name => {
      const refused = { code: 'bad-request' };
      const odd = name as Key<number>;
      expect(() => key('attempts', name)).toThrow(expect.objectContaining(refused));
      await expect(values.get(odd)).rejects.toMatchObject(refused);
      await expect(values.put(odd, 1, 1000)).rejects.toMatchObject(refused);
      await expect(values.put(a, 1, 1000, [name])).rejects.toMatchObject(refused);
      await expect(values.setIfAbsent(odd, 1, 1000)).rejects.toMatchObject(refused);
      await expect(values.compareAndSwap(odd, 1, 2)).rejects.toMatchObject(refused);
      await expect(values.getAndDelete(odd)).rejects.toMatchObject(refused);
      await expect(values.increment(odd, 1000)).rejects.toMatchObject(refused);
      await expect(values.getMany(a, odd)).rejects.toMatchObject(refused);
      await expect(values.incrementMany([[odd, 1000]])).rejects.toMatchObject(refused);
      await expect(values.setWith([], odd, 1, 1000)).rejects.toMatchObject(refused);
      await expect(values.setWith([{ key: odd, value: 1, ttl: 1000 }], a, 1, 1000)).rejects.toMatchObject(refused);
      for (const method of ['remove', 'decrement'] as const) {
        await expect(values.writeMany([{ method, key: odd }])).rejects.toMatchObject(refused);
      }
      const tagged = { method: 'put', key: a, value: 1, ttl: 1000, tags: [name] } as const;
      await expect(values.writeMany([tagged])).rejects.toMatchObject(refused);
      await expect(values.decrement(odd)).rejects.toMatchObject(refused);
      await expect(values.dropTagged(name)).rejects.toMatchObject(refused);
      expect(await values.get(a)).toBeUndefined();
    });
  });

  describe('among sixteen callers on two nodes', () => {
    test.each(rounds)('exactly one sets an absent key, and its value stays (round %i)', async () => {
      const results = await sixteen((node, caller) => node.setIfAbsent(a, caller, 1000));
      expect(winners(results)).toBe(1);
      expect(await values.get(a)).toBe(results.indexOf(true));
    });

    test.each(rounds)('exactly one sets a key after its value expired (round %i)', async () => {
      await values.put(a, 'ended', 1);
      clock.advance(1);
      expect(winners(await sixteen((node, caller) => node.setIfAbsent(a, caller, 1000)))).toBe(1);
    });

    test.each(rounds)('exactly one swaps, and its value stays (round %i)', async () => {
      await values.put(a, 'pending', 1000);
      const results = await sixteen((node, caller) => node.compareAndSwap(a, 'pending', caller));
      expect(winners(results)).toBe(1);
      expect(await values.get(a)).toBe(results.indexOf(true));
    });

    test.each(rounds)('exactly one compares and deletes (round %i)', async () => {
      await values.put(a, 'pending', 1000);
      expect(winners(await sixteen(node => node.compareAndSwap(a, 'pending', undefined)))).toBe(1);
    });

    test.each(rounds)('exactly one gets and deletes (round %i)', async () => {
      await values.put(a, 'code', 1000);
      expect(winners(await sixteen(node => node.getAndDelete(a)))).toBe(1);
    });

    test.each(rounds)('exactly one gets and deletes or swaps (round %i)', async () => {
      await values.put(a, 'pending', 1000);
      const results = await sixteen((node, caller) =>
        caller % 4 < 2
          ? node.compareAndSwap(a, 'pending', undefined)
          : node.getAndDelete(a).then(value => value === 'pending'),
      );
      expect(winners(results)).toBe(1);
    });

    test.each(rounds)('each increment counts once (round %i)', async () => {
      const totals = await sixteen(node => node.increment(count, 1000));
      expect(totals.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 16 }, (_, n) => n + 1));
    });

    test.each(rounds)('increments and decrements of all callers cancel out (round %i)', async () => {
      await values.put(count, 3, 1000);
      await sixteen(async node => {
        await node.increment(count, 1000);
        await node.decrement(count);
      });
      expect(await values.get(count)).toBe(3);
    });
  });

  test('the short-lived store passes its check', async () => {
    await expect(store.shortLived.check()).resolves.toBeUndefined();
  });
});
