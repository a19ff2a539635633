/**
 * A56. An attacker with the password guesses recovery codes, or uses a set that was thrown away. Codes share the counters of
 * every other factor, the fiftieth wrong one disables the set, and a new set voids the old one.
 *
 * Guards: `src/mfa/challenge/verification.ts#Verification`, which counts before it compares; `src/mfa/authenticators.ts#bind`,
 * which replaces the old set in one write.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { factors } from '../../src/mfa/factors/index.ts';
import { createTestMfa, requestContextOf } from '../support/mfa.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

describe.each(stores)('A56 on $name', store => {
  let opened: OpenStore;
  const clock = createClock();
  beforeEach(async () => {
    opened = await store.open(clock);
  });
  afterEach(() => opened.close());

  const start = async () => {
    const mfa = createTestMfa(opened, { clock, factors });
    const { user } = await mfa.person('ada', []);
    let signIns = 0;
    const answer = async (code: string) => {
      signIns += 1;
      await mfa.challenges.begin(
        { userId: user.id, factor: 'recovery-code' },
        `sign-in:${signIns}`,
        requestContextOf(user),
      );
      return mfa.challenges.answer(`sign-in:${signIns}`, code);
    };
    return { mfa, user, answer };
  };

  test('A56 the fiftieth wrong code disables the set, and a new set works again', async () => {
    const { mfa, user, answer } = await start();
    const [right = '', other = ''] = await mfa.recoveryCodes.renew(user.id, 'cli');
    expect(await answer(right)).toEqual({ ok: true });

    for (let wrong = 0; wrong < 50; wrong += 1) {
      expect(await answer('0000-0000-0000-0000')).toMatchObject({ reason: 'wrong' });
      clock.advance(4_000_000);
    }

    expect(await answer(other)).toMatchObject({ ok: false });
    expect(await mfa.audited('factor.disabled')).toMatchObject([{ subject: user.id }]);
    const [fresh = ''] = await mfa.recoveryCodes.renew(user.id, 'cli');
    expect(await answer(fresh)).toEqual({ ok: true });
  });

  test('A56 a new set voids the old one, and leaves nothing of it', async () => {
    const { mfa, user, answer } = await start();
    const [used = '', old = ''] = await mfa.recoveryCodes.renew(user.id, 'cli');
    expect(await answer(used)).toEqual({ ok: true });

    const [fresh = ''] = await mfa.recoveryCodes.renew(user.id, 'cli');

    expect(await answer(old)).toMatchObject({ ok: false, reason: 'wrong' });
    expect(await mfa.collections.authenticators.find({ userId: user.id })).toHaveLength(1);
    expect(await answer(used)).toMatchObject({ ok: false, reason: 'wrong' });
    clock.advance(10_000);
    expect(await answer(fresh)).toEqual({ ok: true });
  });
});
