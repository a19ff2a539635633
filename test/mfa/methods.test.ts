/** Tests the rules of a person's methods: remove and prefer, with their audit, on every store. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hasEverHadMethod } from '../../src/mfa/listed-authenticators.ts';
import { createCall } from '../../src/mfa/factors/call.ts';
import { recoveryCode } from '../../src/mfa/factors/recovery-code.ts';
import { createSms } from '../../src/mfa/factors/sms.ts';
import { createTestMfa, createWordFactor } from '../support/mfa.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const phone = { type: 'phone', data: { number: '+12025550143' } };
const word = { type: 'word', data: { word: 'sesame', used: 0 } };
const mailed = (email: string) => ({ type: 'word', data: { word: 'sesame', used: 0, email } });

describe.each(stores)('methods on $name', stored => {
  let store: OpenStore;
  let mfa: ReturnType<typeof createTestMfa>;
  let clock: TestClock;

  beforeEach(async () => {
    clock = createClock();
    store = await stored.open(clock);
    mfa = createTestMfa(store, { clock, factors: [createWordFactor(), createSms(), createCall('key'), recoveryCode] });
  });
  afterEach(() => store.close());

  const userOf = async (id: string) => {
    const user = await mfa.users.get(id);
    if (user === undefined) throw new Error(`no account ${id}`);
    return user;
  };

  it('one phone is two methods, and each authenticator of a type that is asked together is one', async () => {
    const { user, bound } = await mfa.person('ada', [word, word, phone]);
    const methods = await mfa.methods.of(user);
    expect(methods.map(({ factor, chosen }) => [factor, chosen])).toEqual([
      ['word', undefined],
      ['sms', bound[2]?.id],
      ['call', bound[2]?.id],
    ]);
  });

  it('after a reset by mail, its mailbox is no second step, and another one is', async () => {
    const { user } = await mfa.person('ada', [mailed('Ada@Example.com'), phone]);
    const reset = { ...user, email: 'ada@example.com', resetByMailAt: clock() };
    const inSignIn = async (of: typeof user) => (await mfa.methods.forSignIn(of)).map(({ factor }) => factor);
    expect(await inSignIn({ ...user, email: 'ada@example.com' })).toEqual(['word', 'sms', 'call']);
    expect(await inSignIn(reset)).toEqual(['sms', 'call']);
    expect(await inSignIn({ ...reset, email: 'lovelace@example.com' })).toEqual(['word', 'sms', 'call']);
    // Lists still show it, so that its owner can remove it.
    expect(await mfa.methods.of(reset)).toHaveLength(3);
  });

  it('removes an authenticator once, with its audit, and the default that named it', async () => {
    const { user, bound } = await mfa.person('ada', [word, phone]);
    const removed = bound[1]?.id ?? '';
    await mfa.methods.setDefault(user, { factor: 'call', authenticator: removed }, 'cli');
    expect((await userOf(user.id)).defaultMethod).toEqual({ factor: 'call', authenticator: removed });
    await mfa.methods.remove(await userOf(user.id), removed, 'cli');
    const now = await userOf(user.id);
    expect(now.authenticators).toEqual([bound[0]?.id]);
    expect(now.defaultMethod).toBeUndefined();
    expect(await mfa.authenticators.get(removed)).toBeUndefined();
    const facts = { actor: 'cli', subject: user.id, outcome: 'success' };
    expect(await mfa.audited('authenticator.removed')).toMatchObject([{ ...facts, facts: { authenticator: removed } }]);
    expect(await mfa.audited('authenticator.made-default')).toMatchObject([
      { ...facts, facts: { authenticator: removed, factor: 'call' } },
    ]);
    await expect(mfa.methods.remove(now, removed, 'cli')).rejects.toMatchObject({ code: 'not-found' });
    expect(await mfa.audited('authenticator.removed')).toHaveLength(1);
  });

  it("neither removes nor prefers another person's authenticator", async () => {
    const ada = await mfa.person('ada', [phone]);
    const noor = await mfa.person('noor', [phone]);
    const hers = ada.bound[0]?.id ?? '';
    await expect(mfa.methods.remove(noor.user, hers, 'cli')).rejects.toMatchObject({ code: 'not-found' });
    expect(await mfa.authenticators.get(hers)).toBeDefined();
    expect((await userOf(ada.user.id)).authenticators).toEqual([hers]);
    const preferred = { factor: 'call', authenticator: hers };
    await expect(mfa.methods.setDefault(noor.user, preferred, 'cli')).rejects.toMatchObject({ code: 'not-found' });
    expect((await userOf(noor.user.id)).defaultMethod).toBeUndefined();
    expect(await mfa.audited('authenticator.removed')).toEqual([]);
    expect(await mfa.audited('authenticator.made-default')).toEqual([]);
  });

  it('remembers that there was a method after the last one is removed, until an administrator resets the account', async () => {
    const { user, bound } = await mfa.person('ada', [word]);
    const first = (await userOf(user.id)).everHadMethodAt;
    expect(first).toBeDefined();
    await mfa.methods.remove(user, bound[0]?.id ?? '', 'cli');
    const emptied = await userOf(user.id);
    expect(emptied).toMatchObject({ authenticators: [], everHadMethodAt: first });
    expect(hasEverHadMethod(emptied)).toBe(true);
    expect(await mfa.authenticatorRemoval.reset(user.id)).toEqual([]);
    expect(hasEverHadMethod(await userOf(user.id))).toBe(false);
  });

  it('remembers it for an account of an earlier version too', async () => {
    const { user, bound } = await mfa.person('ada', [word]);
    const { everHadMethodAt: _new, ...earlier } = await userOf(user.id);
    const changed = await mfa.users.replace(earlier);
    expect(changed?.everHadMethodAt).toBeUndefined();
    await mfa.methods.remove(earlier, bound[0]?.id ?? '', 'cli');
    expect(hasEverHadMethod(await userOf(user.id))).toBe(true);
  });

  it('a reset removes all methods at once', async () => {
    const { user } = await mfa.person('ada', [word, phone]);
    await mfa.recoveryCodes.renew(user.id, 'cli');
    const before = await userOf(user.id);
    expect(await mfa.authenticatorRemoval.reset(user.id)).toHaveLength(3);
    const now = await userOf(user.id);
    expect(now).toMatchObject({ rev: before.rev + 1, signedOutAt: expect.any(Number) });
    expect(now.recoveryAuthenticators).toBeUndefined();
    expect(now.authenticators).toEqual([]);
    expect(await mfa.authenticators.find({ userId: user.id })).toEqual([]);
  });

  it('a method that failed attempts have disabled is not one that can be used', async () => {
    const { user } = await mfa.person('ada', [word, phone]);
    const target = { userId: user.id, name: 'word', formerNames: [] };
    for (let guess = 0; guess < 50; guess += 1) {
      clock.advance(3_600_000);
      await mfa.failedAttempts.admit(target);
    }
    const usable = await mfa.methods.usableBy(user);
    expect(usable.map(({ factor }) => factor)).toEqual(['sms', 'call']);
  });

  it('prefers no factor that cannot ask for the authenticator', async () => {
    const { user, bound } = await mfa.person('ada', [word, phone]);
    const preferred = { factor: 'word', authenticator: bound[1]?.id ?? '' };
    await mfa.methods.remove(user, bound[0]?.id ?? '', 'cli');
    await expect(mfa.methods.setDefault(await userOf(user.id), preferred, 'cli')).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
