/** Tests the library that makes the disk of a process slower: whether the C library of Node and SQLite really wait for it. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSlowSync, slowSyncVariables } from '../../bench/slow-sync.ts';

let folder: string;
let library: string | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  library = await buildSlowSync(folder);
});
afterAll(() => rm(folder, { recursive: true }));

/** Syncs a file by Node, and commits a transaction of SQLite. Prints the milliseconds that each waited. */
const program = `
  const fs = require('node:fs');
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(process.argv[1] + '/slow.db');
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS a (b)');
  const timeOf = run => { const began = performance.now(); run(); return performance.now() - began; };
  const file = fs.openSync(process.argv[1] + '/file', 'w');
  console.log(JSON.stringify({
    node: timeOf(() => fs.fdatasyncSync(file)),
    sqlite: timeOf(() => database.exec('INSERT INTO a VALUES (1)')),
  }));
`;

const waited = (variables: Readonly<Record<string, string>>): { readonly node: number; readonly sqlite: number } => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '-e', program, folder],
    { env: { ...process.env, ...variables }, encoding: 'utf8' },
  );
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as { node: number; sqlite: number };
};

describe('a slower disk', () => {
  test('makes Node and SQLite wait longer for each sync', () => {
    // `buildSlowSync` has said that there is no gcc, and fails in CI.
    const variables = slowSyncVariables(library, 100);
    if (variables === undefined) return;
    const { node, sqlite } = waited(variables);
    expect(Math.min(node, sqlite)).toBeGreaterThanOrEqual(100);
  });

  test('has no variables without its library', () => {
    expect(slowSyncVariables(undefined, 100)).toBeUndefined();
    expect(slowSyncVariables('a.so', 'none')).toEqual({ LD_PRELOAD: 'a.so', SYNC_MILLISECONDS: '-1' });
  });
});
