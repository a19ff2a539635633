/** Tests MongoDB beyond the contract of documents: what is stored, its indexes, writes of unknown outcome, and other servers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { MongoClient, type Db, type Document } from 'mongodb';
import { openMongoDurable } from '../../adapters/mongodb.ts';
import {
  inserting,
  replacing,
  type Collection,
  type Doc,
  type DurableStore,
  type Json,
  type Kind,
} from '../../src/ports/stores.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import * as records from '../../src/records.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { startMongod, canRunMongod, type MongodSet } from '../support/world/mongod.ts';
import { openRelay, type Relay } from '../support/world/outages.ts';
import { startLookAlike } from './support/look-alike.ts';

interface Note extends Doc {
  readonly owner?: string;
  readonly colour?: string;
  readonly handle?: string;
  readonly labels?: readonly string[];
  readonly endsAt?: EpochMillis;
  readonly content?: Json;
}
type Indexed = 'owner' | 'colour' | 'handle' | 'labels';
const kind: Kind<Note, Indexed> = {
  name: 'notes',
  index: ['owner', 'colour'],
  unique: ['handle'],
  uniqueEach: ['labels'],
  expires: 'endsAt',
};
const note = (id: string, more: Omit<Note, 'id' | 'rev'> = {}): Note => ({ id, rev: 1, ...more });
const unavailable = expect.objectContaining({ code: 'unavailable' });
const conflict = expect.objectContaining({ code: 'conflict' });
const dayMs = 24 * 60 * 60 * 1000;

/** The message with which the store refuses to open this address. */
const refusal = async (url: string): Promise<string> => {
  const opening = openMongoDurable({ url, clock: createClock(), realm: 'here' });
  const error: unknown = await opening.catch((thrown: unknown) => thrown);
  expect(error).toEqual(unavailable);
  return String(error);
};

/** The limits of a call and of the check, five seconds and half a second, with what a busy machine takes to tell of them. */
const [callLimit, checkLimit] = [7000, 2500];

const suite = canRunMongod('MongoDB beyond the contract') ? describe : describe.skip;

suite('documents in MongoDB', () => {
  let server: MongodSet;
  let raw: MongoClient;
  let db: Db;
  let clock: TestClock;
  let notes: Collection<Note, Indexed>;
  let realm = '';
  let rounds = 0;
  const opened: DurableStore[] = [];

  const open = async (more: { realm?: string; url?: string; clock?: TestClock } = {}): Promise<DurableStore> => {
    const store = await openMongoDurable({ url: server.url, clock, realm, ...more });
    opened.push(store);
    return store;
  };
  /** The stored documents of the notes, as MongoDB has them. */
  const stored = (of = `notes@${realm}`) => db.collection<{ _id: string } & Document>(of);

  /** The number of commands with which notes are read while `read` runs. */
  const commandsOf = async (read: () => Promise<unknown>): Promise<number> => {
    await db.command({ profile: 2 });
    await read();
    await db.command({ profile: 0 });
    const commands = await db.collection('system.profile').countDocuments({ ns: `sallyport.notes@${realm}` });
    await db.collection('system.profile').drop();
    return commands;
  };

  beforeAll(async () => {
    server = await startMongod();
    raw = new MongoClient(server.url);
    db = raw.db('sallyport');
  });
  beforeEach(async () => {
    clock = createClock();
    rounds += 1;
    realm = `login${rounds}.example.com:3000`;
    notes = (await open()).collection(kind);
    await notes.find({});
  });
  afterEach(async () => {
    await server.command({ configureFailPoint: 'failCommand', mode: 'off' });
    await Promise.all(opened.splice(0).map(each => each.close()));
  });
  afterAll(async () => {
    await raw.close();
    await server.stop();
  });

  describe('what is stored', () => {
    test('of two issuers is apart in one database, which the address may name', async () => {
      const other = (await open({ realm: 'other.example.com' })).collection(kind);
      await notes.insert(note('a', { handle: 'h' }));
      expect(await other.get('a')).toBeUndefined();
      await other.insert(note('a', { handle: 'h' }));
      expect(await stored().countDocuments()).toBe(1);
      const elsewhere = (await open({ url: server.url.replace('/?', '/identities?') })).collection(kind);
      await elsewhere.insert(note('b'));
      expect(await raw.db('identities').collection(`notes@${realm}`).countDocuments()).toBe(1);
      expect(await notes.get('b')).toBeUndefined();
    });

    test('is any JSON, with names that BSON does not hold', async () => {
      const text = '{"a.b":1,"$set":{"$where":"x"},"":[],"n\\u0000l":0,"__proto__":{"x":1},"\\ud800":"\\udc00"}';
      const content = JSON.parse(`[${text},${'['.repeat(500)}${']'.repeat(500)}]`) as Json;
      await notes.insert(note('a', { content }));
      expect(JSON.stringify((await notes.get('a'))?.content)).toBe(JSON.stringify(content));
    });

    test('is deleted by MongoDB a day after its end by its own clock, no sooner, and only what ends', async () => {
      const now = Date.now();
      const early = createClock(now - 10 * dayMs);
      const mine = (await open({ clock: early })).collection(kind);
      const ends = { day: now - dayMs - 60_000, hour: now - 3_600_000, later: now + dayMs };
      for (const [id, endsAt] of Object.entries(ends)) await mine.insert(note(id, { endsAt }));
      await mine.insert(note('stays'));
      await server.command({ setParameter: 1, ttlMonitorEnabled: true });
      for (let waits = 0; waits < 200 && (await stored().countDocuments()) === 4; waits += 1) await sleep(50);
      await server.command({ setParameter: 1, ttlMonitorEnabled: false });
      const left = await stored().find().sort({ _id: 1 }).toArray();
      expect(left.map(({ _id }) => _id)).toEqual(['hour', 'later', 'stays']);
      // Our clock decides what is gone: for this node, which is ten days behind, it is not.
      expect(await mine.get('hour')).toBeDefined();
      expect(await open({ clock: createClock(now) }).then(store => store.collection(kind).get('hour'))).toBeUndefined();
    });
  });

  describe('reads by id', () => {
    test('of one turn go in one command, and each gets its own document', async () => {
      const ids = Array.from({ length: 120 }, (_, at) => `n${at}`);
      await notes.insertMany(ids.filter(id => id !== 'n7').map(id => note(id)));
      let found: readonly (Note | undefined)[] = [];
      const commands = await commandsOf(async () => {
        found = await Promise.all([...ids, 'n3'].map(id => notes.get(id)));
      });
      expect(found.map(each => each?.id)).toEqual([...ids, 'n3'].map(id => (id === 'n7' ? undefined : id)));
      expect(commands).toBe(2);
    });

    test('are tried again where the primary refuses them', async () => {
      await notes.insert(note('a'));
      // NotWritablePrimary, as while another one is elected.
      await server.command({
        configureFailPoint: 'failCommand',
        mode: { times: 1 },
        data: { failCommands: ['find'], errorCode: 10_107 },
      });
      expect((await notes.get('a'))?.id).toBe('a');
    });
  });

  describe('indexes', () => {
    test('are created once by nodes that start at the same time', async () => {
      const nodes = await Promise.all(Array.from({ length: 6 }, () => open({ realm: `together${rounds}` })));
      await Promise.all(nodes.map((node, place) => node.collection(kind).insert(note(`n${place}`))));
      const names = (await stored(`notes@together${rounds}`).indexes()).map(({ name }) => String(name));
      expect(names.toSorted((one, other) => one.localeCompare(other))).toEqual([
        '_id_',
        'by colour',
        'by owner',
        'each labels',
        'one handle',
        'until',
      ]);
    });

    test('of a member that is declared later find what was stored before', async () => {
      await notes.insertMany([
        note('a', { content: 'x', labels: [] }),
        note('b', { content: 'y', labels: [] }),
        note('c'),
      ]);
      const later: Kind<Note, Indexed | 'content'> = { ...kind, index: [...kind.index, 'content'] };
      expect(await (await open()).collection(later).find({ content: 'y' })).toEqual([
        note('b', { content: 'y', labels: [] }),
      ]);
    });

    test('of a newly declared unique member are refused where documents share it, with a clear reason', async () => {
      await notes.insertMany([note('a', { colour: 'red' }), note('b', { colour: 'red' })]);
      const store = await open();
      const stricter = store.collection({ ...kind, index: ['owner'], unique: ['handle', 'colour'] });
      await expect(stricter.get('a')).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('notes@'),
      });
      await expect(store.check()).rejects.toEqual(conflict);
    });

    test('with other options than this release declares are named', async () => {
      await stored().dropIndex('until');
      await stored().createIndexes([{ key: { until: 1 }, name: 'until', expireAfterSeconds: 5 }]);
      const again = (await open()).collection(kind);
      await expect(again.get('a')).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/notes@.*until.*Drop that index/),
      });
      await stored().dropIndex('until');
      expect(await again.get('a')).toBeUndefined();
    });

    const declared = Object.values(records).filter(
      (each): each is Kind<Doc> => typeof each === 'object' && 'unique' in each,
    );

    test.each(declared.map(each => [each.name, each as Kind<Doc & Record<string, unknown>, string>] as const))(
      'serve every query of %s: none looks at each document, none sorts in memory',
      async (name, tested) => {
        const all = (await open()).collection(tested);
        const members = [...tested.index, ...tested.unique, ...(tested.uniqueEach ?? [])];
        const valueOf = (member: string, at: number): unknown => {
          if (tested.uniqueEach?.includes(member)) return [`${member} ${at}`, `also ${member} ${at}`];
          return tested.unique.includes(member) ? `${member} ${at}` : `${member} ${at % 10}`;
        };
        const documents = Array.from({ length: 200 }, (_, at) => ({
          id: `n${String(at).padStart(3, '0')}`,
          rev: 1,
          ...Object.fromEntries(members.map(member => [member, valueOf(member, at)])),
          ...(tested.expires !== undefined && { [tested.expires]: clock() + dayMs }),
        }));
        await all.insertMany(documents);
        await db.command({ profile: 2 });
        try {
          await all.get('n005');
          for (const order of ['oldest', 'newest'] as const) {
            for (const page of [
              { order, limit: 5 },
              { order, limit: 5, after: 'n100' },
            ]) {
              await all.find({}, page);
              for (const member of members) {
                const value = String([valueOf(member, 105)].flat()[0]);
                await all.find({ [member]: value }, page);
                for (const other of members) {
                  if (other !== member)
                    await all.find({ [member]: value, [other]: String([valueOf(other, 105)].flat()[0]) }, page);
                }
              }
            }
          }
          await all.replace({ ...documents[7], id: 'n007', rev: 1 });
          await all.replace({ ...documents[7], id: 'n007', rev: 1 });
          await all.remove('n008');
          // Each value is taken: ended documents that hold one are looked for, and deleted.
          await expect(all.insert({ ...documents[9], id: 'n009', rev: 1 })).rejects.toEqual(conflict);
        } finally {
          await db.command({ profile: 0 });
        }
        const seen = await db
          .collection('system.profile')
          .find({ ns: `sallyport.${name}@${realm}`, planSummary: { $exists: true } })
          .toArray();
        await db.collection('system.profile').drop();
        const plans = seen.map(each => ({
          op: String(each['op']),
          plan: String(each['planSummary']),
          sorts: each['hasSortStage'] === true,
          examined: Number(each['docsExamined']),
        }));
        expect(plans.length).toBeGreaterThanOrEqual(8 + 4 * members.length);
        expect(
          plans.filter(({ plan }) => !/^(?:IXSCAN|IDHACK|EXPRESS)/.test(plan) || plan.includes('COLLSCAN')),
        ).toEqual([]);
        expect(plans.filter(({ sorts }) => sorts)).toEqual([]);
        expect(plans.filter(({ examined }) => examined > 25)).toEqual([]);
      },
    );
  });

  describe('a write without an answer', () => {
    /** The server fails the next commands of this name. */
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- the server is that of these tests
    const fail = async (command: string, times: number, how: Document): Promise<void> => {
      const data = { failCommands: [command], appName: 'sallyport', ...how };
      await server.command({ configureFailPoint: 'failCommand', mode: { times }, data });
    };
    const label = { errorLabels: ['RetryableWriteError'] };
    const faults = [
      ['no primary (10107)', { errorCode: 10107, ...label }],
      ['a shutdown (91)', { errorCode: 91, ...label }],
      ['an interruption (11600)', { errorCode: 11600, ...label }],
      ['a closed connection', { closeConnection: true }],
    ] as const satisfies readonly (readonly [string, Document])[];
    type Write = readonly [name: string, command: string, write: () => Promise<unknown>, done: unknown];
    const writes: readonly Write[] = [
      ['an insert', 'insert', async () => notes.insert(note('b', { handle: 'b' })).then(() => 'inserted'), 'inserted'],
      [
        'inserts',
        'insert',
        async () => notes.insertMany([note('b'), note('a'), note('c')]),
        ['inserted', 'conflict', 'inserted'],
      ],
      ['a replacement', 'update', async () => (await notes.replace(note('a', { owner: 'bob' })))?.rev, 2],
      ['a removal', 'delete', async () => notes.remove('a'), true],
    ];
    beforeEach(() => notes.insert(note('a', { owner: 'ada' })));

    describe.each(writes)('%s', (_, command, write, done) => {
      test.each(faults)('is carried out once by a second attempt after %s', async (__, how) => {
        await fail(command, 1, how);
        expect(await write()).toEqual(done);
      });

      test.each([faults[0], faults[3]])('is unavailable, and not carried out, after %s twice', async (__, how) => {
        await fail(command, 2, how);
        await expect(write()).rejects.toEqual(unavailable);
        expect(await notes.find({})).toEqual([note('a', { owner: 'ada' })]);
        expect(await write()).toEqual(done);
      });

      test('is carried out once where its first answer is late', async () => {
        await fail(command, 1, { blockConnection: true, blockTimeMS: 300 });
        expect(await write()).toEqual(done);
      });
    });

    test.each(writes.slice(0, 3))(
      '%s that a majority had too late is read back, and was carried out',
      async (_, command, write, done) => {
        await fail(command, 1, { writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } });
        expect(await write()).toEqual(done);
      },
    );

    test('a removal that a majority had too late is unavailable: a document that is gone does not tell by which caller', async () => {
      await fail('delete', 1, { writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } });
      await expect(notes.remove('a')).rejects.toEqual(unavailable);
    });

    describe('in a batch', () => {
      const everything = [{ ...note('a', { owner: 'bob' }), rev: 2 }, note('b', { handle: 'b' })];
      const batch = () =>
        store.batch([inserting(kind, note('b', { handle: 'b' })), replacing(kind, note('a', { owner: 'bob' }))]);
      let store: DurableStore;
      beforeEach(async () => {
        store = await open();
      });

      // After each failure the driver looks for the primary again, which takes up to half a second.
      test.each(['insert', 'update', 'commitTransaction'])('%s: is carried out once, whatever fails', async command => {
        for (const [, fault] of faults) {
          // With the labels that the server itself gives to errors of transactions.
          const how = Object.fromEntries(Object.entries(fault).filter(([name]) => name !== 'errorLabels'));
          for (const times of [1, 2]) {
            await fail(command, times, how);
            expect(await batch()).toEqual({ ok: true });
            expect(await notes.find({})).toEqual(everything);
            await notes.remove('a');
            await notes.remove('b');
            await notes.insert(note('a', { owner: 'ada' }));
          }
        }
      });

      test('is asked for again where a majority had its commit too late', async () => {
        await fail('commitTransaction', 3, {
          writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' },
        });
        expect(await batch()).toEqual({ ok: true });
        expect(await notes.find({})).toEqual(everything);
      });

      test('is read back where no commit is answered: it was carried out', async () => {
        const late = { code: 64, errmsg: 'waiting for replication timed out' };
        await server.command({
          configureFailPoint: 'failCommand',
          mode: 'alwaysOn',
          data: { failCommands: ['commitTransaction'], appName: 'sallyport', writeConcernError: late },
        });
        const outcome = await batch();
        await server.command({ configureFailPoint: 'failCommand', mode: 'off' });
        expect(outcome).toEqual({ ok: true });
        expect(await notes.find({})).toEqual(everything);
      });

      test('is unavailable, and carried out in no part, where no commit arrives', async () => {
        await server.command({
          configureFailPoint: 'failCommand',
          mode: 'alwaysOn',
          data: { failCommands: ['commitTransaction'], appName: 'sallyport', closeConnection: true },
        });
        await expect(batch()).rejects.toEqual(unavailable);
        await server.command({ configureFailPoint: 'failCommand', mode: 'off' });
        expect(await notes.find({})).toEqual([note('a', { owner: 'ada' })]);
        // The server has the transaction open until it ends it.
        await raw.db('admin').command({ killAllSessions: [] });
        expect(await batch()).toEqual({ ok: true });
      });
    });

    test('takes no longer than five seconds, and is unavailable then', async () => {
      await fail('insert', 1, { blockConnection: true, blockTimeMS: 8000 });
      const begun = performance.now();
      await expect(notes.insert(note('b'))).rejects.toEqual(unavailable);
      expect(performance.now() - begun).toBeLessThan(callLimit);
    });

    test('a replacement that another won meanwhile is told so', async () => {
      await fail('update', 2, { closeConnection: true });
      const other = raw.db('sallyport').collection<{ _id: string; rev: number }>(`notes@${realm}`);
      // The other write comes between the failed attempts and the reading back.
      await other.updateOne({ _id: 'a' }, { $set: { rev: 2, write: 'another' } });
      expect(await notes.replace(note('a', { owner: 'bob' }))).toBeUndefined();
      await other.updateOne({ _id: 'a' }, { $set: { rev: 3 } });
      await fail('update', 2, { closeConnection: true });
      await expect(notes.replace(note('a', { owner: 'bob' }))).rejects.toEqual(unavailable);
    });

    test('an insert beside a document of another with that id is a conflict', async () => {
      await fail('insert', 2, { closeConnection: true });
      await expect(notes.insert(note('a'))).rejects.toEqual(conflict);
    });
  });

  describe('behind a network that fails', () => {
    let relay: Relay;
    let behind: MongodSet;
    let far: Collection<Note, Indexed>;
    let store: DurableStore;
    beforeAll(async () => {
      behind = await startMongod({
        async portFor(port) {
          relay = await openRelay();
          relay.forwardTo(`http://127.0.0.1:${port}`);
          return relay.port;
        },
      });
      store = await openMongoDurable({ url: behind.url, clock: createClock(), realm: 'far' });
      far = store.collection(kind);
      await far.insert(note('a'));
    });
    afterEach(() => relay.start());
    afterAll(async () => {
      await store.close();
      await relay.stop();
      await behind.stop();
    });

    test.each([1, 2])('a write whose answer is lost %i times was carried out', async times => {
      relay.loseAnswers(`"h${times}"`, times);
      await far.insert(note(`n${times}`, { handle: `h${times}` }));
      expect((await far.get(`n${times}`))?.rev).toBe(1);
      relay.loseAnswers(`"bob${times}"`, times);
      expect((await far.replace(note(`n${times}`, { owner: `bob${times}` })))?.rev).toBe(2);
    });

    test('calls fail within five seconds while it hangs, and the check within half a second', async () => {
      relay.hang();
      const since = performance.now();
      const waited = async (call: Promise<unknown>): Promise<number> => {
        await expect(call).rejects.toEqual(unavailable);
        return performance.now() - since;
      };
      const [check, ...calls] = await Promise.all([
        waited(store.check()),
        waited(far.get('a')),
        waited(far.insert(note('b'))),
        waited(far.find({ owner: 'ada' })),
      ]);
      expect(check).toBeLessThan(checkLimit);
      expect(Math.max(...calls)).toBeLessThan(callLimit);
      await relay.start();
      await expect(store.check()).resolves.toBeUndefined();
      expect(await far.get('a')).toBeDefined();
    });
  });

  test('the check fails while no majority takes writes, and passes again', async () => {
    const store = await open();
    await store.check();
    server.nodes[0]?.pause();
    const begun = performance.now();
    await expect(store.check()).rejects.toEqual(unavailable);
    expect(performance.now() - begun).toBeLessThan(checkLimit);
    server.nodes[0]?.resume();
    await store.check();
  });

  describe('a server is refused', () => {
    const primary = {
      isWritablePrimary: true,
      ismaster: true,
      helloOk: true,
      minWireVersion: 0,
      maxBsonObjectSize: 16_777_216,
    };
    const modern = { ...primary, maxWireVersion: 21 };

    test.each([
      ['without a replica set', { ...modern, logicalSessionTimeoutMinutes: 30 }, /without a replica set/],
      ['without sessions', { ...modern, setName: 'rs0' }, /without sessions/],
      [
        'of MongoDB 5.0',
        { ...primary, maxWireVersion: 13, setName: 'rs0', logicalSessionTimeoutMinutes: 30 },
        /6\.0 or newer/,
      ],
      ['that the driver does not know any more', { ...primary, maxWireVersion: 6, setName: 'rs0' }, /wire version/],
    ])('%s', async (_, hello, reason) => {
      const lookAlike = await startLookAlike(hello);
      try {
        expect(await refusal(lookAlike.url)).toMatch(reason);
      } finally {
        await lookAlike.close();
      }
    });

    test('that cannot be reached, by its name and without the password', async () => {
      const relay = await openRelay();
      await relay.stop();
      const message = await refusal(`mongodb://sallyport:canary@127.0.0.1:${relay.port}/?replicaSet=rs0`);
      expect(message).toContain(`127.0.0.1:${relay.port}`);
      expect(message).not.toContain('canary');
    });

    test('with options that the driver does not know', async () => {
      expect(await refusal('mongodb://sallyport:canary@127.0.0.1/?tlsInsecure=maybe&nonsense=1')).not.toContain(
        'canary',
      );
    });
  });
});
