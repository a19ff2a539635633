/**
 * R34. The store fails in the moment in which the carrier has taken a call or a text, as where SQLite is locked or Redis fails
 * over. If the challenge ended then, the phone would ring for nothing, and the person who tries again would be called twice.
 * Guard: `src/mfa/challenge/dispatch.ts#send`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCall } from '../../src/mfa/factors/call.ts';
import { createSms } from '../../src/mfa/factors/sms.ts';
import { createCallChannel, createTestMfa, createTextChannel, requestContextOf } from '../support/mfa.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { withFailures } from '../support/world/failing-store.ts';
import { stores } from '../support/world/stores.ts';

describe.each(stores)('R34 the store $name fails once a message is taken', stored => {
  let clock: TestClock;
  let isFailing = false;
  let telephone: ReturnType<typeof createCallChannel>;
  let texts: ReturnType<typeof createTextChannel>;
  let mfa: ReturnType<typeof createTestMfa>;
  let close: () => Promise<void>;
  beforeEach(async () => {
    clock = createClock();
    isFailing = false;
    telephone = createCallChannel();
    texts = createTextChannel();
    const open = await stored.open(clock);
    close = open.close;
    // Once only: what is written next finds the store back.
    const node = withFailures(open, call => {
      const fails = isFailing && call === 'compareAndSwap';
      if (fails) isFailing = false;
      return fails;
    });
    mfa = createTestMfa(node, { clock, factors: [createCall('key'), createSms()], channels: [telephone, texts] });
    const failsNow = async (): Promise<void> => {
      isFailing = true;
    };
    telephone.onSend = failsNow;
    texts.onSend = failsNow;
  });
  afterEach(() => close());

  const ada = async () => {
    const { user, bound } = await mfa.person('ada', [{ type: 'phone', data: { number: '+12025550143' } }]);
    const chosen = bound[0]?.id ?? '';
    return async (factor: string, boundTo: string) =>
      (await mfa.challenges.begin({ userId: user.id, chosen, factor }, boundTo, requestContextOf(user))).view;
  };
  const noteAgain = async (): Promise<void> => {
    telephone.onSend = async () => {};
    clock.advance(3000);
    await clock.fired();
  };
  const press = async (keys: string) => mfa.press(telephone.sent[0]?.token ?? '', keys, 'CA1');

  test('R34 its call goes on, is the only one, and can be answered before it is noted', async () => {
    const begin = await ada();
    expect(await begin('call', 'uid')).toMatchObject({ phase: 'pending' });
    expect(await begin('call', 'uid')).toMatchObject({ phase: 'pending' });
    expect(await begin('call', 'another')).toMatchObject({ phase: 'ended', reason: 'elsewhere' });
    expect(await press('#')).toEqual({ ok: true });
    await noteAgain();
    expect(await mfa.challenges.redeem('uid')).toMatchObject({ factor: 'call' });
    expect(telephone.sent).toHaveLength(1);
  });

  test('R34 its call is ended once the store is back, where it was cancelled meanwhile', async () => {
    const begin = await ada();
    await begin('call', 'uid');
    await mfa.challenges.cancel('uid');
    expect(telephone.cancelled).toEqual([]);
    await noteAgain();
    expect(telephone.cancelled).toEqual(['CA1']);
    expect(await begin('call', 'uid')).toMatchObject({ phase: 'pending' });
  });

  test('R34 its text can be typed, and the next one waits as usual', async () => {
    const begin = await ada();
    expect(await begin('sms', 'uid')).toMatchObject({ phase: 'pending' });
    expect(await mfa.resend.resend('uid')).toMatchObject({ ok: false, reason: 'wait' });
    expect(texts.sent).toHaveLength(1);
  });
});
