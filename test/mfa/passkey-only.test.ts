/**
 * Tests the choice to sign in no weaker than by a passkey, on every store: who may make it, and that it ends with the last passkey
 * that could meet it. Guards: `src/mfa/own-methods.ts#chooseMinAcr`, `src/mfa/authenticators.ts#chooseMinAcr`,
 * `src/mfa/chosen-min-acr.ts#reachesMinAcr`.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { guardFrozenAccounts } from '../../src/frozen-account.ts';
import { createSms } from '../../src/mfa/factors/sms.ts';
import { createPasskey } from '../../src/mfa/factors/passkey.ts';
import type { PasskeyData } from '../../src/mfa/passkeys/data.ts';
import { createTestMfa } from '../support/mfa.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const blockedModel = '00000000-0000-0000-0000-0000000000b1';
const rules = {
  rpId: 'localhost',
  attestation: 'none',
  roots: [],
  block: [blockedModel],
  residentKey: 'preferred',
  userVerification: 'preferred',
} as const;
const passkey = (handle: string, more: Partial<PasskeyData> = {}) => ({
  type: 'passkey',
  handle,
  data: {
    publicKey: 'a2V5',
    counter: 0,
    transports: [],
    aaguid: '00000000-0000-0000-0000-000000000000',
    deviceType: 'multiDevice',
    backedUp: true,
    userVerified: true,
    ...more,
  } satisfies PasskeyData,
});
const phone = { type: 'phone', data: { number: '+12025550143' } };
const policy = { requiredMethods: 0, needs: [] } as const;

describe.each(stores)('only with a passkey, on $name', stored => {
  let store: OpenStore;
  let mfa: ReturnType<typeof createTestMfa>;
  let clock: TestClock;
  beforeEach(async () => {
    clock = createClock();
    store = await stored.open(clock);
    mfa = createTestMfa(
      { ...store, durable: guardFrozenAccounts(store.durable, clock) },
      { clock, factors: [createPasskey(rules), createSms()] },
    );
  });
  afterEach(() => store.close());

  const userOf = async (id: string) => {
    const user = await mfa.users.get(id);
    if (user === undefined) throw new Error(`no account ${id}`);
    return user;
  };
  /** A person who has made the choice. */
  const chosen = async (...passkeys: readonly ReturnType<typeof passkey>[]) => {
    const { user, bound } = await mfa.person('ada', [phone, ...passkeys]);
    expect(await mfa.ownMethods.chooseMinAcr(user, 'phr', `user:${user.id}`)).toBe(true);
    return { user: await userOf(user.id), ids: bound.map(({ id }) => id) };
  };

  it('is chosen and taken back, audited, and told', async () => {
    const { user } = await chosen(passkey('one'));
    expect(user.minAcr).toBe('phr');
    expect(await mfa.ownMethods.chooseMinAcr(user, undefined, `user:${user.id}`)).toBe(true);
    expect((await userOf(user.id)).minAcr).toBeUndefined();
    const events = await mfa.audited('user.min-acr-set');
    expect(events.map(({ actor, facts }) => [actor, facts['acr']])).toEqual([
      [`user:${user.id}`, 'phr'],
      [`user:${user.id}`, 'sfa'],
    ]);
    const told = (await mfa.audited('notice.sent')).map(({ facts }) => facts['notice']);
    expect(told).toEqual(['passkey-required', 'passkey-optional']);
  });

  it.each([
    ['a passkey', [phone]],
    ['one that checks PIN, finger or face', [phone, passkey('touch', { userVerified: false })]],
    ['one that the operator accepts', [phone, passkey('blocked', { aaguid: blockedModel })]],
  ] as const)('cannot be chosen without %s', async (_, methods) => {
    const { user } = await mfa.person('ada', methods);
    expect(await mfa.ownMethods.chooseMinAcr(user, 'phr', `user:${user.id}`)).toBe(false);
    expect((await userOf(user.id)).minAcr).toBeUndefined();
    expect(await mfa.audited('user.min-acr-set')).toEqual([]);
  });

  it('cannot be chosen once the passkey is removed that the page still showed', async () => {
    const { user, bound } = await mfa.person('ada', [phone, passkey('one')]);
    await mfa.authenticatorRemoval.remove(user.id, bound[1]?.id ?? '');
    expect(await mfa.stored.chooseMinAcr(user.id, 'phr')).toBe(false);
    expect((await userOf(user.id)).minAcr).toBeUndefined();
  });

  it('ends with the last passkey that could meet it, and not before', async () => {
    const { user, ids } = await chosen(passkey('one'), passkey('two'), passkey('touch', { userVerified: false }));
    const remove = async (at: number) =>
      mfa.ownMethods.remove(await userOf(user.id), ids[at] ?? '', `user:${user.id}`, { policy });
    expect(await remove(1)).toBe('removed');
    expect((await userOf(user.id)).minAcr).toBe('phr');
    expect(await remove(2)).toBe('removed');
    expect((await userOf(user.id)).minAcr).toBeUndefined();
  });

  it('C13 ends with the last passkey that the operator still accepts: a blocked one would lock its owner out', async () => {
    const { user, ids } = await chosen(passkey('one'), passkey('blocked', { aaguid: blockedModel }));
    expect(await mfa.ownMethods.remove(user, ids[1] ?? '', `user:${user.id}`, { policy })).toBe('removed');
    expect((await userOf(user.id)).minAcr).toBeUndefined();
  });

  it('C13 ends with the last accepted one also where an administrator removes it', async () => {
    const { user, ids } = await chosen(passkey('one'), passkey('two'), passkey('blocked', { aaguid: blockedModel }));
    await mfa.methods.remove(user, ids[1] ?? '', 'cli');
    expect((await userOf(user.id)).minAcr).toBe('phr');
    await mfa.methods.remove(await userOf(user.id), ids[2] ?? '', 'cli');
    expect((await userOf(user.id)).minAcr).toBeUndefined();
  });

  it('ends where an administrator removes that passkey, or all methods', async () => {
    const { user, ids } = await chosen(passkey('one'));
    await mfa.methods.remove(user, ids[1] ?? '', 'cli');
    expect((await userOf(user.id)).minAcr).toBeUndefined();
    const other = await mfa.person('grace', [passkey('two')]);
    await mfa.ownMethods.chooseMinAcr(other.user, 'phr', 'cli');
    await mfa.authenticatorRemoval.reset(other.user.id);
    expect((await userOf(other.user.id)).minAcr).toBeUndefined();
  });

  it('of two passkeys that are removed at once, the second one ends it', async () => {
    const { user, ids } = await chosen(passkey('one'), passkey('two'));
    const now = await userOf(user.id);
    const both = ids.slice(1).map(async id => mfa.ownMethods.remove(now, id, `user:${user.id}`, { policy }));
    expect(await Promise.all(both)).toEqual(['removed', 'removed']);
    const { authenticators, minAcr } = await userOf(user.id);
    expect([authenticators, minAcr]).toEqual([[ids[0]], undefined]);
  });

  it('stays while a passkey that cannot be opened now may meet it', async () => {
    const { user, ids } = await chosen(passkey('one'), passkey('two'));
    const record = await mfa.authenticators.get(ids[2] ?? '');
    if (record === undefined) throw new Error('expected its record');
    await mfa.authenticators.replace({ ...record, sealed: 'unreadable' });
    await mfa.methods.remove(user, ids[1] ?? '', 'cli');
    expect((await userOf(user.id)).minAcr).toBe('phr');
  });

  it('is not changed while changes of the account are stopped', async () => {
    const { user } = await chosen(passkey('one'));
    await mfa.users.replace({ ...user, changesFrozenUntil: clock() + 1 });
    await expect(mfa.ownMethods.chooseMinAcr(await userOf(user.id), undefined, 'browser')).rejects.toMatchObject({
      code: 'changes-frozen',
    });
    expect((await userOf(user.id)).minAcr).toBe('phr');
  });
});
