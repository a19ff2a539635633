/**
 * C31. "This was not me" is pressed in the second in which the durable store refuses a write. A denial of this call
 * without the pause of a day would let an attacker with the password start the next call. When the carrier repeats the
 * same keys, they must count again: there is no denial without the pause.
 * Guard: the order in `src/mfa/challenge/endings.ts#deny`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { userKind } from '../../src/records.ts';
import { createCall } from '../../src/mfa/factors/call.ts';
import { createClock } from '../support/world/clock.ts';
import { createTestMfa, createCallChannel, requestContextOf } from '../support/mfa.ts';
import { withFailures } from '../support/world/failing-store.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

describe.each(stores)('C31 a denial on $name', stored => {
  let store: OpenStore;
  const clock = createClock();
  const telephone = createCallChannel();
  beforeEach(async () => {
    store = await stored.open(clock);
  });
  afterEach(() => store.close());

  /** A call, during which the store refuses so many writes of users. */
  const ringing = async (refused: number) => {
    let refusals = 0;
    const node = withFailures(store, call => {
      const fails = refusals > 0 && call === `replace ${userKind.name}`;
      if (fails) refusals -= 1;
      return fails;
    });
    const mfa = createTestMfa(node, { clock, factors: [createCall('key')], channels: [telephone] });
    const { user, bound } = await mfa.person('ada', [{ type: 'phone', data: { number: '+12025550143' } }]);
    const [phone] = bound;
    await mfa.challenges.begin(
      { userId: user.id, factor: 'call', chosen: phone?.id ?? '' },
      'b',
      requestContextOf(user),
    );
    refusals = refused;
    const { token = '' } = telephone.sent.at(-1) ?? {};
    const sid = `CA${telephone.sent.length}`;
    const deny = async () => mfa.press(token, '0#', sid);
    const state = async () => ({
      phase: (await mfa.challenges.current('b'))?.phase,
      paused: (await mfa.users.get(user.id))?.pausedUntil,
    });
    return { deny, state };
  };

  test('C31 a denial ends the call and pauses calls', async () => {
    const { deny, state } = await ringing(0);
    expect(await deny()).toEqual({ ok: false, reason: 'notMe' });
    expect(await state()).toEqual({ phase: 'denied', paused: clock() + 86_400_000 });
  });

  test('C31 a denial without a stored pause is not kept, and the next one is complete', async () => {
    const { deny, state } = await ringing(1);
    await expect(deny()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await state()).toEqual({ phase: 'pending', paused: undefined });
    expect(await deny()).toEqual({ ok: false, reason: 'notMe' });
    expect(await state()).toEqual({ phase: 'denied', paused: clock() + 86_400_000 });
  });
});
