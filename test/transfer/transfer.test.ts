/** Tests that a file holds all durable data of a store, and fills another one with the same data or refuses. */
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createSecretKey } from 'node:crypto';
import { createSealer } from '../../src/crypto.ts';
import { lastOf, readSchema, writeSchema } from '../../src/migrations/schema.ts';
import { migrations } from '../../src/migrations/steps.ts';
import type { Doc } from '../../src/ports/stores.ts';
import * as records from '../../src/records.ts';
import {
  dataKinds,
  migrationLeaseKind,
  schemaKind,
  secretKind,
  userKind,
  type StoredDoc,
  type StoredKind,
} from '../../src/records.ts';
import { loadSecret } from '../../src/secrets.ts';
import { exportData } from '../../src/transfer/export.ts';
import { importData, isSame, verifyData, type TransferDeps } from '../../src/transfer/import.ts';
import { createClock } from '../support/world/clock.ts';
import { withHook } from '../support/world/failing-store.ts';
import { everyStore, type Node, type OpenStore, type Store } from '../support/world/stores.ts';

const clock = createClock();
const issuer = new URL('https://login.example.com');
const sealer = createSealer([{ id: '2026', key: createSecretKey(Buffer.alloc(32, 7)) }]);

const exported = async ({ durable }: Pick<Node, 'durable'>): Promise<string> => {
  let file = '';
  for await (const line of exportData({ durable, issuer, release: '2.0.0', clock })) file += line;
  return file;
};

/** How a file is imported and verified, with its text in chunks that end anywhere. */
const using = (file: string, { durable }: Pick<Node, 'durable'>, more: Partial<TransferDeps> = {}): TransferDeps => ({
  durable,
  sealer,
  issuer,
  clock,
  openFile: async () => chunksOf(Buffer.from(file)),
  ...more,
});
async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

test('every kind of document is moved, but the schema and the lease of a running migration', () => {
  const declared = Object.values(records).flatMap(each => ('name' in each ? [each.name] : []));
  const left = new Set([schemaKind.name, migrationLeaseKind.name]);
  const moved = new Set(dataKinds.map(({ name }) => name));
  expect(moved).toEqual(new Set(declared.filter(name => !left.has(name))));
});

const noStore = (): never => {
  throw new Error('there is no store');
};
/** Accounts as they are stored. */
const userDocuments: StoredKind = dataKinds.find(({ name }) => name === userKind.name) ?? noStore();
const durables = everyStore.filter(({ name }) => name !== 'redis');
// Each store is left once, and filled once.
const pairs = durables.map((from, at) => {
  const to = durables[(at + 1) % durables.length] ?? from;
  return [from.name, to.name, from, to] as const;
});

const opened: OpenStore[] = [];
afterAll(async () => {
  for (const store of opened) await store.close();
});
const open = async (store: Store): Promise<OpenStore> => {
  const one = await store.open(clock);
  opened.push(one);
  return one;
};

/** Some documents of each kind: with members of all types, odd ids, high revisions, and one whose time is over soon. */
const fill = async ({ durable }: Node): Promise<void> => {
  for (const kind of dataKinds) {
    const documents = ['a', 'é', '\u{1F511}', 'ﬀ', ...Array.from({ length: 7 }, (_, n) => `n${n}`)].map(
      (id, at): StoredDoc => ({
        id,
        rev: at + 1,
        later: [{ b: null, a: 'line\nend\u2028' }, 0.5, true],
        ...Object.fromEntries(kind.unique.map(member => [member, `${id} ${member}`])),
        ...Object.fromEntries((kind.uniqueEach ?? []).map(member => [member, [`${id} each`, `${id} other`]])),
        ...(kind.expires !== undefined && { [kind.expires]: clock() + (at === 0 ? 1000 : 3_600_000) }),
      }),
    );
    await durable.collection(kind).insertMany(documents);
  }
  await loadSecret({ secrets: durable.collection(secretKind), sealer, clock }, 'hash-key', async () => 'secret');
  await writeSchema(durable, {
    id: 'schema',
    rev: 0,
    finished: lastOf(migrations),
    readableFrom: -1,
    release: '2.0.0',
  });
};

describe.each(pairs)('data from %s to %s', (_from, _to, from, to) => {
  let source: OpenStore;
  let target: OpenStore;
  let file: string;
  beforeEach(async () => {
    [source, target] = [await open(from), await open(to)];
    await fill(source);
    file = await exported(source);
  });

  test('are the same there, and the same when they are exported from there', async () => {
    const tally = await importData(using(file, target));
    expect(isSame(tally)).toBe(true);
    for (const [kind, counts] of tally.kinds)
      expect([kind, counts]).toEqual([
        kind,
        { equal: kind === 'secrets' ? 12 : 11, ended: 0, missing: 0, foreign: 0, different: 0 },
      ]);
    expect(await exported(target)).toBe(file);
    expect(await target.durable.collection(schemaKind).get('schema')).toMatchObject({ finished: lastOf(migrations) });
    // A whole import again changes no document.
    expect(isSame(await importData(using(file, target)))).toBe(true);
    expect(await exported(target)).toBe(file);
  });

  test.each([1, 3, 9, 15])('are completed where the import was killed at call %i', async at => {
    let calls = 0;
    const killed = withHook(target, async call => {
      if (call.startsWith('insertMany')) calls += 1;
      if (calls >= at) throw new Error('killed');
    });
    await expect(importData(using(file, killed))).rejects.toThrow('killed');
    expect(isSame(await verifyData(using(file, target)))).toBe(false);
    expect(isSame(await importData(using(file, target)))).toBe(true);
    expect(await exported(target)).toBe(file);
  });

  test('are used by no server before a killed import was completed, and moved no further', async () => {
    const killed = withHook(target, async call => {
      if (call.startsWith('insertMany')) throw new Error('killed');
    });
    await expect(importData(using(file, killed))).rejects.toThrow('killed');
    const refusal = { code: 'unavailable', message: expect.stringContaining('run "data import" again') as unknown };
    await expect(readSchema(target.durable, migrations)).rejects.toMatchObject(refusal);
    await expect(exported(target)).rejects.toMatchObject(refusal);
    await importData(using(file, target));
    expect(await readSchema(target.durable, migrations)).toMatchObject({ finished: lastOf(migrations) });
  });

  test('may end while they are moved', async () => {
    clock.advance(1000);
    const tally = await importData(using(file, target));
    expect(isSame(tally)).toBe(true);
    expect(tally.kinds.get('audit-events')).toMatchObject({ equal: 11, ended: 0 });
    expect(tally.kinds.get('outbox')).toMatchObject({ equal: 10, ended: 1 });
  });
});

const joined = (lines: readonly string[]) => `${lines.join('\n')}\n`;

describe('a file', () => {
  const [memory = noStore()] = durables;
  let source: OpenStore;
  let target: OpenStore;
  let file: string;
  beforeEach(async () => {
    [source, target] = [await open(memory), await open(memory)];
    await fill(source);
    file = await exported(source);
  });

  /** Whatever was refused, no document was stored. */
  const isEmpty = async () => {
    for (const kind of dataKinds) {
      const all: readonly Doc[] = await target.durable.collection(kind).find({});
      if (all.some(({ id }) => id !== 'other')) return false;
    }
    return true;
  };

  test('as it is fills an empty store', async () => {
    expect(await isEmpty()).toBe(true);
    expect(isSame(await importData(using(file, target)))).toBe(true);
    expect(await isEmpty()).toBe(false);
  });

  const lines = () => file.trimEnd().split('\n');
  const damages: readonly (readonly [name: string, damage: () => string, says: string])[] = [
    ['without its end', () => joined(lines().slice(0, -1)), 'without its last line'],
    ['that is cut in a line', () => file.slice(0, -100), 'no JSON object'],
    ['without one document', () => joined(lines().toSpliced(5, 1)), 'documents of users with the digest'],
    ['with one changed document', () => file.replace('line\\nend', 'line end'), 'documents of users with the digest'],
    ['with one document twice', () => joined(lines().toSpliced(5, 0, lines()[5] ?? '')), 'out of order'],
    [
      'with a kind of a later release',
      () => file.replace('"kind":"users"', '"kind":"robots"'),
      'unknown kind "robots"',
    ],
    ['with more after its end', () => `${file}${file}`, 'a line after the trailer'],
    ['of another form', () => file.replace('"format":1', '"format":2'), 'format 1'],
    ['of another program', () => 'id,name\n', 'no JSON object'],
    ['without a line', () => '', 'an empty file'],
    [
      'of another issuer',
      () => file.replaceAll(issuer.origin, 'https://other.example'),
      'of the issuer https://other.',
    ],
    ['with a header alone', () => '{"sallyport":"data","format":1}\n', 'another first line'],
    [
      'with a schema that is none',
      () => file.replace(/"readableFrom":-1/, '"readableFrom":null'),
      'another first line',
    ],
    ['with a line of 20 million letters', () => file.replace('line\\nend', 'x'.repeat(2e7)), 'no JSON object'],
    [
      'with a document of 100,000 lists in each other',
      () => file.replace('"later":[', `"later":[${'['.repeat(1e5)}${']'.repeat(1e5)},`),
      'nested too deeply',
    ],
    ['with a revision that is none', () => file.replace('"rev":2', '"rev":1e999'), 'another object'],
    ['with a trailer of another form', () => joined([...lines().slice(0, -1), '{"kinds":{"users":null}}']), 'of users'],
    ['of bytes', () => '\u0000\u0001\n', 'no JSON object'],
    [
      'of a later schema',
      () => file.replace(/"readableFrom":-1,"release":"2/, '"readableFrom":99,"release":"9'),
      'import it with release 9.0.0 or a later one',
    ],
  ];
  test.each(damages)('%s is refused', async (_name, damage, says) => {
    await expect(importData(using(damage(), target))).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining(says) as unknown,
    });
    expect(await isEmpty()).toBe(true);
  });

  test('whose secrets another sealing key sealed is refused', async () => {
    const other = createSealer([{ id: '2026', key: createSecretKey(Buffer.alloc(32, 8)) }]);
    await expect(importData(using(file, target, { sealer: other }))).rejects.toMatchObject({ code: 'unreadable' });
    expect(await isEmpty()).toBe(true);
  });

  test.each(['other', 'a'])('is refused by a store that has a person %s of its own', async id => {
    const users = target.durable.collection(userDocuments);
    await users.insert({ id: 'other', rev: 1, name: id });
    await expect(importData(using(file, target))).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('1 of users') as unknown,
    });
  });

  test('is told apart from a store in which a document was changed, removed or added', async () => {
    const copy = await open(memory);
    await importData(using(file, copy));
    const users = copy.durable.collection(userDocuments);
    const changed = await users.get('a');
    if (changed !== undefined) await users.replace({ ...changed, displayName: 'changed' });
    await users.remove('n3');
    await users.insert({ id: 'z', rev: 1 });
    const tally = await verifyData(using(file, copy));
    expect(tally.examples).toEqual([
      { kind: 'users', id: 'a', outcome: 'different' },
      { kind: 'users', id: 'n3', outcome: 'missing' },
      { kind: 'users', id: 'z', outcome: 'foreign' },
    ]);
    expect(tally.kinds.get('users')).toEqual({ equal: 9, ended: 0, missing: 1, foreign: 1, different: 1 });
  });
});
