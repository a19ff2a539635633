/** Tests that audit records past the retention are deleted on every store, in small steps, and that nothing else is. */
import { describe, expect, test } from '@jest/globals';
import { deleteOldAudit } from '../src/audit-retention.ts';
import { Problem } from '../src/errors.ts';
import { silentLog } from '../src/log.ts';
import {
  auditEventKind,
  authenticatorKind,
  dailySendsKind,
  failedAttemptsKind,
  oidcDocumentKind,
  userKind,
  type AuditRecord,
} from '../src/records.ts';
import type { DurableStore } from '../src/ports/stores.ts';
import { createClock } from './support/world/clock.ts';
import { stores } from './support/world/stores.ts';
import { startWorld } from './support/world/world.ts';

const day = 86_400_000;
const minute = 60_000;

describe.each(stores)('audit records on $name', ({ open }) => {
  const opened = async () => {
    const clock = createClock();
    const store = await open(clock);
    const events = store.durable.collection(auditEventKind);
    let made = 0;
    /** So many records of this age, as if they had been written then: ids rise with time. */
    const add = async (count: number, age: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        made += 1;
        const record: AuditRecord = {
          id: String(made).padStart(6, '0'),
          rev: 1,
          at: clock() - age,
          event: 'challenge.begun',
          actor: 'browser',
          outcome: 'info',
          reference: `AGE${age / day}`,
          facts: {},
        };
        await events.insert(record);
      }
    };
    const left = async () => (await events.find({}, { limit: 1000 })).length;
    const deps = { durable: store.durable, clock, log: silentLog, schedule: clock.after, retention: 400 * day };
    /** Moves on by so much and lets the due step run. */
    const pass = async (time: number): Promise<void> => {
      clock.advance(time);
      await clock.fired();
    };
    return { clock, store, events, add, left, deps, pass };
  };

  test('past the retention are deleted, those within it stay', async () => {
    const { store, events, add, deps, pass } = await opened();
    await add(3, 401 * day);
    await add(2, 399 * day);
    const stop = deleteOldAudit(deps);
    await pass(10 * minute);
    stop();
    expect(await events.find({ reference: 'AGE401' })).toEqual([]);
    expect(await events.find({ reference: 'AGE399' })).toHaveLength(2);
    await store.close();
  });

  test('are deleted a few at a time, a quarter of a second apart, until none is left', async () => {
    const { store, add, left, deps, pass } = await opened();
    await add(120, 500 * day);
    const stop = deleteOldAudit(deps);
    expect(await left()).toBe(120);
    const counts: number[] = [];
    for (const wait of [10 * minute, 250, 250, 250]) {
      await pass(wait);
      counts.push(await left());
    }
    stop();
    expect(counts).toEqual([70, 20, 0, 0]);
    await store.close();
  });

  test('are deleted once by two nodes', async () => {
    const { store, add, left, deps, pass } = await opened();
    const other = await store.reopen();
    await add(70, 500 * day);
    await add(1, day);
    const stops = [deps, { ...deps, durable: other.durable }].map(deleteOldAudit);
    for (const wait of [10 * minute, 250, 250, 250]) await pass(wait);
    for (const stop of stops) stop();
    expect(await left()).toBe(1);
    await store.close();
  });

  test('stay for good where the retention is forever', async () => {
    const { clock, store, add, left, deps, pass } = await opened();
    await add(2, 4000 * day);
    const stop = deleteOldAudit({ ...deps, retention: Infinity });
    await pass(10 * minute);
    stop();
    expect([await left(), clock.waiting()]).toEqual([2, 0]);
    await store.close();
  });

  test('are the only thing that the retention deletes: limits, tombstones, consents and people stay', async () => {
    const { clock, store, add, left, deps, pass } = await opened();
    const { durable, shortLived } = store;
    const old = { rev: 1, at: 0, createdAt: 0 };
    const kept = [
      [failedAttemptsKind, { ...old, id: 'ada:totp', count: 7, notBefore: 0 }],
      [dailySendsKind, { ...old, id: 'number', spent: 3, sent: 3, endsAt: clock() + 500 * day }],
      [oidcDocumentKind, { ...old, id: 'Grant:x', model: 'Grant', payload: {} }],
      [userKind, { ...old, id: 'ada', name: 'ada', canonical: 'ada', displayName: 'Ada', authenticators: [] }],
      [authenticatorKind, { ...old, id: 'phone', userId: 'ada', type: 'phone', label: 'p', sealed: '' as never }],
    ] as const;
    for (const [kind, doc] of kept) await durable.collection(kind as typeof userKind).insert(doc as never);
    await shortLived.ephemeral.put('tombstone', { finished: true }, 500 * day);
    await add(55, 500 * day);
    const stop = deleteOldAudit(deps);
    for (const wait of [10 * minute, 250]) await pass(wait);
    stop();
    expect(await left()).toBe(0);
    for (const [kind, { id }] of kept) {
      expect(await durable.collection(kind as typeof userKind).get(id)).toMatchObject({ id });
    }
    expect(await shortLived.ephemeral.get('tombstone')).toEqual({ finished: true });
    await store.close();
  });

  test('that cannot be deleted are told in the log, and tried again', async () => {
    const { store, add, left, deps, pass } = await opened();
    await add(1, 500 * day);
    let isDown = true;
    const told: string[] = [];
    const durable: DurableStore = {
      ...deps.durable,
      async batch(writes) {
        if (isDown) throw new Problem('unavailable', 'disk full');
        return deps.durable.batch(writes);
      },
    };
    const log = { ...silentLog, warn: (event: string) => void told.push(event) };
    const stop = deleteOldAudit({ ...deps, log, durable });
    await pass(10 * minute);
    expect([told, await left()]).toEqual([['audit.not-deleted'], 1]);
    isDown = false;
    await pass(10 * minute);
    expect(await left()).toBe(0);
    stop();
    await pass(10 * minute);
    expect(told).toHaveLength(1);
    await store.close();
  });
});

test('the server deletes old audit records while it runs, and stops with it', async () => {
  const world = await startWorld({ env: { SALLYPORT_AUDIT_RETENTION: '30d' } });
  const events = world.store.durable.collection(auditEventKind);
  const old = { rev: 1, event: 'user.added', actor: 'cli', outcome: 'success', facts: {} } as const;
  await events.insert({ ...old, id: '0', at: world.clock() - 31 * day });
  world.clock.advance(10 * minute);
  await world.clock.fired();
  expect(await events.get('0')).toBeUndefined();
  expect((await events.find({})).length).toBeGreaterThan(0);
  await world.close();
  expect(world.clock.waiting()).toBe(0);
});
