/** What every place for short-lived values keeps to. None can be left out for a store: the safety of a challenge rests on each. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { key, type Ephemeral, type Json, type Key } from '../../src/ports/stores.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { loneSurrogates, oddStrings } from '../support/hostile/odd-strings.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const a = key<Json>('a');
const b = key<Json>('b');
const count = key<number>('count');
const rounds = Array.from({ length: 5 }, (_, round) => round);

const led = (caller: number): Key<number> => key('led', String(caller));
const winners = (results: readonly unknown[]): number =>
  results.filter(result => result !== false && result !== undefined).length;

describe.each(stores)('short-lived values on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let values: Ephemeral;
  /** The same values on two nodes; sixteen callers take turns. */
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
    ])('is read as it was put, and can be swapped by what was read (case %#)', async value => {
      await values.put(a, value, 1000);
      const read = await values.get(a);
      expect(read).toEqual(value);
      expect(await values.compareAndSwap(a, read as Json, 'next')).toBe(true);
      expect(await nodes[1].get(a)).toBe('next');
    });

    test('that nobody put is undefined, for every method', async () => {
      expect(await values.get(a)).toBeUndefined();
      expect(await values.getAndDelete(a)).toBeUndefined();
      expect(await values.compareAndSwap(a, 1, 2)).toBe(false);
      expect(await values.compareAndSwap(a, 1, undefined)).toBe(false);
      expect(await values.get(a)).toBeUndefined();
    });

    test('is a private copy on the way in and on the way out', async () => {
      const written = { list: [1] };
      await values.put(a, written, 1000);
      written.list.push(2);
      ((await values.get(a)) as { list: number[] }).list.push(3);
      expect(await values.get(a)).toEqual({ list: [1] });
    });

    test('put again is another value with a life of its own', async () => {
      await values.put(a, 1, 1000);
      clock.advance(999);
      await values.put(a, 2, 1000);
      clock.advance(999);
      expect(await values.get(a)).toBe(2);
      clock.advance(1);
      expect(await values.get(a)).toBeUndefined();
    });
  });

  describe('to the millisecond', () => {
    const living: readonly (readonly [string, (at: Ephemeral) => Promise<unknown>, unknown, unknown])[] = [
      ['get', at => at.get(a), 1, undefined],
      ['getAndDelete', at => at.getAndDelete(a), 1, undefined],
      ['add', at => at.setIfAbsent(a, 2, 1000), false, true],
      ['compareAndSwap', at => at.compareAndSwap(a, 1, 2), true, false],
      ['swap for nothing', at => at.compareAndSwap(a, 1, undefined), true, false],
      ['swap with a new life', at => at.compareAndSwap(a, 1, 2, 1000), true, false],
      ['increment', at => at.increment(a as Key<number>, 1000), 2, 1],
    ];
    test.each(living)('%s finds the value one millisecond before its end', async (_, call, before) => {
      await values.put(a, 1, 1000);
      clock.advance(999);
      expect(await call(values)).toBe(before);
    });
    test.each(living)('%s finds nothing from its end on', async (_, call, __, after) => {
      await values.put(a, 1, 1000);
      clock.advance(1000);
      expect(await call(values)).toBe(after);
    });
  });

  describe('add', () => {
    test('puts where nothing is, and leaves alone what is there', async () => {
      expect(await values.setIfAbsent(a, 1, 1000)).toBe(true);
      expect(await values.setIfAbsent(a, 2, 5000)).toBe(false);
      expect(await values.get(a)).toBe(1);
      clock.advance(1000);
      expect(await values.get(a)).toBeUndefined();
    });

    test('gives what it puts over an ended value its own life', async () => {
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
    test('refuses anything but exactly what is there', async () => {
      await values.put(a, { phase: 'pending', n: 1 }, 1000);
      for (const was of [{ phase: 'pending' }, { phase: 'passed', n: 1 }, { phase: 'pending', n: '1' }, null, '', 1]) {
        expect(await values.compareAndSwap(a, was, 'next')).toBe(false);
        expect(await values.compareAndSwap(a, was, undefined)).toBe(false);
      }
      expect(await values.get(a)).toEqual({ phase: 'pending', n: 1 });
    });

    test('keeps the life of the value', async () => {
      await values.put(a, 1, 1000);
      clock.advance(600);
      expect(await values.compareAndSwap(a, 1, 2)).toBe(true);
      clock.advance(399);
      expect(await values.get(a)).toBe(2);
      clock.advance(1);
      expect(await values.get(a)).toBeUndefined();
    });

    test('starts it anew where it is told how long', async () => {
      await values.put(a, 1, 1000);
      clock.advance(600);
      expect(await values.compareAndSwap(a, 1, 2, 2000)).toBe(true);
      clock.advance(1999);
      expect(await values.get(a)).toBe(2);
      clock.advance(1);
      expect(await values.get(a)).toBeUndefined();
    });

    test('for nothing deletes', async () => {
      await values.put(a, 1, 1000);
      expect(await values.compareAndSwap(a, 1, undefined)).toBe(true);
      expect(await values.get(a)).toBeUndefined();
      expect(await values.setIfAbsent(a, 2, 1000)).toBe(true);
    });
  });

  test('take reads and deletes', async () => {
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

    test('opens the window once: later hits do not extend it', async () => {
      await values.increment(count, 1000);
      clock.advance(999);
      expect(await values.increment(count, 1000)).toBe(2);
      clock.advance(1);
      expect(await values.get(count)).toBeUndefined();
      expect(await values.increment(count, 1000)).toBe(1);
      clock.advance(999);
      expect(await values.increment(count, 1000)).toBe(2);
    });

    test('goes on from a count that was put or swapped', async () => {
      await values.put(count, 2 ** 50, 1000);
      expect(await values.increment(count, 1000)).toBe(2 ** 50 + 1);
      expect(await values.compareAndSwap(count, 2 ** 50 + 1, 5)).toBe(true);
      expect(await values.increment(count, 1000)).toBe(6);
    });
  });

  describe('giving back', () => {
    test('takes one off the count, on every node, and never goes below zero', async () => {
      await values.increment(count, 1000);
      await values.increment(count, 1000);
      await nodes[1].decrement(count);
      expect(await values.get(count)).toBe(1);
      for (let again = 0; again < 3; again += 1) await values.decrement(count);
      expect(await values.get(count)).toBe(0);
      expect(await values.increment(count, 1000)).toBe(1);
    });

    test('leaves the window as it is', async () => {
      await values.increment(count, 1000);
      clock.advance(999);
      await values.decrement(count);
      expect(await values.increment(count, 1000)).toBe(1);
      clock.advance(1);
      expect(await values.get(count)).toBeUndefined();
    });

    test('does nothing where nothing is counted, or not any more', async () => {
      await values.decrement(count);
      expect(await values.get(count)).toBeUndefined();
      await values.increment(count, 1000);
      clock.advance(1000);
      await values.decrement(count);
      expect(await values.get(count)).toBeUndefined();
      expect(await values.increment(count, 1000)).toBe(1);
    });

    test('counts exactly, also far from zero, and keeps its tags', async () => {
      await values.put(count, 2 ** 50, 1000, ['grant']);
      await values.decrement(count);
      expect(await values.get(count)).toBe(2 ** 50 - 1);
      await values.dropTagged('grant');
      expect(await values.get(count)).toBeUndefined();
    });
  });

  describe('several at once', () => {
    const c = key<Json>('c');

    test('are read in the order of their keys; what is not there, or has ended, is undefined', async () => {
      await values.put(a, { one: 1 }, 1000);
      await values.put(c, null, 1000);
      await values.put(b, 'ended', 1);
      clock.advance(1);
      expect(await nodes[1].getMany(c, b, a, a)).toEqual([null, undefined, { one: 1 }, { one: 1 }]);
      expect(await values.getMany()).toEqual([]);
    });

    test('are counted each in its own window, on every node', async () => {
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

    test('of sixteen that count the same keys at once none is lost', async () => {
      const other = key<number>('other');
      await sixteen(node =>
        node.incrementMany([
          [count, 1000],
          [other, 1000],
        ]),
      );
      expect(await values.getMany(count, other)).toEqual([16, 16]);
    });

    test('others are there when the one that was added is; the one of the first caller stays', async () => {
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
      'of sixteen that add at once one wins, and whoever sees it sees what it leads to (round %d)',
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

  describe('dropping a tag', () => {
    test('drops what carries it, on every node, and nothing else', async () => {
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

    test('follows the value: put anew it carries the new tags only', async () => {
      await values.put(a, 1, 1000, ['old']);
      await values.put(a, 2, 1000, ['new']);
      await values.dropTagged('old');
      expect(await values.get(a)).toBe(2);
      await values.dropTagged('new');
      expect(await values.get(a)).toBeUndefined();
    });

    test('does not follow an add that was refused', async () => {
      await values.put(a, 1, 1000);
      await values.setIfAbsent(a, 2, 1000, ['grant']);
      await values.dropTagged('grant');
      expect(await values.get(a)).toBe(1);
    });

    test('follows a swap, also into a longer life', async () => {
      await values.put(a, 1, 1000, ['grant']);
      await values.put(b, 1, 1000, ['grant']);
      await values.compareAndSwap(a, 1, 2);
      await values.compareAndSwap(b, 1, 2, 60_000);
      clock.advance(1000);
      expect(await values.get(b)).toBe(2);
      await values.put(a, 3, 1000, ['grant']);
      await values.dropTagged('grant');
      expect([await values.get(a), await values.get(b)]).toEqual([undefined, undefined]);
    });

    test('drops a thousand values', async () => {
      const keys = Array.from({ length: 1000 }, (_, n) => key<Json>('many', String(n)));
      for (const each of keys) await values.put(each, 1, 1000, ['many']);
      await values.dropTagged('many');
      for (const each of keys) expect(await values.get(each)).toBeUndefined();
    });
  });

  describe('names', () => {
    test('may be any text and are never mixed up', async () => {
      for (const name of oddStrings) await values.put(name, name, 1000, [name]);
      for (const name of oddStrings) expect(await values.get(name)).toBe(name);
      for (const name of oddStrings) {
        await values.dropTagged(name);
        expect(await values.get(name)).toBeUndefined();
      }
      for (const name of oddStrings) expect(await values.increment(name as Key<number>, 1000)).toBe(1);
    });

    test('of parts never run into one another', () => {
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
      await expect(values.decrement(odd)).rejects.toMatchObject(refused);
      await expect(values.dropTagged(name)).rejects.toMatchObject(refused);
      expect(await values.get(a)).toBeUndefined();
    });
  });

  describe('of sixteen callers on two nodes', () => {
    test.each(rounds)('one adds, and its value stays (round %i)', async () => {
      const results = await sixteen((node, caller) => node.setIfAbsent(a, caller, 1000));
      expect(winners(results)).toBe(1);
      expect(await values.get(a)).toBe(results.indexOf(true));
    });

    test.each(rounds)('one adds over what has ended (round %i)', async () => {
      await values.put(a, 'ended', 1);
      clock.advance(1);
      expect(winners(await sixteen((node, caller) => node.setIfAbsent(a, caller, 1000)))).toBe(1);
    });

    test.each(rounds)('one swaps, and its value stays (round %i)', async () => {
      await values.put(a, 'pending', 1000);
      const results = await sixteen((node, caller) => node.compareAndSwap(a, 'pending', caller));
      expect(winners(results)).toBe(1);
      expect(await values.get(a)).toBe(results.indexOf(true));
    });

    test.each(rounds)('one compares and deletes (round %i)', async () => {
      await values.put(a, 'pending', 1000);
      expect(winners(await sixteen(node => node.compareAndSwap(a, 'pending', undefined)))).toBe(1);
    });

    test.each(rounds)('one takes (round %i)', async () => {
      await values.put(a, 'code', 1000);
      expect(winners(await sixteen(node => node.getAndDelete(a)))).toBe(1);
    });

    test.each(rounds)('one takes or swaps, never both (round %i)', async () => {
      await values.put(a, 'pending', 1000);
      const results = await sixteen((node, caller) =>
        caller % 4 < 2
          ? node.compareAndSwap(a, 'pending', undefined)
          : node.getAndDelete(a).then(value => value === 'pending'),
      );
      expect(winners(results)).toBe(1);
    });

    test.each(rounds)('each hit counts once (round %i)', async () => {
      const totals = await sixteen(node => node.increment(count, 1000));
      expect(totals.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 16 }, (_, n) => n + 1));
    });

    test.each(rounds)('what each hits and gives back is as it was (round %i)', async () => {
      await values.put(count, 3, 1000);
      await sixteen(async node => {
        await node.increment(count, 1000);
        await node.decrement(count);
      });
      expect(await values.get(count)).toBe(3);
    });
  });

  test('the store says that it is well', async () => {
    await expect(store.shortLived.check()).resolves.toBeUndefined();
  });
});
