/** Tests the contract of `DurableStore.batch`: several writes, all or none. Every case runs on every store. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  inserting,
  removing,
  replacing,
  type BatchOutcome,
  type Doc,
  type DurableStore,
  type Kind,
  type Write,
} from '../../src/ports/stores.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { everyStore, type OpenStore } from '../support/world/stores.ts';

interface Note extends Doc {
  readonly owner?: string;
  readonly handle?: string;
  readonly labels?: readonly string[];
  readonly endsAt?: EpochMillis;
  readonly total?: number;
}
const notes: Kind<Note, 'owner' | 'handle' | 'labels'> = {
  name: 'batched-notes',
  index: ['owner'],
  unique: ['handle'],
  uniqueEach: ['labels'],
  expires: 'endsAt',
};
interface Entry extends Doc {
  readonly about: string;
}
const entries: Kind<Entry, 'about'> = { name: 'batched-entries', index: ['about'], unique: [] };

const note = (id: string, more: Omit<Note, 'id' | 'rev'> = {}): Note => ({ id, rev: 1, ...more });
const entry = (id: string, about = 'a'): Entry => ({ id, rev: 1, about });
const done: BatchOutcome = { ok: true };
const rounds = Array.from({ length: 5 }, (_, round) => round);

describe.each(everyStore)('a batch on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let durable: DurableStore;
  let nodes: readonly [DurableStore, DurableStore];

  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
    ({ durable } = store);
    nodes = [durable, (await store.reopen()).durable];
  });
  afterEach(() => store.close());

  const all = async (of = durable): Promise<readonly Doc[]> => [
    ...(await of.collection(notes).find({}, { limit: 1000 })),
    ...(await of.collection(entries).find({}, { limit: 1000 })),
  ];
  const sixteen = <T>(call: (node: DurableStore, caller: number) => Promise<T>): Promise<readonly T[]> =>
    Promise.all(Array.from({ length: 16 }, (_, caller) => call(nodes[caller % 2 === 0 ? 0 : 1], caller)));

  test('carries out writes of several kinds, and every node reads them', async () => {
    await durable.collection(notes).insertMany([note('a', { owner: 'ada', handle: 'h' }), note('b')]);
    const outcome = await durable.batch([
      replacing(notes, note('a', { owner: 'bob', labels: ['l'] })),
      inserting(entries, entry('e')),
      removing(notes, 'b'),
      inserting(notes, note('c', { handle: 'h' })),
    ]);
    expect(outcome).toEqual(done);
    const expected = [
      { ...note('a', { owner: 'bob', labels: ['l'] }), rev: 2 },
      note('c', { handle: 'h' }),
      entry('e'),
    ];
    for (const node of nodes) expect(await all(node)).toEqual(expected);
    expect(await durable.collection(notes).find({ owner: 'ada' })).toEqual([]);
    expect(await durable.collection(notes).find({ labels: 'l' })).toEqual([expected[0]]);
  });

  test('without writes is carried out', async () => {
    expect(await durable.batch([])).toEqual(done);
  });

  test('needs no collection that was opened before', async () => {
    const kind: Kind<Entry> = { name: 'entries-of-batches', index: [], unique: [] };
    expect(await durable.batch([inserting(kind, entry('e'))])).toEqual(done);
    expect(await nodes[1].collection(kind).get('e')).toEqual(entry('e'));
  });

  test('stores copies', async () => {
    const labels = ['l'];
    await durable.batch([inserting(notes, note('a', { labels }))]);
    labels.push('m');
    expect(await durable.collection(notes).get('a')).toEqual(note('a', { labels: ['l'] }));
  });

  describe('lets each write see those before it', () => {
    test('of the same document', async () => {
      const outcome = await durable.batch([
        inserting(notes, note('a')),
        replacing(notes, note('a', { owner: 'ada' })),
        replacing(notes, { ...note('a', { owner: 'bob' }), rev: 2 }),
        inserting(entries, entry('e')),
        removing(entries, 'e'),
        inserting(entries, entry('e', 'b')),
      ]);
      expect(outcome).toEqual(done);
      expect(await all()).toEqual([{ ...note('a', { owner: 'bob' }), rev: 3 }, entry('e', 'b')]);
    });

    test('that give up a unique member, and that take it', async () => {
      await durable.collection(notes).insertMany([note('a', { handle: 'h', labels: ['l'] }), note('b')]);
      const outcome = await durable.batch([
        replacing(notes, note('a', { handle: 'i', labels: ['m'] })),
        replacing(notes, note('b', { handle: 'h', labels: ['l'] })),
      ]);
      expect(outcome).toEqual(done);
      expect((await durable.collection(notes).find({ handle: 'h' }))[0]?.id).toBe('b');
      expect((await durable.collection(notes).find({ labels: 'l' }))[0]?.id).toBe('b');
    });

    test('that take a unique member', async () => {
      const outcome = await durable.batch([
        inserting(notes, note('a', { handle: 'h' })),
        inserting(notes, note('b', { handle: 'h' })),
      ]);
      expect(outcome).toEqual({ ok: false, lost: 1, reason: 'conflict' });
      expect(await all()).toEqual([]);
    });
  });

  describe('carries out no write where one', () => {
    const stored = [note('a', { handle: 'h', labels: ['l'] }), note('b', { owner: 'bob', handle: 'i' }), note('c')];
    const refused: readonly (readonly [string, Write, 'conflict' | 'gone'])[] = [
      ['inserts a taken id', inserting(notes, note('a')), 'conflict'],
      ['inserts a taken unique member', inserting(notes, note('d', { handle: 'h' })), 'conflict'],
      ['inserts a taken text of a unique list', inserting(notes, note('d', { labels: ['m', 'l'] })), 'conflict'],
      ['replaces by a taken unique member', replacing(notes, note('c', { handle: 'h' })), 'conflict'],
      ['replaces an earlier revision', replacing(notes, { ...note('c'), rev: 0 }), 'gone'],
      ['replaces a later revision', replacing(notes, { ...note('c'), rev: 2 }), 'gone'],
      ['replaces a missing document', replacing(notes, note('d')), 'gone'],
      ['removes a missing document', removing(entries, 'd'), 'gone'],
    ];

    test.each(refused)('%s', async (_, write, reason) => {
      await durable.collection(notes).insertMany(stored);
      await durable.collection(entries).insert(entry('e'));
      const before = await all();
      const outcome = await durable.batch([
        inserting(notes, note('new', { handle: 'j', labels: ['n'] })),
        replacing(notes, note('b', { owner: 'ada', handle: 'k' })),
        removing(entries, 'e'),
        write,
        inserting(entries, entry('last')),
      ]);
      expect(outcome).toEqual({ ok: false, lost: 3, reason });
      for (const node of nodes) expect(await all(node)).toEqual(before);
      // What the undone writes took is free, and what they gave up is not.
      const free = note('other', { handle: 'j', labels: ['n'] });
      expect(await durable.batch([inserting(notes, free)])).toEqual(done);
      const taken = await durable.batch([inserting(notes, note('another', { handle: 'i' }))]);
      expect(taken).toEqual({ ok: false, lost: 0, reason: 'conflict' });
      expect(await durable.collection(notes).find({ owner: 'ada' })).toEqual([]);
      expect(await durable.collection(notes).find({ owner: 'bob' })).toEqual([stored[1]]);
    });

    test('has an id that is no well-formed text', async () => {
      for (const bad of [
        inserting(notes, note('a\ud800')),
        replacing(notes, note('\udc00')),
        removing(entries, '\ud800'),
      ]) {
        const writes = [inserting(entries, entry('e')), bad];
        await expect(durable.batch(writes)).rejects.toMatchObject({ code: 'bad-request' });
      }
      expect(await all()).toEqual([]);
    });
  });

  describe('treats an ended document as absent', () => {
    beforeEach(async () => {
      await durable.collection(notes).insert(note('a', { handle: 'h', labels: ['l'], endsAt: clock() + 1000 }));
      clock.advance(1000);
    });

    test('whose id and unique members an insert takes', async () => {
      const writes = [inserting(entries, entry('e')), inserting(notes, note('a', { labels: ['l'] }))];
      expect(await durable.batch([...writes, inserting(notes, note('b', { handle: 'h' }))])).toEqual(done);
      expect(await all()).toHaveLength(3);
    });

    test('that two inserts take parts of', async () => {
      const writes = [inserting(notes, note('b', { handle: 'h' })), inserting(notes, note('c', { labels: ['l'] }))];
      expect(await durable.batch(writes)).toEqual(done);
    });

    test('that is gone for a replacement and a removal', async () => {
      for (const write of [replacing(notes, note('a')), removing(notes, 'a')]) {
        const outcome = await durable.batch([inserting(entries, entry('e')), write]);
        expect(outcome).toEqual({ ok: false, lost: 1, reason: 'gone' });
      }
      expect(await all()).toEqual([]);
    });
  });

  describe('among sixteen callers on two nodes', () => {
    test.each(rounds)('exactly one replaces a revision, and the others leave no trace (round %i)', async () => {
      await durable.collection(notes).insert(note('a'));
      const outcomes = await sixteen((node, caller) =>
        node.batch([inserting(entries, entry(`e${caller}`)), replacing(notes, note('a', { owner: `o${caller}` }))]),
      );
      const winner = outcomes.findIndex(({ ok }) => ok);
      const losses = outcomes.filter(({ ok }) => !ok);
      expect(losses).toEqual(Array.from({ length: 15 }, () => ({ ok: false, lost: 1, reason: 'gone' })));
      expect(await all()).toEqual([{ ...note('a', { owner: `o${winner}` }), rev: 2 }, entry(`e${winner}`)]);
    });

    test.each(rounds)('exactly one takes a unique member, and the others leave no trace (round %i)', async () => {
      const outcomes = await sixteen((node, caller) =>
        node.batch([inserting(entries, entry(`e${caller}`)), inserting(notes, note(`n${caller}`, { handle: 'h' }))]),
      );
      const winner = outcomes.findIndex(({ ok }) => ok);
      const losses = outcomes.filter(({ ok }) => !ok);
      expect(losses).toEqual(Array.from({ length: 15 }, () => ({ ok: false, lost: 1, reason: 'conflict' })));
      expect(await all()).toEqual([note(`n${winner}`, { handle: 'h' }), entry(`e${winner}`)]);
    });

    test.each(rounds)('exactly one removes a document, by a batch or alone (round %i)', async () => {
      await durable.collection(notes).insert(note('a'));
      const outcomes = await sixteen(async (node, caller) => {
        if (caller % 4 === 0) return node.collection(notes).remove('a');
        return (await node.batch([inserting(entries, entry(`e${caller}`)), removing(notes, 'a')])).ok;
      });
      const winner = outcomes.indexOf(true);
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await all()).toEqual(winner % 4 === 0 ? [] : [entry(`e${winner}`)]);
    });

    test('amounts are moved between documents, in either order, and none is lost', async () => {
      await durable.collection(notes).insertMany([note('a', { total: 100 }), note('b', { total: 100 })]);
      await sixteen(async (node, caller) => {
        const [from, to] = caller % 3 === 0 ? ['b', 'a'] : ['a', 'b'];
        for (let attempts = 0; attempts < 1000; attempts += 1) {
          const [one, other] = await Promise.all([node.collection(notes).get(from), node.collection(notes).get(to)]);
          if (one === undefined || other === undefined) throw new Error('a document is gone');
          const outcome = await node.batch([
            replacing(notes, { ...one, total: (one.total ?? 0) - 1 }),
            replacing(notes, { ...other, total: (other.total ?? 0) + 1 }),
            inserting(entries, entry(`e${caller}`)),
          ]);
          if (outcome.ok) return;
        }
      });
      expect(await durable.collection(notes).find({})).toEqual([
        { id: 'a', rev: 17, total: 100 - 10 + 6 },
        { id: 'b', rev: 17, total: 100 + 10 - 6 },
      ]);
      expect(await durable.collection(entries).find({})).toHaveLength(16);
    });
  });
});
