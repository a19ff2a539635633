/** Tests the voice dialogue: its answer to each key, for people, machines, switchboards and dictated codes. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { factorsFor } from '../../src/mfa/factors/index.ts';
import type { AnswerResult } from '../../src/mfa/challenge/result.ts';
import type { Log } from '../../src/log.ts';
import type { Heard } from '../../src/ports/carriers.ts';
import { silentLog } from '../../src/log.ts';
import { messageIdOf } from '../../src/mfa/challenge-state/keys.ts';
import { answerClaims } from '../support/device-answer.ts';
import { speakingTime } from '../../src/mfa/challenge/call-time.ts';
import { spokenLanguages } from '../support/human/comprehension.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { createTestMfa, createCallChannel, createTextChannel, requestContextOf } from '../support/mfa.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const [memory] = stores;
const turnOf = (outcome: AnswerResult) =>
  !outcome.ok && outcome.reason === 'unfinished' ? outcome.voicePrompt : undefined;
const dictated = (outcome: AnswerResult): string =>
  /\d(?:\. \d){5}/.exec(turnOf(outcome)?.say ?? '')?.[0].replaceAll(/\D/g, '') ?? '';

describe('the voice dialogue', () => {
  let clock: TestClock;
  let store: OpenStore;
  let telephone: ReturnType<typeof createCallChannel>;
  let texts: ReturnType<typeof createTextChannel>;
  let warned: { readonly event: string; readonly fields: object | undefined }[];
  let mfa: ReturnType<typeof createTestMfa>;

  const open = (wish: { callAnswer?: 'key' | 'number'; unknownAnswerer?: 'accept' | 'refuse' } = {}) => {
    const log: Log = { ...silentLog, warn: (event, fields) => void warned.push({ event, fields }) };
    const { callAnswer = 'key', unknownAnswerer = 'accept' } = wish;
    const channels = [telephone, texts];
    mfa = createTestMfa(store, { clock, factors: factorsFor({ callAnswer }), channels, unknownAnswerer, log });
  };
  beforeEach(async () => {
    if (memory === undefined) throw new Error('no store');
    clock = createClock();
    store = await memory.open(clock);
    telephone = createCallChannel();
    texts = createTextChannel();
    warned = [];
    open();
  });
  afterEach(async () => store.close());

  const ada = async (data: { number: string; extension?: string } = { number: '+12025550143' }, language = 'en') => {
    const { user, bound } = await mfa.person('ada', [{ type: 'phone', data }]);
    const chosen = bound[0]?.id ?? '';
    const begin = async (factor: string, boundTo = 'uid') =>
      mfa.challenges.begin({ userId: user.id, factor, chosen }, boundTo, { ...requestContextOf(user), language });
    return { user, begin };
  };
  const hear = async (keys: string, told: Partial<Heard> = {}) =>
    mfa.hear({ token: telephone.sent.at(-1)?.token ?? '', reference: `CA${telephone.sent.length}`, keys, ...told });
  const said = async (keys: string, by: Heard['by'] = 'human') => (await hear(keys, { by })).result;
  const ends = async (reason: 'completed' | 'busy' | 'no-answer' | 'failed') =>
    mfa.messageStatus.report(
      telephone.sent.at(-1)?.token ?? '',
      { step: 'ended', reason },
      `CA${telephone.sent.length}`,
    );
  const view = async (boundTo = 'uid') => mfa.challenges.current(boundTo);

  const expectDeclined = async (boundTo = 'uid') => {
    expect(await view(boundTo)).toMatchObject({ phase: 'denied' });
    expect(await mfa.audited('challenge.denied')).toMatchObject([{ facts: { reason: 'unconfirmed' } }]);
    expect(await mfa.audited('account.paused')).toEqual([]);
  };

  it('speaks the language of its challenge throughout, and no language for an unknown token', async () => {
    const { begin } = await ada(undefined, 'de');
    await begin('call');
    const { result, language } = await hear('');
    expect([language, turnOf(result)?.language]).toEqual(['de-DE', 'de-DE']);
    expect(await hear('#')).toEqual({ result: { ok: true }, language: 'de-DE' });
    expect((await hear('#')).language).toBe('de-DE');
    const unknown = { token: 'no such token', reference: 'CA1', keys: '#', by: 'human' as const };
    expect(await mfa.hear(unknown)).toEqual({
      result: { ok: false, reason: 'refused' },
      language: undefined,
    });
  });

  it.each(['', '#', '0#'])('ends a call and a spoken code when a machine answers and plays %j', async keys => {
    const { begin, user } = await ada();
    for (const factor of ['call', 'spoken']) {
      await begin(factor, factor);
      expect(await said(keys, 'machine')).toMatchObject({ ok: false, reason: 'over', ended: 'machine' });
      expect(await view(factor)).toMatchObject({ phase: 'ended', reason: 'machine' });
      expect(await said('#')).toMatchObject({ ok: false, reason: 'over' });
    }
    expect((await mfa.users.get(user.id))?.pausedUntil).toBeUndefined();
    expect(await mfa.audited('challenge.passed')).toEqual([]);
  });

  it('accepts an unknown answerer unless the operator refuses them, and screens only the pick-up', async () => {
    const { begin } = await ada();
    await begin('call');
    await said('', 'unknown');
    expect(await said('#', 'unknown')).toEqual({ ok: true });
    open({ unknownAnswerer: 'refuse' });
    await begin('call', 'refused');
    expect(await said('', 'unknown')).toMatchObject({ reason: 'over', ended: 'machine' });
    await begin('call', 'human');
    await said('', 'human');
    expect(await said('#', 'unknown')).toEqual({ ok: true });
  });

  it('does not screen behind a switchboard, where the first # continues and does not approve', async () => {
    open({ unknownAnswerer: 'refuse' });
    const { begin } = await ada({ number: '+12025550150', extension: '421' });
    await begin('call');
    expect(telephone.sent[0]).toMatchObject({ extension: '421', machineDetection: false });
    const first = turnOf(await said('', 'machine'));
    expect(first).toMatchObject({ gather: 'key', timeout: 5_000 });
    expect(first?.say).toContain('4 2 1');
    // 0# and other keys of the person who answers at the switchboard are ignored.
    for (const keys of ['0', '5']) expect(turnOf(await said(keys))?.say).toBe(first?.say);
    const there = turnOf(await said('#', 'unknown'));
    expect(there).toMatchObject({ previousKeys: 'e' });
    expect(there?.say).toContain('Contoso Office');
    expect(await view()).toMatchObject({ phase: 'pending', progress: 'answered' });
    expect(turnOf(await said('e0'))).toMatchObject({ previousKeys: 'e0' });
    clock.advance(2000);
    expect(await said('e#')).toEqual({ ok: true });
    expect(await mfa.challenges.redeem('uid')).toMatchObject({ amr: ['tel'], acr: 'mfa' });
  });

  it('lasts two minutes from the pick-up at an extension and one minute on a direct number', async () => {
    const { begin } = await ada({ number: '+12025550150', extension: '421' });
    await begin('call');
    const first = clock();
    await said('');
    await said('#');
    clock.set(first + 120_000);
    expect(await said('e#')).toEqual({ ok: true });
    await begin('call', 'late');
    const second = clock();
    await said('');
    await said('#');
    clock.set(second + 120_001);
    expect(await said('e#')).toMatchObject({ ok: false, ended: 'expired' });
  });

  describe.each(spokenLanguages)('the time of a call in %s', language => {
    const office = { number: '+12025550150', extension: '421' };
    it.each([
      ['call', undefined, '', 60_000],
      ['call', office, '', 120_000],
      ['call', office, 'e', 120_000],
      ['spoken', undefined, '', 60_000],
      ['spoken', office, '', 120_000],
    ] as const)('%s to %j never begins words that cannot end in time', async (factor, phone, heard, time) => {
      const { begin } = await ada(phone, language);
      await begin(factor);
      const end = clock() + time;
      let prompt = turnOf(await said(''));
      if (heard === 'e') prompt = turnOf(await said('#'));
      let times = 0;
      for (; prompt !== undefined && times < 20; times += 1) {
        // Whoever picks up at a switchboard in between must not wait for long.
        expect(prompt.timeout).toBeLessThanOrEqual(phone === undefined ? 8_000 : 5_000);
        expect(prompt.timeout).toBeGreaterThanOrEqual(3_000);
        clock.advance(speakingTime(prompt.say) + (prompt.timeout ?? Number.NaN));
        prompt = turnOf(await said(heard));
      }
      expect(await view()).toMatchObject({ phase: 'ended', reason: 'silence' });
      // The last words take up to five seconds.
      expect(clock()).toBeLessThanOrEqual(end - 5_000);
      expect(times).toBeGreaterThanOrEqual(phone === undefined ? 2 : 4);
    });
  });

  it('says to whom listened to the end of an unanswered call that no key was pressed', async () => {
    const { begin } = await ada();
    await begin('call');
    await said('');
    clock.advance(50_000);
    await ends('completed');
    expect(await view()).toMatchObject({ phase: 'ended', reason: 'silence' });
    await begin('call', 'derived');
    await said('');
    clock.advance(60_001);
    expect(await view('derived')).toMatchObject({ phase: 'ended', reason: 'silence' });
    expect(await said('#')).toMatchObject({ reason: 'over', ended: 'expired' });
  });

  it('ends the call that dictates once the code was typed, and only then', async () => {
    const { begin } = await ada();
    await begin('spoken');
    await said('');
    const code = dictated(await said('#'));
    await mfa.challenges.answer('uid', code === '000000' ? '000001' : '000000');
    await clock.fired();
    expect(telephone.cancelled).toEqual([]);
    clock.advance(3000);
    expect(await mfa.challenges.answer('uid', code)).toEqual({ ok: true });
    clock.advance(0);
    await clock.fired();
    expect(telephone.cancelled).toEqual(['CA1']);
  });

  it('asks the first question again where the carrier could not use our words, and logs its code', async () => {
    const { begin } = await ada();
    await begin('call');
    const first = await said('');
    expect(await hear('', { step: 'picked-up', failure: '11200' })).toMatchObject({ result: first });
    expect(warned).toEqual([{ event: 'call.document-failed', fields: { code: '11200' } }]);
    expect(await said('#')).toEqual({ ok: true });
  });

  it.each([
    ['+12025550143', 'en', 'en-US', 'pound'],
    ['+14165550123', 'en', 'en-US', 'pound'],
    ['+442071838750', 'en', 'en-GB', 'hash'],
    ['+353861234567', 'en', 'en-GB', 'hash'],
    ['+64211234567', 'en', 'en-GB', 'hash'],
    ['+27821234567', 'en', 'en-GB', 'hash'],
    ['+61412345678', 'en', 'en-AU', 'hash'],
    ['+919876543210', 'en', 'en-IN', 'hash'],
    ['+4915112345678', 'en', 'en-GB', 'hash'],
    ['+15145550123', 'fr', 'fr-CA', 'dièse'],
    ['+33612345678', 'fr', 'fr-FR', 'dièse'],
    ['+442071838750', 'de', 'de-DE', 'Raute'],
  ])('calls %s in %s with the voice %s and names # "%s"', async (number, language, voice, key) => {
    const { begin } = await ada({ number }, language);
    for (const factor of ['call', 'spoken']) {
      await begin(factor, factor);
      const prompts = [];
      for (const keys of ['', '5', '0']) prompts.push(turnOf(await said(keys)));
      const words = prompts.map(prompt => prompt?.say ?? '').join(' ');
      expect(new Set(prompts.map(prompt => prompt?.language))).toEqual(new Set([voice]));
      expect(words).toContain(key);
      expect(words).not.toMatch(key === 'hash' ? /pound/ : key === 'pound' ? /hash/ : /pound|hash/);
      expect(await hear('0#')).toMatchObject({ result: { reason: 'notMe' }, language: voice });
      clock.advance(2 * 86_400_000);
    }
  });

  it('takes e0# at an extension for "not me"', async () => {
    const { begin, user } = await ada({ number: '+12025550150', extension: '421' });
    await begin('call');
    await said('');
    await said('#');
    expect(await said('e0#')).toEqual({ ok: false, reason: 'notMe' });
    expect(await mfa.users.get(user.id)).toMatchObject({ pausedUntil: clock() + 86_400_000 });
  });

  it('requires the digits of the page in number mode and refuses a bare #', async () => {
    open({ callAnswer: 'number' });
    const { begin } = await ada();
    const { view: begun } = await begin('call');
    const show = begun.prompt.kind === 'wait' ? begun.prompt.show : undefined;
    expect(show).toMatch(/^\d{6}$/);
    expect(turnOf(await said(''))).toMatchObject({ gather: 'digits' });
    for (const wrong of ['#', '123456#', show === '000000' ? '000001' : '000000'])
      expect((await said(wrong)).ok).toBe(false);
    expect(await said(show ?? '')).toEqual({ ok: true });
    await begin('call', 'not me');
    await said('');
    expect(await said('0')).toEqual({ ok: false, reason: 'notMe' });
  });

  it('dictates a code after a key, repeats it on any key, and the page accepts it after the call', async () => {
    const { begin } = await ada();
    const { view: begun } = await begin('spoken');
    expect(begun.prompt).toMatchObject({ kind: 'code', by: 'call' });
    const first = await said('');
    expect(turnOf(first)?.say).not.toMatch(/\d/);
    const code = dictated(await said('#'));
    expect(code).toMatch(/^\d{6}$/);
    expect(dictated(await said('e5'))).toBe(code);
    expect(turnOf(await said('e'))).toMatchObject({ gather: 'none' });
    expect(await ends('completed')).toBe(true);
    expect(await view()).toMatchObject({ phase: 'pending' });
    expect(await mfa.challenges.answer('uid', code)).toEqual({ ok: true });
    expect(await mfa.challenges.redeem('uid')).toMatchObject({ factor: 'spoken', amr: ['tel'], acr: 'aal2' });
  });

  it('dictates the code in another call only after the first call has ended', async () => {
    const { begin } = await ada();
    await begin('spoken');
    await said('');
    const first = dictated(await said('#'));
    expect(await begin('spoken')).toMatchObject({ isNew: false });
    expect(telephone.sent).toHaveLength(1);
    await ends('completed');
    expect(await view()).toMatchObject({ phase: 'pending', callEnded: true });

    expect(await begin('spoken')).toMatchObject({ isNew: true });
    await said('');
    const second = dictated(await said('#'));
    expect(await view()).not.toHaveProperty('callOver');
    expect(second).not.toBe(first);
    expect(await mfa.challenges.answer('uid', first)).toMatchObject({ reason: 'wrong' });
    expect(await mfa.challenges.answer('uid', second)).toEqual({ ok: true });
    expect(telephone.sent).toHaveLength(2);
  });

  it('never approves a spoken code by keys, not even by its own digits', async () => {
    const { begin } = await ada();
    await begin('spoken');
    await said('');
    const code = dictated(await said('#'));
    for (const keys of ['#', 'e#', `e${code}`, `${code}#`]) expect((await said(keys)).ok).toBe(false);
    const device = { userId: (await view())?.userId ?? '', handle: 'a device' };
    const message = messageIdOf(telephone.sent[0]?.token ?? '');
    expect(await mfa.deviceAnswers.answer(message, device, answerClaims({ number: code }))).toEqual({
      result: 'refused',
    });
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
    expect(await view()).toMatchObject({ phase: 'pending', attemptsLeft: 5 });
  });

  it.each([
    ['completed', 'hung-up'],
    ['busy', 'busy'],
    ['no-answer', 'no-answer'],
    ['failed', 'unreachable'],
  ] as const)('ends the challenge if the call ended (%s) before the code was said', async (reason, ended) => {
    const { begin } = await ada();
    await begin('spoken');
    if (reason === 'completed') await said('');
    await ends(reason);
    expect(await view()).toMatchObject({ phase: 'ended', reason: ended });
  });

  it('ends the call after silence before a code, and waits longer behind a switchboard', async () => {
    const { begin } = await ada();
    await begin('spoken');
    const outcomes = [];
    for (let turn = 0; turn < 5; turn += 1) outcomes.push(await said(''));
    expect(outcomes.slice(0, 4).map(each => turnOf(each)?.gather)).toEqual(['key', 'key', 'key', 'key']);
    expect(outcomes.at(-1)).toMatchObject({ reason: 'over', ended: 'silence' });
  });

  it('dictates a code behind a switchboard only after # at the extension', async () => {
    const { begin } = await ada({ number: '+12025550150', extension: '421' });
    await begin('spoken');
    for (const keys of ['', '5', '0']) expect(dictated(await said(keys))).toBe('');
    expect(dictated(await said('#'))).toMatch(/^\d{6}$/);
    expect(await said('e0#')).toEqual({ ok: false, reason: 'notMe' });
  });

  it('pauses calls but not texts after "not me" on a dictated call, and notifies person and administrators', async () => {
    const { begin, user } = await ada();
    await begin('spoken');
    await said('');
    expect(turnOf(await said('0'))).toMatchObject({ previousKeys: '0' });
    expect(await said('0#')).toEqual({ ok: false, reason: 'notMe' });
    expect(await view()).toMatchObject({ phase: 'denied' });
    const until = clock() + 86_400_000;
    expect(warned).toMatchObject([{ event: 'not-me', fields: { subject: user.id, reference: '7K3MQ2XA', until } }]);
    const told = (await mfa.audited('notice.sent')).map(({ facts }) => facts['audience']);
    expect(new Set(told)).toEqual(new Set(['administrators', 'person']));
    expect(told).toHaveLength(2);
    expect(await mfa.audited('account.paused')).toMatchObject([{ subject: user.id, facts: { until } }]);
    for (const factor of ['call', 'spoken']) {
      expect((await begin(factor, `later ${factor}`)).view).toMatchObject({ phase: 'ended', reason: 'paused' });
    }
    expect((await begin('sms', 'by text')).view.phase).toBe('pending');
    expect([telephone.sent.length, texts.sent.length]).toEqual([1, 1]);
  });

  describe('a 0 whose next key never comes', () => {
    it.each(['call', 'spoken'])('declines by silence and by hanging up (%s)', async factor => {
      const { begin } = await ada();
      await begin(factor);
      expect(turnOf(await said('0'))).toMatchObject({ previousKeys: '0' });
      expect(await hear('0', { isSilent: true })).toMatchObject({ result: { reason: 'notMe', unconfirmed: true } });
      await expectDeclined();
    });

    it.each(['call', 'spoken'])(
      'declines whichever of the key and the end of the call is told first (%s)',
      async factor => {
        const { begin } = await ada();
        for (let round = 0; round < 4; round += 1) {
          await begin(factor, `first ${round}`);
          await said('');
          const both = [async () => said('0'), async () => ends('completed')];
          await Promise.all((round % 2 === 0 ? both : both.toReversed()).map(async tell => tell()));
          expect(await view(`first ${round}`)).toMatchObject({ phase: 'denied' });
          expect(await mfa.audited('challenge.denied')).toHaveLength(round + 1);
        }
        await begin(factor, 'ended');
        await said('');
        await ends('completed');
        expect(await view('ended')).toMatchObject({ phase: 'ended', reason: 'hung-up' });
        await said('0');
        expect(await view('ended')).toMatchObject({ phase: 'denied' });
      },
    );

    it('declines at the deadline of the call', async () => {
      const { begin } = await ada();
      await begin('call');
      await said('0');
      clock.advance(60_001);
      expect(await view()).toMatchObject({ phase: 'denied' });
      await ends('completed');
      await expectDeclined();
    });

    it('declines at an extension, and pauses calls when # follows late', async () => {
      const { begin, user } = await ada({ number: '+12025550150', extension: '421' });
      await begin('call');
      for (const keys of ['', '#', 'e0']) await said(keys);
      await ends('completed');
      await expectDeclined();
      expect(await said('e0#')).toEqual({ ok: false, reason: 'notMe' });
      expect(await mfa.users.get(user.id)).toMatchObject({ pausedUntil: clock() + 86_400_000 });
      expect((await begin('call', 'later')).view).toMatchObject({ phase: 'ended', reason: 'paused' });
    });

    it('is not declined at the switchboard, whose keys mean nothing', async () => {
      const { begin } = await ada({ number: '+12025550150', extension: '421' });
      await begin('call');
      for (const keys of ['', '0']) await said(keys);
      await ends('completed');
      expect(await view()).toMatchObject({ phase: 'ended', reason: 'hung-up' });
    });
  });

  it('answers the same keys twice with the same words', async () => {
    const { begin } = await ada();
    await begin('call', 'denied');
    for (const keys of ['', '0', '0#']) await said(keys);
    expect(await said('0#')).toEqual({ ok: false, reason: 'notMe', repeated: true });
    expect(await mfa.audited('challenge.denied')).toHaveLength(1);
    clock.advance(2 * 86_400_000);
    await begin('call', 'picked up twice');
    const first = await said('');
    for (let times = 0; times < 6; times += 1) {
      expect(await hear('', { step: 'picked-up' })).toMatchObject({ result: first });
    }
  });

  it('never shortens a pause', async () => {
    const { begin, user } = await ada();
    await begin('call');
    const longer = clock() + 3 * 86_400_000;
    const now = await mfa.users.get(user.id);
    await mfa.users.replace({ ...(now ?? user), pausedUntil: longer });
    expect(await said('0#')).toEqual({ ok: false, reason: 'notMe' });
    expect(await mfa.users.get(user.id)).toMatchObject({ pausedUntil: longer });
    expect(await mfa.audited('account.paused')).toMatchObject([{ facts: { until: longer } }]);
  });
});
