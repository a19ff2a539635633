/**
 * A55. An attacker and the owner post the same recovery code at one instant, or one sign-in posts two different codes. A check
 * that reads first and writes later accepts both posts of one code, or burns two codes for one sign-in. One set of codes must be
 * one record that is written by revision, and a sign-in must find the mark of the code that it used.
 *
 * Guards: `src/mfa/authenticator-data.ts#burning`, which replaces by revision; `src/mfa/factors/recovery-code.ts#recoveryCode`, which
 * refuses a second code of the same sign-in. The limits are wide open here: the usual ones would keep the racers waiting.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { recoveryCode } from '../../src/mfa/factors/recovery-code.ts';
import type { Factor } from '../../src/mfa/factor.ts';
import { createTestMfa, requestContextOf } from '../support/mfa.ts';
import { createClock } from '../support/world/clock.ts';
import { everyStore, type OpenStore } from '../support/world/stores.ts';

const wideOpen = { failedAttemptsBeforeWait: 10_000, failedAttemptsBeforeDisabled: 20_000 };

/** Delays right answers until so many were compared, so that all of these read the same set of codes. */
const gated = (wanted: number): Factor => {
  let compared = 0;
  const opened = Promise.withResolvers<void>();
  return {
    ...recoveryCode,
    challenge: {
      ...recoveryCode.challenge,
      async finish(...answered) {
        const result = await recoveryCode.challenge.finish(
          ...(answered as Parameters<typeof recoveryCode.challenge.finish>),
        );
        compared += 1;
        if (compared >= wanted) opened.resolve();
        await opened.promise;
        return result;
      },
    },
  };
};

describe.each(everyStore)('A55 on $name', store => {
  let opened: OpenStore;
  const clock = createClock();
  beforeEach(async () => {
    opened = await store.open(clock);
  });
  afterEach(() => opened.close());

  const start = async (wanted: number) => {
    const mfa = createTestMfa(opened, { clock, factors: [gated(wanted)], limits: wideOpen });
    const { user } = await mfa.person('ada', []);
    const codes = await mfa.recoveryCodes.renew(user.id, 'cli');
    const begin = async (boundTo: string) =>
      mfa.challenges.begin({ userId: user.id, factor: 'recovery-code' }, boundTo, requestContextOf(user));
    const left = async () => {
      const now = await mfa.users.get(user.id);
      return now && mfa.recoveryCodes.left(now);
    };
    return { mfa, user, codes, begin, left };
  };

  test('A55 of fifty posts of one code one passes, and nine codes are left', async () => {
    const { mfa, codes, begin, left } = await start(10);
    const [code = '', next = ''] = codes;
    for (let sign = 0; sign < 50; sign += 1) await begin(`sign-in:${sign}`);

    const results = await Promise.all(
      Array.from({ length: 50 }, async (_, sign) => mfa.challenges.answer(`sign-in:${sign}`, code)),
    );

    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await left()).toBe(9);
    const redeemed = await Promise.all(
      Array.from({ length: 50 }, async (_, at) => mfa.challenges.redeem(`sign-in:${at}`)),
    );
    expect(redeemed.filter(proof => proof !== undefined)).toHaveLength(1);
    expect(await mfa.audited('challenge.passed')).toHaveLength(1);
    await begin('sign-in:next');
    expect(await mfa.challenges.answer('sign-in:next', next)).toEqual({ ok: true });
  });

  test('A55 of two codes that one sign-in posts at once, one is used', async () => {
    const { mfa, codes, begin, left } = await start(2);
    const [first = '', second = '', third = ''] = codes;
    await begin('sign-in:1');

    const results = await Promise.all([
      mfa.challenges.answer('sign-in:1', first),
      mfa.challenges.answer('sign-in:1', second),
    ]);

    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await left()).toBe(9);
    // Nor later: the first code of this sign-in is still good for it.
    await mfa.challenges.cancel('sign-in:1');
    await begin('sign-in:1');
    expect(await mfa.challenges.answer('sign-in:1', third)).toMatchObject({ ok: false });
    expect(await left()).toBe(9);
  });

  test('A55 of two sets that are made at once, one counts', async () => {
    const { mfa, user, begin, left } = await start(1);
    const sets = await Promise.all([1, 2, 3].map(async () => mfa.recoveryCodes.renew(user.id, 'cli')));

    expect(await left()).toBe(10);
    const answers = [];
    for (const [at, [code = '']] of sets.entries()) {
      await begin(`sign-in:${at}`);
      answers.push(await mfa.challenges.answer(`sign-in:${at}`, code));
    }
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  });
});
