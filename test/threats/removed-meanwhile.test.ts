/**
 * C05. A thief of a phone has answered the call and waits with the last click. Meanwhile the help desk removes the
 * phone, or locks the account. The click comes within the five minutes for which a right answer is valid. It must give
 * no proof.
 * Guard: `src/mfa/challenge/challenges.ts#redeem`, which checks the authenticator once more.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCall } from '../../src/mfa/factors/call.ts';
import { createClock } from '../support/world/clock.ts';
import { createTestMfa, createCallChannel, requestContextOf } from '../support/mfa.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

describe.each(stores)('C05 an answer on $name', stored => {
  let store: OpenStore;
  const clock = createClock();
  const telephone = createCallChannel();
  beforeEach(async () => {
    store = await stored.open(clock);
  });
  afterEach(() => store.close());

  const answered = async () => {
    const mfa = createTestMfa(store, { clock, factors: [createCall('key')], channels: [telephone] });
    const { user, bound } = await mfa.person('ada', [
      { type: 'phone', data: { number: '+12025550143' } },
      { type: 'phone', data: { number: '+12025550144' } },
    ]);
    const [stolen = '', other = ''] = bound.map(({ id }) => id);
    await mfa.challenges.begin({ userId: user.id, factor: 'call', chosen: stolen }, 'b', requestContextOf(user));
    const { token = '' } = telephone.sent.at(-1) ?? {};
    expect(await mfa.press(token, '#', `CA${telephone.sent.length}`)).toEqual({ ok: true });
    return { mfa, user, stolen, other };
  };

  test('C05 an answer gives a proof, also when another phone was removed', async () => {
    const { mfa, user, stolen, other } = await answered();
    await mfa.authenticatorRemoval.remove(user.id, other);
    expect(await mfa.challenges.redeem('b')).toMatchObject({ userId: user.id, authenticator: stolen });
  });

  test('C05 the answer of a removed phone gives no proof', async () => {
    const { mfa, user, stolen } = await answered();
    await mfa.authenticatorRemoval.remove(user.id, stolen);
    expect(await mfa.challenges.redeem('b')).toBeUndefined();
  });

  test('C05 the answer for a locked account gives no proof', async () => {
    const { mfa, user } = await answered();
    const now = await mfa.users.get(user.id);
    await mfa.users.replace({ ...(now ?? user), lockedAt: clock() });
    expect(await mfa.challenges.redeem('b')).toBeUndefined();
  });
});
