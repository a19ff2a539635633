/**
 * A26. A texted or dictated code is read over a shoulder, or arrives late, and is typed again: after its use, after its
 * challenge ended, in another sign-in, or by fifty requests at once. One challenge has one code, which ends with it. A
 * resent text holds the same code by design, so that the first text to arrive is right.
 * Guards: `src/mfa/challenge/ceremonies.ts#context`, which derives the code from the id of the challenge;
 * `src/mfa/challenge/store.ts#pass`, which one of many wins; `src/mfa/challenge/challenges.ts#redeemFacts`;
 * `src/mfa/challenge/verification.ts#countAttempt`, which counts before comparing.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSms } from '../../src/mfa/factors/sms.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { createTestMfa, createTextChannel, requestContextOf } from '../support/mfa.ts';
import { everyStore, type OpenStore } from '../support/world/stores.ts';

describe.each(everyStore)('A26 on $name', stored => {
  let clock: TestClock;
  let store: OpenStore;
  let texts: ReturnType<typeof createTextChannel>;
  let mfa: ReturnType<typeof createTestMfa>;
  // Wide limits, so that the single success is not caused by failed attempts.
  const limits = { attemptsPerChallenge: 1000, failedAttemptsBeforeWait: 1000, failedAttemptsBeforeDisabled: 10_000 };
  const deps = () => ({ clock, factors: [createSms()], channels: [texts], limits });
  beforeEach(async () => {
    clock = createClock();
    store = await stored.open(clock);
    texts = createTextChannel();
    mfa = createTestMfa(store, deps());
  });
  afterEach(() => store.close());

  const ada = async () => {
    const { user, bound } = await mfa.person('ada', [{ type: 'phone', data: { number: '+12025550143' } }]);
    const asked = { userId: user.id, factor: 'sms', chosen: bound[0]?.id ?? '' };
    return async (boundTo: string) => {
      await mfa.challenges.begin(asked, boundTo, requestContextOf(user));
      return /\d{6}/.exec(texts.sent.at(-1)?.text ?? '')?.[0] ?? '';
    };
  };
  const proofs = async (boundTo: string) => (await mfa.challenges.redeem(boundTo)) !== undefined;

  test('A26 the code of a text signs in, once', async () => {
    const begin = await ada();
    const code = await begin('uid');
    expect(await mfa.challenges.answer('uid', code)).toEqual({ ok: true });
    expect(await mfa.challenges.answer('uid', code)).toMatchObject({ ok: false, reason: 'over' });
    expect([await proofs('uid'), await proofs('uid')]).toEqual([true, false]);
    expect(await mfa.challenges.answer('uid', code)).toMatchObject({ ok: false, reason: 'over', phase: 'redeemed' });
  });

  test('A26 a used code is wrong in the next sign-in and in a parallel one', async () => {
    const begin = await ada();
    const used = await begin('used');
    await mfa.challenges.answer('used', used);
    const [next, other] = [await begin('next'), await begin('other')];
    expect(new Set([used, next, other]).size).toBe(3);
    for (const wrong of [used, other]) {
      expect(await mfa.challenges.answer('next', wrong)).toMatchObject({ ok: false, reason: 'wrong' });
    }
    expect(await mfa.challenges.answer('next', next)).toEqual({ ok: true });
  });

  test('A26 the code of a cancelled, replaced or expired challenge is refused', async () => {
    const begin = await ada();
    const cancelled = await begin('cancelled');
    await mfa.challenges.cancel('cancelled');
    expect(await mfa.challenges.answer('cancelled', cancelled)).toMatchObject({ ok: false, reason: 'over' });
    const anew = await begin('cancelled');
    expect(anew).not.toBe(cancelled);
    expect(await mfa.challenges.answer('cancelled', cancelled)).toMatchObject({ ok: false, reason: 'wrong' });
    clock.advance(300_001);
    expect(await mfa.challenges.answer('cancelled', anew)).toMatchObject({ ok: false, reason: 'over' });
    expect(await proofs('cancelled')).toBe(false);
  });

  test('A26 a resent text holds the same code, and the code works once', async () => {
    const begin = await ada();
    const first = await begin('uid');
    clock.advance(30_000);
    expect((await mfa.resend.resend('uid')).ok).toBe(true);
    expect(texts.sent.at(-1)?.text).toContain(first);
    expect(await mfa.challenges.answer('uid', first)).toEqual({ ok: true });
    expect(await mfa.challenges.answer('uid', first)).toMatchObject({ ok: false, reason: 'over' });
    expect(await mfa.resend.resend('uid')).toEqual({ ok: false, reason: 'over' });
    expect(texts.sent).toHaveLength(2);
  });

  test('A26 one of fifty parallel right codes on two nodes gives a proof', async () => {
    const begin = await ada();
    const other = createTestMfa(await store.reopen(), deps());
    const code = await begin('uid');
    const nodes = Array.from({ length: 50 }, (_, at) => (at % 2 === 0 ? mfa : other));
    const outcomes = await Promise.all(nodes.map(node => node.challenges.answer('uid', code)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    const redeemed = await Promise.all(nodes.map(node => node.challenges.redeem('uid')));
    expect(redeemed.filter(proof => proof !== undefined)).toHaveLength(1);
    expect(await mfa.audited('challenge.passed')).toHaveLength(1);
    expect(await mfa.dailySends.find({})).toMatchObject([{ spent: 0, sent: 1 }]);
  });
});
