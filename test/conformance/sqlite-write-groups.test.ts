/** Tests that writes of one turn of the event loop share a transaction of SQLite, and that each of them keeps its own outcome. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqlite } from '../../adapters/sqlite.ts';
import { inserting, key, replacing, type Doc, type Kind } from '../../src/ports/stores.ts';

interface Note extends Doc {
  readonly filling?: string;
}
const kind: Kind<Note> = { name: 'notes', index: [], unique: [] };
const doc = (id: string, rev = 1): Doc => ({ id, rev });

let folder: string;
let stores: ReturnType<typeof openSqlite>;
const reopen = (): void => {
  stores = openSqlite({ file: join(folder, 'store.db'), clock: Date.now });
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-'));
  reopen();
});
const close = async (): Promise<void> => void (await Promise.all([stores.durable.close(), stores.shortLived.close()]));
afterEach(async () => {
  jest.restoreAllMocks();
  await close();
  rmSync(folder, { recursive: true });
});

const notes = () => stores.durable.collection(kind);
const ids = async (): Promise<readonly string[]> => (await notes().find({})).map(({ id }) => id);
const [token, session] = [key<number>('token'), key<number>('session')];

/** SQL of the transactions that are begun. */
const begun = () => {
  const exec = jest.spyOn(DatabaseSync.prototype, 'exec');
  return {
    count: (): number => exec.mock.calls.filter(([sql]) => sql.startsWith('BEGIN')).length,
    connection: (): DatabaseSync | undefined => exec.mock.contexts.at(-1) as DatabaseSync | undefined,
  };
};

describe('the writes of one turn', () => {
  test('of both stores are one transaction, and each keeps its outcome', async () => {
    await notes().insert(doc('taken'));
    const transactions = begun();
    const outcomes = await Promise.allSettled([
      notes().insert(doc('a')),
      notes().insert(doc('taken')),
      notes().replace(doc('taken')),
      notes().replace(doc('taken')),
      stores.shortLived.ephemeral.setIfAbsent(token, 1, 60_000, ['tag']),
      stores.shortLived.ephemeral.setIfAbsent(token, 2, 60_000, ['tag']),
      stores.durable.batch([inserting(kind, doc('b')), inserting(kind, doc('c'))]),
    ]);
    expect(transactions.count()).toBe(1);
    expect(outcomes).toEqual([
      { status: 'fulfilled', value: undefined },
      { status: 'rejected', reason: expect.objectContaining({ code: 'conflict' }) },
      { status: 'fulfilled', value: doc('taken', 2) },
      { status: 'fulfilled', value: undefined },
      { status: 'fulfilled', value: true },
      { status: 'fulfilled', value: false },
      { status: 'fulfilled', value: { ok: true } },
    ]);
    expect(await ids()).toEqual(['a', 'b', 'c', 'taken']);
    expect(await stores.shortLived.ephemeral.get(token)).toBe(1);
  });

  test('are all stored but for a batch among them that is refused', async () => {
    const outcomes = await Promise.all([
      notes().insert(doc('before')),
      stores.durable.batch([inserting(kind, doc('half')), replacing(kind, doc('nowhere'))]),
      notes().insert(doc('after')),
    ]);
    expect(outcomes).toEqual([undefined, { ok: false, lost: 1, reason: 'gone' }, undefined]);
    expect(await ids()).toEqual(['after', 'before']);
  });

  test('are carried out one by one where the disk is full, so that only what does not fit is refused', async () => {
    const transactions = begun();
    await Promise.all([notes().insert(doc('a')), notes().insert(doc('b'))]);
    const connection = transactions.connection();
    const pages = Number(connection?.prepare('PRAGMA page_count').get()?.['page_count']);
    connection?.exec(`PRAGMA max_page_count = ${pages + 4}`);
    const outcomes = await Promise.allSettled([
      notes().insert(doc('c')),
      notes().insert({ ...doc('too large'), filling: 'x'.repeat(100_000) }),
      notes().insert(doc('d')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await ids()).toEqual(['a', 'b', 'c', 'd']);
  });

  test('that still wait when the stores are closed are carried out before', async () => {
    const written = [notes().insert(doc('last')), stores.shortLived.ephemeral.put(session, 1, 60_000)];
    await close();
    await Promise.all(written);
    reopen();
    expect(await ids()).toEqual(['last']);
    expect(await stores.shortLived.ephemeral.get(session)).toBe(1);
  });
});
