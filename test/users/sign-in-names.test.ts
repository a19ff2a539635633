/** Tests that accounts which were stored when only names were unique are found after an upgrade, on every store. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { auditEventKind, schemaKind, upgradeKind, userKind, type User } from '../../src/records.ts';
import { createAudit } from '../../src/audit.ts';
import { silentLog, type Log } from '../../src/log.ts';
import type { Collection, Doc, Kind } from '../../src/ports/stores.ts';
import { migrate } from '../../src/migrations/run.ts';
import { signInNamesStep } from '../../src/migrations/steps/00-sign-in-names.ts';
import { Users } from '../../src/users/users.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { migrationDeps } from '../support/migrations.ts';
import { everyStore, type Node, type OpenStore } from '../support/world/stores.ts';
import { unobserved } from '../support/unobserved-accounts.ts';

/** An account as the older release stored it. */
interface OldUser extends Doc {
  readonly name: string;
  readonly canonical: string;
  readonly displayName: string;
  readonly createdAt: number;
  readonly authenticators: readonly string[];
  readonly email?: string;
}
const oldKind = userKind as unknown as Kind<OldUser>;
const old = (id: string, name: string, email?: string): OldUser => ({
  id,
  rev: 1,
  name,
  canonical: name.toLowerCase(),
  displayName: name,
  createdAt: 0,
  authenticators: [],
  ...(email !== undefined && { email }),
});
const idBy = async (users: Users, typed: string): Promise<string | undefined> => (await users.find(typed))?.id;

describe.each(everyStore)('an upgrade on $name', ({ open }) => {
  let store: OpenStore;
  let clock: TestClock;
  let logged: unknown[];
  let log: Log;
  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
    logged = [];
    log = { ...silentLog, warn: (event, fields) => void logged.push([event, fields]) };
  });
  afterEach(() => store.close());

  /** What a node of the new release does at its start. */
  const start = async ({ durable }: Node = store): Promise<Users> => {
    const users: Collection<User, 'signInNames'> = durable.collection(userKind);
    await migrate({ ...migrationDeps({ durable, clock, log }), steps: [signInNamesStep] });
    return new Users({
      ...unobserved,
      users,
      clock,
      audit: createAudit({ events: durable.collection(auditEventKind), clock, log: silentLog }),
    });
  };
  const insert = async (...people: readonly OldUser[]): Promise<void> => {
    const users = store.durable.collection(oldKind);
    for (const each of people) await users.insert(each);
  };

  test('finds each account by its name and by its address, and keeps both unique', async () => {
    await insert(old('a', 'Ada', 'Ada@Example.com'), old('b', 'bob'));
    const users = await start();
    for (const typed of ['ada', 'ADA@example.com']) expect(await idBy(users, typed)).toBe('a');
    expect(await idBy(users, 'bob')).toBe('b');
    for (const name of ['ada', 'ada@example.com', 'Bob']) {
      expect(await users.add({ name, displayName: name }, 'cli')).toEqual({ ok: false, reason: 'taken' });
    }
    expect(await users.get('a')).not.toHaveProperty('canonical');
    expect(logged).toEqual([]);
  });

  test('gives an address that two accounts have to neither, names both in the log, and both sign in by name', async () => {
    const shared = [old('a', 'ada', 'team@example.com'), old('b', 'bob', 'TEAM@example.com')];
    await insert(...shared, old('c', 'cy', 'cy@example.com'));
    const users = await start();
    expect(await idBy(users, 'team@example.com')).toBeUndefined();
    for (const [id, name] of Object.entries({ a: 'ada', b: 'bob', c: 'cy@example.com' }))
      expect(await idBy(users, name)).toBe(id);
    expect(logged).toEqual([['users.address-shared', { address: 'team@example.com', accounts: ['ada', 'bob'] }]]);
    expect((await users.get('a'))?.email).toBe('team@example.com');
    // The operator decides whose it is.
    expect(await users.setEmail('a', 'team@example.com', 'cli')).toBe('set');
    expect(await idBy(users, 'team@example.com')).toBe('a');
  });

  test('leaves an address to the account that has it as its name', async () => {
    await insert(old('a', 'ada', 'bob@example.com'), old('b', 'bob@example.com'));
    const users = await start();
    expect(await idBy(users, 'bob@example.com')).toBe('b');
    expect(await idBy(users, 'ada')).toBe('a');
    expect(logged).toEqual([['users.address-shared', expect.objectContaining({ accounts: ['ada'] })]]);
  });

  test('keeps what is no address as it was, and finds the account by its name', async () => {
    await insert(old('a', 'ada', 'x@y.zz, q@r.ss'));
    const users = await start();
    expect(await users.find('ada')).toMatchObject({ id: 'a', email: 'x@y.zz, q@r.ss', signInNames: ['ada'] });
    expect(logged).toEqual([['users.address-unusable', { account: 'ada' }]]);
  });

  test('runs once: a later start reads no account', async () => {
    await start();
    await insert(old('a', 'ada'));
    await start();
    expect(await store.durable.collection(userKind).get('a')).not.toHaveProperty('signInNames');
  });

  test('may be run by two nodes at once, and again after it was interrupted', async () => {
    await insert(...Array.from({ length: 130 }, (_, n) => old(`p${n}`, `person${n}`, `person${n}@example.com`)));
    const [users] = await Promise.all([start(), start(await store.reopen())]);
    await store.durable.collection(schemaKind).remove('schema');
    await store.durable.collection(upgradeKind).remove('sign-in-names');
    await start();
    for (const n of [0, 99, 100, 129]) {
      expect(await idBy(users, `person${n}`)).toBe(`p${n}`);
      expect(await idBy(users, `person${n}@example.com`)).toBe(`p${n}`);
    }
    expect(logged).toEqual([]);
  });
});
