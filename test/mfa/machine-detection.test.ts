/**
 * Tests calls on which the carrier detects machines while we speak: keys and verdict in every order, lost, twice, late and at
 * once. Takes more than a second: every order of four events, and races on each store.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Problem } from '../../src/errors.ts';
import { silentLog, type Log } from '../../src/log.ts';
import { factorsFor } from '../../src/mfa/factors/index.ts';
import type { AnswerResult } from '../../src/mfa/challenge/result.ts';
import type { Answerer, Progress } from '../../src/ports/carriers.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { createCallChannel, createTestMfa, createTextChannel, requestContextOf } from '../support/mfa.ts';
import { stores, type Node, type OpenStore } from '../support/world/stores.ts';

const [memory] = stores;
/** From the pick-up: detection takes 10 s at most, and its callback 5 s. */
const windowEnd = 15_000;
const moment = 'One moment, please.';
const asksForMoment = { ok: false, reason: 'unfinished', voicePrompt: { say: moment, timeout: 3_000 } };

interface Wish {
  readonly callAnswer?: 'key' | 'number';
  readonly unknownAnswerer?: 'accept' | 'refuse';
  readonly machineDetection?: 'before' | 'during';
}

/** A clock whose timers never fire, as after a restart. */
const withoutTimers = (clock: TestClock): TestClock =>
  Object.assign(() => clock(), { ...clock, after: () => () => undefined });

let clock: TestClock;
let store: OpenStore;
let status: Progress;
let telephone: ReturnType<typeof createCallChannel>;
let warned: string[];
let people = 0;

const node = (on: Node, wish: Wish = {}, time = clock) => {
  const { callAnswer = 'key', unknownAnswerer = 'accept', machineDetection = 'during' } = wish;
  const log: Log = { ...silentLog, warn: event => void warned.push(event) };
  const limits = { sendsPerNumberAndHour: 1000, sendsPerNumberAndDay: 1000, sendsPerAccountAndHour: 1000 };
  return createTestMfa(on, {
    clock: time,
    factors: factorsFor({ callAnswer, machineDetection }),
    channels: [telephone, createTextChannel()],
    unknownAnswerer,
    limits: { ...limits, allSendsPerNumberAndDay: 10_000, sendsPerPrefixAndHour: 10_000 },
    log,
  });
};
type Mfa = ReturnType<typeof node>;

const phone = { type: 'phone', data: { number: '+12025550143' } };
const callOn = async (mfa: Mfa, factor = 'call', data: { number: string; extension?: string } = phone.data) => {
  people += 1;
  const { user, bound } = await mfa.person(`person ${people}`, [{ ...phone, data }]);
  const chosen = bound[0]?.id ?? '';
  await mfa.challenges.begin({ userId: user.id, factor, chosen }, 'uid', requestContextOf(user));
  const token = telephone.sent.at(-1)?.token ?? '';
  const reference = `CA${telephone.sent.length}`;
  const told = { token, reference, isConnected: true, by: 'unknown' } as const;
  const on = (other: Mfa) => ({
    pickUp: async () => other.voiceDialogue.hear({ ...told, step: 'picked-up', keys: '', isSilent: true }),
    press: async (keys: string): Promise<AnswerResult> =>
      (await other.voiceDialogue.hear({ ...told, step: 'keys', keys, isSilent: false })).result,
    /** `previous`: keys in the address. */
    silence: async (previous = ''): Promise<AnswerResult> =>
      (await other.voiceDialogue.hear({ ...told, step: 'keys', keys: previous, isSilent: true })).result,
    verdict: async (answerer: Answerer) => other.machineDetection.report(token, answerer, reference),
    hangUp: async () => other.messageStatus.report(token, { step: 'ended', reason: 'completed' }, reference),
  });
  return { ...on(mfa), on, token, reference, user };
};
/** A call that was picked up, with its question heard. */
const heard = async (mfa: Mfa, factor?: string) => {
  const call = await callOn(mfa, factor);
  const { result } = await call.pickUp();
  clock.advance(1_000);
  return { ...call, first: result };
};
const view = async (mfa: Mfa) => mfa.challenges.current('uid');
const says = (result: AnswerResult): string =>
  !result.ok && result.reason === 'unfinished' ? (result.voicePrompt?.say ?? '') : '';
const passes = async (mfa: Mfa) => (await mfa.audited('challenge.passed')).length;

beforeEach(async () => {
  if (memory === undefined) throw new Error('no store');
  clock = createClock();
  warned = [];
  status = { step: 'answered' };
  telephone = createCallChannel(async () => status);
  store = await memory.open(clock);
});
afterEach(async () => store.close());

describe('a call on which machines are detected while we speak', () => {
  it('is asked for only by the setting, and never behind an extension', async () => {
    const extension = { number: '+12025550150', extension: '421' };
    await callOn(node(store));
    await callOn(node(store), 'spoken');
    expect(telephone.sent).toMatchObject([{ asyncDetectionTimeout: 10_000 }, { asyncDetectionTimeout: 10_000 }]);
    await callOn(node(store), 'call', extension);
    await callOn(node(store, { machineDetection: 'before' }));
    const others = telephone.sent.slice(2).map(sent => 'asyncDetectionTimeout' in sent);
    expect(others).toEqual([false, false]);
  });

  it('speaks at once, and a # after the verdict approves at once', async () => {
    const mfa = node(store);
    const { first, verdict, press } = await heard(mfa);
    expect(first).toMatchObject({ voicePrompt: { say: expect.stringContaining('Someone is signing in') } });
    expect(await verdict('human')).toBe(true);
    expect(await press('#')).toEqual({ ok: true });
    expect(await mfa.challenges.redeem('uid')).toMatchObject({ amr: ['tel'], acr: 'mfa' });
  });

  it('holds a # before the verdict: page and voice say so, and the verdict approves', async () => {
    const mfa = node(store);
    const { press, silence, verdict } = await heard(mfa);
    expect(await press('#')).toMatchObject(asksForMoment);
    expect(await view(mfa)).toMatchObject({ phase: 'pending', progress: 'answered', isHeld: true });
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
    // Neither silence nor more keys approve, and they cost no attempt.
    for (let times = 0; times < 5; times += 1) expect(await silence()).toMatchObject(asksForMoment);
    for (const keys of ['#', '5', '#']) expect(await press(keys)).toMatchObject(asksForMoment);
    expect(await verdict('human')).toBe(true);
    expect(await view(mfa)).toMatchObject({ phase: 'passed' });
    expect(await silence()).toEqual({ ok: true });
    expect(await mfa.challenges.redeem('uid')).toMatchObject({ amr: ['tel'], acr: 'mfa' });
    expect(await passes(mfa)).toBe(1);
  });

  it('ends by a machine that is told after the #, and is hung up', async () => {
    const mfa = node(store);
    const { press, silence, verdict, reference } = await heard(mfa);
    await press('#');
    expect(await verdict('machine')).toBe(true);
    expect(await view(mfa)).toMatchObject({ phase: 'ended', reason: 'machine' });
    expect(telephone.cancelled).toEqual([reference]);
    for (const result of [await silence(), await press('#')]) expect(result).toMatchObject({ ended: 'machine' });
    clock.advance(windowEnd);
    await clock.fired();
    expect(await verdict('human')).toBe(true);
    expect(await view(mfa)).toMatchObject({ phase: 'ended', reason: 'machine' });
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
    expect(await passes(mfa)).toBe(0);
  });

  it('counts a machine whenever it is told, and keeps the first of the other verdicts', async () => {
    const mfa = node(store);
    const { press, verdict } = await heard(mfa);
    await verdict('human');
    await verdict('unknown');
    await verdict('machine');
    expect(await press('#')).toMatchObject({ ended: 'machine' });
    expect(await passes(mfa)).toBe(0);
  });

  it('treats an unknown answerer as configured, and a refused one is hung up', async () => {
    const accepting = node(store);
    const accepted = await heard(accepting);
    await accepted.press('#');
    await accepted.verdict('unknown');
    expect(await view(accepting)).toMatchObject({ phase: 'passed' });
    const refusing = node(store, { unknownAnswerer: 'refuse' });
    const refused = await heard(refusing);
    await refused.press('#');
    await refused.verdict('unknown');
    expect(await view(refusing)).toMatchObject({ phase: 'ended', reason: 'machine' });
    expect(telephone.cancelled).toContain(refused.reference);
  });

  describe('without a verdict, at the end of its window and not before', () => {
    /** Who notices that the window has passed. */
    const noticers = {
      'its timer': async () => clock.fired(),
      'the next document': async (_mfa: Mfa, call: { silence(): Promise<AnswerResult> }) => void (await call.silence()),
      'a page': async (mfa: Mfa) => void (await view(mfa)),
      'a page that loads the record': async (mfa: Mfa) => {
        const record = await mfa.store.current('uid');
        if (record !== undefined) await mfa.challenges.load(record);
      },
      'the end of the call': async (_mfa: Mfa, call: { hangUp(): Promise<boolean> }) => void (await call.hangUp()),
    };
    it.each(Object.entries(noticers))('%s lets unknown answerers decide', async (name, notice) => {
      for (const unknownAnswerer of ['accept', 'refuse'] as const) {
        const hasTimers = name === 'its timer';
        const mfa = node(store, { unknownAnswerer }, hasTimers ? clock : withoutTimers(clock));
        const call = await callOn(mfa);
        const pickedUpAt = clock();
        await call.pickUp();
        clock.advance(1_000);
        await call.press('#');
        // The status of a call that is over is not asked for any more.
        if (hasTimers) await call.hangUp();
        clock.set(pickedUpAt + windowEnd);
        await notice(mfa, call);
        const read = async () => (await mfa.store.loadCurrent('uid'))?.view;
        expect(await read()).toMatchObject({ phase: 'pending', isHeld: true });
        clock.advance(1);
        await notice(mfa, call);
        expect(await read()).toMatchObject(
          unknownAnswerer === 'accept' ? { phase: 'passed' } : { phase: 'ended', reason: 'machine' },
        );
        clock.advance(86_400_000);
      }
    });

    it('a later # counts at once, and a machine that is told after an approval changes nothing and is logged', async () => {
      const mfa = node(store);
      const { press, verdict } = await heard(mfa);
      clock.advance(windowEnd);
      expect(await press('#')).toEqual({ ok: true });
      expect(await verdict('machine')).toBe(true);
      expect(await verdict('machine')).toBe(true);
      expect(await view(mfa)).toMatchObject({ phase: 'passed' });
      expect(warned).toEqual(['call.machine-after-approval']);
    });

    it('a person who stays silent is asked again, and no one is asked where unknown answerers are refused', async () => {
      const asking = await heard(node(store));
      clock.advance(windowEnd);
      expect(await asking.silence()).toMatchObject({ voicePrompt: { say: expect.stringContaining('Someone is') } });
      const refusing = await heard(node(store, { unknownAnswerer: 'refuse' }));
      clock.advance(windowEnd);
      expect(await refusing.silence()).toMatchObject({ ended: 'machine' });
    });
  });

  it('shows the approval on the first page that is read after the window', async () => {
    const mfa = node(store, {}, withoutTimers(clock));
    const { press } = await heard(mfa);
    await press('#');
    clock.advance(windowEnd);
    expect(await view(mfa)).toMatchObject({ phase: 'passed' });
  });

  it('keeps a # over the end of the call and over a restart, until the verdict comes', async () => {
    for (const answerer of ['human', 'machine'] as const) {
      const before = node(store, {}, withoutTimers(clock));
      const call = await heard(before);
      await call.press('#');
      await call.hangUp();
      expect(await view(before)).toMatchObject({ phase: 'pending', isHeld: true });
      expect(await view(before)).not.toHaveProperty('callEnded');
      const after = node(await store.reopen());
      await call.on(after).verdict(answerer);
      const isHuman = answerer === 'human';
      expect(await view(after)).toMatchObject(isHuman ? { phase: 'passed' } : { phase: 'ended', reason: 'machine' });
      clock.advance(86_400_000);
    }
  });

  it('keeps a # whose verification failed, and lets it count a few seconds later', async () => {
    const mfa = node(store);
    const { press, silence, verdict } = await heard(mfa);
    await press('#');
    const { users } = mfa;
    const get = users.get.bind(users);
    users.get = async () => Promise.reject(new Problem('unavailable', 'the store is gone'));
    await expect(verdict('human')).rejects.toMatchObject({ code: 'unavailable' });
    users.get = get;
    expect(await silence()).toMatchObject(asksForMoment);
    clock.advance(5_001);
    await clock.fired();
    await silence();
    expect(await view(mfa)).toMatchObject({ phase: 'passed' });
    expect(await passes(mfa)).toBe(1);
  });

  it('ends as hung up where no key was pressed before the end of the call', async () => {
    const mfa = node(store);
    const { hangUp, verdict } = await heard(mfa);
    await hangUp();
    await verdict('human');
    expect(await view(mfa)).toMatchObject({ phase: 'ended', reason: 'hung-up' });
  });

  describe('a 0 after a # that is held', () => {
    it('takes the # back, and silence then declines', async () => {
      const mfa = node(store);
      const { press, silence, verdict } = await heard(mfa);
      await press('#');
      expect(await press('0')).toMatchObject({ voicePrompt: { previousKeys: '0' } });
      expect(await view(mfa)).not.toHaveProperty('isHeld');
      await verdict('human');
      expect(await view(mfa)).toMatchObject({ phase: 'pending' });
      expect(await silence('0')).toMatchObject({ reason: 'notMe', unconfirmed: true });
      expect(await passes(mfa)).toBe(0);
    });

    it('and then # reports "this was not me"', async () => {
      const mfa = node(store);
      const { press } = await heard(mfa);
      await press('#');
      await press('0');
      expect(await press('0#')).toEqual({ ok: false, reason: 'notMe' });
      expect(await view(mfa)).toMatchObject({ phase: 'denied' });
      expect(await mfa.audited('account.paused')).toHaveLength(1);
    });

    it('by mistake is taken back by another key, and the next # is held and approves', async () => {
      const mfa = node(store);
      const { press, silence, hangUp, verdict } = await heard(mfa);
      await press('0');
      await press('01');
      expect(await press('#')).toMatchObject(asksForMoment);
      expect(await silence()).toMatchObject(asksForMoment);
      await hangUp();
      await verdict('human');
      expect(await view(mfa)).toMatchObject({ phase: 'passed' });
    });
  });

  it('in number mode holds the digits sealed, and other digits not at all', async () => {
    const mfa = node(store, { callAnswer: 'number' });
    const { press, verdict } = await heard(mfa);
    const prompt = (await view(mfa))?.prompt;
    const shown = prompt?.kind === 'wait' ? (prompt.show ?? '') : '';
    expect(shown).toMatch(/^\d{6}$/);
    expect(await press(shown === '111111' ? '222222' : '111111')).not.toMatchObject(asksForMoment);
    expect(await view(mfa)).not.toHaveProperty('isHeld');
    expect(await press(shown)).toMatchObject({ voicePrompt: { say: moment, gather: 'digits' } });
    const record = await mfa.store.current('uid');
    const stored = record && (await mfa.store.message(record.id))?.sent;
    expect(stored).toHaveProperty('heldKeys');
    expect(JSON.stringify(stored)).not.toContain(shown);
    await verdict('human');
    expect(await view(mfa)).toMatchObject({ phase: 'passed' });
  });

  it('dictates a code only once a person is known to have answered', async () => {
    const mfa = node(store);
    const call = await heard(mfa, 'spoken');
    expect(says(await call.press('#'))).toBe(moment);
    expect(says(await call.silence())).toBe(moment);
    await call.verdict('human');
    expect(await view(mfa)).toMatchObject({ phase: 'pending' });
    expect(says(await call.silence())).toMatch(/Your code is: \d\. \d/);
    // The code was heard, so silence now ends the call, and the code goes on.
    expect(says(await call.silence('e'))).toContain('Type the code on the page');
    clock.advance(86_400_000);
    const machine = await heard(mfa, 'spoken');
    await machine.press('#');
    await machine.verdict('machine');
    for (const result of [await machine.silence(), await machine.press('#')]) {
      expect(result).toMatchObject({ ended: 'machine' });
    }
    clock.advance(86_400_000);
    const gone = await heard(mfa, 'spoken');
    await gone.press('#');
    await gone.hangUp();
    expect(await view(mfa)).toMatchObject({ phase: 'ended', reason: 'hung-up' });
  });

  it('binds a phone only after the verdict', async () => {
    const mfa = node(store);
    const { user } = await mfa.person('new', []);
    const wanted = { userId: user.id, factor: 'call', purpose: 'enroll', input: '+12025550143' } as const;
    await mfa.challenges.begin(wanted, 'uid', requestContextOf(user));
    const told = { token: telephone.sent[0]?.token ?? '', reference: 'CA1', isConnected: true, by: 'unknown' } as const;
    const silence = { ...told, step: 'keys', keys: '', isSilent: true } as const;
    await mfa.voiceDialogue.hear({ ...silence, step: 'picked-up' });
    clock.advance(1_000);
    await mfa.voiceDialogue.hear({ ...silence, keys: '#', isSilent: false });
    expect(await view(mfa)).toMatchObject({ phase: 'pending' });
    await mfa.machineDetection.report(told.token, 'human', 'CA1');
    expect((await mfa.voiceDialogue.hear(silence)).result).toEqual({ ok: true, enrolls: true });
  });

  describe('a verdict', () => {
    it('of an unknown token, or about another call, is refused and changes nothing', async () => {
      const mfa = node(store);
      const { token, press } = await heard(mfa);
      await press('#');
      expect(await mfa.machineDetection.report('no such token', 'human', 'CA1')).toBe(false);
      expect(await mfa.machineDetection.report(token, 'human', 'CA-other')).toBe(false);
      expect(await mfa.machineDetection.report(token, 'machine', 'CA-other')).toBe(false);
      expect(await view(mfa)).toMatchObject({ phase: 'pending', isHeld: true });
    });

    it('that comes before the pick-up is reported counts, and a # still needs the question', async () => {
      const mfa = node(store);
      const { pickUp, press, verdict } = await callOn(mfa);
      await verdict('human');
      expect(await press('#')).toMatchObject({ voicePrompt: { say: expect.stringContaining('Someone is') } });
      await pickUp();
      expect(await press('#')).not.toEqual({ ok: true });
      clock.advance(1_000);
      expect(await press('#')).toEqual({ ok: true });
      clock.advance(86_400_000);
      const machine = await callOn(mfa);
      await machine.verdict('machine');
      expect((await machine.pickUp()).result).toMatchObject({ ended: 'machine' });
    });

    it('says nothing about a call that detects before it speaks, or behind an extension', async () => {
      const extension = { number: '+12025550150', extension: '421' };
      for (const mfa of [node(store, { machineDetection: 'before' }), node(store)]) {
        const call = await callOn(mfa, 'call', extension);
        expect(await call.verdict('machine')).toBe(true);
        expect(await view(mfa)).toMatchObject({ phase: 'pending' });
        clock.advance(86_400_000);
      }
    });

    it('of a challenge that is over changes nothing', async () => {
      const mfa = node(store);
      const { press, verdict } = await heard(mfa);
      await press('#');
      await mfa.challenges.cancel('uid');
      for (const answerer of ['human', 'machine'] as const) expect(await verdict(answerer)).toBe(true);
      expect(await view(mfa)).toMatchObject({ phase: 'ended', reason: 'cancelled' });
    });
  });

  it('asks the carrier for its status, and finds the end of the window by that too', async () => {
    // Timers of the poll only: the node that held the key is gone.
    const mfa = node(store);
    const call = await heard(mfa);
    const lost = node(store, {}, withoutTimers(clock));
    await call.on(lost).press('#');
    for (let second = 0; second < 40; second += 1) {
      clock.advance(1_000);
      await clock.fired();
    }
    expect((await mfa.store.loadCurrent('uid'))?.view).toMatchObject({ phase: 'passed' });
  });
});

type Step = 'key' | 'verdict' | 'hang-up' | 'window';
const orders = (of: readonly Step[]): readonly (readonly Step[])[] =>
  of.length < 2 ? [of] : of.flatMap(first => orders(of.filter(each => each !== first)).map(rest => [first, ...rest]));

/** The phase after each step. The verdict comes twice, as a carrier may send it. */
const play = async (mfa: Mfa, order: readonly Step[], answerer: Answerer | undefined) => {
  const call = await callOn(mfa);
  const pickedUpAt = clock();
  await call.pickUp();
  clock.advance(1_000);
  const act = {
    key: async () => call.press('#'),
    verdict: async () => answerer && Promise.all([call.verdict(answerer), call.verdict(answerer)]),
    'hang-up': async () => call.hangUp(),
    window: async () => {
      clock.set(pickedUpAt + windowEnd + 1);
      await clock.fired();
    },
  };
  const phases: string[] = [];
  for (const step of order) {
    await act[step]();
    const now = await view(mfa);
    phases.push(now?.isHeld === true ? 'held' : (now?.phase ?? 'gone'));
  }
  await mfa.challenges.cancel('uid');
  return phases;
};

describe.each(['accept', 'refuse'] as const)('in every order, with unknown answerers set to %s', unknownAnswerer => {
  /** The phases by the rules alone: what is known so far decides, and an end or approval stays. */
  const expected = (order: readonly Step[], answerer: Answerer | undefined): readonly string[] => {
    let phase = 'pending';
    let known: Answerer | undefined;
    let isOver = false;
    return order.map(step => {
      if (step === 'verdict') known = answerer ?? known;
      if (step === 'window') isOver = true;
      if (phase === 'passed' || phase === 'ended') return phase;
      if (step === 'key') phase = 'held';
      if (step === 'hang-up' && phase === 'pending') return (phase = 'ended');
      const verdict = known ?? (isOver ? 'unknown' : undefined);
      const isRefused = verdict === 'machine' || (verdict === 'unknown' && unknownAnswerer === 'refuse');
      if (verdict !== undefined && isRefused) phase = 'ended';
      else if (verdict !== undefined && phase === 'held') phase = 'passed';
      return phase;
    });
  };

  it.each(['human', 'machine', 'unknown', undefined] as const)(
    'the verdict %s: nothing passes before it or the end of its window, and no key is lost',
    async answerer => {
      const mfa = node(store, { unknownAnswerer });
      const seen: string[] = [];
      for (const order of orders(['key', 'verdict', 'hang-up', 'window'])) {
        clock.advance(86_400_000);
        const phases = await play(mfa, order, answerer);
        expect([order, phases]).toEqual([order, expected(order, answerer)]);
        seen.push(...phases);
      }
      expect(seen).toEqual(expect.arrayContaining(['held', 'ended']));
      expect(seen.includes('passed')).toBe(answerer === 'human' || unknownAnswerer === 'accept');
    },
  );
});

describe.each(stores)('on two nodes of $name', kind => {
  const rounds = 8;
  it.each([
    ['human', 'passed'],
    ['machine', 'ended'],
    ['unknown', 'passed'],
  ] as const)('a # and the verdict %s at once have one outcome: %s', async (answerer, outcome) => {
    const shared = await kind.open(clock);
    try {
      const [one, two] = [node(shared), node(await shared.reopen())];
      for (let round = 1; round <= rounds; round += 1) {
        clock.advance(86_400_000);
        const call = await callOn(one);
        await call.pickUp();
        clock.advance(1_000);
        const press = async () => call.press('#');
        const tell = async () => call.on(two).verdict(answerer);
        const both = round % 2 === 0 ? [press, tell, tell] : [tell, tell, press];
        const results = await Promise.all(both.map(async each => each()));
        expect(await view(two)).toMatchObject({ phase: outcome });
        // The voice says so at once, or after the moment that it asked for.
        const said = [...results, await call.silence()].some(each => typeof each === 'object' && each.ok);
        expect(said).toBe(outcome === 'passed');
        expect(await passes(one)).toBe(outcome === 'passed' ? round : 0);
        const proofs = await Promise.all([one, two].map(async each => each.challenges.redeem('uid')));
        expect(proofs.filter(each => each !== undefined)).toHaveLength(outcome === 'passed' ? 1 : 0);
      }
    } finally {
      await shared.close();
    }
  });

  it('a held # that verdict, timer and page let count at once approves once', async () => {
    const shared = await kind.open(clock);
    try {
      const [one, two] = [node(shared), node(await shared.reopen())];
      for (let round = 1; round <= rounds; round += 1) {
        clock.advance(86_400_000);
        const call = await callOn(one);
        await call.pickUp();
        clock.advance(1_000);
        await call.press('#');
        clock.advance(windowEnd);
        const read = [view(one), view(two), view(two)];
        await Promise.all([call.on(two).verdict('human'), ...read, call.silence(), clock.fired()]);
        expect(await call.silence()).toMatchObject({ ok: true });
        expect(await passes(one)).toBe(round);
        expect(await one.audited('challenge.answered')).toEqual([]);
      }
    } finally {
      await shared.close();
    }
  });
});
