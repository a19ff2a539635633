/** Tests the contract of durable stores. Every case runs on every store and cannot be switched off for one. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Collection, Doc, Json, Kind } from '../../src/ports/stores.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { loneSurrogates, oddStrings } from '../support/hostile/odd-strings.ts';
import { everyStore, type OpenStore } from '../support/world/stores.ts';

interface Note extends Doc {
  readonly owner?: string;
  readonly colour?: string;
  readonly shape?: string;
  readonly handle?: string;
  readonly labels?: readonly string[];
  readonly endsAt?: EpochMillis;
  readonly content?: Json;
}
type Notes = Collection<Note, 'owner' | 'colour' | 'shape' | 'handle' | 'labels'>;
const kind: Kind<Note, 'owner' | 'colour' | 'shape' | 'handle' | 'labels'> = {
  name: 'notes',
  index: ['owner', 'colour'],
  filters: ['shape'],
  unique: ['handle'],
  uniqueEach: ['labels'],
  expires: 'endsAt',
};
const others: Kind<Note> = { name: 'other-notes', index: [], unique: [] };

const note = (id: string, more: Omit<Note, 'id' | 'rev'> = {}): Note => ({ id, rev: 1, ...more });
/** Members of a note that ends one second after `now`. */
const ending = (now: EpochMillis, more: Pick<Note, 'owner' | 'handle' | 'labels'> = {}) => ({
  endsAt: now + 1000,
  ...more,
});
const idsOf = (found: readonly Note[]): readonly string[] => found.map(({ id }) => id);
const conflict = expect.objectContaining({ code: 'conflict' });
/** Counts the callers that won, and checks the reason that each loser got (with `lost`, where losing throws). */
const winners = (results: readonly PromiseSettledResult<unknown>[], lost?: unknown): number => {
  const reasons = results.filter(result => result.status === 'rejected').map(({ reason }) => reason as unknown);
  expect(reasons).toEqual(reasons.map(() => lost));
  return results.filter(result => result.status === 'fulfilled' && Boolean(result.value)).length;
};
const rounds = Array.from({ length: 5 }, (_, round) => round);

describe.each(everyStore)('documents on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let notes: Notes;
  /** The same collection on two nodes; sixteen callers alternate between them. */
  let nodes: readonly [Notes, Notes];

  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
    notes = store.durable.collection(kind);
    nodes = [notes, (await store.reopen()).durable.collection(kind)];
  });
  afterEach(() => store.close());

  const sixteen = <T>(call: (node: Notes, caller: number) => Promise<T>): Promise<readonly PromiseSettledResult<T>[]> =>
    Promise.allSettled(Array.from({ length: 16 }, (_, caller) => call(nodes[caller % 2 === 0 ? 0 : 1], caller)));

  describe('one document', () => {
    test('is read as it was written, on every node', async () => {
      const content = { text: 'a\0b\ud800😀', numbers: [0, -1.5, 1e21, 2 ** 53], nothing: null, deep: [{ '': [] }] };
      await notes.insert(note('a', { owner: 'ada', content }));
      for (const node of nodes) expect(await node.get('a')).toEqual(note('a', { owner: 'ada', content }));
    });

    test('is undefined before it was written', async () => {
      expect(await notes.get('a')).toBeUndefined();
    });

    test('is copied when it is written and when it is read', async () => {
      const written = note('a', { content: { list: [1] } });
      await notes.insert(written);
      (written.content as { list: number[] }).list.push(2);
      for (const read of [
        await notes.get('a'),
        (await notes.find({}))[0],
        await notes.replace(note('a', { content: { list: [1] } })),
      ]) {
        (read as unknown as { content: { list: number[] } }).content.list.push(3);
      }
      expect((await notes.get('a'))?.content).toEqual({ list: [1] });
    });

    test('with a taken id is a conflict, and the first document stays', async () => {
      await notes.insert(note('a', { owner: 'ada' }));
      await expect(notes.insert(note('a', { owner: 'bob' }))).rejects.toEqual(conflict);
      expect((await notes.get('a'))?.owner).toBe('ada');
    });

    test('can be removed once', async () => {
      await notes.insert(note('a'));
      expect(await notes.remove('a')).toBe(true);
      expect(await notes.remove('a')).toBe(false);
      expect(await notes.get('a')).toBeUndefined();
      await notes.insert(note('a'));
    });

    test('with the id of a document of another kind is a different document', async () => {
      const elsewhere = store.durable.collection(others);
      await notes.insert(note('a', { owner: 'ada' }));
      expect(await elsewhere.get('a')).toBeUndefined();
      await elsewhere.insert(note('a', { owner: 'bob' }));
      expect((await notes.get('a'))?.owner).toBe('ada');
    });
  });

  describe('inserting many', () => {
    test('stores each document, in any number, and gives the outcomes in their order', async () => {
      expect(await notes.insertMany([])).toEqual([]);
      const many = Array.from({ length: 1000 }, (_, at) => note(`n${at}`, { owner: 'ada', labels: [`l${at}`] }));
      expect(await notes.insertMany(many)).toEqual(many.map(() => 'inserted'));
      for (const node of nodes) expect(await node.get('n999')).toEqual(many[999]);
      expect(idsOf(await notes.find({ labels: 'l500' }))).toEqual(['n500']);
      expect(await notes.find({ owner: 'ada' }, { limit: 2000 })).toHaveLength(1000);
    });

    test('leaves out each document whose id or unique member is taken, and stores all others', async () => {
      await notes.insert(note('a', { handle: 'red', labels: ['one', 'two'] }));
      const outcomes = await notes.insertMany([
        note('b', { handle: 'blue' }),
        note('a', { owner: 'eve' }),
        note('c', { handle: 'red' }),
        note('d', { labels: ['three', 'two'] }),
        note('e', { labels: ['three'] }),
      ]);
      expect(outcomes).toEqual(['inserted', 'conflict', 'conflict', 'conflict', 'inserted']);
      expect(idsOf(await notes.find({}))).toEqual(['a', 'b', 'e']);
      expect((await notes.get('a'))?.owner).toBeUndefined();
      expect(idsOf(await notes.find({ labels: 'three' }))).toEqual(['e']);
    });

    test('of two documents of the list that share an id or a unique member stores the first', async () => {
      const outcomes = await notes.insertMany([
        note('a', { handle: 'red' }),
        note('b', { handle: 'red' }),
        note('a'),
        note('c', { labels: ['one'] }),
        note('d', { labels: ['two', 'one'] }),
      ]);
      expect(outcomes).toEqual(['inserted', 'conflict', 'conflict', 'inserted', 'conflict']);
      expect(idsOf(await notes.find({}))).toEqual(['a', 'c']);
    });

    test('takes ids and unique members of ended documents', async () => {
      await notes.insert(note('a', ending(clock(), { handle: 'red', labels: ['one'] })));
      clock.advance(1000);
      const outcomes = await notes.insertMany([
        note('a'),
        note('b', { handle: 'red' }),
        note('c', { labels: ['one'] }),
      ]);
      expect(outcomes).toEqual(['inserted', 'inserted', 'inserted']);
    });

    test('with an id that is no well-formed text is refused', async () => {
      await expect(notes.insertMany([note('a\ud800')])).rejects.toMatchObject({ code: 'bad-request' });
    });

    test.each(rounds)('of sixteen callers with the same documents one stores each (round %i)', async () => {
      const same = Array.from({ length: 20 }, (_, at) => note(`n${at}`, { handle: `h${at}` }));
      const results = await sixteen(async node => node.insertMany(same));
      const stored = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []));
      expect(stored).toHaveLength(16);
      for (const at of same.keys()) {
        expect(stored.filter(outcomes => outcomes[at] === 'inserted')).toHaveLength(1);
      }
    });
  });

  describe('replacing', () => {
    test('raises rev by one and returns the stored document', async () => {
      await notes.insert(note('a', { owner: 'ada', colour: 'red' }));
      const stored = await notes.replace(note('a', { owner: 'bob' }));
      expect(stored).toEqual({ id: 'a', rev: 2, owner: 'bob' });
      expect(await notes.get('a')).toEqual(stored);
    });

    test('with a stale rev changes no document', async () => {
      await notes.insert(note('a'));
      await notes.replace(note('a', { owner: 'ada' }));
      expect(await notes.replace(note('a', { owner: 'bob' }))).toBeUndefined();
      expect(await notes.replace({ ...note('a'), rev: 3 })).toBeUndefined();
      expect(await notes.get('a')).toEqual({ id: 'a', rev: 2, owner: 'ada' });
    });

    test('a missing document creates no document', async () => {
      expect(await notes.replace(note('a'))).toBeUndefined();
      expect(await notes.get('a')).toBeUndefined();
    });

    test('moves a document from one index entry to the other', async () => {
      await notes.insert(note('a', { owner: 'ada' }));
      await notes.replace(note('a', { owner: 'bob' }));
      expect(await notes.find({ owner: 'ada' })).toEqual([]);
      expect(idsOf(await notes.find({ owner: 'bob' }))).toEqual(['a']);
    });
  });

  describe('a unique member', () => {
    test('that is taken is a conflict for a new and for a changed document', async () => {
      await notes.insert(note('a', { handle: 'h' }));
      await notes.insert(note('b', { handle: 'i' }));
      await expect(notes.insert(note('c', { handle: 'h' }))).rejects.toEqual(conflict);
      await expect(notes.replace(note('b', { handle: 'h' }))).rejects.toEqual(conflict);
      expect(await notes.get('b')).toEqual(note('b', { handle: 'i' }));
      expect(await notes.get('c')).toBeUndefined();
    });

    test('may be absent in several documents', async () => {
      await notes.insert(note('a'));
      await notes.insert(note('b'));
      expect(await notes.find({})).toHaveLength(2);
    });

    test('may be kept by its document and is free once it is changed or removed', async () => {
      await notes.insert(note('a', { handle: 'h' }));
      await notes.replace(note('a', { handle: 'h' }));
      await notes.replace({ ...note('a', { handle: 'i' }), rev: 2 });
      await notes.insert(note('b', { handle: 'h' }));
      await notes.remove('a');
      await notes.insert(note('c', { handle: 'i' }));
      expect(idsOf(await notes.find({ handle: 'i' }))).toEqual(['c']);
    });

    test('is compared exactly', async () => {
      const handles = [...oddStrings, ...loneSurrogates];
      for (const [place, handle] of handles.entries()) await notes.insert(note(`n${place}`, { handle }));
      for (const [place, handle] of handles.entries()) {
        expect(idsOf(await notes.find({ handle }))).toEqual([`n${place}`]);
      }
    });
  });

  describe('a unique list', () => {
    test('finds its document by each of its texts', async () => {
      await notes.insert(note('a', { owner: 'ada', labels: ['l', 'm'] }));
      await notes.insert(note('b', { labels: ['n'] }));
      await notes.insert(note('c', { labels: [] }));
      await notes.insert(note('d'));
      for (const labels of ['l', 'm']) expect(idsOf(await notes.find({ labels }))).toEqual(['a']);
      expect(idsOf(await notes.find({ labels: 'n' }, { order: 'newest' }))).toEqual(['b']);
      expect(await notes.find({ labels: 'o' })).toEqual([]);
      expect(idsOf(await notes.find({ labels: 'm', owner: 'ada' }))).toEqual(['a']);
      expect(await notes.find({ labels: 'm', owner: 'bob' })).toEqual([]);
      expect(await notes.find({ labels: 'm' }, { after: 'a' })).toEqual([]);
    });

    test('with one text that is taken is a conflict, and none of its texts is kept', async () => {
      await notes.insert(note('a', { labels: ['l', 'm'] }));
      await notes.insert(note('b', { labels: ['n'] }));
      await expect(notes.insert(note('c', { labels: ['o', 'm'] }))).rejects.toEqual(conflict);
      await expect(notes.replace(note('b', { labels: ['o', 'l'] }))).rejects.toEqual(conflict);
      expect(await notes.get('b')).toEqual(note('b', { labels: ['n'] }));
      expect(idsOf(await notes.find({ labels: 'n' }))).toEqual(['b']);
      await notes.insert(note('d', { labels: ['o'] }));
      expect(idsOf(await notes.find({}))).toEqual(['a', 'b', 'd']);
    });

    test('frees each text that is taken out of it, and all of a removed document', async () => {
      await notes.insert(note('a', { labels: ['l', 'm'] }));
      await notes.replace(note('a', { labels: ['m', 'n'] }));
      await notes.insert(note('b', { labels: ['l'] }));
      expect(idsOf(await notes.find({ labels: 'l' }))).toEqual(['b']);
      await expect(notes.insert(note('c', { labels: ['n'] }))).rejects.toEqual(conflict);
      await notes.replace({ ...note('a'), rev: 2 });
      await notes.insert(note('c', { labels: ['n'] }));
      await notes.remove('b');
      await notes.insert(note('d', { labels: ['m', 'l'] }));
      expect(idsOf(await notes.find({ labels: 'l' }))).toEqual(['d']);
    });

    test('stays as it is where a stale revision is written', async () => {
      await notes.insert(note('a', { labels: ['l'] }));
      expect(await notes.replace({ ...note('a', { labels: ['m'] }), rev: 7 })).toBeUndefined();
      await notes.insert(note('b', { labels: ['m'] }));
      expect(idsOf(await notes.find({ labels: 'l' }))).toEqual(['a']);
    });

    test('may name a text twice, and is compared exactly', async () => {
      const labels = [...oddStrings, ...loneSurrogates];
      await notes.insert(note('a', { labels: [...labels, ...labels] }));
      for (const each of labels) expect(idsOf(await notes.find({ labels: each }))).toEqual(['a']);
      expect(await notes.find({ labels: 'another' })).toEqual([]);
    });

    test('of one member takes nothing from another', async () => {
      await notes.insert(note('a', { handle: 'x', labels: ['y'] }));
      await notes.insert(note('b', { handle: 'y', labels: ['x'] }));
      expect(idsOf(await notes.find({ labels: 'x' }))).toEqual(['b']);
    });
  });

  describe('finding', () => {
    test('returns the documents with all given members equal, in the order of their ids', async () => {
      await notes.insert(note('c', { owner: 'ada', colour: 'red' }));
      await notes.insert(note('a', { owner: 'ada', colour: 'red' }));
      await notes.insert(note('b', { owner: 'ada', colour: 'blue' }));
      await notes.insert(note('d', { owner: 'bob', colour: 'red' }));
      await notes.insert(note('e'));
      expect(idsOf(await notes.find({ owner: 'ada' }))).toEqual(['a', 'b', 'c']);
      expect(idsOf(await notes.find({ owner: 'ada', colour: 'red' }))).toEqual(['a', 'c']);
      expect(idsOf(await notes.find({}))).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(await notes.find({ owner: 'eve' })).toEqual([]);
    });

    test('goes by a member without an index, alone and beside another one', async () => {
      await notes.insert(note('a', { owner: 'ada', shape: 'round' }));
      await notes.insert(note('b', { owner: 'ada', shape: 'flat' }));
      await notes.insert(note('c', { owner: 'bob', shape: 'round' }));
      expect(idsOf(await notes.find({ shape: 'round' }))).toEqual(['a', 'c']);
      expect(idsOf(await notes.find({ owner: 'ada', shape: 'round' }))).toEqual(['a']);
    });

    test('by an undefined member is refused, because it would match every document', async () => {
      const where = { owner: undefined } as unknown as { owner: string };
      await expect(notes.find(where)).rejects.toMatchObject({ code: 'internal' });
    });

    test('continues after an id, also after a removed one', async () => {
      for (const id of ['a', 'b', 'c', 'd']) await notes.insert(note(id, { owner: 'ada' }));
      expect(idsOf(await notes.find({ owner: 'ada' }, { limit: 2 }))).toEqual(['a', 'b']);
      await notes.remove('b');
      expect(idsOf(await notes.find({ owner: 'ada' }, { after: 'b', limit: 2 }))).toEqual(['c', 'd']);
      expect(await notes.find({ owner: 'ada' }, { after: 'd' })).toEqual([]);
      expect(await notes.find({}, { limit: 0 })).toEqual([]);
      expect(await notes.find({}, { limit: -1 })).toEqual([]);
    });

    test('returns the newest first where it is told to, and continues in that order', async () => {
      for (const id of ['b', 'd', 'a', 'c']) await notes.insert(note(id, { owner: 'ada' }));
      await notes.insert(note('e', { owner: 'bob' }));
      expect(idsOf(await notes.find({}, { order: 'oldest' }))).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(idsOf(await notes.find({}, { order: 'newest' }))).toEqual(['e', 'd', 'c', 'b', 'a']);
      const ada = { owner: 'ada' };
      expect(idsOf(await notes.find(ada, { order: 'newest', limit: 2 }))).toEqual(['d', 'c']);
      expect(idsOf(await notes.find(ada, { order: 'newest', after: 'c', limit: 2 }))).toEqual(['b', 'a']);
      expect(await notes.find(ada, { order: 'newest', after: 'a' })).toEqual([]);
      await notes.remove('c');
      expect(idsOf(await notes.find(ada, { order: 'newest', after: 'c' }))).toEqual(['b', 'a']);
      expect(await notes.find({}, { order: 'newest', limit: 0 })).toEqual([]);
    });

    test.each(['oldest', 'newest'] as const)('pages, %s first, while documents are added', async order => {
      for (const id of ['b', 'd', 'f', 'h']) await notes.insert(note(id));
      const first = idsOf(await notes.find({}, { order, limit: 2 }));
      // One before the page, one after it: only the later one, in this order, is still to come.
      for (const id of ['a', 'i']) await notes.insert(note(id));
      const rest = idsOf(await notes.find({}, { order, after: first.at(-1) ?? '' }));
      expect([...first, ...rest]).toEqual(order === 'oldest' ? ['b', 'd', 'f', 'h', 'i'] : ['h', 'f', 'd', 'b', 'a']);
    });

    test('pages through 10,000 documents without a gap or a repetition', async () => {
      const ids = Array.from({ length: 10_000 }, (_, n) => `n${String(n).padStart(5, '0')}`);
      await notes.insertMany(ids.map((id, n) => note(id, { owner: `o${n % 4}`, handle: id })));
      const seen: string[] = [];
      for (
        let page = await notes.find({});
        page.length > 0;
        page = await notes.find({}, { after: seen.at(-1) ?? '' })
      ) {
        expect(page.length).toBeLessThanOrEqual(100);
        seen.push(...idsOf(page));
      }
      expect(seen).toEqual(ids);
      const third = ids.filter((_, n) => n % 4 === 3);
      expect(idsOf(await notes.find({ owner: 'o3' }, { limit: 10_000 }))).toEqual(third);
      expect(idsOf(await notes.find({ owner: 'o3' }, { limit: 10_000, order: 'newest' }))).toEqual(third.toReversed());
    });
  });

  describe('a document with an end', () => {
    test('is read until the millisecond before its end, and gone from then on', async () => {
      await notes.insert(note('a', ending(clock(), { owner: 'ada' })));
      clock.advance(999);
      expect(await notes.get('a')).toBeDefined();
      expect(await notes.find({ owner: 'ada' })).toHaveLength(1);
      clock.advance(1);
      expect(await notes.get('a')).toBeUndefined();
      expect(await notes.find({ owner: 'ada' })).toEqual([]);
      expect(await notes.find({})).toEqual([]);
    });

    test('cannot be replaced or removed after its end', async () => {
      await notes.insert(note('a', ending(clock())));
      clock.advance(1000);
      expect(await notes.replace(note('a'))).toBeUndefined();
      expect(await notes.remove('a')).toBe(false);
    });

    test('lives longer with a later end', async () => {
      await notes.insert(note('a', ending(clock())));
      clock.advance(999);
      await notes.replace(note('a', ending(clock())));
      clock.advance(999);
      expect((await notes.get('a'))?.rev).toBe(2);
      clock.advance(1);
      expect(await notes.get('a')).toBeUndefined();
    });

    test('frees its id and unique members at its end', async () => {
      await notes.insert(note('a', ending(clock(), { handle: 'h', labels: ['l', 'm'] })));
      await notes.insert(note('b', ending(clock(), { handle: 'i', labels: ['n'] })));
      await notes.insert(note('d'));
      await notes.insert(note('e', ending(clock(), { labels: ['o'] })));
      clock.advance(1000);
      expect(await notes.find({ labels: 'l' })).toEqual([]);
      await notes.insert(note('a', { handle: 'j', labels: ['p'] }));
      await notes.insert(note('c', { handle: 'h', labels: ['l', 'o'] }));
      await notes.replace(note('d', { handle: 'i', labels: ['n', 'm'] }));
      expect(idsOf(await notes.find({}))).toEqual(['a', 'c', 'd']);
      for (const labels of ['m', 'n']) expect(idsOf(await notes.find({ labels }))).toEqual(['d']);
    });

    test('leaves its unique members to the document that took them over, however often ended documents are deleted', async () => {
      const add = async (id: string) =>
        notes.insert(note(id, ending(clock(), { handle: `of ${id}`, labels: [`l${id}`, `m${id}`] })));
      for (const id of ['a', 'b']) await add(id);
      clock.advance(1000);
      await notes.insert(note('c', { handle: 'of a' }));
      await notes.insert(note('d', { labels: ['mb'] }));
      // Enough for a store that deletes ended documents as it grows, and a look at the ended ones for one that does it then.
      for (let n = 0; n < 1100; n += 1) await notes.insert(note(`n${n}`));
      for (const id of ['a', 'b']) expect(await notes.get(id)).toBeUndefined();
      await expect(notes.insert(note('e', { handle: 'of a' }))).rejects.toEqual(conflict);
      await expect(notes.insert(note('e', { labels: ['mb'] }))).rejects.toEqual(conflict);
      // What nobody took over is free.
      await notes.insert(note('e', { handle: 'of b', labels: ['la', 'ma', 'lb'] }));
    });

    test('does not shorten a page of results', async () => {
      await notes.insert(note('a', ending(clock())));
      await notes.insert(note('b'));
      await notes.insert(note('c'));
      clock.advance(1000);
      expect(idsOf(await notes.find({}, { limit: 2 }))).toEqual(['b', 'c']);
      expect(idsOf(await notes.find({}, { limit: 2, order: 'newest' }))).toEqual(['c', 'b']);
    });
  });

  describe('ids', () => {
    test('may be any well-formed text, are distinguished, and sort by code point', async () => {
      for (const id of oddStrings) await notes.insert(note(id, { content: id }));
      for (const id of oddStrings) expect((await notes.get(id))?.content).toBe(id);
      const sorted = oddStrings
        .map(id => Buffer.from(id))
        .toSorted((one, other) => one.compare(other))
        .map(String);
      expect(idsOf(await notes.find({}))).toEqual(sorted);
      for (const [place, after] of sorted.entries()) {
        expect(idsOf(await notes.find({}, { after }))).toEqual(sorted.slice(place + 1));
        const before = await notes.find({}, { after, order: 'newest' });
        expect(idsOf(before)).toEqual(sorted.slice(0, place).toReversed());
      }
      for (const id of oddStrings) expect(await notes.remove(id)).toBe(true);
    });

    test.each(loneSurrogates)('with a lone surrogate are refused (%j)', async id => {
      const refused = { code: 'bad-request' };
      await expect(notes.insert(note(id))).rejects.toMatchObject(refused);
      await expect(notes.get(id)).rejects.toMatchObject(refused);
      await expect(notes.replace(note(id))).rejects.toMatchObject(refused);
      await expect(notes.remove(id)).rejects.toMatchObject(refused);
      await expect(notes.find({}, { after: id })).rejects.toMatchObject(refused);
      await expect(notes.find({}, { after: id, order: 'newest' })).rejects.toMatchObject(refused);
      expect(await notes.find({})).toEqual([]);
    });
  });

  describe('among sixteen callers on two nodes', () => {
    test.each(rounds)('exactly one inserts an id (round %i)', async () => {
      const results = await sixteen((node, caller) => node.insert(note('a', { owner: `o${caller}` })).then(() => true));
      expect(winners(results, conflict)).toBe(1);
    });

    test.each(rounds)('exactly one inserts a unique member (round %i)', async () => {
      const results = await sixteen((node, caller) =>
        node.insert(note(`n${caller}`, { handle: 'h' })).then(() => true),
      );
      expect(winners(results, conflict)).toBe(1);
      expect(await notes.find({})).toHaveLength(1);
    });

    test.each(rounds)('exactly one claims a text of a unique list (round %i)', async round => {
      await notes.insert(note('a'));
      const results = await sixteen<unknown>((node, caller) => {
        const labels = caller % 3 === 0 ? ['l', `l${caller}`] : [`l${caller}`, 'l'];
        return caller === round
          ? node.replace(note('a', { labels }))
          : node.insert(note(`n${caller}`, { labels })).then(() => true);
      });
      expect(winners(results, conflict)).toBe(1);
      const [winner] = await notes.find({ labels: 'l' });
      const found = await Promise.all(Array.from({ length: 16 }, (_, n) => notes.find({ labels: `l${n}` })));
      expect(found.flat()).toEqual([winner]);
    });

    test.each(rounds)('exactly one reuses the unique member of an ended document (round %i)', async () => {
      await notes.insert(note('a', { handle: 'h', endsAt: clock() + 1 }));
      clock.advance(1);
      const results = await sixteen((node, caller) =>
        node.insert(note(`n${caller}`, { handle: 'h' })).then(() => true),
      );
      expect(winners(results, conflict)).toBe(1);
    });

    test.each(rounds)('exactly one replaces a revision (round %i)', async () => {
      await notes.insert(note('a'));
      const results = await sixteen((node, caller) => node.replace(note('a', { owner: `o${caller}` })));
      expect(winners(results, conflict)).toBe(1);
      expect((await notes.get('a'))?.rev).toBe(2);
    });

    test.each(rounds)('exactly one removes a document (round %i)', async () => {
      await notes.insert(note('a'));
      expect(winners(await sixteen(node => node.remove('a')))).toBe(1);
    });

    test('all increments count if each caller retries after a conflict', async () => {
      await notes.insert(note('a', { content: 0 }));
      await sixteen(async node => {
        for (let attempts = 0; attempts < 1000; attempts += 1) {
          const read = await node.get('a');
          if (read !== undefined && (await node.replace({ ...read, content: Number(read.content) + 1 })) !== undefined)
            return;
        }
      });
      expect(await notes.get('a')).toEqual({ id: 'a', rev: 17, content: 16 });
    });
  });

  test('the durable store passes its check', async () => {
    await expect(store.durable.check()).resolves.toBeUndefined();
  });
});
