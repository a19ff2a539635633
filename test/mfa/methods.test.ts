/** Tests the rules of a person's methods: remove and prefer, with their audit, on every store. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createCall } from '../../src/mfa/factors/call.ts';
import { createSms } from '../../src/mfa/factors/sms.ts';
import { createTestMfa, createWordFactor } from '../support/mfa.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const phone = { type: 'phone', data: { number: '+12025550143' } };
const word = { type: 'word', data: { word: 'sesame', used: 0 } };

describe.each(stores)('methods on $name', stored => {
  let store: OpenStore;
  let mfa: ReturnType<typeof createTestMfa>;

  beforeEach(async () => {
    const clock = createClock();
    store = await stored.open(clock);
    mfa = createTestMfa(store, { clock, factors: [createWordFactor(), createSms(), createCall('key')] });
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

  it('prefers no factor that cannot ask for the authenticator', async () => {
    const { user, bound } = await mfa.person('ada', [word, phone]);
    const preferred = { factor: 'word', authenticator: bound[1]?.id ?? '' };
    await mfa.methods.remove(user, bound[0]?.id ?? '', 'cli');
    await expect(mfa.methods.setDefault(await userOf(user.id), preferred, 'cli')).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});
