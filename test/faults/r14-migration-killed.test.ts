/**
 * R14. A node is killed while it migrates stored documents: before calls of the store, and as a process (SIGKILL) at random
 * moments over the records of the previous release. Then two nodes start together. The store must end at the last schema, with each
 * document changed once by each step.
 * Guards: `src/migrations/lease.ts#acquireLease`; `src/migrations/run.ts#migrate`, which stores a cursor after each page.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { createSecretKey } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openMemoryDurable, openMemoryShortLived } from '../../adapters/memory.ts';
import { openSqliteDurable } from '../../adapters/sqlite.ts';
import { leaseTime } from '../../src/migrations/lease.ts';
import { createSealer } from '../../src/crypto.ts';
import { migrate } from '../../src/migrations/run.ts';
import { storedSchema } from '../../src/migrations/schema.ts';
import { migrations } from '../../src/migrations/steps.ts';
import type { Collection } from '../../src/ports/stores.ts';
import { keyRingKind, userKind } from '../../src/records.ts';
import { kept, recordsFile } from '../support/earlier-release/open-records.ts';
import { allItems, itemKind, itemStep, migrationDeps, newItems, type Item } from '../support/migrations.ts';
import { createClock } from '../support/world/clock.ts';
import { withHook } from '../support/world/failing-store.ts';
import { amount, seeded } from './support/amounts.ts';

const itemCount = 11;
/** Of so many calls of the store one is the last before the kill; `firstCall` says from which on. */
const stride = amount({ test: 4, full: 1 });
const firstCall = (): number => 1 + Math.floor(seeded('R14').next() * stride);
const passedBy = async (items: Collection<Item>) => (await allItems(items)).map(({ passed }) => passed);
const everyItem = (...steps: readonly number[]) => Array.from({ length: itemCount }, () => steps);

/** A store in memory with items, and a node over it that is killed before its call number `kill`. */
const killOneNode = async (kill: number) => {
  const clock = createClock();
  const node = { durable: openMemoryDurable({ clock }), shortLived: openMemoryShortLived({ clock }) };
  const items = node.durable.collection(itemKind);
  await items.insertMany(newItems(itemCount));
  let calls = 0;
  const dying = withHook(node, async () => {
    calls += 1;
    if (calls >= kill) throw new Error('killed');
  });
  const steps = [itemStep(0, 4), itemStep(1, 4)];
  const run = (durable = node.durable) => migrate(migrationDeps({ durable, clock, steps }));
  const outcome = await run(dying.durable).then(
    () => 'finished' as const,
    () => 'killed' as const,
  );
  return { clock, items, node, run, calls, outcome };
};

test('R14 a node that is not killed changes each document once by each step', async () => {
  const { items, node, outcome } = await killOneNode(Infinity);
  expect(outcome).toBe('finished');
  expect(await passedBy(items)).toEqual(everyItem(0, 1));
  expect(await storedSchema(node.durable)).toMatchObject({ finished: 1 });
});

test('R14 a node killed before a call of the store is followed by one of two that start together', async () => {
  const { calls } = await killOneNode(Infinity);
  expect(calls).toBeGreaterThan(40);
  for (let kill = firstCall(); kill <= calls; kill += stride) {
    const { clock, items, node, run } = await killOneNode(kill);
    clock.advance(leaseTime);
    await Promise.all([run(), run()]);
    expect({ kill, passed: await passedBy(items) }).toEqual({ kill, passed: everyItem(0, 1) });
    expect(await storedSchema(node.durable)).toMatchObject({ finished: 1 });
  }
});

const next = migrations.length;
const stateOf = async (file: string) => {
  const durable = openSqliteDurable({ file, clock: Date.now });
  const state = {
    finished: (await storedSchema(durable)).finished,
    passed: await passedBy(durable.collection(itemKind)),
    rings: (await durable.collection(keyRingKind).find({})).length,
    users: (await durable.collection(userKind).find({})).map(({ id, rev }) => [id, rev]),
  };
  await durable.close();
  return state;
};

describe('R14 processes over the records of the previous release', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-migrations-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const script = join(import.meta.dirname, '../support/migrating-node.ts');
  const key = kept.sealingKeys.slice(kept.sealingKeys.indexOf(':') + 1);
  /** Runs a node. Gives the number of its calls; undefined: it was killed. */
  const node = async (file: string, { ahead = 0, kill = 0 } = {}): Promise<number | undefined> => {
    const args = ['--disable-warning=ExperimentalWarning', script, file, String(ahead), String(kill), key];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise<number | null>(resolve => child.once('close', resolve));
    let calls: number | undefined;
    for await (const line of createInterface(child.stdout)) calls = Number(line);
    const code = await ended;
    if (code !== 0 && code !== null) throw new Error(`the node ended with ${code}`);
    return calls;
  };

  const newFile = async (name: string): Promise<string> => {
    const file = join(folder, `${name}.db`);
    await copyFile(recordsFile, file);
    const durable = openSqliteDurable({ file, clock: Date.now });
    await durable.collection(itemKind).insertMany(newItems(itemCount));
    await durable.close();
    return file;
  };
  test('R14 a node killed before a call of the store leaves one that the next node completes', async () => {
    const [id = '', text = ''] = kept.sealingKeys.split(':');
    const sealer = createSealer([{ id, key: createSecretKey(Buffer.from(text, 'base64')) }]);
    /** The state after a node that is killed before its call number `kill`, and another; and the calls of the first. */
    const finished = async (kill: number) => {
      const file = await newFile(`call-${kill}`);
      const clock = createClock();
      const durable = openSqliteDurable({ file, clock });
      let calls = 0;
      const dying = withHook({ durable, shortLived: openMemoryShortLived({ clock }) }, async () => {
        calls += 1;
        if (calls >= kill) throw new Error('killed');
      });
      await migrate(migrationDeps({ durable: dying.durable, clock, sealer })).catch(() => undefined);
      clock.advance(leaseTime + 1000);
      await migrate(migrationDeps({ durable, clock, sealer }));
      await durable.close();
      return { calls, state: await stateOf(file) };
    };
    const { calls, state } = await finished(Infinity);
    expect(calls).toBeGreaterThan(10);
    for (let kill = firstCall(); kill <= calls; kill += stride) {
      expect({ kill, ...(await finished(kill)).state }).toEqual({ kill, ...state });
    }
  });

  test('R14 kills at random moments leave a store that two new nodes complete, once', async () => {
    const unharmed = await newFile('twin');
    const calls = await node(unharmed);
    if (calls === undefined) throw new Error('the node was killed');
    const expected = await stateOf(unharmed);
    expect(expected).toMatchObject({ finished: next + 1, passed: everyItem(next, next + 1) });
    expect(expected.rings).toBeGreaterThan(1);

    const random = seeded('R14');
    for (let turn = 0; turn < amount({ test: 2, full: 100 }); turn += 1) {
      const kill = 1 + Math.floor(random.next() * calls);
      const file = await newFile(`killed-${turn}`);
      expect(await node(file, { kill })).toBeUndefined();
      const ahead = leaseTime + 1000;
      await Promise.all([node(file, { ahead }), node(file, { ahead })]);
      expect({ kill, ...(await stateOf(file)) }).toEqual({ kill, ...expected });
    }
  });
});
