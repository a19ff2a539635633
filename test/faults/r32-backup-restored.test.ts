/**
 * R32. An installation is restored from a backup on another host: by a copy of the SQLite file, and by a file of `data export`. People
 * keep their `sub` and their methods. What was used before the backup stays used, and no count is lower than in the backup. What was
 * used after the backup can be used again while it is valid, as docs/backup.md says: a code of an app for 90 seconds.
 * Guards: `src/transfer/export.ts#exportData`, `src/transfer/import.ts#importData`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSecretKey, randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteDurable, openSqliteShortLived } from '../../adapters/sqlite.ts';
import { createSealer } from '../../src/crypto.ts';
import type { Clock } from '../../src/ports/time.ts';
import { failedAttemptsKind } from '../../src/records.ts';
import { exportData } from '../../src/transfer/export.ts';
import { importData, isSame } from '../../src/transfer/import.ts';
import { postAsClient } from '../support/earlier-release/authorization.ts';
import { issuer } from '../support/earlier-release/kept.ts';
import { appCode, browserWith, kept, openRecords, startWorldOver } from '../support/earlier-release/open-records.ts';
import { claimsAt, typePassword } from '../support/earlier-release/sign-in.ts';
import { enterCode } from '../support/world/relying-party.ts';
import { everyStore, type OpenStore } from '../support/world/stores.ts';
import type { World } from '../support/world/world.ts';

const url = new URL(issuer);
let folder: string;
/** The copy of the SQLite file, and the file of `data export`, of one moment. */
let copy: string;
let file: string;
/** A code of Tom's app that was used before the backup, and one of Rex's that was used after it. */
const codes = { before: '', after: '' };

const signInByApp = async (world: World, name: string, code: string) => {
  const { browser, authorization, page } = await typePassword(browserWith(world), name);
  const answered = await enterCode(browser, page, code);
  return answered.status === 200 ? claimsAt(browser, answered, authorization) : answered.status;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-backup-'));
  copy = join(folder, 'copy.db');
  let opened = '';
  const world = await startWorldOver(async clock => {
    const records = await openRecords(clock);
    opened = records.file;
    return records;
  });
  codes.before = appCode(world, 'tom');
  await signInByApp(world, 'tom', codes.before);
  for (const wrong of ['000000', '000001']) await signInByApp(world, 'rex', wrong);

  const db = new DatabaseSync(opened);
  db.exec(`VACUUM INTO '${copy}'`);
  db.close();
  file = '';
  for await (const line of exportData({ durable: world.store.durable, issuer: url, release: '2', clock: world.clock }))
    file += line;

  codes.after = appCode(world, 'rex');
  await signInByApp(world, 'rex', codes.after);
  await world.close();
});
afterAll(() => rm(folder, { recursive: true }));

const ofCopy = async (clock: Clock): Promise<OpenStore> => {
  const restored = join(folder, `${randomUUID()}.db`);
  await copyFile(copy, restored);
  const node = async () => ({
    durable: openSqliteDurable({ file: restored, clock }),
    shortLived: openSqliteShortLived({ file: restored, clock }),
  });
  const opened = await node();
  return {
    ...opened,
    reopen: node,
    close: async () => void (await Promise.all([opened.durable.close(), opened.shortLived.close()])),
  };
};

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from(file);
}

const ways = [
  ['a copy of the SQLite file', ofCopy] as const,
  ...everyStore
    .filter(({ name }) => name !== 'redis')
    .map(store => {
      const ofExport = async (clock: Clock): Promise<OpenStore> => {
        const opened = await store.open(clock);
        const [id = '', key = ''] = kept.sealingKeys.split(':');
        const sealer = createSealer([{ id, key: createSecretKey(Buffer.from(key, 'base64')) }]);
        const { durable } = opened;
        const tally = await importData({ durable, sealer, issuer: url, clock, openFile: async () => bytes() });
        if (!isSame(tally)) throw new Error('the import differs');
        return opened;
      };
      return [`data export on ${store.name}`, ofExport] as const;
    }),
];

describe.each(ways)('R32 an installation restored from %s', (_way, open) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorldOver(open);
  });
  afterAll(() => world.close());

  test('R32 keeps failed attempts, and refuses what was used before the backup', async () => {
    const attempts = await world.store.durable.collection(failedAttemptsKind).get(`${kept.people['rex'] ?? ''}:totp`);
    expect(attempts).toMatchObject({ count: 2 });
    expect(await signInByApp(world, 'tom', codes.before)).toBe(422);
    const user = await world.services.users.get(kept.people['rex'] ?? '');
    expect(user && (await world.services.recoveryCodes.left(user))).toBe(kept.recoveryCodes.unused.length);
    const used = { grant_type: 'refresh_token', refresh_token: kept.tokens.used };
    expect(await postAsClient(world.browser(), '/token', kept.clientSecret, used)).toMatchObject({ status: 400 });
  });

  test('R32 accepts a code that was used after the backup once more, while it is valid', async () => {
    expect(await signInByApp(world, 'rex', codes.after)).toMatchObject({ sub: kept.people['rex'] });
    expect(await signInByApp(world, 'rex', codes.after)).toBe(422);
  });

  test('R32 gives people the sub that they had, by their methods', async () => {
    world.clock.advance(60_000);
    for (const name of ['tom', 'noor'])
      expect(await signInByApp(world, name, appCode(world, name))).toMatchObject({ sub: kept.people[name] });
  });
});
