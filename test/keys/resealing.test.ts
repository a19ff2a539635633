/** Tests that stored values are sealed anew by a new first sealing key: all of them, once among nodes, and after an interruption. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSealer, sealingKeyOf, sealJson, type SealingKey } from '../../src/crypto.ts';
import { loadSecrets } from '../../src/keys/rings.ts';
import { silentLog } from '../../src/log.ts';
import { sealedTo } from '../../src/mfa/sealed-authenticators.ts';
import type { Json } from '../../src/ports/stores.ts';
import { authenticatorKind, oidcDocumentKind, outboxKind, secretKind } from '../../src/records.ts';
import * as records from '../../src/records.ts';
import { Resealing } from '../../src/sealing/resealing.ts';
import { sealedRecords } from '../../src/sealing/sealed-records.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { withHook } from '../support/world/failing-store.ts';
import { everyStore, type OpenStore } from '../support/world/stores.ts';

const [second, minute, hour] = [1000, 60_000, 3_600_000];
const newKey = (id: string): SealingKey => ({ id, key: createSecretKey(randomBytes(32)) });
const [old, fresh, third] = [newKey('2025'), newKey('2026-11'), newKey('2027')];
const count = 250;

test('every sealed member of a record is listed', () => {
  const folder = join(import.meta.dirname, '../../src/records');
  const source = readdirSync(folder)
    .map(name => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const members = [...source.matchAll(/export interface (\w+)([^]*?)\n\}/g)].flatMap(([, name, body = '']) =>
    [...body.matchAll(/readonly (\w+)\??: (?:readonly )?(\w+)/g)].flatMap(([, member, type]) =>
      type === 'Sealed' || (member?.startsWith('sealed') === true && type === 'string') ? [[name, member]] : [],
    ),
  );
  const sealedIn = members.map(([name]) => name);
  // A record with two sealed members would be in the list once, and its second one forgotten.
  expect(new Set(sealedIn).size).toBe(sealedIn.length);
  // A key is part of its ring.
  const kinds = sealedIn.map(name => (name === 'RingKey' ? 'KeyRing' : name));
  const nameOf = (type: string | undefined): string => {
    const found = new RegExp(`export const (\\w+): Kind<${type}[,>]`).exec(source)?.[1] ?? '';
    const kind: unknown = Reflect.get(records, found);
    return typeof kind === 'object' && kind !== null && 'name' in kind ? String(kind.name) : `no kind of ${type}`;
  };
  expect(kinds.length).toBeGreaterThan(4);
  expect(sealedRecords.map(({ name }) => name).toSorted()).toEqual(kinds.map(nameOf).toSorted());
});

describe.each(everyStore.filter(({ name }) => name !== 'redis'))('resealing on $name', ({ open }) => {
  let store: OpenStore;
  let clock: TestClock;
  const resealingBy = (...keys: readonly [SealingKey, ...SealingKey[]]): Resealing =>
    new Resealing({
      durable: store.durable,
      sealer: createSealer(keys),
      keyIds: keys.map(({ id }) => id),
      clock,
      log: silentLog,
    });
  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
    const sealer = createSealer([old]);
    await loadSecrets({ durable: store.durable, sealer, clock });
    const ids = Array.from({ length: count }, (_, at) => ({ id: `a${String(at).padStart(5, '0')}`, userId: 'ada' }));
    await store.durable.collection(authenticatorKind).insertMany(
      ids.map(of => ({
        ...of,
        rev: 1,
        type: 'totp',
        label: 'App',
        createdAt: 0,
        sealed: sealJson<Json>(sealer, { secret: of.id }, sealedTo(of)),
      })),
    );
    await store.durable.collection(oidcDocumentKind).insert({
      id: 'RefreshToken:used',
      rev: 1,
      model: 'RefreshToken',
      payload: {},
      consumedAt: 0,
      successor: sealJson(sealer, 'next', 'RefreshToken:used'),
    });
    await store.durable.collection(outboxKind).insert({
      id: 'm1',
      rev: 1,
      kind: 'mail',
      recipient: 'mail:x',
      state: 'waiting',
      sealed: sealJson<Json>(sealer, {}, 'outbox:m1'),
      createdAt: 0,
      attempts: 0,
      dueAt: 0,
      giveUpAt: 0,
    });
  });
  afterEach(() => store.close());

  /** Ids of the sealing keys of all authenticators, and whether each still opens. */
  const authenticators = async (...keys: readonly [SealingKey, ...SealingKey[]]) => {
    const found = await store.durable.collection(authenticatorKind).find({}, { limit: 1000 });
    const sealer = createSealer(keys);
    for (const record of found) expect(sealer.open(record.sealed, sealedTo(record))).toContain(record.id);
    return new Set(found.map(({ sealed }) => sealingKeyOf(sealed)));
  };
  /** Lets the background run go on for so long. */
  const runFor = async (resealing: Resealing, time: number): Promise<void> => {
    const until = clock() + time;
    while (clock() < until) clock.advance(await resealing.step());
  };
  // Two secrets of the previous release, the hash key, three keys in rings, a token and a message.
  const others = 8;

  test('leaves values alone for ten minutes, so that nodes without the new key are replaced first', async () => {
    const resealing = resealingBy(fresh, old);
    await runFor(resealing, 9 * minute);
    expect(await authenticators(old)).toEqual(new Set(['2025']));
    await runFor(resealing, 3 * minute);
    expect(await authenticators(fresh)).toEqual(new Set(['2026-11']));
  });

  test('reseals every listed value, and then opens them without the old key', async () => {
    const found = await resealingBy(fresh, old).runNow();
    expect(found.counts).toEqual([{ sealingKey: '2026-11', sealed: count + others, unreadable: 0 }]);
    await loadSecrets({ durable: store.durable, sealer: createSealer([fresh]), clock });
    const token = await store.durable.collection(oidcDocumentKind).get('RefreshToken:used');
    expect(createSealer([fresh]).open(token?.successor ?? '', 'RefreshToken:used')).toBe('"next"');
    expect(await resealingBy(fresh, old).found()).toEqual(found);
  });

  test('counts values of a missing key, and does not change them', async () => {
    await resealingBy(fresh, old).runNow();
    const [record] = await store.durable.collection(authenticatorKind).find({}, { limit: 1 });
    if (record === undefined) throw new Error('no record');
    const lost = createSealer([third]).seal('{}', sealedTo(record));
    await store.durable.collection(authenticatorKind).replace({ ...record, sealed: lost });
    expect((await resealingBy(fresh).runNow()).counts).toEqual([
      { sealingKey: '2026-11', sealed: count + others - 1, unreadable: 0 },
      { sealingKey: '2027', sealed: 0, unreadable: 1 },
    ]);
    expect((await store.durable.collection(authenticatorKind).get(record.id))?.sealed).toBe(lost);
  });

  test('nodes share one run: a second one waits, and continues after the last page of a killed one', async () => {
    const [killed, other] = [resealingBy(fresh, old), resealingBy(fresh, old)];
    await runFor(killed, 10 * minute);
    for (let pages = 0; pages < 3; pages += 1) await killed.step();
    expect(await authenticators(fresh, old)).toEqual(new Set(['2026-11', '2025']));
    expect(await other.step()).toBe(minute);
    const before = await store.durable.collection(secretKind).get('hash-key');
    clock.advance(minute + second);
    await runFor(other, minute);
    expect((await other.found())?.counts).toEqual([{ sealingKey: '2026-11', sealed: count + others, unreadable: 0 }]);
    expect((await store.durable.collection(secretKind).get('hash-key'))?.rev).toBe(before?.rev);
  });

  test('a writer that changes a record meanwhile loses no change, and its value is sealed anew', async () => {
    const collection = store.durable.collection(authenticatorKind);
    const running = resealingBy(fresh, old).runNow();
    for (let at = 0; at < 20; at += 1) {
      const record = await collection.get('a00120');
      if (record !== undefined) await collection.replace({ ...record, label: `App ${at}` });
    }
    await running;
    await resealingBy(fresh, old).runNow();
    expect(await authenticators(fresh)).toEqual(new Set(['2026-11']));
  });

  test('the burned step of a code is kept, a removed record stays away, and each value is counted once', async () => {
    const collection = store.durable.collection(authenticatorKind);
    const both = createSealer([old, fresh]);
    // Between the listing of a page and the first write of a record, a sign-in and a removal come in between.
    let isRaced = false;
    const { durable } = withHook(store, async call => {
      if (call !== 'replace authenticators' || isRaced) return;
      isRaced = true;
      await collection.remove('a00005');
      for (const id of ['a00000', 'a00001']) {
        const record = await collection.get(id);
        if (record === undefined) throw new Error('no record');
        const burned = sealJson<Json>(both, { secret: id, lastStep: 7 }, sealedTo(record));
        await collection.replace({ ...record, sealed: burned });
      }
    });
    const found = await new Resealing({
      durable,
      sealer: createSealer([fresh, old]),
      keyIds: ['2026-11', '2025'],
      clock,
      log: silentLog,
    }).runNow();
    expect(found.counts).toEqual([{ sealingKey: '2026-11', sealed: count + others - 1, unreadable: 0 }]);
    expect(await authenticators(fresh)).toEqual(new Set(['2026-11']));
    expect(await collection.get('a00005')).toBeUndefined();
    for (const id of ['a00000', 'a00001']) {
      const record = await collection.get(id);
      expect(createSealer([fresh]).open(record?.sealed ?? '', sealedTo({ id, userId: 'ada' }))).toContain('7');
    }
  });

  test('a record that other writers change in each attempt ends the run, and is not counted as sealed', async () => {
    const collection = store.durable.collection(authenticatorKind);
    const { durable } = withHook(store, async call => {
      if (call !== 'replace authenticators') return;
      const record = await collection.get('a00000');
      if (record !== undefined) await collection.replace(record);
    });
    const deps = { sealer: createSealer([fresh, old]), keyIds: ['2026-11', '2025'], clock, log: silentLog };
    await expect(new Resealing({ ...deps, durable }).runNow()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await resealingBy(fresh, old).found()).toBeUndefined();
  });

  test('while an earlier key is configured a run begins each day; with one key no more', async () => {
    const resealing = resealingBy(fresh, old);
    await resealing.runNow();
    const [record] = await store.durable.collection(authenticatorKind).find({}, { limit: 1 });
    if (record === undefined) throw new Error('no record');
    const lagging = createSealer([old]).seal(JSON.stringify({ secret: record.id }), sealedTo(record));
    await store.durable.collection(authenticatorKind).replace({ ...record, sealed: lagging });
    await runFor(resealingBy(fresh), 25 * hour);
    expect(await authenticators(fresh, old)).toEqual(new Set(['2026-11', '2025']));
    await runFor(resealing, 25 * hour);
    expect(await authenticators(fresh)).toEqual(new Set(['2026-11']));
  });
});
