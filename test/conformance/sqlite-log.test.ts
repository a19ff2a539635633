/**
 * Tests when a durable write of SQLite is acknowledged: once its commit is on the disk, and without stopping the process. The disk is
 * replaced where a test must hold it, break it or cut its power.
 * Guards: `adapters/sqlite/log-sync.ts#openLogSync`, `adapters/sqlite/checkpoints.ts#createCheckpoints`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { copyFileSync, existsSync, fstatSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteDurable, openSqliteShortLived, type SqliteOptions } from '../../adapters/sqlite.ts';
import { inserting, key, removing, replacing, type Doc, type DurableStore, type Kind } from '../../src/ports/stores.ts';
import { until } from '../support/world/until.ts';

interface Note extends Doc {
  readonly handle?: string;
  readonly filling?: string;
}
const kind: Kind<Note, 'handle'> = { name: 'notes', index: [], unique: ['handle'] };

let folder: string;
let file: string;
let logged: unknown[];
const closing: (() => Promise<void>)[] = [];

const line = (event: string): void => void logged.push(event);
const openDurable = (sync?: SqliteOptions['sync']): DurableStore => {
  const log = { info: line, warn: line, error: line };
  const durable = openSqliteDurable({ file, clock: Date.now, log, ...(sync !== undefined && { sync }) });
  closing.push(() => durable.close());
  return durable;
};

/** A disk whose syncs end when the test says so. */
const createDisk = () => {
  const waiting: PromiseWithResolvers<void>[] = [];
  const disk = {
    syncs: 0,
    isHeld: false,
    async sync(): Promise<void> {
      disk.syncs += 1;
      if (!disk.isHeld) return;
      const held = Promise.withResolvers<void>();
      waiting.push(held);
      await held.promise;
    },
    /** Ends the syncs that run. Later ones end at once. */
    release(error?: Error): void {
      disk.isHeld = false;
      for (const { resolve, reject } of waiting.splice(0))
        if (error === undefined) resolve();
        else reject(error);
    },
  };
  return disk;
};

/** Where the files of that power cut are. */
const filesOf = (cut: number): string => join(folder, `cut${cut}`);

/** Whether the promise is settled after everything else that could run has run. */
const isSettled = async (promise: Promise<unknown>): Promise<boolean> => {
  let settled = false;
  const settle = (): void => void (settled = true);
  promise.then(settle, settle);
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
  return settled;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  file = join(folder, 'store.db');
  logged = [];
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  rmSync(folder, { recursive: true });
});

describe('an acknowledgement', () => {
  const writes: readonly (readonly [string, (durable: DurableStore) => Promise<unknown>])[] = [
    ['an insert', durable => durable.collection(kind).insert({ id: 'b', rev: 1 })],
    ['many inserts', durable => durable.collection(kind).insertMany([{ id: 'b', rev: 1 }])],
    ['a replacement', durable => durable.collection(kind).replace({ id: 'a', rev: 1 })],
    ['a removal', durable => durable.collection(kind).remove('a')],
    ['a batch', durable => durable.batch([inserting(kind, { id: 'b', rev: 1 }), removing(kind, 'a')])],
    ['a check', durable => durable.check()],
    // What they rest on may have been committed a moment ago.
    ['a conflict', durable => durable.collection(kind).insert({ id: 'a', rev: 1 })],
    ['a replacement that lost', durable => durable.collection(kind).replace({ id: 'a', rev: 2 })],
    ['a removal that lost', durable => durable.collection(kind).remove('c')],
    ['a batch that lost', durable => durable.batch([replacing(kind, { id: 'a', rev: 2 })])],
  ];

  test.each(writes)('of %s waits until the log is on the disk', async (_, write) => {
    const disk = createDisk();
    const durable = openDurable(() => disk.sync());
    await durable.collection(kind).insert({ id: 'a', rev: 1, handle: 'h' });
    disk.isHeld = true;
    const written = write(durable);
    expect(await isSettled(written)).toBe(false);
    disk.release();
    await Promise.allSettled([written]);
  });

  test('holds no read, no other half and no timer meanwhile', async () => {
    const disk = createDisk();
    const durable = openDurable(() => disk.sync());
    const shortLived = openSqliteShortLived({ file, clock: Date.now });
    closing.push(() => shortLived.close());
    disk.isHeld = true;
    const written = durable.collection(kind).insert({ id: 'a', rev: 1 });
    expect(await durable.collection(kind).get('a')).toEqual({ id: 'a', rev: 1 });
    await shortLived.ephemeral.put(key('a'), 1, 60_000);
    expect(await shortLived.ephemeral.get(key('a'))).toBe(1);
    expect(await isSettled(written)).toBe(false);
    disk.release();
    await written;
  });

  test('of all that is committed during one sync waits for the next, which they share', async () => {
    const disk = createDisk();
    const durable = openDurable(() => disk.sync());
    const notes = durable.collection(kind);
    disk.isHeld = true;
    const first = notes.insert({ id: 'first', rev: 1 });
    expect(await isSettled(first)).toBe(false);
    const others = Array.from({ length: 16 }, (_, at) => notes.insert({ id: `n${at}`, rev: 1 }));
    expect(await isSettled(Promise.race(others))).toBe(false);
    expect(disk.syncs).toBe(1);
    disk.release();
    await Promise.all([first, ...others]);
    expect(disk.syncs).toBe(2);
  });

  test('waits for the file that SQLite writes its log to', async () => {
    const synced: number[] = [];
    const durable = openDurable(async descriptor => void synced.push(fstatSync(descriptor).ino));
    await durable.collection(kind).insert({ id: 'a', rev: 1 });
    expect(synced).toEqual([statSync(`${file}-wal`).ino]);
  });

  test('that came is there after a power cut, and so is every part of a batch', async () => {
    let cut = 0;
    // What is on the disk at the end of a sync is what a power cut would leave.
    const durable = openDurable(async () => {
      cut += 1;
      mkdirSync(filesOf(cut));
      for (const name of ['store.db', 'store.db-wal']) copyFileSync(join(folder, name), join(filesOf(cut), name));
      await new Promise(setImmediate);
    });
    const acknowledged: { readonly id: string; readonly at: number }[] = [];
    const lane = async (name: string): Promise<void> => {
      for (let n = 0; n < 8; n += 1) {
        const id = `${name}-${n}`;
        const outcome = await durable.batch([
          inserting(kind, { id, rev: 1, filling: 'x'.repeat(n * 700) }),
          inserting(kind, { id: `${id}-too`, rev: 1 }),
        ]);
        expect(outcome).toEqual({ ok: true });
        acknowledged.push({ id, at: cut });
      }
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(lane));
    const left = new Map<number, readonly string[]>();
    for (let place = 1; place <= cut; place += 1) {
      const after = openSqliteDurable({ file: join(filesOf(place), 'store.db'), clock: Date.now });
      left.set(
        place,
        (await after.collection(kind).find({}, { limit: 1000 })).map(({ id }) => id),
      );
      await after.close();
    }
    for (const { id, at: place } of acknowledged)
      expect(left.get(place)).toEqual(expect.arrayContaining([id, `${id}-too`]));
    for (const ids of left.values()) {
      expect(ids.filter(id => id.endsWith('-too'))).toHaveLength(ids.length / 2);
    }
  });

  test('comes before the store is closed', async () => {
    const disk = createDisk();
    const durable = openDurable(() => disk.sync());
    disk.isHeld = true;
    const written = durable.collection(kind).insert({ id: 'a', rev: 1 });
    const closed = durable.close();
    expect(await isSettled(closed)).toBe(false);
    disk.release();
    await Promise.all([written, closed]);
    await expect(durable.collection(kind).get('a')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('after a failed sync', () => {
  const unavailable = expect.objectContaining({ code: 'unavailable' });

  test('each write is refused, also where the disk works again, and the check fails', async () => {
    const disk = createDisk();
    const durable = openDurable(() => disk.sync());
    const notes = durable.collection(kind);
    await notes.insert({ id: 'a', rev: 1 });
    disk.isHeld = true;
    const failed = [notes.insert({ id: 'b', rev: 1 }), notes.replace({ id: 'a', rev: 1 })];
    await new Promise(setImmediate);
    const during = notes.insert({ id: 'c', rev: 1 });
    disk.release(new Error('EIO'));
    for (const result of await Promise.allSettled([...failed, during])) {
      expect(result).toEqual({ status: 'rejected', reason: unavailable });
    }
    const { syncs } = disk;
    await expect(notes.insert({ id: 'd', rev: 1 })).rejects.toEqual(unavailable);
    await expect(durable.batch([inserting(kind, { id: 'e', rev: 1 })])).rejects.toEqual(unavailable);
    await expect(durable.check()).rejects.toEqual(unavailable);
    // No later sync can say that the earlier pages are there, so none is tried, and no refused write is carried out.
    expect(disk.syncs).toBe(syncs);
    expect(await notes.get('d')).toBeUndefined();
    expect(await notes.get('e')).toBeUndefined();
    expect((await notes.get('a'))?.rev).toBe(2);
    expect(logged).toEqual(['sqlite.sync-failed']);
  });

  test('a restart writes the log again: into the database, page by page', async () => {
    const before = openDurable(async () => {
      throw new Error('EIO');
    });
    const insert = before.collection(kind).insert({ id: 'a', rev: 1, filling: 'x'.repeat(9000) });
    await expect(insert).rejects.toEqual(unavailable);
    // As after a kill: the log stays beside the database.
    const [from, to] = [folder, mkdtempSync(join(tmpdir(), 'sallyport-'))];
    for (const name of ['store.db', 'store.db-wal']) copyFileSync(join(from, name), join(to, name));
    const after = openSqliteDurable({ file: join(to, 'store.db'), clock: Date.now });
    expect(statSync(join(to, 'store.db-wal')).size).toBe(0);
    expect((await after.collection(kind).get('a'))?.filling).toHaveLength(9000);
    await after.close();
    rmSync(to, { recursive: true });
  });
});

describe('the log', () => {
  const filling = 'x'.repeat(100_000);
  /** Writes that many megabytes. */
  const fill = async (durable: DurableStore, megabytes: number): Promise<void> => {
    const notes = durable.collection(kind);
    for (let n = 0; n < megabytes * 10; n += 1) {
      await notes.insert({ id: crypto.randomUUID(), rev: 1, filling });
      // As between requests: the answer of the thread is taken.
      if (n % 16 === 0) await new Promise(setImmediate);
    }
  };

  test('is copied into the database beside the writes, and begins again', async () => {
    const durable = openDurable(async () => {});
    await fill(durable, 40);
    await until(async () => {
      await fill(durable, 2);
      return statSync(file).size > 30_000_000;
    });
    await fill(durable, 100);
    // Less than the 142 MB that were written: on a busy machine the thread may come late.
    expect(statSync(`${file}-wal`).size).toBeLessThan(130_000_000);
    expect(logged).toEqual([]);
  });

  test('is copied by one thread for both halves, which ends with the last of them', async () => {
    const durable = openDurable();
    const shortLived = openSqliteShortLived({ file, clock: Date.now });
    await fill(durable, 20);
    await Promise.all([shortLived.close(), durable.close()]);
    expect(existsSync(`${file}-wal`)).toBe(false);
    expect(existsSync(`${file}-shm`)).toBe(false);
  });
});
