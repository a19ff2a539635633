/** Tests that the records of the previous release pass through every store unchanged, and an import killed as a process is completed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSecretKey } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteDurable } from '../../adapters/sqlite.ts';
import { createSealer } from '../../src/crypto.ts';
import type { DurableStore } from '../../src/ports/stores.ts';
import { exportData } from '../../src/transfer/export.ts';
import { importData, isSame, verifyData, type TransferDeps } from '../../src/transfer/import.ts';
import { issuer } from '../support/earlier-release/kept.ts';
import { kept, openRecords } from '../support/earlier-release/open-records.ts';
import { start } from '../support/world/programs.ts';
import { everyStore, type OpenStore } from '../support/world/stores.ts';

const clock = () => kept.at;
const [id = '', key = ''] = kept.sealingKeys.split(':');
const sealer = createSealer([{ id, key: createSecretKey(Buffer.from(key, 'base64')) }]);

const exported = async ({ durable }: { readonly durable: DurableStore }): Promise<string> => {
  let file = '';
  for await (const line of exportData({ durable, issuer: new URL(issuer), release: '2', clock })) file += line;
  return file;
};
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(file);
}
const using = (file: string, { durable }: { readonly durable: DurableStore }): TransferDeps => ({
  durable,
  sealer,
  issuer: new URL(issuer),
  clock,
  openFile: async () => bytesOf(file),
});

/** The last line, with counts and digests. MongoDB returns members in another order. */
const sumsIn = (text: string): string | undefined => text.trimEnd().split('\n').at(-1);

let folder: string;
let records: OpenStore;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-moved-'));
  records = await openRecords(clock);
  file = await exported(records);
});
afterAll(async () => {
  await records.close();
  await rm(folder, { recursive: true });
});

test.each(everyStore.filter(({ name }) => name !== 'redis').map(store => [store.name, store] as const))(
  'they go from SQLite to %s and back',
  async (name, store) => {
    const other = await store.open(clock);
    expect(isSame(await importData(using(file, other)))).toBe(true);
    const back = { durable: openSqliteDurable({ file: join(folder, `${name}.db`), clock }) };
    expect(isSame(await importData(using(await exported(other), back)))).toBe(true);
    expect(isSame(await verifyData(using(file, back)))).toBe(true);
    expect(sumsIn(await exported(back))).toBe(sumsIn(file));
    await Promise.all([other.close(), back.durable.close()]);
  },
);

test('they are complete after an import that was killed (SIGKILL) and started again', async () => {
  const env = (database: string) => ({
    SALLYPORT_DATABASE_URL: `sqlite:${join(folder, database)}`,
    SALLYPORT_SEALING_KEYS: kept.sealingKeys,
  });
  const source = join(folder, 'source.db');
  const durable = openSqliteDurable({ file: source, clock: Date.now });
  await importData({ ...using(file, { durable }), clock: Date.now });
  await durable.close();
  const moved = join(folder, 'moved.ndjson');
  const exporting = start('cli/index.ts', ['data', 'export', moved], { cwd: folder, env: env('source.db') });
  expect([await exporting.ended, exporting.said.err]).toEqual([0, '']);
  expect((await readFile(moved, 'utf8')).length).toBeGreaterThan(10_000);

  for (const wait of [300, 450, 600]) {
    const killed = start('cli/index.ts', ['data', 'import', moved], { cwd: folder, env: env('target.db') });
    await sleep(wait);
    killed.child.kill('SIGKILL');
    await killed.ended;
  }
  const last = start('cli/index.ts', ['data', 'import', moved], { cwd: folder, env: env('target.db') });
  expect(await last.ended).toBe(0);
  expect(last.said.out).toContain('The store has the data of the file.');
});
