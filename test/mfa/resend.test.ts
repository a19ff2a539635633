/**
 * Tests resending a text on every store: when, how often, by which request, and the unchanged challenge. Also in
 * parallel.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Undelivered } from '../../src/errors.ts';
import { createSms } from '../../src/mfa/factors/sms.ts';
import type { ResendResult } from '../../src/mfa/challenge/result.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { createTestMfa, createTextChannel, requestContextOf } from '../support/mfa.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const reason = (resent: ResendResult): string => (resent.ok ? 'sent' : resent.reason);

describe.each(stores)('a resent text on $name', stored => {
  let clock: TestClock;
  let store: OpenStore;
  let texts: ReturnType<typeof createTextChannel>;
  let mfa: ReturnType<typeof createTestMfa>;
  const deps = () => ({ clock, factors: [createSms()], channels: [texts] });

  beforeEach(async () => {
    clock = createClock();
    store = await stored.open(clock);
    texts = createTextChannel();
    mfa = createTestMfa(store, deps());
  });
  afterEach(async () => store.close());

  const ada = async () => {
    const { user, bound } = await mfa.person('ada', [{ type: 'phone', data: { number: '+12025550143' } }]);
    const asked = { userId: user.id, factor: 'sms', chosen: bound[0]?.id ?? '' };
    const begin = async (boundTo = 'uid') => mfa.challenges.begin(asked, boundTo, requestContextOf(user));
    return { user, begin };
  };
  const codeOf = (at: number): string => /\d{6}/.exec(texts.sent.at(at)?.text ?? '')?.[0] ?? '';
  const tokenOf = (at: number): string => texts.sent.at(at)?.token ?? '';
  const resend = async () => mfa.resend.resend('uid');

  it('is allowed after 30, 60 and 120 s, three times, with the same code and a new token', async () => {
    const { begin } = await ada();
    const { view } = await begin();
    expect(view.resend).toEqual({ from: clock() + 30_000, left: 3 });
    for (const [at, gap] of [30_000, 60_000, 120_000].entries()) {
      clock.advance(gap - 1);
      expect(await resend()).toEqual({ ok: false, reason: 'wait', until: clock() + 1 });
      clock.advance(1);
      expect(await resend()).toMatchObject({ ok: true, view: { phase: 'pending', resend: { left: 2 - at } } });
    }
    expect(await resend()).toEqual({ ok: false, reason: 'spent' });
    expect(texts.sent).toHaveLength(4);
    expect(new Set(texts.sent.map((_, at) => codeOf(at))).size).toBe(1);
    expect(new Set(texts.sent.map(({ token }) => token)).size).toBe(4);
    expect(await mfa.challenges.current('uid')).toMatchObject({ until: view.until, attemptsLeft: 5 });
    expect(texts.sent.at(-1)?.lifetime).toBe(300_000 - 210_000);
    expect(await mfa.challenges.answer('uid', codeOf(0))).toEqual({ ok: true });
    expect(await mfa.challenges.redeem('uid')).toMatchObject({ amr: ['sms'], acr: 'aal2' });
  });

  it('resets no tries, failed attempts or deadline, and is counted per sign-in', async () => {
    const { begin, user } = await ada();
    await begin();
    for (let guess = 0; guess < 2; guess += 1) await mfa.challenges.answer('uid', '00000' + String(guess));
    clock.advance(30_000);
    expect((await resend()).ok).toBe(true);
    expect(await mfa.challenges.current('uid')).toMatchObject({ attemptsLeft: 3 });
    expect(await mfa.records.get(`${user.id}:${user.authenticators[0] ?? ''}`)).toMatchObject({ count: 2 });
    await mfa.challenges.cancel('uid');
    const { view } = await begin();
    expect(view.resend).toEqual({ from: clock() + 60_000, left: 2 });
    clock.advance(300_001);
    expect(await resend()).toEqual({ ok: false, reason: 'over' });
    expect(await mfa.resend.resend('nobody')).toEqual({ ok: false, reason: 'refused' });
  });

  it('costs no send unit once the code was typed', async () => {
    const { begin } = await ada();
    for (let round = 0; round < 8; round += 1) {
      expect((await begin(`uid ${round}`)).view.phase).toBe('pending');
      clock.advance(30_000);
      expect((await mfa.resend.resend(`uid ${round}`)).ok).toBe(true);
      expect(await mfa.challenges.answer(`uid ${round}`, codeOf(-1))).toEqual({ ok: true });
    }
    const [day] = await mfa.dailySends.find({});
    expect(day).toMatchObject({ spent: 0, sent: 16 });
  });

  it('is sent once for twenty parallel requests on two nodes', async () => {
    const { begin } = await ada();
    const other = createTestMfa(await store.reopen(), deps());
    await begin();
    clock.advance(30_000);
    const resent = await Promise.all(times(20, at => (at % 2 === 0 ? mfa : other).resend.resend('uid')));
    expect(resent.filter(({ ok }) => ok)).toHaveLength(1);
    expect(new Set(resent.filter(({ ok }) => !ok).map(reason))).toEqual(new Set(['wait']));
    expect(texts.sent).toHaveLength(2);
    expect(await mfa.audited('challenge.resent')).toHaveLength(1);
  });

  it('raced with a right answer and a cancellation gives at most one proof and reopens no challenge', async () => {
    const { begin } = await ada();
    for (let round = 0; round < 12; round += 1) {
      const boundTo = `uid ${round}`;
      expect((await begin(boundTo)).view.phase).toBe('pending');
      const code = codeOf(-1);
      clock.advance(30_000);
      const [outcomes] = await Promise.all([
        Promise.all(times(4, () => mfa.challenges.answer(boundTo, code))),
        mfa.resend.resend(boundTo),
        ...(round % 2 === 0 ? [mfa.challenges.cancel(boundTo)] : []),
      ]);
      expect(outcomes.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1);
      const now = await mfa.challenges.current(boundTo);
      const proof = await mfa.challenges.redeem(boundTo);
      expect({ proof: proof !== undefined, phase: now?.phase }).toEqual({
        proof: now?.phase === 'passed',
        phase: now?.phase === 'passed' ? 'passed' : 'ended',
      });
      expect(await mfa.challenges.answer(boundTo, code)).toMatchObject({ ok: false, reason: 'over' });
      // The messages of a cancelled sign-in stay counted. A day later the limit is free again.
      clock.advance(86_400_000);
    }
  });

  it.each([
    ['refused', 'number-refused'],
    ['busy', 'carrier-busy'],
    ['slow', 'slow'],
    ['down', 'undeliverable'],
    ['misconfigured', 'undeliverable'],
  ] as const)('refused by the carrier (%s) leaves the first text valid', async (refusal, told) => {
    const { begin } = await ada();
    await begin();
    await mfa.messageStatus.report(tokenOf(0), { step: 'delivered' }, 'SM1');
    clock.advance(30_000);
    texts.onSend = async () => Promise.reject(new Undelivered(refusal, 'not now'));
    expect(await resend()).toEqual({ ok: false, reason: told });
    expect(await mfa.challenges.current('uid')).toMatchObject({
      phase: 'pending',
      resend: { left: 2 },
      ...(refusal !== 'slow' && { progress: 'delivered' }),
    });
    expect(await mfa.audited('challenge.refused')).toMatchObject([{ facts: { reason: told } }]);
    expect(await mfa.challenges.answer('uid', codeOf(0))).toEqual({ ok: true });
  });

  it('is stopped by the limit of its number, and the challenge stays valid', async () => {
    const { begin } = await ada();
    for (let before = 0; before < 4; before += 1) {
      await begin(`before ${before}`);
      await mfa.challenges.cancel(`before ${before}`);
    }
    await begin();
    clock.advance(30_000);
    expect(await resend()).toEqual({ ok: false, reason: 'send-limit' });
    expect(texts.sent).toHaveLength(5);
    expect(await mfa.challenges.answer('uid', codeOf(-1))).toEqual({ ok: true });
  });

  it('shows the status of the newest text only and ignores that of an older one', async () => {
    const { begin } = await ada();
    await begin();
    clock.advance(30_000);
    await resend();
    expect(await mfa.messageStatus.report(tokenOf(0), { step: 'undelivered' }, 'SM1')).toBe(true);
    expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'pending', progress: 'sent' });
    expect(await mfa.audited('challenge.undelivered')).toEqual([]);
    expect(await mfa.messageStatus.report(tokenOf(1), { step: 'undelivered' }, 'SM2')).toBe(true);
    expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'pending', progress: 'undelivered' });
    expect(await mfa.audited('challenge.undelivered')).toMatchObject([{ facts: { factor: 'sms', via: 'sms' } }]);
    expect(await mfa.messageStatus.report(tokenOf(1), { step: 'delivered' }, 'SM-other')).toBe(false);
    expect(await mfa.messageStatus.report('no such token', { step: 'delivered' }, 'SM2')).toBe(false);
    expect(await mfa.challenges.answer('uid', codeOf(1))).toEqual({ ok: true });
  });

  it('with delivered and undelivered at once has one final status and one audit record', async () => {
    const { begin } = await ada();
    for (let round = 0; round < 5; round += 1) {
      const before = (await mfa.audited('challenge.undelivered')).length;
      await begin(`uid ${round}`);
      const told = (['sent', 'delivered', 'undelivered', 'delivered', 'undelivered'] as const).map(step =>
        mfa.messageStatus.report(tokenOf(-1), { step }, `SM${texts.sent.length}`),
      );
      expect(await Promise.all(told)).toEqual([true, true, true, true, true]);
      expect(await mfa.challenges.current(`uid ${round}`)).toMatchObject({
        phase: 'pending',
        progress: 'undelivered',
      });
      expect((await mfa.audited('challenge.undelivered')).length - before).toBe(1);
      await mfa.challenges.answer(`uid ${round}`, codeOf(-1));
    }
  });
});
