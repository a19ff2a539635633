/** Tests limits of sending, carriers that fail, and calls without status callbacks. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Undelivered, type CarrierRefusal } from '../../src/errors.ts';
import { admitSend, afterSend, closed, type CircuitBreaker } from '../../src/mfa/delivery/circuit-breaker.ts';
import { factorsFor } from '../../src/mfa/factors/index.ts';
import { barredBy, takesTexts } from '../../src/mfa/phone-number.ts';
import type { LimitSettings } from '../../src/mfa/limits/settings.ts';
import type { Progress } from '../../src/ports/carriers.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { createTestMfa, createCallChannel, createTextChannel, requestContextOf } from '../support/mfa.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

describe('a carrier that fails five times in a row', () => {
  const fail = (breaker: CircuitBreaker, times: number, at: number): CircuitBreaker =>
    times === 0 ? breaker : fail(afterSend(breaker, 'down', at), times - 1, at);

  it('is not asked for 30 s, then tried by one request at a time until one is accepted', () => {
    expect(admitSend(fail(closed, 4, 1000), 1000)).toBeDefined();
    const open = fail(closed, 5, 1000);
    expect(admitSend(open, 1000)).toBeUndefined();
    expect(admitSend(open, 30_999)).toBeUndefined();
    const trying = admitSend(open, 31_000);
    expect(trying && admitSend(trying, 31_000)).toBeUndefined();
    expect(trying && afterSend(trying, undefined, 31_500)).toEqual(closed);
    const again = trying && afterSend(trying, 'slow', 31_500);
    expect(again && [admitSend(again, 61_499), admitSend(again, 61_500)?.trying]).toEqual([undefined, true]);
  });

  it.each(['refused', 'busy', 'misconfigured', undefined] as const)(
    'the refusal %s does not count as a failure',
    reason => {
      expect(afterSend(fail(closed, 4, 0), reason, 0)).toEqual(closed);
    },
  );
});

describe('barred numbers', () => {
  it.each([
    ['+19005550100', 'premium', 'type'],
    ['+33899123456', 'premium', 'type'],
    ['+18005550100', 'toll-free', 'type'],
    ['+80012345678', 'toll-free, of no country', 'type'],
    ['+448431234567', 'shared cost', 'type'],
    ['+447640123456', 'pager', 'type'],
    ['+447012345678', 'personal', 'type'],
    ['+33806123456', 'a French hotline', 'type'],
    ['+81570123456', 'a Japanese hotline', 'type'],
    ['+97912345678', 'premium, of no country', 'network'],
    ['+881623456789', 'a satellite (Iridium)', 'network'],
    ['+870773111632', 'a satellite (Inmarsat)', 'network'],
    ['+8821671234567', 'a satellite (Thuraya)', 'network'],
    ['+883510012345678', 'a network of no country', 'network'],
    ['+41584622111', 'a desk of a Swiss office', undefined],
    ['+31881234567', 'a desk of a Dutch office', undefined],
    ['+443001234567', 'a desk of a British office', undefined],
    ['+46101234567', 'a desk of a Swedish office', undefined],
    ['+12025550143', 'of one person', undefined],
    ['+4915112345678', 'mobile', undefined],
    ['+4930901820', 'landline', undefined],
  ] as const)('%s (%s) is barred by %s', (number, _what, barred) => {
    expect(barredBy(number)).toBe(barred);
  });

  it('numbers outside the configured countries are barred', () => {
    expect(barredBy('+12025550143', { countries: ['US', 'DE'] })).toBeUndefined();
    expect(barredBy('+33612345678', { countries: ['US', 'DE'] })).toBe('country');
    expect(barredBy('+14165550123', { countries: ['US', 'DE'] })).toBe('country');
  });

  it('numbers that begin with an allowed prefix are not barred, whatever their type or country', () => {
    const reach = { countries: ['DE'], prefixes: ['+8816', '+81570'] };
    for (const allowed of ['+881623456789', '+81570123456', '+4915112345678'])
      expect([allowed, barredBy(allowed, reach)]).toEqual([allowed, undefined]);
    expect([barredBy('+870773111632', reach), barredBy('+33612345678', reach)]).toEqual(['network', 'country']);
  });

  it('landlines are barred for texts', () => {
    expect([takesTexts('+4930901820'), takesTexts('+4915112345678'), takesTexts('+12025550143')]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe.each(stores)('sending on $name', stored => {
  let clock: TestClock;
  let store: OpenStore;
  let telephone: ReturnType<typeof createCallChannel>;
  let texts: ReturnType<typeof createTextChannel>;
  let mfa: ReturnType<typeof createTestMfa>;
  /** The state of the call that the carrier reports when it is polled. */
  let going: () => Promise<Progress>;
  let looked: string[];

  const open = (limits: Partial<LimitSettings> = {}, countries?: readonly string[]) => {
    const wish = countries === undefined ? {} : { reach: { countries } };
    const factors = factorsFor({ callAnswer: 'key', ...wish });
    mfa = createTestMfa(store, { clock, factors, channels: [telephone, texts], limits, ...wish });
  };
  beforeEach(async () => {
    clock = createClock();
    store = await stored.open(clock);
    looked = [];
    going = async () => ({ step: 'dialled' });
    telephone = createCallChannel(async reference => {
      looked.push(reference);
      return going();
    });
    texts = createTextChannel();
    open();
  });
  afterEach(async () => store.close());

  const person = async (name: string, phones: readonly { number: string; extension?: string }[]) => {
    const { user, bound } = await mfa.person(
      name,
      phones.map(data => ({ type: 'phone', data })),
    );
    const begin = async (factor: string, boundTo: string, at = 0) => {
      const asked = { userId: user.id, factor, chosen: bound[at]?.id ?? '' };
      const { view } = await mfa.challenges.begin(asked, boundTo, requestContextOf(user));
      return view;
    };
    const enrol = async (input: string, boundTo: string, factor = 'sms') =>
      (await mfa.enrollments.begin({ userId: user.id, factor, input }, boundTo, requestContextOf(user))).view;
    return { user, begin, enrol };
  };
  const lastCall = () => ({ token: telephone.sent.at(-1)?.token ?? '', reference: `CA${telephone.sent.length}` });
  const pass = async (by: number): Promise<void> => {
    clock.advance(by);
    await clock.fired();
  };
  const tell = async (progress: Progress) => mfa.messageStatus.report(lastCall().token, progress, lastCall().reference);

  it('counts per number with its extension, and 60 an hour for a switchboard', async () => {
    open({ sendsPerAccountAndHour: 10_000 });
    const extensions = Array.from({ length: 13 }, (_, at) => ({ number: '+12025550150', extension: `${400 + at}` }));
    const { begin } = await person('ada', extensions);
    const reasons: string[] = [];
    for (const at of extensions.keys()) {
      for (let call = 0; call < 5; call += 1) {
        const view = await begin('call', `${at}:${call}`, at);
        reasons.push(view.reason ?? 'called');
        if (view.phase === 'pending') await tell({ step: 'ended', reason: 'no-answer' });
      }
    }
    expect(reasons.indexOf('send-limit')).toBe(60);
    expect(telephone.sent).toHaveLength(60);
    clock.advance(3_600_000);
    expect((await begin('call', 'one more', 12)).phase).toBe('pending');
  });

  it('allows ten unanswered messages an hour to a block of numbers; answered and refused ones are not counted', async () => {
    const all = Array.from({ length: 12 }, (_, at) => `+1202555${String(1000 + at)}`);
    const people = await Promise.all(all.map(async (number, at) => person(`person ${at}`, [{ number }])));
    const [first] = people;
    for (let answered = 0; answered < 3; answered += 1) {
      await first?.begin('sms', `answered ${answered}`);
      const code = /\d{6}/.exec(texts.sent.at(-1)?.text ?? '')?.[0] ?? '';
      expect(await mfa.challenges.answer(`answered ${answered}`, code)).toEqual({ ok: true });
    }
    // One account exceeds its own limit: its refused messages are not counted for its block of numbers.
    for (let tried = 0; tried < 20; tried += 1) await first?.begin('sms', `tried ${tried}`);
    expect(texts.sent).toHaveLength(3 + 5);
    const views = [];
    for (const { begin } of people.slice(1)) views.push(await begin('sms', `block ${views.length}`));
    expect(views.filter(({ phase }) => phase === 'pending')).toHaveLength(5);
    expect(views.at(-1)).toMatchObject({ phase: 'ended', reason: 'send-limit' });
    const elsewhere = await person('eve', [{ number: '+14155551000' }]);
    expect((await elsewhere.begin('sms', 'elsewhere')).phase).toBe('pending');
  });

  it('tells until when the hour or the day of a limit lasts, and sends again from then on', async () => {
    const { begin } = await person('ada', [{ number: '+12025550143' }]);
    const start = clock();
    const day = 24 * 3_600_000;
    let asked = 0;
    const ask = async () => begin('sms', `asked ${(asked += 1)}`);
    for (let sent = 0; sent < 5; sent += 1) {
      expect(await ask()).toMatchObject({ phase: 'pending' });
      clock.advance(60_000);
    }
    const limited = await ask();
    expect(limited).toMatchObject({ phase: 'ended', reason: 'send-limit', waitUntil: start + 3_600_000 });
    // Later refusals do not move the end.
    clock.advance(3_600_000 - 5 * 60_000 - 1);
    expect(await ask()).toMatchObject({ reason: 'send-limit', waitUntil: start + 3_600_000 });
    clock.advance(1);
    for (let sent = 0; sent < 5; sent += 1) expect(await ask()).toMatchObject({ phase: 'pending' });
    // Hour and day are used up now: the longer wait is told.
    const dayEnd = (Math.floor(start / day) + 1) * day;
    expect(await ask()).toMatchObject({ reason: 'send-limit', waitUntil: dayEnd });
    clock.advance(dayEnd - clock());
    expect(await ask()).toMatchObject({ phase: 'pending' });
  });

  it('counts messages for binding and for signing in separately', async () => {
    const { begin, enrol } = await person('ada', [{ number: '+12025550143' }]);
    for (let at = 0; at < 7; at += 1) await enrol('+12025550199', `bind ${at}`);
    expect(texts.sent).toHaveLength(5);
    for (let at = 0; at < 7; at += 1) await enrol(`+1415555100${at}`, `bind other ${at}`);
    expect(texts.sent).toHaveLength(10);
    expect(await enrol('+16175551000', 'bind more')).toMatchObject({ phase: 'ended', reason: 'send-limit' });
    for (let at = 0; at < 7; at += 1) await begin('sms', `in ${at}`);
    expect(texts.sent).toHaveLength(15);
    const other = await person('grace', [{ number: '+12025550199' }]);
    expect((await other.begin('sms', 'grace')).phase).toBe('pending');
  });

  it.each([
    ['refused', 'number-refused', true],
    ['busy', 'carrier-busy', false],
    ['down', 'undeliverable', false],
    ['misconfigured', 'undeliverable', false],
    ['slow', 'slow', true],
  ] as const)('with the carrier refusal %s ends as %s, counted: %s', async (refusal, reason, counted) => {
    const { begin } = await person('ada', [{ number: '+12025550143' }]);
    telephone.onSend = async () => Promise.reject(new Undelivered(refusal satisfies CarrierRefusal, 'not now'));
    expect(await begin('call', 'uid')).toMatchObject({ phase: 'ended', reason });
    expect(telephone.sent).toHaveLength(1);
    expect(await mfa.dailySends.find({})).toMatchObject([{ spent: counted ? 1 : 0, sent: counted ? 1 : 0 }]);
    expect(await mfa.audited('challenge.refused')).toMatchObject([{ facts: { reason: reason } }]);
  });

  it('starts no other call while a call with a late reply may ring, and that call cannot approve', async () => {
    const { begin } = await person('ada', [{ number: '+12025550143' }]);
    telephone.onSend = async () => Promise.reject(new Undelivered('slow', 'no answer in time'));
    expect(await begin('call', 'slow')).toMatchObject({ phase: 'ended', reason: 'slow' });
    const late = { ...lastCall(), keys: '#', by: 'human' as const };
    telephone.onSend = async () => {};
    expect(await begin('call', 'second')).toMatchObject({ phase: 'ended', reason: 'elsewhere' });
    expect(await begin('sms', 'by text')).toMatchObject({ phase: 'pending' });
    expect((await mfa.hear({ ...late, keys: '' })).result).toMatchObject({
      reason: 'over',
      ended: 'slow',
    });
    expect((await mfa.hear(late)).result).toMatchObject({ reason: 'over', ended: 'slow' });
    expect(await mfa.challenges.redeem('slow')).toBeUndefined();
    await mfa.messageStatus.report(late.token, { step: 'ended', reason: 'completed' }, late.reference);
    expect(await begin('call', 'third')).toMatchObject({ phase: 'pending' });
  });

  it('starts another call after the time of an unreported slow call', async () => {
    const { begin } = await person('ada', [{ number: '+12025550143' }]);
    telephone.onSend = async () => Promise.reject(new Undelivered('slow', 'no answer in time'));
    await begin('call', 'slow');
    telephone.onSend = async () => {};
    clock.advance(50_000);
    expect(await begin('call', 'second')).toMatchObject({ reason: 'elsewhere' });
    clock.advance(1);
    expect(await begin('call', 'third')).toMatchObject({ phase: 'pending' });
  });

  it('does not ask a failing carrier a sixth time, separately for each channel', async () => {
    const { begin } = await person('ada', [{ number: '+12025550143' }]);
    telephone.onSend = async () => Promise.reject(new Undelivered('down', 'nobody there'));
    for (let at = 0; at < 8; at += 1) expect(await begin('call', `${at}`)).toMatchObject({ reason: 'undeliverable' });
    expect(telephone.sent).toHaveLength(5);
    expect((await begin('sms', 'text')).phase).toBe('pending');
    telephone.onSend = async () => {};
    clock.advance(30_000);
    expect((await begin('call', 'again')).phase).toBe('pending');
  });

  it('refuses a number of another country at enrolment and at send, with the reason', async () => {
    const { begin, enrol } = await person('ada', [{ number: '+33612345678' }]);
    open({}, ['US']);
    await expect(enrol('+33612345679', 'enroll', 'call')).rejects.toMatchObject({
      code: 'bad-request',
      message: expect.stringContaining('country'),
    });
    expect(await begin('call', 'uid')).toMatchObject({ phase: 'ended', reason: 'number-refused' });
    expect([telephone.sent, texts.sent]).toEqual([[], []]);
  });

  it.each([
    ['call', '+1 900 555 0100', 'bad-request'],
    ['sms', '+1 900 555 0100', 'bad-request'],
    ['spoken', '+1 900 555 0100', 'bad-request'],
    ['call', '+49 30 901820', 'pending'],
    ['sms', '+49 30 901820', 'bad-request'],
    ['spoken', '+49 30 901820', 'pending'],
    ['sms', '+1 202 555 0150 x421', 'bad-request'],
    ['spoken', '+1 202 555 0150 x421', 'pending'],
  ])('binding by %s the number %s is %s', async (factor, number, outcome) => {
    const { enrol } = await person('ada', []);
    const made = await enrol(number, 'enroll', factor).then(
      ({ phase }) => phase,
      (error: { readonly code: string }) => error.code,
    );
    expect(made).toBe(outcome);
    expect(telephone.sent.length + texts.sent.length).toBe(outcome === 'pending' ? 1 : 0);
  });

  it('allows one call and one text of an account at once, each for its own challenge', async () => {
    const { begin } = await person('ada', [{ number: '+12025550143' }]);
    const [call, text] = await Promise.all([begin('call', 'one'), begin('sms', 'two')]);
    expect([call.phase, text.phase]).toEqual(['pending', 'pending']);
    const code = /\d{6}/.exec(texts.sent[0]?.text ?? '')?.[0] ?? '';
    const [pressed, typed] = await Promise.all([
      mfa.hear({ ...lastCall(), keys: '#', by: 'human' }),
      mfa.challenges.answer('two', code),
    ]);
    expect([pressed.result, typed]).toEqual([{ ok: true }, { ok: true }]);
    const proofs = await Promise.all([mfa.challenges.redeem('one'), mfa.challenges.redeem('two')]);
    expect(proofs.map(proof => proof?.factor)).toEqual(['call', 'sms']);
  });

  it('allows another call after a dictated code was heard', async () => {
    const { begin } = await person('ada', [{ number: '+12025550143' }]);
    await begin('spoken', 'one');
    await mfa.hear({ ...lastCall(), keys: '', by: 'human' });
    await mfa.hear({ ...lastCall(), keys: '#', by: 'human' });
    expect(await begin('call', 'two')).toMatchObject({ reason: 'elsewhere' });
    await tell({ step: 'ended', reason: 'completed' });
    expect(await begin('call', 'three')).toMatchObject({ phase: 'pending' });
    expect(await mfa.challenges.current('one')).toMatchObject({ phase: 'pending' });
  });

  describe('a call without status callbacks', () => {
    it('is polled 2, 5 and 10 s after the last news and then every 10 s, and news restarts the intervals', async () => {
      const { begin } = await person('ada', [{ number: '+12025550143' }]);
      await begin('call', 'uid');
      const asked = async (by: number) => {
        await pass(by);
        return looked.length;
      };
      expect([await asked(1999), await asked(1), await asked(2999), await asked(1), await asked(5000)]).toEqual([
        0, 1, 1, 2, 3,
      ]);
      expect([await asked(9999), await asked(1), await asked(10_000), clock.waiting()]).toEqual([3, 4, 5, 1]);
      await tell({ step: 'ringing' });
      going = async () => ({ step: 'answered' });
      expect(await asked(2000)).toBe(6);
      expect(await mfa.challenges.current('uid')).toMatchObject({ progress: 'answered' });
      going = async () => ({ step: 'ended', reason: 'completed' });
      expect(await asked(2000)).toBe(7);
      expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'ended', reason: 'unheard' });
      expect([await asked(60_000), clock.waiting()]).toEqual([7, 0]);
      expect(new Set(looked)).toEqual(new Set(['CA1']));
    });

    it('is not polled once it is answered, cancelled, expired or the process ends; texts never are', async () => {
      const { begin } = await person('ada', [{ number: '+12025550143' }]);
      await begin('sms', 'text');
      expect(clock.waiting()).toBe(0);
      await begin('call', 'answered');
      expect(clock.waiting()).toBe(1);
      await mfa.hear({ ...lastCall(), keys: '#', by: 'human' });
      expect(clock.waiting()).toBe(0);
      await begin('call', 'cancelled');
      await mfa.challenges.cancel('cancelled');
      expect(clock.waiting()).toBe(0);
      await begin('call', 'late');
      clock.advance(1000);
      await pass(60_000);
      expect([clock.waiting(), looked]).toEqual([0, []]);
      await begin('call', 'nearly over');
      await pass(48_500);
      await tell({ step: 'ended', reason: 'no-answer' });
      expect(clock.waiting()).toBe(0);
      await begin('call', 'drained');
      mfa.statusPoller.close();
      await tell({ step: 'ringing' });
      expect(clock.waiting()).toBe(0);
    });

    it('keeps its state and deadline if the carrier cannot be polled', async () => {
      const { begin } = await person('ada', [{ number: '+12025550143' }]);
      going = async () => Promise.reject(new Undelivered('down', 'nobody there'));
      await begin('call', 'uid');
      for (const by of [2000, 3000, 5000, 39_999]) await pass(by);
      expect(looked).toHaveLength(4);
      expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'pending' });
      await pass(2);
      expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'ended', reason: 'no-answer' });
    });

    it('is polled to the end of its time, so that a late hang-up is seen', async () => {
      const { begin } = await person('ada', [{ number: '+12025550143' }]);
      await begin('call', 'uid');
      await mfa.hear({ ...lastCall(), keys: '' });
      going = async () => ({ step: 'answered' });
      for (let seconds = 0; seconds < 40; seconds += 1) await pass(1000);
      going = async () => ({ step: 'ended', reason: 'completed' });
      for (let seconds = 0; seconds < 10; seconds += 1) await pass(1000);
      expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'ended', reason: 'silence' });
    });

    it.each(['the process that began it', 'another process, after a restart'])(
      'is ended at the carrier when its time is over, by %s',
      async which => {
        const { begin } = await person('ada', [{ number: '+12025550143' }]);
        going = async () => ({ step: 'answered' });
        await begin('call', 'uid');
        let hears = mfa;
        if (which.includes('restart')) {
          mfa.statusPoller.close();
          const factors = factorsFor({ callAnswer: 'key' });
          hears = createTestMfa(await store.reopen(), { clock, factors, channels: [telephone, texts] });
        }
        await hears.hear({ ...lastCall(), keys: '' });
        for (let seconds = 0; seconds < 60; seconds += 1) await pass(1000);
        expect(telephone.cancelled).toEqual([]);
        await pass(1);
        expect(telephone.cancelled).toEqual(['CA1']);
        expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'ended', reason: 'silence' });
        expect(clock.waiting()).toBe(0);
      },
    );

    it('that nobody picks up is ended at the carrier when its time to ring is over', async () => {
      const { begin } = await person('ada', [{ number: '+12025550143' }]);
      going = async () => ({ step: 'ringing' });
      for (const factor of ['call', 'spoken']) {
        await begin(factor, factor);
        for (let seconds = 0; seconds < 50; seconds += 1) await pass(1000);
        await pass(1);
      }
      expect(telephone.cancelled).toEqual(['CA1', 'CA2']);
    });

    it('ends once, by a callback or by polling', async () => {
      const { begin } = await person('ada', [{ number: '+12025550143' }]);
      going = async () => ({ step: 'ended', reason: 'busy' });
      for (let round = 0; round < 4; round += 1) {
        const before = (await mfa.audited('challenge.ended')).length;
        await begin('call', `uid ${round}`);
        clock.advance(2000);
        await Promise.all([clock.fired(), tell({ step: 'ended', reason: 'busy' }), tell({ step: 'ringing' })]);
        expect(await mfa.challenges.current(`uid ${round}`)).toMatchObject({ phase: 'ended', reason: 'busy' });
        expect((await mfa.audited('challenge.ended')).length - before).toBe(1);
      }
      going = async () => ({ step: 'ended', reason: 'completed' });
      await begin('call', 'pressed');
      clock.advance(2000);
      const [{ result }] = await Promise.all([mfa.hear({ ...lastCall(), keys: '#', by: 'human' }), clock.fired()]);
      const proof = await mfa.challenges.redeem('pressed');
      expect(proof !== undefined).toBe(result.ok);
    });

    it('is not polled if another node has received news of it', async () => {
      const { begin } = await person('ada', [{ number: '+12025550143' }]);
      await begin('call', 'uid');
      const channels = [createCallChannel(), texts];
      const other = createTestMfa(await store.reopen(), {
        clock,
        factors: factorsFor({ callAnswer: 'key' }),
        channels,
      });
      clock.advance(1500);
      await other.messageStatus.report(lastCall().token, { step: 'ringing' }, 'CA1');
      await pass(500);
      expect(looked).toEqual([]);
      await pass(1499);
      expect(looked).toEqual([]);
      await pass(1);
      expect(looked).toEqual(['CA1']);
    });
  });
});
