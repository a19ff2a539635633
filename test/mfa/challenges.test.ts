/**
 * Tests the life of a challenge over every store, without HTTP: who may answer, how often, how long, and which caller
 * wins.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keys } from '../../src/mfa/challenge-state/keys.ts';
import type { ChallengeView } from '../../src/mfa/challenge-state/view.ts';
import { createCall } from '../../src/mfa/factors/call.ts';
import type { Json } from '../../src/ports/stores.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { createTestMfa, createCallChannel, createWordFactor, requestContextOf } from '../support/mfa.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe.each(stores)('challenges on $name', stored => {
  let clock: TestClock;
  let store: OpenStore;
  let words: ReturnType<typeof createWordFactor>;
  let telephone: ReturnType<typeof createCallChannel>;
  let mfa: ReturnType<typeof createTestMfa>;

  beforeEach(async () => {
    clock = createClock();
    store = await stored.open(clock);
    words = createWordFactor();
    telephone = createCallChannel();
    mfa = createTestMfa(store, { clock, factors: [words, createCall('key')], channels: [telephone] });
  });
  afterEach(async () => store.close());

  const ada = async () => {
    const { user, bound } = await mfa.person('ada', [
      { type: 'word', data: { word: 'open', used: 0 } },
      { type: 'phone', data: { number: '+12025550143' } },
    ]);
    const [, phone] = bound;
    if (phone === undefined) throw new Error('no phone');
    return {
      user,
      request: requestContextOf(user),
      word: { userId: user.id, factor: 'word' },
      phone: { userId: user.id, factor: 'call', chosen: phone.id },
    };
  };
  const lastToken = (): string => telephone.sent.at(-1)?.token ?? '';

  it('a challenge goes from pending to passed to redeemed and gives one proof', async () => {
    const { word, request, user } = await ada();
    expect(await mfa.challenges.begin(word, 'uid', request)).toMatchObject({
      isNew: true,
      view: { phase: 'pending', attemptsLeft: 5 },
    });
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
    expect(await mfa.challenges.answer('uid', 'open')).toEqual({ ok: true });
    expect(await mfa.challenges.redeem('uid')).toEqual({
      userId: user.id,
      factor: 'word',
      authenticator: user.authenticators[0],
      amr: ['otp'],
      acr: 'aal2',
      at: clock(),
    });
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
    expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'redeemed' });
  });

  it('a browser proves what it answers itself: neither a call, nor a method that is being bound', async () => {
    const { word, phone, request, user } = await ada();
    const prove = async (boundTo: string, answer: string) => {
      const record = await mfa.ephemeral.get(mfa.challenges.keyOf(boundTo));
      if (record === undefined) throw new Error(`${boundTo} has no challenge`);
      const known = { user, stored: await mfa.stored.of(user), challenge: await mfa.challenges.load(record) };
      return mfa.challenges.prove(boundTo, answer, known);
    };
    await mfa.challenges.begin(phone, 'calling', request);
    expect(await prove('calling', '#')).toMatchObject({ ok: false, reason: 'refused' });
    await mfa.enrollments.begin(word, 'binding', request);
    expect(await prove('binding', 'open')).toMatchObject({ ok: false, reason: 'refused' });
    await mfa.challenges.begin(word, 'typing', request);
    expect(await prove('typing', 'open')).toMatchObject({ ok: true, proof: { factor: 'word' } });
  });

  it('one of 16 parallel redeems gets the proof', async () => {
    const { word, request } = await ada();
    await mfa.challenges.begin(word, 'uid', request);
    await mfa.challenges.answer('uid', 'open');
    const proofs = await Promise.all(times(16, () => mfa.challenges.redeem('uid')));
    expect(proofs.filter(proof => proof !== undefined)).toHaveLength(1);
  });

  it('one of 16 parallel right answers on two nodes passes', async () => {
    const { word, request } = await ada();
    const other = createTestMfa(await store.reopen(), {
      clock,
      factors: [words, createCall('key')],
      channels: [telephone],
    });
    await mfa.challenges.begin(word, 'uid', request);
    const outcomes = await Promise.all(times(16, index => (index % 2 ? mfa : other).challenges.answer('uid', 'open')));
    expect(outcomes.filter(outcome => outcome.ok)).toHaveLength(1);
    expect(await mfa.audited('challenge.passed')).toHaveLength(1);
  });

  it('at most three of 200 parallel wrong answers are compared, and no further one before the wait is over', async () => {
    const { word, request } = await ada();
    await mfa.challenges.begin(word, 'uid', request);
    const outcomes = await Promise.all(times(200, index => mfa.challenges.answer('uid', `wrong ${index}`)));
    expect(words.compared).toBeLessThanOrEqual(3);
    expect(outcomes.filter(outcome => !outcome.ok && outcome.reason === 'wrong')).toHaveLength(words.compared);
    expect(await mfa.challenges.answer('uid', 'open')).toMatchObject({ ok: false });
    expect(words.compared).toBeLessThanOrEqual(3);
  });

  it('at most five of 200 parallel wrong answers are compared where a method is bound, on two nodes', async () => {
    const { word, request } = await ada();
    let compared = 0;
    const strict = {
      ...words,
      enroll: {
        ...words.enroll,
        async finish(answer: Json) {
          compared += 1;
          return answer === 'open'
            ? ({ ok: true, label: 'Word', data: { word: 'open', used: 0 }, amr: ['otp'], acr: 'aal2' } as const)
            : ({ ok: false, reason: 'wrong' } as const);
        },
      },
    };
    const [one, other] = [store, await store.reopen()].map(node => createTestMfa(node, { clock, factors: [strict] }));
    if (one === undefined || other === undefined) throw new Error('no nodes');
    await one.enrollments.begin(word, 'honest', request);
    expect(await one.challenges.answer('honest', 'open')).toEqual({ ok: true, enrolls: true });
    expect(await one.enrollments.finish('honest', 'cli')).toMatchObject({ label: 'Word' });

    compared = 0;
    await one.enrollments.begin(word, 'guessed', request);
    await Promise.all(times(200, async at => (at % 2 === 0 ? one : other).challenges.answer('guessed', `wrong ${at}`)));
    expect(compared).toBe(5);
    expect(await one.challenges.answer('guessed', 'open')).toMatchObject({ ok: false, reason: 'over' });
    expect(await one.enrollments.finish('guessed', 'cli')).toBeUndefined();
    expect(await mfa.audited('authenticator.bound')).toHaveLength(1);
  });

  it('a sixth answer is refused though it is right, also after the waits', async () => {
    const { word, request } = await ada();
    await mfa.challenges.begin(word, 'uid', request);
    const left = [];
    for (const guess of ['a', 'b', 'c', 'd', 'e']) {
      const outcome = await mfa.challenges.answer('uid', guess);
      left.push(outcome.ok || outcome.reason !== 'wrong' ? outcome : outcome.attemptsLeft);
      clock.advance(10_000);
    }
    expect(left).toEqual([4, 3, 2, 1, 0]);
    expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'ended', reason: 'attempts' });
    expect(await mfa.challenges.answer('uid', 'open')).toMatchObject({ ok: false, reason: 'over' });
    expect(words.compared).toBe(5);
  });

  it('the fifth answer may be the right one', async () => {
    const { word, request } = await ada();
    await mfa.challenges.begin(word, 'uid', request);
    for (const guess of ['a', 'b', 'c', 'd']) {
      await mfa.challenges.answer('uid', guess);
      clock.advance(10_000);
    }
    expect(await mfa.challenges.answer('uid', 'open')).toEqual({ ok: true });
    expect(await mfa.challenges.redeem('uid')).toBeDefined();
  });

  it('an answer during the wait costs no attempt, and the answer that begins a wait tells its end', async () => {
    const { word, request } = await ada();
    await mfa.challenges.begin(word, 'uid', request);
    await mfa.challenges.answer('uid', 'a');
    await mfa.challenges.answer('uid', 'b');
    const wait = { waitUntil: clock() + 2000 };
    expect(await mfa.challenges.answer('uid', 'c')).toEqual({ ok: false, reason: 'wrong', attemptsLeft: 2, ...wait });
    for (let early = 0; early < 20; early += 1) {
      const until = clock() + 2000;
      expect(await mfa.challenges.answer('uid', 'open')).toEqual({ ok: false, reason: 'wait', until });
    }
    expect(words.compared).toBe(3);
    expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'pending', attemptsLeft: 2 });
    clock.advance(2000);
    expect(await mfa.challenges.answer('uid', 'open')).toEqual({ ok: true });
  });

  it('failed attempts are counted across challenges and cleared by a right answer', async () => {
    const { word, request, user } = await ada();
    for (const boundTo of ['first', 'second', 'third']) {
      await mfa.challenges.begin(word, boundTo, request);
      await mfa.challenges.answer(boundTo, 'wrong');
    }
    await mfa.challenges.begin(word, 'fourth', request);
    expect(await mfa.challenges.answer('fourth', 'open')).toMatchObject({
      ok: false,
      reason: 'wait',
      until: clock() + 2000,
    });
    clock.advance(2000);
    expect(await mfa.challenges.answer('fourth', 'open')).toEqual({ ok: true });
    expect(await mfa.records.get(`${user.id}:word`)).toMatchObject({ count: 0 });
  });

  it.each([
    { desc: 'at the last moment', late: 0, passes: true },
    { desc: 'one millisecond later', late: 1, passes: false },
  ])('an answer $desc of its time passes: $passes', async ({ late, passes }) => {
    const { word, request } = await ada();
    await mfa.challenges.begin(word, 'uid', request);
    clock.advance(600_000 + late);
    expect((await mfa.challenges.answer('uid', 'open')).ok).toBe(passes);
    expect(words.compared).toBe(passes ? 1 : 0);
  });

  it.each([
    { desc: 'at the last moment', late: 0, redeems: true },
    { desc: 'one millisecond later', late: 1, redeems: false },
  ])('a redeem $desc of its time succeeds: $redeems', async ({ late, redeems }) => {
    const { word, request } = await ada();
    await mfa.challenges.begin(word, 'uid', request);
    await mfa.challenges.answer('uid', 'open');
    clock.advance(300_000 + late);
    expect((await mfa.challenges.redeem('uid')) !== undefined).toBe(redeems);
  });

  it('the same choice keeps the challenge and sends no message again', async () => {
    const { phone, request } = await ada();
    const begun = await Promise.all(times(20, () => mfa.challenges.begin(phone, 'uid', request)));
    expect(begun.filter(each => each.isNew)).toHaveLength(1);
    await mfa.challenges.begin(phone, 'uid', request);
    await mfa.challenges.begin(phone, 'uid', request);
    expect(telephone.sent).toHaveLength(1);
  });

  it('a browser can never approve a call', async () => {
    const { phone, request } = await ada();
    await mfa.challenges.begin(phone, 'uid', request);
    for (const answer of ['#', '', null, { Digits: '#' }, '123456']) {
      expect(await mfa.challenges.answer('uid', answer)).toEqual({ ok: false, reason: 'refused' });
    }
    expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'pending' });
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
  });

  it('# on the ringing phone approves its call once', async () => {
    const { phone, request } = await ada();
    await mfa.challenges.begin(phone, 'uid', request);
    expect(await mfa.press(lastToken(), '', 'CA1')).toMatchObject({
      reason: 'unfinished',
      voicePrompt: { gather: 'key' },
    });
    expect(await mfa.press(lastToken(), '#', 'CA1')).toEqual({ ok: true });
    expect(await mfa.press(lastToken(), '#', 'CA1')).toEqual({ ok: true, repeated: true });
    expect(await mfa.audited('challenge.passed')).toHaveLength(1);
    expect(await mfa.challenges.redeem('uid')).toMatchObject({ amr: ['tel'], acr: 'mfa' });
    expect(await mfa.press(lastToken(), '#', 'CA1')).toEqual({ ok: true, repeated: true });
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
  });

  it('only the first call reference is accepted, also before the carrier has replied', async () => {
    const { phone, request } = await ada();
    telephone.onSend = async message => {
      expect(await mfa.press(message.token, '', 'CA1')).toMatchObject({ reason: 'unfinished' });
      expect(await mfa.press(message.token, '#', 'CA-other')).toEqual({ ok: false, reason: 'refused' });
      expect(await mfa.press(message.token, '#', 'CA1')).toEqual({ ok: true });
    };
    await mfa.challenges.begin(phone, 'uid', request);
    expect(telephone.cancelled).toEqual([]);
    expect(await mfa.challenges.redeem('uid')).toBeDefined();
  });

  it('0 and # say "not me": no challenge passes, calls pause for a day and the person is notified', async () => {
    const { phone, request, user } = await ada();
    await mfa.challenges.begin(phone, 'uid', request);
    expect(await mfa.press(lastToken(), '0', 'CA1')).toMatchObject({
      reason: 'unfinished',
      voicePrompt: { previousKeys: '0' },
    });
    expect(await mfa.press(lastToken(), '0#', 'CA1')).toEqual({ ok: false, reason: 'notMe' });
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
    expect(await mfa.challenges.begin(phone, 'later', request)).toMatchObject({
      view: { phase: 'ended', reason: 'paused' },
    });
    expect(telephone.sent).toHaveLength(1);
    expect(await mfa.users.get(user.id)).toMatchObject({ pausedUntil: clock() + 86_400_000 });
    const notices = await mfa.audited('notice.sent');
    expect(notices.map(({ facts }) => `${facts['notice']} to ${facts['audience']}`).toSorted()).toEqual([
      'not-me to administrators',
      'not-me to person',
    ]);
    expect(notices.map(({ subject }) => subject)).toEqual([user.id, user.id]);
    clock.advance(86_400_000);
    expect(await mfa.challenges.begin(phone, 'tomorrow', request)).toMatchObject({ view: { phase: 'pending' } });
  });

  it('silence and other keys never approve, count no failed attempt and end the call', async () => {
    const { phone, request, user } = await ada();
    await mfa.challenges.begin(phone, 'uid', request);
    const outcomes = [];
    for (const pressed of ['', '5', '*', '', '']) outcomes.push(await mfa.press(lastToken(), pressed, 'CA1'));
    expect(outcomes.map(outcome => outcome.ok)).toEqual([false, false, false, false, false]);
    expect(outcomes.at(-1)).toMatchObject({ reason: 'over', ended: 'silence' });
    expect(await mfa.press(lastToken(), '#', 'CA1')).toMatchObject({ ok: false, reason: 'over' });
    expect(await mfa.records.get(`${user.id}:call`)).toBeUndefined();
  });

  it.each([
    { reason: 'busy', ended: 'busy' },
    { reason: 'no-answer', ended: 'no-answer' },
    { reason: 'failed', ended: 'unreachable' },
    { reason: 'canceled', ended: 'no-answer' },
    { reason: 'completed', ended: 'unheard' },
  ] as const)('the end of a call ($reason) ends its challenge and never approves', async ({ reason, ended }) => {
    const { phone, request } = await ada();
    await mfa.challenges.begin(phone, 'uid', request);
    expect(await mfa.messageStatus.report(lastToken(), { step: 'ended', reason }, 'CA1')).toBe(true);
    expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'ended', reason: ended });
    expect(await mfa.press(lastToken(), '#', 'CA1')).toMatchObject({ ok: false });
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
  });

  it('a call that ends after its # stays approved', async () => {
    const { phone, request } = await ada();
    await mfa.challenges.begin(phone, 'uid', request);
    await mfa.press(lastToken(), '#', 'CA1');
    await mfa.messageStatus.report(lastToken(), { step: 'ended', reason: 'completed' }, 'CA1');
    expect(await mfa.challenges.redeem('uid')).toBeDefined();
  });

  it('a status older than the known one changes no state', async () => {
    const { phone, request } = await ada();
    await mfa.challenges.begin(phone, 'uid', request);
    for (const step of ['answered', 'ringing', 'dialled'] as const)
      await mfa.messageStatus.report(lastToken(), { step }, 'CA1');
    expect(await mfa.challenges.current('uid')).toMatchObject({ progress: 'answered' });
  });

  it('an "answered" status that arrives together with # does not override it', async () => {
    const { phone, request } = await ada();
    for (let round = 0; round < 20; round += 1) {
      const boundTo = `uid-${round}`;
      await mfa.challenges.begin(phone, boundTo, request);
      const reference = `CA${telephone.sent.length}`;
      const [outcome] = await Promise.all([
        mfa.press(lastToken(), '#', reference),
        ...times(4, () => mfa.messageStatus.report(lastToken(), { step: 'answered' }, reference)),
      ]);
      expect(outcome).toEqual({ ok: true });
      expect(await mfa.challenges.redeem(boundTo)).toBeDefined();
    }
  });

  it.each([
    { desc: 'a minute', late: 0, passes: true },
    { desc: 'a minute and a millisecond', late: 1, passes: false },
  ])('# $desc after the pick-up passes: $passes', async ({ late, passes }) => {
    const { phone, request } = await ada();
    await mfa.challenges.begin(phone, 'uid', request);
    clock.advance(5000);
    await mfa.press(lastToken(), '', 'CA1');
    clock.advance(60_000 + late);
    expect((await mfa.press(lastToken(), '#', 'CA1')).ok).toBe(passes);
  });

  it('an unanswered call ends with the reason no-answer', async () => {
    const { phone, request } = await ada();
    const { view } = await mfa.challenges.begin(phone, 'uid', request);
    expect(view.until - clock()).toBe(50_000);
    clock.advance(50_000);
    expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'pending' });
    clock.advance(1);
    expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'ended', reason: 'no-answer' });
  });

  it('switching from a call to another factor hangs up, and # on the old call does not approve', async () => {
    const { phone, word, request } = await ada();
    await mfa.challenges.begin(phone, 'uid', request);
    await mfa.challenges.begin(word, 'uid', request);
    expect(telephone.cancelled).toEqual(['CA1']);
    expect(await mfa.press(lastToken(), '#', 'CA1')).toMatchObject({ ok: false, reason: 'over' });
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
    expect(await mfa.challenges.current('uid')).toMatchObject({ factor: 'word', phase: 'pending' });
  });

  it('a switch during a slow send cancels the call afterwards', async () => {
    const { phone, word, request } = await ada();
    telephone.onSend = async () => void (await mfa.challenges.begin(word, 'uid', request));
    await mfa.challenges.begin(phone, 'uid', request);
    expect(telephone.cancelled).toEqual(['CA1']);
    expect(await mfa.challenges.current('uid')).toMatchObject({ factor: 'word', phase: 'pending' });
  });

  it('an unexpected error of a carrier ends the challenge', async () => {
    const { phone, request } = await ada();
    telephone.onSend = async () => Promise.reject(new TypeError('not a problem we know'));
    await expect(mfa.challenges.begin(phone, 'uid', request)).rejects.toThrow(TypeError);
    expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'ended', reason: 'undeliverable' });
  });

  it('an account has one call at a time, from any browser', async () => {
    const { phone, request } = await ada();
    await mfa.challenges.begin(phone, 'first', request);
    expect(await mfa.challenges.begin(phone, 'second', request)).toMatchObject({
      view: { phase: 'ended', reason: 'elsewhere' },
    });
    expect(telephone.sent).toHaveLength(1);
    await mfa.messageStatus.report(lastToken(), { step: 'ended', reason: 'busy' }, 'CA1');
    expect(await mfa.challenges.begin(phone, 'second', request)).toMatchObject({
      isNew: true,
      view: { phase: 'pending' },
    });
    expect(telephone.sent).toHaveLength(2);
  });

  it('unanswered calls are limited to five an hour and ten a day, and answered ones are given back', async () => {
    const { phone, request } = await ada();
    const attempt = async (boundTo: string, answered: boolean): Promise<ChallengeView> => {
      const { view } = await mfa.challenges.begin(phone, boundTo, request);
      if (view.phase === 'pending') {
        const reference = `CA${telephone.sent.length}`;
        await (answered
          ? mfa.press(lastToken(), '#', reference)
          : mfa.messageStatus.report(lastToken(), { step: 'ended', reason: 'no-answer' }, reference));
      }
      return view;
    };
    for (let index = 0; index < 12; index += 1)
      expect((await attempt(`answered ${index}`, true)).phase).toBe('pending');
    const unanswered = [];
    for (let hour = 0; hour < 3; hour += 1) {
      for (let index = 0; index < 6; index += 1)
        unanswered.push((await attempt(`${hour}:${index}`, false)).reason ?? 'called');
      clock.advance(3_600_000);
    }
    expect(unanswered.filter(each => each === 'called')).toHaveLength(10);
    expect(unanswered.slice(0, 6)).toEqual(['called', 'called', 'called', 'called', 'called', 'send-limit']);
  });

  it('an owner can answer fifty calls a day, and at most a hundred are made', async () => {
    const { phone, request } = await ada();
    const reasons = [];
    for (let index = 0; index < 102; index += 1) {
      const { view } = await mfa.challenges.begin(phone, `uid ${index}`, request);
      reasons.push(view.reason ?? 'called');
      if (view.phase === 'pending') await mfa.press(lastToken(), '#', `CA${telephone.sent.length}`);
    }
    expect(reasons.indexOf('send-limit')).toBe(100);
    expect(telephone.sent).toHaveLength(100);
    clock.advance(86_400_000);
    expect((await mfa.challenges.begin(phone, 'tomorrow', request)).view.phase).toBe('pending');
  });

  it('deleting a short-lived key during an attack gives no further comparison', async () => {
    const { word, request } = await ada();
    const { view } = await mfa.challenges.begin(word, 'uid', request);
    expect(view.phase).toBe('pending');
    const id = (await store.shortLived.ephemeral.get(keys.current('uid')))?.id;
    if (id === undefined) throw new Error('no challenge');
    const victims = [keys.attempts(id), keys.phase(id), keys.current('uid'), keys.sent(id)];
    for (const victim of victims) {
      await mfa.challenges.answer('uid', 'wrong');
      await store.shortLived.ephemeral.getAndDelete(victim as ReturnType<typeof keys.attempts>);
      await mfa.challenges.answer('uid', 'wrong');
      await mfa.challenges.begin(word, 'uid', request);
    }
    expect(words.compared).toBeLessThanOrEqual(3);
    expect(await mfa.challenges.answer('uid', 'open')).toMatchObject({ ok: false });
  });

  it('a deleted counter ends its challenge instead of starting over', async () => {
    const { word, request } = await ada();
    await mfa.challenges.begin(word, 'uid', request);
    const id = (await store.shortLived.ephemeral.get(keys.current('uid')))?.id;
    await store.shortLived.ephemeral.getAndDelete(keys.attempts(id ?? ''));
    expect(await mfa.challenges.answer('uid', 'open')).toMatchObject({ ok: false, reason: 'over', ended: 'lost' });
    expect(words.compared).toBe(0);
  });

  it('emptying the short-lived store never permits a call beyond the daily limit', async () => {
    const { phone, request } = await ada();
    for (let index = 0; index < 30; index += 1) {
      await mfa.challenges.begin(phone, `uid ${index}`, request);
      await store.shortLived.ephemeral.getAndDelete(keys.ringing(phone.userId));
      // Ends the window of an hour, as if its counters had been deleted.
      clock.advance(index % 3 === 0 ? 3_600_001 : 0);
    }
    expect(telephone.sent.length).toBeLessThanOrEqual(10);
  });

  it('a locked account gets no challenge and passes no challenge', async () => {
    const { word, request, user } = await ada();
    await mfa.challenges.begin(word, 'uid', request);
    await mfa.users.replace({ ...user, lockedAt: clock() });
    expect(await mfa.challenges.answer('uid', 'open')).toMatchObject({ ok: false, reason: 'over' });
    await expect(mfa.challenges.begin(word, 'other', request)).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('watch yields each change, also on another node, and then stops', async () => {
    const { phone, request } = await ada();
    const other = createTestMfa(await store.reopen(), {
      clock,
      factors: [words, createCall('key')],
      channels: [telephone],
    });
    await mfa.challenges.begin(phone, 'uid', request);
    const seen: string[] = [];
    const watching = (async () => {
      for await (const view of mfa.challenges.watch('uid', AbortSignal.timeout(10_000))) {
        seen.push(`${view.phase} ${view.progress ?? ''}`.trim());
        if (seen.length === 1) await other.press(lastToken(), '', 'CA1');
        if (view.phase === 'pending' && view.progress === 'answered') await other.press(lastToken(), '#', 'CA1');
        if (view.phase === 'passed') await other.challenges.redeem('uid');
        if (view.phase === 'passed') await other.challenges.cancel('uid');
        if (view.phase === 'passed') break;
      }
    })();
    await watching;
    expect(seen).toEqual(['pending dialled', 'pending answered', 'passed answered']);
  });

  it('challenges of two bindings of one person are answered separately', async () => {
    const { word, request } = await ada();
    await mfa.challenges.begin(word, 'first', request);
    await mfa.challenges.begin(word, 'second', request);
    await mfa.challenges.answer('first', 'open');
    expect(await mfa.challenges.redeem('second')).toBeUndefined();
    expect(await mfa.challenges.redeem('first')).toBeDefined();
  });

  it('a phone is bound by # on its own call and is not usable before', async () => {
    const { user, request } = await ada();
    await mfa.enrollments.begin({ userId: user.id, factor: 'call', input: '+1 (202) 555-0199' }, 'enrol', request);
    expect(telephone.sent.at(-1)).toMatchObject({ to: '+12025550199' });
    expect(await mfa.enrollments.finish('enrol', 'cli')).toBeUndefined();
    expect(await mfa.challenges.redeem('enrol')).toBeUndefined();
    expect(await mfa.press(lastToken(), '#', 'CA1')).toEqual({ ok: true, enrolls: true });
    expect(await mfa.challenges.redeem('enrol')).toBeUndefined();
    const made = await mfa.enrollments.finish('enrol', 'cli');
    expect(made).toMatchObject({ type: 'phone', data: { number: '+12025550199' } });
    // The answer is the second step of a sign-in too, and not from before the method.
    const { firstMethodAt = 0 } = (await mfa.users.get(user.id)) ?? {};
    expect(made?.proof).toMatchObject({
      userId: user.id,
      factor: 'call',
      authenticator: made?.id,
      acr: 'mfa',
      enrolled: true,
    });
    expect(made?.proof.at).toBeGreaterThanOrEqual(firstMethodAt);
    expect((await mfa.users.get(user.id))?.authenticators).toHaveLength(3);
    expect(await mfa.enrollments.finish('enrol', 'cli')).toBeUndefined();
  });

  it('a new binding replaces only the disabled authenticator', async () => {
    const { user, request, word } = await ada();
    await mfa.records.insert({ id: `${user.id}:word`, rev: 1, count: 50, notBefore: 0 });
    await mfa.challenges.begin(word, 'uid', request);
    expect(await mfa.challenges.current('uid')).toMatchObject({ phase: 'ended', reason: 'disabled' });
    await mfa.enrollments.begin({ userId: user.id, factor: 'word' }, 'enrol', request);
    await mfa.challenges.answer('enrol', 'new');
    const made = await mfa.enrollments.finish('enrol', 'cli');
    expect((await mfa.users.get(user.id))?.authenticators).toEqual([user.authenticators[1], made?.id]);
    expect(await mfa.collections.authenticators.find({ userId: user.id })).toHaveLength(2);
    expect(await mfa.records.get(`${user.id}:word`)).toMatchObject({ count: 0 });
  });

  it('an authenticator keeps its handle when it is used', async () => {
    const { user } = await ada();
    const made = await mfa.stored.bind(user.id, { type: 'word', label: 'Key', handle: 'credential', data: null });
    const all = await mfa.stored.of((await mfa.users.get(user.id)) ?? user);
    const read = all.find(({ id }) => id === made.id);
    if (read === undefined) throw new Error('not bound');
    await mfa.authenticatorData.burn(read, { counter: 1 }, 'word');
    expect(await mfa.collections.authenticators.find({ handle: 'credential' })).toMatchObject([{ id: made.id }]);
  });
});
