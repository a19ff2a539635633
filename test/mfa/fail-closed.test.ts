/**
 * Tests that a limit which cannot be counted stops what it limits: no code is compared, and no message is sent. An attacker who
 * can disturb a store would otherwise guess and call without end.
 */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createCall } from '../../src/mfa/factors/call.ts';
import { createSms } from '../../src/mfa/factors/sms.ts';
import { dailySendsKind, failedAttemptsKind } from '../../src/records.ts';
import {
  createCallChannel,
  createTestMfa,
  createTextChannel,
  createWordFactor,
  requestContextOf,
} from '../support/mfa.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { withFailures } from '../support/world/failing-store.ts';
import { stores } from '../support/world/stores.ts';

const unavailable = expect.objectContaining({ code: 'unavailable' });

let clock: TestClock;
/** Calls of the store that fail now: `insert failed-attempts`, `increment`. */
let failing: readonly string[];
let words: ReturnType<typeof createWordFactor>;
let telephone: ReturnType<typeof createCallChannel>;
let texts: ReturnType<typeof createTextChannel>;
let mfa: ReturnType<typeof createTestMfa>;

beforeEach(async () => {
  clock = createClock();
  failing = [];
  words = createWordFactor();
  telephone = createCallChannel();
  texts = createTextChannel();
  const [memory] = stores;
  if (memory === undefined) throw new Error('there is no store');
  const node = withFailures(await memory.open(clock), call => failing.includes(call));
  const factors = [words, createCall('key'), createSms()];
  mfa = createTestMfa(node, { clock, factors, channels: [telephone, texts] });
});

const ada = async () => {
  const { user, bound } = await mfa.person('ada', [
    { type: 'word', data: { word: 'open', used: 0 } },
    { type: 'phone', data: { number: '+12025550143' } },
  ]);
  const chosen = bound[1]?.id ?? '';
  return { userId: user.id, chosen, request: requestContextOf(user) };
};

describe('a guess', () => {
  test.each([
    ['failed attempts cannot be read', [`get ${failedAttemptsKind.name}`]],
    ['failed attempts cannot be written', [`insert ${failedAttemptsKind.name}`, `replace ${failedAttemptsKind.name}`]],
    ['attempts of the challenge cannot be counted', ['increment']],
  ])('is not compared while %s, first or later, right or wrong', async (_, calls) => {
    const { userId, request } = await ada();
    await mfa.challenges.begin({ userId, factor: 'word' }, 'uid', request);
    failing = calls;
    await expect(mfa.challenges.answer('uid', 'open')).rejects.toEqual(unavailable);
    failing = [];
    expect(await mfa.challenges.answer('uid', 'wrong')).toMatchObject({ reason: 'wrong' });
    expect(words.compared).toBe(1);

    failing = calls;
    for (const guess of ['wrong', 'open']) {
      await expect(mfa.challenges.answer('uid', guess)).rejects.toEqual(unavailable);
    }
    expect(words.compared).toBe(1);
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
    expect(await mfa.audited('challenge.passed')).toEqual([]);

    failing = [];
    expect(await mfa.challenges.answer('uid', 'open')).toEqual({ ok: true });
  });
});

describe('a message', () => {
  const outages = [
    ['of an hour cannot be counted', ['incrementMany']],
    ['of a day cannot be read', [`get ${dailySendsKind.name}`]],
    ['of a day cannot be written', [`insert ${dailySendsKind.name}`, `replace ${dailySendsKind.name}`]],
  ] as const;

  test.each(outages)('is not sent while the limit %s, first or later', async (_, calls) => {
    const { request, ...phone } = await ada();
    const begin = (factor: string, boundTo: string) => mfa.challenges.begin({ ...phone, factor }, boundTo, request);
    failing = calls;
    await expect(begin('call', 'first')).rejects.toEqual(unavailable);
    await expect(begin('sms', 'second')).rejects.toEqual(unavailable);
    expect([telephone.sent, texts.sent]).toEqual([[], []]);
    failing = [];
    await begin('sms', 'third');
    expect(texts.sent).toHaveLength(1);

    failing = calls;
    clock.advance(60_000);
    await expect(mfa.resend.resend('third')).rejects.toEqual(unavailable);
    await expect(begin('call', 'fourth')).rejects.toEqual(unavailable);
    expect([telephone.sent.length, texts.sent.length]).toEqual([0, 1]);
  });
});
