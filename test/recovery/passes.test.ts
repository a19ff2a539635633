/** Tests temporary access passes: when they hold, how often, and that a refusal tells nothing. On all stores. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { factors } from '../../src/mfa/factors/index.ts';
import { Passes } from '../../src/recovery/passes.ts';
import { operatorNote } from '../../src/recovery/operator-note.ts';
import { createTestMfa, requestContextOf } from '../support/mfa.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const source = { actor: 'cli', reason: 'left her phone at home' };
const minute = 60_000;
const wrong = { ok: false, reason: 'wrong', attemptsLeft: 4 };

describe.each(stores)('a temporary access pass on $name', store => {
  let opened: OpenStore;
  let clock: TestClock;
  beforeEach(async () => {
    clock = createClock();
    opened = await store.open(clock);
  });
  afterEach(() => opened.close());

  const start = async () => {
    const mfa = createTestMfa(opened, { clock, factors });
    const { user } = await mfa.person('ada', []);
    const { stored: authenticators, failedAttempts, notices, audit } = mfa;
    const passes = new Passes({ authenticators, failedAttempts, notices, audit, factors, clock });
    let signIns = 0;
    const begin = async () => {
      signIns += 1;
      const boundTo = `sign-in:${signIns}`;
      await mfa.challenges.begin({ userId: user.id, factor: 'temporary-access-pass' }, boundTo, requestContextOf(user));
      return { answer: async (typed: string) => mfa.challenges.answer(boundTo, typed), boundTo };
    };
    return { mfa, user, passes, begin };
  };

  test('signs in once by default, of two at one instant one, and its owner is told of both', async () => {
    const { mfa, user, passes, begin } = await start();
    const { pass, startsAt, endsAt } = await passes.issue(user.id, {}, source);
    expect(endsAt - startsAt).toBe(60 * minute);
    const [first, second, third] = [await begin(), await begin(), await begin()];

    const results = await Promise.all([first.answer(pass), second.answer(pass.toLowerCase().replace('-', ' '))]);

    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await third.answer(pass)).toMatchObject({ ok: false, reason: 'wrong' });
    expect(await mfa.audited('temporary-pass.made')).toMatchObject([{ facts: { note: source.reason } }]);
    const told = (await mfa.audited('notice.sent')).map(({ facts }) => String(facts['notice']));
    expect(told.toSorted()).toEqual(['temporary-pass-made', 'temporary-pass-used']);
  });

  test('that may be used often signs in until it ends', async () => {
    const { user, passes, begin } = await start();
    const { pass } = await passes.issue(user.id, { isReusable: true, lifetime: 10 * minute }, source);
    const late = await begin();
    for (let times = 0; times < 3; times += 1) expect(await (await begin()).answer(pass)).toEqual({ ok: true });
    clock.advance(10 * minute - 1);
    expect(await (await begin()).answer(pass)).toEqual({ ok: true });
    clock.advance(1);
    expect(await late.answer(pass)).toMatchObject({ ok: false });
  });

  test('is refused in the same words when wrong, too early, used, over or replaced', async () => {
    const { user, passes, begin } = await start();
    const early = await passes.issue(user.id, { startsAt: clock() + minute }, source);
    const before = await begin();
    expect(await before.answer('00000-00000')).toEqual(wrong);
    clock.advance(10_000);
    expect(await (await begin()).answer(early.pass)).toEqual(wrong);
    clock.advance(minute);
    expect(await (await begin()).answer(early.pass)).toEqual({ ok: true });

    const replaced = await passes.issue(user.id, {}, source);
    const [used, over] = [await begin(), await begin()];
    const last = await passes.issue(user.id, {}, source);
    expect(await used.answer(replaced.pass)).toEqual(wrong);
    clock.advance(5 * minute);
    expect(await (await begin()).answer(last.pass)).toEqual({ ok: true });
    expect(await over.answer(last.pass)).toEqual(wrong);
  });

  test('leaves nothing readable in the store, and one record', async () => {
    const { mfa, user, passes } = await start();
    await passes.issue(user.id, {}, source);
    const { pass } = await passes.issue(user.id, {}, source);
    const kept = await mfa.collections.authenticators.find({ userId: user.id });
    expect(kept).toHaveLength(1);
    const account = await mfa.users.get(user.id);
    const unsealed = account && (await mfa.stored.of(account));
    expect(unsealed).toHaveLength(1);
    for (const half of pass.split('-')) expect(JSON.stringify([kept, unsealed])).not.toContain(half);
  });
});

test.each([
  ['too short a time', { lifetime: 4 * minute }],
  ['too long a time', { lifetime: 1441 * minute }],
  ['no number of minutes', { lifetime: Number.NaN }],
  ['a period that is over', { startsAt: 0 }],
  ['a start in more than 30 days', { startsAt: Date.now() + 31 * 86_400_000 }],
])('a pass with %s is refused, and none is made', async (_what, terms) => {
  const [memory] = stores;
  if (memory === undefined) throw new Error('there is no store');
  const clock = createClock(Date.now());
  const opened = await memory.open(clock);
  const mfa = createTestMfa(opened, { clock, factors });
  const { user } = await mfa.person('ada', []);
  const { stored: authenticators, failedAttempts, notices, audit } = mfa;
  const passes = new Passes({ authenticators, failedAttempts, notices, audit, factors, clock });
  await expect(passes.issue(user.id, terms, source)).rejects.toMatchObject({ code: 'bad-request' });
  expect(await mfa.collections.authenticators.find({ userId: user.id })).toEqual([]);
});

test('a reason is one line without control characters, and neither empty nor long', () => {
  expect(operatorNote(' lost\n her\tphone\u001b[31m\u202e ')).toBe('lost her phone[31m');
  for (const bad of ['', ' \n ', '\u200b', 'x'.repeat(201)]) expect(() => operatorNote(bad)).toThrow('reason');
});
