/**
 * R24. A process is killed in the middle of writing to SQLite (SIGKILL: no handler, no flush), while eight of its callers and another
 * process write. Every batch that it had acknowledged must be there afterwards, none half done, and the file must be whole. A batch
 * without acknowledgement may be there or not.
 * Guards: `adapters/sqlite/file.ts#inTransaction` (all or none), `adapters/sqlite/file.ts#connect` (WAL), `adapters/sqlite.ts#openSqliteDurable`
 * (an acknowledgement waits for the disk).
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openSqliteDurable, openSqliteShortLived } from '../../adapters/sqlite.ts';
import { written } from '../support/writer.ts';
import { amount, seeded } from './support/amounts.ts';

const writer = fileURLToPath(new URL('../support/writer.ts', import.meta.url));
const kills = amount({ test: 20, full: 300 });

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  file = join(folder, 'store.db');
});
afterEach(() => rm(folder, { recursive: true }));

const startWriter = (mode: 'insert' | 'load', name: string, options: readonly string[] = []) =>
  spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...options, writer, mode, file, name], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });

/** Ends a writer after it has acknowledged `writes` batches, and these milliseconds more. Returns every acknowledged id. */
const write = async (
  name: string,
  { writes, more, end }: { readonly writes: number; readonly more: number; readonly end: 'asked' | 'killed' },
): Promise<readonly string[]> => {
  const child = startWriter('load', name);
  const closed = once(child, 'close');
  const acknowledged: string[] = [];
  for await (const id of createInterface(child.stdout)) {
    acknowledged.push(id);
    if (acknowledged.length !== writes) continue;
    await sleep(more);
    if (end === 'asked') child.stdin.end();
    else child.kill('SIGKILL');
  }
  expect(await closed).toEqual(end === 'asked' ? [0, null] : [null, 'SIGKILL']);
  return acknowledged;
};

/** Reads the store as the next start of the server would open it, and expects whole batches, with all of these. */
const expectWholeBatches = async (acknowledged: readonly string[]): Promise<void> => {
  const durable = openSqliteDurable({ file, clock: Date.now });
  const shortLived = openSqliteShortLived({ file, clock: Date.now });
  const documents = durable.collection(written);
  const stored = new Set<string>();
  for (const total of await documents.find({ writer: 'total' }, { limit: 100_000 })) {
    const parts = await documents.find({ writer: total.id }, { limit: 100_000 });
    const ids = Array.from({ length: total.count ?? 0 }, (_, at) => `${total.id}-${at + 1}`);
    expect(new Set(parts.map(({ id }) => id))).toEqual(new Set(ids.flatMap(id => [id, `${id}-too`])));
    ids.forEach(id => stored.add(id));
  }
  expect(acknowledged.filter(id => !stored.has(id))).toEqual([]);
  await Promise.all([durable.close(), shortLived.close()]);
};

const integrity = (): unknown => {
  const db = new DatabaseSync(file);
  const result = db.prepare('PRAGMA integrity_check').all();
  db.close();
  return result.map(row => row['integrity_check']);
};

describe('R24 SQLite killed while writing', () => {
  test('R24 a writer that stops normally has stored every acknowledged batch', async () => {
    const acknowledged = await write('twin', { writes: 100, more: 0, end: 'asked' });
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    await expectWholeBatches(acknowledged);
    expect(integrity()).toEqual(['ok']);
  });

  // Starts and kills that many processes, two at a time on the same file.
  test(`R24 ${kills} kills lose no acknowledged batch, halve none, and leave the file whole`, async () => {
    const random = seeded('R24');
    const acknowledged: string[] = [];
    let started = 0;
    const lane = async (): Promise<void> => {
      while (started < kills) {
        started += 1;
        const name = `k${started}`;
        // The moments vary, so that kills happen in every part of a batch, a commit, a sync and a checkpoint.
        const moment = { writes: 1 + Math.floor(random.next() * 120), more: random.next() * 5 };
        acknowledged.push(...(await write(name, { ...moment, end: 'killed' })));
      }
    };
    await Promise.all([lane(), lane()]);
    expect(new Set(acknowledged.map(id => id.split('-')[0])).size).toBe(kills);
    await expectWholeBatches(acknowledged);
    expect(integrity()).toEqual(['ok']);
  }, 900_000);
});

test('R24 no write is printed as acknowledged before the log is on the disk', async () => {
  // Tells of each sync that has ended, between the acknowledgements.
  const trace = `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module';
    const { fdatasync } = fs;
    fs.fdatasync = (descriptor, done) => fdatasync(descriptor, error => (fs.writeSync(1, 'synced\\n'), done(error)));
    syncBuiltinESMExports();`;
  const child = startWriter('insert', 'a', ['--import', `data:text/javascript,${encodeURIComponent(trace)}`]);
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) if (lines.push(line) === 40) child.kill('SIGKILL');
  expect(lines.slice(0, 40)).toEqual(Array.from({ length: 20 }, (_, at) => ['synced', `a-${at}`]).flat());
});
