/** Tests on every store that a frozen account keeps how its owner signs in, whatever rule writes it, and that commands may change it. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { freezeFor, guardFrozenAccounts } from '../../src/frozen-account.ts';
import { createSms } from '../../src/mfa/factors/sms.ts';
import { replacing } from '../../src/ports/stores.ts';
import { userKind, type User } from '../../src/records.ts';
import { Freezes } from '../../src/users/freezes.ts';
import { Users } from '../../src/users/users.ts';
import { createTestMfa, createTextChannel, requestContextOf } from '../support/mfa.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';
import { unobserved } from '../support/unobserved-accounts.ts';

const phone = { type: 'phone', data: { number: '+12025550143' } };
const now = 1_700_000_000_000;

/** An account without what every write changes. */
const kept = (user: User | undefined): unknown => {
  const { rev: _rev, updatedAt: _updatedAt, ...rest } = user ?? {};
  return rest;
};

describe.each(stores.filter(({ name }) => name !== 'redis'))('a frozen account on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let texts: ReturnType<typeof createTextChannel>;
  beforeEach(async () => {
    clock = createClock(now);
    store = await open(clock);
    texts = createTextChannel();
  });
  afterEach(() => store.close());

  /** The rules of a process over this store: guarded as in the server, or as in a command. */
  const rulesOver = (durable: OpenStore['durable']) => {
    const mfa = createTestMfa({ ...store, durable }, { clock, factors: [createSms()], channels: [texts] });
    const users = new Users({
      ...unobserved,
      users: durable.collection(userKind),
      audit: mfa.audit,
      clock,
      notices: mfa.notices,
    });
    const freezes = new Freezes({ ...mfa, isBreakGlass: () => false, clock });
    return { ...mfa, accounts: users, freezes, durable };
  };
  type Rules = ReturnType<typeof rulesOver>;

  const changes: Readonly<Record<string, (rules: Rules, user: User) => Promise<unknown>>> = {
    'adding a method': async ({ enrollments, challenges }, user) => {
      const begin = { userId: user.id, factor: 'sms', input: '+1 202 555 0199' };
      await enrollments.begin(begin, 'enrollment', requestContextOf(user));
      const code = texts.sent.at(-1)?.text.slice(0, 6) ?? '';
      await challenges.answer('enrollment', code);
      return enrollments.finish('enrollment', `user:${user.id}`);
    },
    'removing a method': async ({ methods }, user) =>
      methods.remove(user, user.authenticators[0] ?? '', `user:${user.id}`),
    'another first method': async ({ methods }, user) =>
      methods.setDefault(user, { factor: 'sms', authenticator: user.authenticators[1] ?? '' }, `user:${user.id}`),
    'a new password': async ({ accounts }, { id }) => accounts.setPassword(id, 'new hash', `user:${id}`),
    'a chosen password': async ({ accounts }, { id }) =>
      accounts.replacePassword(
        id,
        { isAllowed: () => true, next: 'new hash', reason: 'changed' },
        { actor: `user:${id}` },
      ),
    'another address': async ({ accounts }, { id }) => accounts.setEmail(id, 'thief@example.com', `user:${id}`),
    'a change in a batch': async ({ durable }, user) =>
      durable.batch([replacing(userKind, { ...user, passwordHash: 'new hash' })]),
    'the second of two changes in a batch': async ({ durable }, user) =>
      durable.batch([
        replacing(userKind, { ...user, language: 'fr' }),
        replacing(userKind, { ...user, language: 'fr', passwordHash: 'new hash', rev: user.rev + 1 }),
      ]),
    'a verified address': async ({ accounts }, { id }) => accounts.setEmailVerified(id, true, `user:${id}`),
  };

  const ada = async (rules: Rules): Promise<User> => {
    const { user } = await rules.person('ada', [phone, { type: 'phone', data: { number: '+12025550144' } }]);
    const stored = await rules.users.get(user.id);
    if (stored === undefined) throw new Error('the person was not stored');
    await rules.users.replace({ ...stored, passwordHash: 'hash', email: 'ada@example.com' });
    return (await rules.users.get(user.id)) ?? stored;
  };

  test.each(Object.entries(changes))(
    '%s: possible before, refused while frozen, possible after 7 days',
    async (_what, change) => {
      const server = rulesOver(guardFrozenAccounts(store.durable, clock));
      const user = await ada(server);
      expect(await server.freezes.freeze(user.id, clock(), 'browser')).toBe(true);
      const before = await server.users.get(user.id);

      await expect(change(server, before ?? user)).rejects.toMatchObject({ code: 'changes-frozen' });
      expect(kept(await server.users.get(user.id))).toEqual(kept(before));
      expect((await server.audited('authenticator.bound')).length).toBe(0);

      clock.advance(freezeFor);
      await change(server, (await server.users.get(user.id)) ?? user);
      expect(kept(await server.users.get(user.id))).not.toEqual(kept(before));
    },
  );

  test.each(Object.entries(changes))('%s: a command may do it while frozen', async (_what, change) => {
    const command = rulesOver(store.durable);
    const user = await ada(command);
    await command.freezes.freeze(user.id, clock(), 'browser');
    const before = await command.users.get(user.id);
    await change(command, before ?? user);
    expect(kept(await command.users.get(user.id))).not.toEqual(kept(before));
  });

  test('of many reports at the same time, of one event or of several, one counts', async () => {
    const server = rulesOver(guardFrozenAccounts(store.durable, clock));
    const user = await ada(server);
    const reported = Array.from({ length: 8 }, (_, at) => clock() - (at % 3));
    const counted = await Promise.all(reported.map(async at => server.freezes.freeze(user.id, at, 'browser')));
    expect(counted.filter(Boolean)).toHaveLength(1);
    expect(await server.audited('user.changes-frozen')).toHaveLength(1);
    expect(await server.freezes.freeze(user.id, clock() + 1, 'browser')).toBe(true);
  });

  test('allowed again by an administrator, with the reason in the audit', async () => {
    const command = rulesOver(store.durable);
    const { id } = await ada(command);
    const by = { actor: 'cli', reason: 'talked to her' };
    expect(await command.freezes.unfreeze(id, by)).toBe(false);
    await command.freezes.freeze(id, clock(), 'browser');
    expect(await command.freezes.unfreeze(id, by)).toBe(true);
    expect(await command.users.get(id)).not.toHaveProperty('changesFrozenUntil');
    expect(await command.audited('user.changes-unfrozen')).toMatchObject([
      { actor: 'cli', facts: { note: 'talked to her' } },
    ]);
  });

  test('another name of a method: refused while frozen, possible after 7 days', async () => {
    const server = rulesOver(guardFrozenAccounts(store.durable, clock));
    const user = await ada(server);
    const [method = ''] = user.authenticators;
    await server.freezes.freeze(user.id, clock(), 'browser');
    const frozen = (await server.users.get(user.id)) ?? user;
    const rename = async () => server.methods.rename(frozen, method, 'Thief', `user:${user.id}`);
    await expect(rename()).rejects.toMatchObject({ code: 'changes-frozen' });
    expect((await server.authenticators.get(method))?.label).toBe('phone');
    clock.advance(freezeFor);
    await rename();
    expect((await server.authenticators.get(method))?.label).toBe('Thief');
  });

  test('a change that read the account before the freeze does not come through', async () => {
    const server = rulesOver(guardFrozenAccounts(store.durable, clock));
    const user = await ada(server);
    await server.freezes.freeze(user.id, clock(), 'browser');
    expect(await server.users.replace({ ...user, passwordHash: 'new hash' })).toBeUndefined();
    await expect(server.accounts.setPassword(user.id, 'new hash', 'x')).rejects.toMatchObject({
      code: 'changes-frozen',
    });
  });

  test('signing in goes on: a cheaper hash waits, a pause and a lock are written', async () => {
    const server = rulesOver(guardFrozenAccounts(store.durable, clock));
    const user = await ada(server);
    await server.freezes.freeze(user.id, clock(), 'browser');
    await server.accounts.rehash(user.id, 'hash', 'the same with another cost');
    expect(await server.users.get(user.id)).toMatchObject({ passwordHash: 'hash' });
    await server.accounts.lock(user.id, 'cli');
    expect(await server.users.get(user.id)).toMatchObject({ lockedAt: clock() });
  });
});
