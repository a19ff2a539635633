/**
 * R24. A process is killed in the middle of writing to SQLite (SIGKILL: no handler, no flush). Every write that it had
 * acknowledged must be there afterwards, and the file must be whole. A write without acknowledgement may be there or
 * not.
 * Guard: `adapters/sqlite/file.ts#connect` (WAL, `synchronous=FULL` for the durable half).
 */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { openResources } from '../../server/resources.ts';
import { loadSettings } from '../../src/config.ts';
import { silentLog } from '../../src/log.ts';
import { auditEventKind } from '../../src/records.ts';
import { openSqliteDurable, openSqliteShortLived } from '../../adapters/sqlite.ts';
import { written } from '../support/writer.ts';

const writer = fileURLToPath(new URL('../support/writer.ts', import.meta.url));
const kills = 200;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  file = join(folder, 'store.db');
});
afterEach(() => rm(folder, { recursive: true }));

/** Lets a writer acknowledge `writes` documents, then ends it in the given way. Returns every acknowledged id. */
const write = async (name: string, writes: number, end: 'asked' | 'killed'): Promise<readonly string[]> => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', writer, 'insert', file, name], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const acknowledged: string[] = [];
  for await (const id of createInterface(child.stdout)) {
    acknowledged.push(id);
    if (acknowledged.length !== writes) continue;
    if (end === 'asked') child.stdin.end();
    else child.kill('SIGKILL');
  }
  expect(await closed).toEqual(end === 'asked' ? [0, null] : [null, 'SIGKILL']);
  return acknowledged;
};

/** How many of `ids` are missing in the store, opened as the next start of the server would open it. */
const missing = async (ids: readonly string[]): Promise<number> => {
  const durable = openSqliteDurable({ file, clock: Date.now });
  const shortLived = openSqliteShortLived({ file, clock: Date.now });
  const documents = durable.collection(written);
  const found = await Promise.all(ids.map(id => documents.get(id)));
  await Promise.all([durable.close(), shortLived.close()]);
  return found.filter((document, place) => document?.id !== ids[place]).length;
};

const integrity = (): unknown => {
  const db = new DatabaseSync(file);
  const result = db.prepare('PRAGMA integrity_check').all();
  db.close();
  return result.map(row => row['integrity_check']);
};

describe('R24 SQLite killed while writing', () => {
  test('R24 a writer that stops normally has stored every acknowledged write', async () => {
    const acknowledged = await write('twin', 100, 'asked');
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    expect(await missing(acknowledged)).toBe(0);
    expect(integrity()).toEqual(['ok']);
  });

  // Starts and kills 200 processes, two at a time on the same file.
  test('R24 200 kills lose no acknowledged write and leave the file whole', async () => {
    const acknowledged: string[] = [];
    let started = 0;
    const lane = async (): Promise<void> => {
      while (started < kills) {
        started += 1;
        const name = `k${started}`;
        // Numbers of writes vary, so that kills happen in every part of a commit and of a checkpoint.
        acknowledged.push(...(await write(name, 1 + ((started * 37) % 61), 'killed')));
      }
    };
    await Promise.all([lane(), lane()]);
    expect(new Set(acknowledged.map(id => id.split('-')[0])).size).toBe(kills);
    expect(await missing(acknowledged)).toBe(0);
    expect(integrity()).toEqual(['ok']);
  }, 600_000);
});

test('R24 the server opens its database so that each durable commit is on the disk when it returns', async () => {
  const settings = loadSettings({ SALLYPORT_MODE: 'development', SALLYPORT_DATABASE_URL: `sqlite:${file}` });
  const resources = await openResources(settings, { log: silentLog });
  const prepare = jest.spyOn(DatabaseSync.prototype, 'prepare');
  resources.durable.collection(auditEventKind);
  const [connection] = prepare.mock.contexts as DatabaseSync[];
  // 2 is FULL.
  expect(connection?.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  await resources.close();
});
