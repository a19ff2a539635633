/** Tests the sealing key that development creates beside its database. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadSettings } from '../../src/config.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-key-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const keyOf = (path: string): Buffer =>
  loadSettings({ SALLYPORT_DATABASE_URL: `sqlite:${path}` }).sealingKeys[0].key.export();

test('the second start uses the key file of the first, readable by its owner only', () => {
  const database = join(folder, 'new/world.db');
  const first = keyOf(database);
  expect(first).toHaveLength(32);
  expect(keyOf(database).equals(first)).toBe(true);
  expect(statSync(`${database}.sealing-key`).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'new'))).toEqual(['world.db.sealing-key']);
});

test('each database has its own key, also in memory', () => {
  expect(keyOf(join(folder, 'a.db')).equals(keyOf(join(folder, 'b.db')))).toBe(false);
  const [one, two] = [1, 2].map(() => loadSettings({ SALLYPORT_DATABASE_URL: 'memory:' }).sealingKeys[0].key.export());
  expect(one?.equals(two ?? Buffer.alloc(0))).toBe(false);
});

test('a damaged key file is refused and not replaced, because sealed data would be lost', () => {
  writeFileSync(join(folder, 'c.db.sealing-key'), 'AAAA\n');
  expect(() => keyOf(join(folder, 'c.db'))).toThrow('expected 32');
});
