/**
 * Tests SQLite beyond the contracts: its file, its indexes, other processes on the file, and the purge of ended
 * records.
 */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { openSqlite, openSqliteDurable, openSqliteShortLived, type SqliteOptions } from '../../adapters/sqlite.ts';
import { inserting, key, rereadTimes, type Doc, type Kind } from '../../src/ports/stores.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import { dataKinds } from '../../src/records.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { lockWrites } from '../support/world/outages.ts';
import type { Node } from '../support/world/stores.ts';
import { counter, written } from '../support/writer.ts';

interface Note extends Doc {
  readonly owner?: string;
  readonly labels?: readonly string[];
  readonly endsAt?: EpochMillis;
}
const plain: Kind<Note> = { name: 'notes', index: [], unique: [] };
const ending: Kind<Note> = { name: 'ending-notes', index: [], unique: [], expires: 'endsAt' };
/** The same notes as a later release declares them. */
const indexed: Kind<Note, 'owner'> = { name: 'notes', index: ['owner'], unique: [] };
const listed: Kind<Note, 'labels'> = { name: 'notes', index: [], unique: [], uniqueEach: ['labels'] };
const unique: Kind<Note, 'owner'> = { name: 'notes', index: [], unique: ['owner'] };

let folder: string;
let file: string;
let clock: TestClock;
const opened: Node[] = [];

/** Both stores in one file. */
const open = (options: { readonly realm?: string; readonly at?: string } = {}, log?: SqliteOptions['log']): Node => {
  const shared = { file: options.at ?? file, clock, realm: options.realm ?? '', ...(log && { log }) };
  const node = { durable: openSqliteDurable(shared), shortLived: openSqliteShortLived(shared) };
  opened.push(node);
  return node;
};
const closeAll = async (): Promise<void> => {
  for (const { durable, shortLived } of opened.splice(0)) await Promise.all([durable.close(), shortLived.close()]);
};
/** Reads the file as another tool would. */
const looking = <T>(look: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(file);
  try {
    return look(db);
  } finally {
    db.close();
  }
};
const rowsOf = (table: string): unknown =>
  looking(db => db.prepare(`SELECT count(*) AS rows FROM "${table}"`).get()?.['rows']);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  file = join(folder, 'data', 'store.db');
  clock = createClock();
});
afterEach(async () => {
  jest.useRealTimers();
  await closeAll();
  rmSync(folder, { recursive: true });
});

describe('the SQLite file', () => {
  test('and its folder are readable by their owner only', async () => {
    const { durable } = open();
    await durable.collection(plain).insert({ id: 'a', rev: 1 });
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    const files = readdirSync(join(folder, 'data'));
    expect(files.toSorted()).toEqual(['store.db', 'store.db-lock', 'store.db-shm', 'store.db-wal']);
    for (const name of files) expect(statSync(join(folder, 'data', name)).mode & 0o777).toBe(0o600);
  });

  test('keeps durable and short-lived data over a restart', async () => {
    const first = open();
    await first.durable.collection(plain).insert({ id: 'a', rev: 1, owner: 'ada' });
    await first.shortLived.ephemeral.put(key('a'), 1, 1000, ['tag']);
    await closeAll();
    const second = open();
    expect(await second.durable.collection(plain).get('a')).toEqual({ id: 'a', rev: 1, owner: 'ada' });
    expect(await second.shortLived.ephemeral.get(key('a'))).toBe(1);
    await second.shortLived.ephemeral.dropTagged('tag');
    expect(await second.shortLived.ephemeral.get(key('a'))).toBeUndefined();
  });

  test('is announced as shared where another connection has it open', async () => {
    const lines: unknown[] = [];
    const log = {
      info: (...line: readonly unknown[]) => void lines.push(line),
      warn: (...line: readonly unknown[]) => void lines.push(line),
      error: (...line: readonly unknown[]) => void lines.push(line),
    };
    open({}, log);
    expect(lines).toEqual([]);
    // A second connection of this process locks like one of another process.
    open({}, log);
    expect(lines.splice(0)).toEqual([['sqlite.shared', { file }]]);
    await closeAll();
    open({}, log);
    expect(lines).toEqual([]);
  });

  test('is read often by what waits while another process has it open, and seldom otherwise', async () => {
    let later = 0;
    const now = performance.now.bind(performance);
    const time = jest.spyOn(performance, 'now').mockImplementation(() => now() + later);
    const { notifier } = open().shortLived;
    // A second node of this process hears of each message.
    open();
    expect(notifier.rereadAfter()).toBe(rereadTimes.complete);
    const program = fileURLToPath(new URL('../support/writer.ts', import.meta.url));
    const other = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, 'insert', file, 'a'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      timeout: 20_000,
    });
    await once(other.stdout, 'data');
    other.stdout.resume();
    later += 5000;
    expect(notifier.rereadAfter()).toBe(rereadTimes.unsure);
    other.kill('SIGKILL');
    await once(other, 'exit');
    later += 5000;
    expect(notifier.rereadAfter()).toBe(rereadTimes.complete);
    await closeAll();
    later += 5000;
    // Without a mark nobody knows.
    expect(notifier.rereadAfter()).toBe(rereadTimes.unsure);
    time.mockRestore();
  }, 30_000);

  test('may hold either of the two stores alone', async () => {
    const shortLived = openSqliteShortLived({ file, clock });
    await shortLived.ephemeral.put(key('a'), 1, 1000);
    await shortLived.check();
    await shortLived.close();
    const durable = openSqliteDurable({ file, clock });
    await durable.collection(plain).insert({ id: 'a', rev: 1 });
    await durable.check();
    await durable.close();
    const both = open();
    expect(await both.shortLived.ephemeral.get(key('a'))).toBe(1);
    expect(await both.durable.collection(plain).get('a')).toBeDefined();
  });

  test.each(['durable', 'shortLived'] as const)(
    'holds both stores over one connection, which stays open when the %s one is closed',
    async first => {
      const prepare = jest.spyOn(DatabaseSync.prototype, 'prepare');
      const both = openSqlite({ file, clock });
      opened.push(both);
      const notes = both.durable.collection(plain);
      const used = new Set((prepare.mock.contexts as DatabaseSync[]).filter(db => db.location() === file));
      expect(used.size).toBe(1);
      await Promise.all([notes.insert({ id: 'a', rev: 1 }), both.shortLived.ephemeral.put(key('a'), 1, 1000)]);
      await both[first].close();
      await (first === 'durable' ? both.shortLived : both.durable).check();
      await closeAll();
      // The last connection removes the log.
      expect(existsSync(`${file}-wal`)).toBe(false);
      expect(rowsOf('notes')).toBe(1);
    },
  );

  test('is written in WAL mode, and no commit waits for the disk on the thread of requests', () => {
    const exec = jest.spyOn(DatabaseSync.prototype, 'exec');
    open();
    const connections = [...new Set(exec.mock.contexts as DatabaseSync[])].filter(db => db.location()?.endsWith('.db'));
    const settings = connections.map(db =>
      ['journal_mode', 'synchronous', 'wal_autocheckpoint'].map(name => db.prepare(`PRAGMA ${name}`).get()?.[name]),
    );
    // 1 is NORMAL. There are no checkpoints, because they wait too.
    const withoutWaits = ['wal', 1, 0];
    expect(settings).toEqual([withoutWaits, withoutWaits]);
  });

  test('of a newer release is refused and left unchanged', async () => {
    open();
    await closeAll();
    looking(db => db.exec('PRAGMA user_version = 99'));
    expect(() => open()).toThrow(
      expect.objectContaining({
        code: 'unavailable',
        message: expect.stringMatching(/layout 99, expected at most \d+/),
      }),
    );
    expect(looking(db => db.prepare('PRAGMA user_version').get()?.['user_version'])).toBe(99);
  });

  test.each([
    [
      'is something else',
      'A text that is long enough to be taken for the head of a database, or nearly so. '.repeat(20),
    ],
    ['lies where a file is expected to be a folder', undefined],
  ])('that %s is refused', (_, content) => {
    const other = join(folder, 'other');
    writeFileSync(other, content ?? '');
    const at = content === undefined ? join(other, 'store.db') : other;
    expect(() => open({ at })).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });

  test('that is deleted or replaced while open makes both checks fail', async () => {
    const { durable, shortLived } = open();
    await Promise.all([durable.check(), shortLived.check()]);
    const gone = { code: 'unavailable', message: expect.stringContaining('gone') };
    rmSync(file);
    await expect(durable.check()).rejects.toMatchObject(gone);
    await expect(shortLived.check()).rejects.toMatchObject(gone);
    writeFileSync(file, '');
    await expect(durable.check()).rejects.toMatchObject({ message: expect.stringContaining('another file') });
  });

  test('keeps one realm for each issuer', async () => {
    const [one, other] = [open({ realm: 'https://one.example' }), open({ realm: 'https://"other".example' })];
    await one.durable.collection(unique).insert({ id: 'a', rev: 1, owner: 'ada' });
    await other.durable.collection(unique).insert({ id: 'a', rev: 1, owner: 'ada' });
    await one.durable.collection(unique).remove('a');
    expect(await other.durable.collection(unique).find({ owner: 'ada' })).toHaveLength(1);
    await one.shortLived.ephemeral.put(key('a'), 1, 1000, ['tag']);
    await other.shortLived.ephemeral.put(key('a'), 2, 1000, ['tag']);
    await one.shortLived.ephemeral.dropTagged('tag');
    expect(await other.shortLived.ephemeral.getAndDelete(key('a'))).toBe(2);
  });
});

describe('the declaration of a kind', () => {
  test('may add an index, which finds documents stored before', async () => {
    const before = open().durable.collection(plain);
    await before.insert({ id: 'a', rev: 1, owner: 'ada' });
    await before.insert({ id: 'b', rev: 1 });
    expect(await open().durable.collection(indexed).find({ owner: 'ada' })).toEqual([
      { id: 'a', rev: 1, owner: 'ada' },
    ]);
  });

  test('may leave an index out, which is dropped from a file of an earlier release', async () => {
    await open().durable.collection(indexed).insert({ id: 'a', rev: 1, owner: 'ada' });
    expect(ownerIndexes()).toHaveLength(1);
    const later = open().durable.collection({ ...indexed, index: [], filters: ['owner'] });
    expect(ownerIndexes()).toHaveLength(0);
    expect(await later.find({ owner: 'ada' })).toHaveLength(1);
  });

  test('may not add a unique member with duplicates among stored documents', async () => {
    const before = open().durable.collection(plain);
    await before.insert({ id: 'a', rev: 1, owner: 'ada' });
    await before.insert({ id: 'b', rev: 1, owner: 'ada' });
    expect(() => open().durable.collection(unique)).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(await before.find({})).toHaveLength(2);
  });

  test('may add a unique list, which finds documents stored before and is kept by a process without it', async () => {
    const before = open().durable.collection(plain);
    await before.insert({ id: 'a', rev: 1, labels: ['l', 'm'] });
    await before.insert({ id: 'b', rev: 1 });
    const notes = open().durable.collection(listed);
    expect(await notes.find({ labels: 'm' })).toEqual([{ id: 'a', rev: 1, labels: ['l', 'm'] }]);
    // An older release that still has the file open changes documents too.
    await before.replace({ id: 'a', rev: 1, labels: ['n'] });
    expect(await notes.find({ labels: 'm' })).toEqual([]);
    await expect(before.insert({ id: 'c', rev: 1, labels: ['n'] })).rejects.toMatchObject({ code: 'conflict' });
    // Another index is added to the kind: the list stays as it is.
    const later = open().durable.collection<Note, 'owner' | 'labels'>({ ...listed, index: ['owner'] });
    expect(await later.find({ labels: 'n' })).toMatchObject([{ id: 'a' }]);
  });

  test('may not add a unique list with a text that two stored documents share', async () => {
    const before = open().durable.collection(plain);
    await before.insert({ id: 'a', rev: 1, labels: ['l', 'm'] });
    await before.insert({ id: 'b', rev: 1, labels: ['m'] });
    expect(() => open().durable.collection(listed)).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(await before.find({})).toHaveLength(2);
  });

  test('is used: no statement scans a table or sorts without an index', async () => {
    const prepare = jest.spyOn(DatabaseSync.prototype, 'prepare');
    const { durable, shortLived } = open();
    const kinds = dataKinds as unknown as readonly Kind<Doc & Record<string, unknown>, string>[];
    for (const kind of [
      ...kinds,
      { ...indexed, unique: ['id'], uniqueEach: ['labels'], expires: 'endsAt' } as unknown as (typeof kinds)[number],
    ]) {
      const collection = durable.collection(kind);
      const members = [...new Set([...kind.index, ...kind.unique, ...(kind.uniqueEach ?? [])])];
      for (const first of ['', ...members]) {
        for (const second of ['', ...members]) {
          const where = Object.fromEntries([first, second].filter(Boolean).map(member => [member, 'x']));
          for (const order of ['oldest', 'newest'] as const) {
            await collection.find(where, { order });
            await collection.find(where, { after: 'x', order });
          }
        }
      }
    }
    // All other statements were prepared when the store was opened.
    await shortLived.ephemeral.get(key('a'));
    const statements = [...new Set(prepare.mock.calls.map(([sql]) => sql))].filter(
      sql => !/^PRAGMA|sqlite_schema|UPDATE probe/.test(sql),
    );
    const plans = looking(db => statements.map(sql => ({ sql, plan: planOf(db, sql) })));
    expect(plans.filter(({ plan }) => /SCAN|TEMP B-TREE/.test(plan))).toEqual([]);
    const byName = plans.find(({ sql }) => sql.includes('FROM "users each signInNames" WHERE value = :value0'))?.plan;
    expect(byName).toMatch(/SEARCH users USING INDEX \S+ \(id=\?\).*SEARCH users each signInNames USING PRIMARY KEY/);
    for (const order of ['ASC', 'DESC']) {
      const read = plans.find(({ sql }) => sql.includes(`body -> '$."reference"' = `) && sql.includes(order));
      expect(read?.plan).toMatch(/USING INDEX audit-events by reference \(<expr>=\? AND id>\?\)/);
    }
    expect(plans.find(({ sql }) => sql.startsWith('DELETE FROM "daily-sends" WHERE rowid'))?.plan).toMatch(
      /USING COVERING INDEX daily-sends until/,
    );
    expect(statements.length).toBeGreaterThan(120);
  });
});

const ownerIndexes = (): readonly unknown[] =>
  looking(db => db.prepare(`SELECT name FROM sqlite_schema WHERE name = 'notes by owner'`).all());

const planOf = (db: DatabaseSync, sql: string): string =>
  db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(row => String(row['detail']))
    .join('; ');

/** One call of each method that writes, on its own document or key. */
const writesTo = ({ durable, shortLived }: Node): readonly (() => Promise<unknown>)[] => {
  const { ephemeral } = shortLived;
  const [notes, endingNotes] = [durable.collection(plain), durable.collection(ending)];
  return [
    () => notes.insert({ id: 'inserted', rev: 1 }),
    () => notes.replace({ id: 'replaced', rev: 1 }),
    () => notes.remove('removed'),
    () => endingNotes.insert({ id: 'inserted', rev: 1, endsAt: clock() + 1000 }),
    () => ephemeral.put(key('put'), 1, 1000, ['tag']),
    () => ephemeral.setIfAbsent(key('set'), 1, 1000),
    () => ephemeral.setWith([{ key: key('other'), value: 1, ttl: 1000 }], key('set with'), 1, 1000),
    () => ephemeral.writeMany([{ method: 'put', key: key('of many'), value: 1, ttl: 1000 }]),
    () => ephemeral.compareAndSwap(key('swapped'), 1, 2),
    () => ephemeral.getAndDelete(key('taken')),
    () => ephemeral.increment(counter, 1000),
    () => ephemeral.incrementMany([[counter, 1000]]),
    () => ephemeral.decrement(key<number>('lowered')),
    () => ephemeral.dropTagged('dropped'),
    () => durable.batch([inserting(plain, { id: 'in a batch', rev: 1 })]),
    () => durable.check(),
    () => shortLived.check(),
  ];
};
// `get` ends a statement before its commit, and hides that the commit failed: a code could be taken twice, and an attempt not be counted.
test('no write is run so that an error of its commit is lost', async () => {
  const node = open();
  await prepare(node);
  const get = jest.spyOn(StatementSync.prototype, 'get');
  await Promise.all(writesTo(node).map(write => write()));
  await node.durable.collection(plain).get('inserted');
  const statements = (get.mock.contexts as StatementSync[]).map(({ sourceSQL }) => sourceSQL);
  expect(statements.length).toBeGreaterThan(0);
  expect(statements.filter(sql => !/^(?:SELECT|PRAGMA)/.test(sql))).toEqual([]);
});

const prepare = async ({ durable, shortLived: { ephemeral } }: Node): Promise<void> => {
  const notes = durable.collection(plain);
  for (const id of ['replaced', 'removed']) await notes.insert({ id, rev: 1 });
  for (const name of ['swapped', 'taken']) await ephemeral.put(key(name), 1, 1000);
  await ephemeral.put(key('dropped'), 1, 1000, ['dropped']);
  await ephemeral.increment(key<number>('lowered'), 1000);
};

/** Asks by the program of Debian. */
const ask = (sql: string): string => spawnSync('sqlite3', [file, sql], { encoding: 'utf8' }).stdout.trim();
const canAsk = spawnSync('sqlite3', ['-version']).status === 0;
if (!canAsk && process.env['CI'] === 'true') throw new Error('CI needs sqlite3');
if (!canAsk) console.warn('NOT TESTED: programs that close the file. This machine has no sqlite3 (Debian: sqlite3)');
const askingSuite = canAsk ? describe : describe.skip;

describe('several processes on the file', () => {
  // Starts three processes: about half a second each on a busy machine.
  test('create the file at the same time and lose no write', async () => {
    const program = fileURLToPath(new URL('../support/writer.ts', import.meta.url));
    const ends = await Promise.all(
      [1, 2, 3].map(async () => {
        const child = spawn(
          process.execPath,
          ['--disable-warning=ExperimentalWarning', program, 'count', file, '100'],
          {
            stdio: ['ignore', 'ignore', 'inherit'],
            timeout: 20_000,
          },
        );
        const ended: readonly unknown[] = await once(child, 'exit');
        return ended;
      }),
    );
    expect(ends).toEqual([1, 2, 3].map(() => [0, null]));
    const { durable, shortLived } = open();
    expect(await durable.collection(written).get('shared')).toMatchObject({ rev: 301, count: 300 });
    expect(await shortLived.ephemeral.get(counter)).toBe(300);
  }, 30_000);

  // Older versions of SQLite than that of Node delete the log, unless this process holds its lock: a backup would lose what follows it.
  askingSuite('that close the file', () => {
    test('leave its log in place, and see what is written later', async () => {
      const [first, second] = [open(), open()];
      const notes = first.durable.collection(plain);
      await notes.insert({ id: 'a', rev: 1 });
      for (const close of [async () => {}, async () => second.durable.close(), async () => second.shortLived.close()]) {
        await close();
        expect(ask('SELECT count(*) FROM notes')).toBe('1');
        expect(existsSync(`${file}-wal`)).toBe(true);
      }
      await notes.insert({ id: 'b', rev: 1 });
      expect(ask('SELECT count(*) FROM notes')).toBe('2');
    });
  });

  describe('that hold the write lock', () => {
    test('let every read go on', async () => {
      const { durable, shortLived } = open();
      const notes = durable.collection(plain);
      await notes.insert({ id: 'a', rev: 1 });
      await shortLived.ephemeral.put(key('a'), 1, 1000);
      const unlock = lockWrites(file);
      expect(await notes.get('a')).toEqual({ id: 'a', rev: 1 });
      expect(await notes.find({})).toHaveLength(1);
      expect(await shortLived.ephemeral.get(key('a'))).toBe(1);
      expect(await shortLived.ephemeral.getMany(key('a'))).toEqual([1]);
      unlock();
    });

    test('make every write wait by timers, never by blocking, and each is then done once', async () => {
      jest.useFakeTimers();
      const node = open();
      await prepare(node);
      const calls = writesTo(node);
      const unlock = lockWrites(file);
      let settled = 0;
      const writes = Promise.all(calls.map(write => write().finally(() => (settled += 1))));
      await jest.advanceTimersByTimeAsync(1900);
      expect(settled).toBe(0);
      unlock();
      await jest.advanceTimersByTimeAsync(50);
      const [, replaced, removed, , , set, setWith, many, swapped, taken, first, second] = await writes;
      expect(replaced).toEqual({ id: 'replaced', rev: 2 });
      expect([removed, set, setWith, many, swapped, taken]).toEqual([true, true, true, [true], true, 1]);
      expect([first, second]).toEqual([1, [2]]);
      const { ephemeral } = node.shortLived;
      const kept = ['put', 'set with', 'other', 'swapped', 'lowered', 'dropped'].map(name => ephemeral.get(key(name)));
      expect(await Promise.all(kept)).toEqual([1, 1, 1, 2, 0, undefined]);
    });

    test('for two seconds make every write fail, and the failed ones are not done later', async () => {
      jest.useFakeTimers();
      const node = open();
      await prepare(node);
      const calls = writesTo(node);
      const unlock = lockWrites(file);
      const writes = Promise.allSettled(calls.map(write => write()));
      await jest.advanceTimersByTimeAsync(2100);
      const outcomes = await writes;
      expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ reason: { code: 'unavailable', message: expect.stringContaining('locked') } });
      }
      unlock();
      await jest.advanceTimersByTimeAsync(5000);
      expect(await node.durable.collection(plain).find({})).toHaveLength(2);
      expect(await node.shortLived.ephemeral.increment(counter, 1000)).toBe(1);
    });

    test('make the steps of one request wait two seconds in all, and a later lock is waited for anew', async () => {
      jest.useFakeTimers();
      const node = open();
      const write = (): Promise<unknown> => node.shortLived.ephemeral.increment(counter, 1000);
      const unlock = lockWrites(file);
      const first = write().catch((reason: unknown) => reason);
      await jest.advanceTimersByTimeAsync(2100);
      expect(await first).toMatchObject({ code: 'unavailable' });
      // No timer moves: the second step does not wait.
      await expect(write()).rejects.toMatchObject({ code: 'unavailable' });
      unlock();
      await jest.advanceTimersByTimeAsync(1100);
      const unlockAgain = lockWrites(file);
      const later = write();
      await jest.advanceTimersByTimeAsync(1500);
      unlockAgain();
      await jest.advanceTimersByTimeAsync(50);
      expect(await later).toBe(1);
    });

    test('judge expiry when the write is done, not when it was called', async () => {
      jest.useFakeTimers();
      const node = open();
      await node.shortLived.ephemeral.put(key('a'), 1, 1000);
      const unlock = lockWrites(file);
      const swap = node.shortLived.ephemeral.compareAndSwap(key('a'), 1, 2);
      clock.advance(1000);
      unlock();
      await jest.advanceTimersByTimeAsync(50);
      expect(await swap).toBe(false);
    });

    test('are no fault of the purge: it is not logged, and continues afterwards', async () => {
      jest.useFakeTimers();
      const log = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };
      const notes = open({}, log).durable.collection(ending);
      await notes.insert({ id: 'a', rev: 1, endsAt: clock() });
      const unlock = lockWrites(file);
      jest.advanceTimersByTime(5000);
      unlock();
      expect([log.warn.mock.calls, rowsOf('ending-notes')]).toEqual([[], 1]);
      jest.advanceTimersByTime(5000);
      expect(rowsOf('ending-notes')).toBe(0);
    });
  });
});

describe('expired rows', () => {
  test('are removed in steps of 500 until all are gone', async () => {
    jest.useFakeTimers({ now: 0, doNotFake: ['queueMicrotask', 'nextTick'] });
    const { durable, shortLived } = open();
    const notes = durable.collection(ending);
    // In one transaction: 1,200 single inserts would wait for the disk 1,200 times.
    looking(db =>
      db
        .prepare(
          `WITH RECURSIVE n(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM n WHERE n < 1200)
           INSERT INTO "ending-notes" SELECT 'n' || n, 1, json_object('id', 'n' || n, 'rev', 1, 'endsAt', ?) FROM n`,
        )
        .run(clock() + 1000),
    );
    expect(await notes.find({}, { limit: 2000 })).toHaveLength(1200);
    for (let n = 1; n <= 1200; n += 1) await shortLived.ephemeral.put(key(`n${n}`), 1, 1000, ['tag']);
    await notes.insert({ id: 'stays', rev: 1 });
    await shortLived.ephemeral.put(key('stays'), 1, 100_000, ['tag']);
    const tables = ['ending-notes', 'ephemeral', 'ephemeral_tags'];
    const rows = (): unknown => tables.map(rowsOf);

    jest.advanceTimersByTime(5000);
    expect(rows()).toEqual([1201, 1201, 1201]);
    clock.advance(1000);
    jest.advanceTimersByTime(5000);
    expect(rows()).toEqual([701, 701, 701]);
    jest.advanceTimersByTime(50);
    expect(rows()).toEqual([201, 201, 201]);
    jest.advanceTimersByTime(50);
    expect(rows()).toEqual([1, 1, 1]);
  });

  test('are removed by a timer that does not keep the process alive and stops when both stores are closed', async () => {
    jest.useFakeTimers();
    const timers = jest.spyOn(globalThis, 'setTimeout');
    const { durable, shortLived } = open();
    expect(timers.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([false, false]);
    expect(jest.getTimerCount()).toBe(2);
    await durable.close();
    await shortLived.close();
    expect(jest.getTimerCount()).toBe(0);
    await durable.close();
  });

  test('that cannot be removed are logged and tried again', async () => {
    jest.useFakeTimers();
    const log = { info: jest.fn(), warn: jest.fn(), error: jest.fn() };
    const notes = open({}, log).durable.collection(ending);
    await notes.insert({ id: 'a', rev: 1, endsAt: clock() });
    looking(db => db.exec('ALTER TABLE "ending-notes" RENAME TO moved'));
    jest.advanceTimersByTime(5000);
    expect(log.warn).toHaveBeenCalledWith('sqlite.purge-failed', {
      error: expect.objectContaining({ code: 'unavailable' }),
    });
    looking(db => db.exec('ALTER TABLE moved RENAME TO "ending-notes"'));
    jest.advanceTimersByTime(5000);
    expect(rowsOf('ending-notes')).toBe(0);
  });
});

test('the file is not created before the store is opened', () => {
  expect(existsSync(file)).toBe(false);
  open();
  expect(existsSync(file)).toBe(true);
});
