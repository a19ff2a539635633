/**
 * A15. A code can be texted to a telephone or dictated in a call. An attacker with the password guesses at both, so that
 * each way has a counter of its own and the telephone takes twice as many guesses as the limit allows. So guesses are
 * counted per account and authenticator, whichever way the code took (NIST SP 800-63B-4 §3.2.2). A count that an earlier
 * version stored per factor goes on.
 * Guards: `src/mfa/limits/failed-attempts.ts#guessTarget`, `src/mfa/limits/failed-attempts.ts#formerFactors`,
 * `src/mfa/challenge/dispatch.ts#disabled`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Factor } from '../../src/mfa/factor.ts';
import { factorsFor } from '../../src/mfa/factors/index.ts';
import { createCallChannel, createTestMfa, createTextChannel, requestContextOf } from '../support/mfa.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const waited = 3_600_000;
const mobile = '+12025550143';

describe.each(stores)('A15 on $name', openable => {
  let clock: TestClock;
  let store: OpenStore;
  let compared: number;
  let texts: ReturnType<typeof createTextChannel>;
  let telephone: ReturnType<typeof createCallChannel>;
  let mfa: ReturnType<typeof createTestMfa>;
  let second: ReturnType<typeof createTestMfa>;

  const counted = (factor: Factor): Factor => ({
    ...factor,
    challenge: {
      ...factor.challenge,
      async finish(...given) {
        compared += 1;
        return factor.challenge.finish(...given);
      },
    },
  });

  beforeEach(async () => {
    clock = createClock();
    store = await openable.open(clock);
    compared = 0;
    texts = createTextChannel();
    telephone = createCallChannel();
    const limits = { sendsPerNumberAndHour: 1000, sendsPerNumberAndDay: 1000, sendsPerAccountAndHour: 1000 };
    const factors = factorsFor({ callAnswer: 'key' }).map(counted);
    const options = { clock, factors, channels: [texts, telephone], limits };
    mfa = createTestMfa(store, options);
    second = createTestMfa(await store.reopen(), options);
  });
  afterEach(() => store.close());

  const ada = async (...numbers: readonly string[]) => {
    const phones = (numbers.length === 0 ? [mobile] : numbers).map(number => ({ type: 'phone', data: { number } }));
    const { user, bound } = await mfa.person('ada', phones);
    const begin = async (factor: string, boundTo: string, at = 0) =>
      mfa.challenges.begin({ userId: user.id, factor, chosen: bound[at]?.id ?? '' }, boundTo, requestContextOf(user));
    /** One guess in a sign-in of its own, after the longest wait. */
    const guess = async (factor: string, code = '000000', at = 0) => {
      clock.advance(waited);
      await begin(factor, `${factor} at ${clock()}`, at);
      return mfa.challenges.answer(`${factor} at ${clock()}`, code);
    };
    const count = async (at = 0) => (await mfa.records.get(`${user.id}:${bound[at]?.id ?? ''}`))?.count;
    /** The first phone got this many wrong codes before. */
    const had = async (wrong: number) =>
      mfa.records.insert({ id: `${user.id}:${bound[0]?.id ?? ''}`, rev: 1, count: wrong, notBefore: 0 });
    return { user, bound, begin, guess, count, had };
  };
  const lastCode = (): string => /\d{6}/.exec(texts.sent.at(-1)?.text ?? '')?.[0] ?? '';

  test('A15 a wrong texted and a wrong dictated code to one phone count together, and a right one clears both', async () => {
    const { user, begin, guess, count } = await ada();
    await begin('sms', 'legitimate');
    expect(await mfa.challenges.answer('legitimate', lastCode())).toEqual({ ok: true });
    expect(await count()).toBe(0);

    for (const [at, factor] of ['sms', 'spoken', 'sms', 'spoken'].entries()) {
      expect(await guess(factor)).toMatchObject({ ok: false, reason: 'wrong' });
      expect(await count()).toBe(at + 1);
    }
    await begin('sms', 'at once');
    expect(await mfa.challenges.answer('at once', lastCode())).toMatchObject({ ok: false, reason: 'wait' });
    const audited = await mfa.audited('challenge.answered');
    expect(audited.map(({ subject, outcome, facts }) => [subject, outcome, facts['count']])).toEqual([
      ...[1, 2, 3, 4].map(failures => [user.id, 'failure', failures]),
      [user.id, 'refused', undefined],
    ]);
    clock.advance(waited);
    await begin('sms', 'in time');
    expect(await mfa.challenges.answer('in time', lastCode())).toEqual({ ok: true });
    expect(await count()).toBe(0);
  });

  test('A15 three of two hundred parallel guesses are compared, spread over both ways to one phone and two nodes', async () => {
    const { begin, count } = await ada();
    await begin('sms', 'by text');
    await begin('spoken', 'by call');

    await Promise.all(
      Array.from({ length: 200 }, (_, at) => {
        const { challenges } = at % 2 === 0 ? mfa : second;
        return challenges.answer(at % 4 < 2 ? 'by text' : 'by call', String(100_000 + at));
      }),
    );

    expect(compared).toBe(3);
    expect(await count()).toBe(3);
  });

  test('A15 the fiftieth guess disables codes to the phone by either way, sends none, and leaves its call with # alone', async () => {
    const { bound, begin, guess, had } = await ada();
    await had(47);
    for (const factor of ['sms', 'spoken', 'sms']) expect(await guess(factor)).toMatchObject({ reason: 'wrong' });
    expect((await mfa.audited('factor.disabled')).map(({ facts }) => facts)).toMatchObject([
      { factor: 'sms', authenticator: bound[0]?.id },
    ]);
    const sent = texts.sent.length + telephone.sent.length;

    for (const factor of ['sms', 'spoken']) {
      clock.advance(waited);
      const { view } = await begin(factor, factor);
      expect(view).toMatchObject({ phase: 'ended', reason: 'disabled' });
      expect(await mfa.challenges.answer(factor, '000000')).toMatchObject({ ok: false });
    }

    expect([compared, texts.sent.length + telephone.sent.length]).toEqual([3, sent]);
    expect((await mfa.audited('challenge.refused')).map(({ facts }) => facts['reason'])).toEqual([
      'disabled',
      'disabled',
    ]);
    // Nobody can guess at a call: the phone itself answers it.
    clock.advance(waited);
    await begin('call', 'by #');
    const [{ token = '' } = {}, reference] = [telephone.sent.at(-1), `CA${telephone.sent.length}`];
    await mfa.press(token, '', reference);
    expect(await mfa.press(token, '#', reference)).toEqual({ ok: true });
  });

  test('A15 a count that an earlier version stored per factor goes on, and is not lowered', async () => {
    const { user, bound, begin, guess, count } = await ada();
    const until = clock() + 2 * waited;
    await mfa.records.insert({ id: `${user.id}:sms`, rev: 1, count: 30, notBefore: until });
    await mfa.records.insert({ id: `${user.id}:spoken`, rev: 1, count: 18, notBefore: 0 });
    expect(await guess('spoken')).toMatchObject({ ok: false, reason: 'wait', until });
    clock.advance(waited);
    expect(await guess('sms')).toMatchObject({ ok: false, reason: 'wrong' });
    expect(await count()).toBe(49);
    expect(await guess('spoken')).toMatchObject({ ok: false, reason: 'wrong' });
    expect(await mfa.audited('factor.disabled')).toHaveLength(1);
    expect((await begin('sms', 'later')).view).toMatchObject({ phase: 'ended', reason: 'disabled' });

    // Without one guess since, too.
    const noor = await mfa.person('noor', [{ type: 'phone', data: { number: '+12025550144' } }]);
    await mfa.records.insert({ id: `${noor.user.id}:spoken`, rev: 1, count: 50, notBefore: 0 });
    const asked = { userId: noor.user.id, factor: 'sms', chosen: noor.bound[0]?.id ?? '' };
    const { view } = await mfa.challenges.begin(asked, 'noor', requestContextOf(noor.user));
    expect(view).toMatchObject({ phase: 'ended', reason: 'disabled' });
    expect(bound).toHaveLength(1);
  });

  test('A15 each phone of a person has a count, and a new one starts with none and replaces the disabled one', async () => {
    const { user, bound, begin, guess, count, had } = await ada(mobile, '+12025550144');
    expect(await guess('sms', '000000', 1)).toMatchObject({ reason: 'wrong' });
    expect([await count(0), await count(1)]).toEqual([undefined, 1]);
    // Counted by an earlier version for all phones together: those are not guesses at a phone that is bound later.
    await mfa.records.insert({ id: `${user.id}:spoken`, rev: 1, count: 49, notBefore: 0 });
    await had(49);
    expect(await guess('spoken')).toMatchObject({ reason: 'wrong' });
    expect((await begin('sms', 'disabled')).view).toMatchObject({ phase: 'ended', reason: 'disabled' });
    expect((await begin('sms', 'other', 1)).view).toMatchObject({ phase: 'pending' });

    const enrolling = { userId: user.id, factor: 'sms', input: '+12025550145' };
    await mfa.enrollments.begin(enrolling, 'enrol', requestContextOf(user));
    expect(await mfa.challenges.answer('enrol', lastCode())).toMatchObject({ ok: true });
    const made = await mfa.enrollments.finish('enrol', 'cli');

    expect((await mfa.collections.users.get(user.id))?.authenticators).toEqual([bound[1]?.id, made?.id]);
    expect(await mfa.records.get(`${user.id}:${made?.id ?? ''}`)).toMatchObject({ count: 0 });
    expect(await count(1)).toBe(1);
  });
});
