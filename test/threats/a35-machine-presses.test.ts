/**
 * A35. A machine answers the phone: a voicemail that plays tones, a fax, or a conference that was left open. `#` is
 * heard without a person. The carrier detects machines, and a machine ends the call, with any tone. A tone in a
 * greeting, before our announcement explained `#`, is no answer. Behind a switchboard the carrier does not detect
 * machines, because a switchboard is one. There `#` counts only after a person said that they are at the extension, and once
 * the question can have been heard: the same key went on, and a carrier may carry a second one over.
 *
 * Where machines are detected while we speak, `#` may come before the verdict. It is held, and approves nothing until the verdict
 * came or can come no more. An attacker may forge the verdict, or repeat that of another call.
 *
 * Guards: `src/mfa/challenge/machine-detection.ts#judge`, `adapters/twilio/callback.ts#createReader`,
 * `src/mfa/challenge/voice-dialogue.ts#isScreened`, `src/mfa/factors/phone.ts#machineDetection`,
 * `src/mfa/factors/phone.ts#extensionMark`, `src/mfa/challenge/key-rules.ts#mayApprove`, `adapters/twilio/callback.ts#createReader`, which refuses keys at the pick-up.
 * Takes more than a second: whole applications, each with its own setting.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { post, secretOf, sign, bodyOf, type Fields } from '../support/carrier/wire.ts';
import { requestContextOf } from '../support/mfa.ts';
import {
  createTestCarrier,
  postAnswered,
  postKeysAt,
  type SentCall,
  type TestCarrier,
} from '../support/carrier/test-carrier.ts';
import { startWorld, type World } from '../support/world/world.ts';

const machines = ['machine_start', 'machine_end_beep', 'machine_end_silence', 'machine_end_other', 'fax'] as const;

const modes = (['before', 'during'] as const).flatMap(detects =>
  (['accept', 'refuse'] as const).map(setting => ({ detects, setting })),
);

describe.each(modes)('A35 detecting $detects the first words, unknown answerers set to $setting', mode => {
  const { detects, setting } = mode;
  let world: World;
  let carrier: TestCarrier;
  let mobile: string;
  let office: string;
  beforeAll(async () => {
    carrier = createTestCarrier();
    world = await startWorld({
      wrap: carrier.wrap,
      env: { SALLYPORT_UNKNOWN_ANSWERER: setting, SALLYPORT_MACHINE_DETECTION: detects },
    });
    const { user } = world.people.grace;
    mobile = user.authenticators[0] ?? '';
    const data = { number: '+12025550150', extension: '421' };
    office = (await world.services.authenticators.bind(user.id, { type: 'phone', label: 'office', data })).id;
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.clock.advance(86_400_000);
  });

  const begin = async (boundTo: string, chosen = mobile) => {
    const { user } = world.people.grace;
    await world.services.challenges.begin({ userId: user.id, factor: 'call', chosen }, boundTo, requestContextOf(user));
    return carrier.last();
  };
  /** Posts a signed callback of this call; without keys it is the pick-up. */
  const tell = async (fields: Readonly<Record<string, string>>, step = 'answered') => {
    const { message, sid } = carrier.last();
    const path = `/callbacks/twilio/call/${message.token}/${step}`;
    const { twilio } = world.settings;
    const all: Fields = Object.entries({
      AccountSid: twilio?.accountSid ?? '',
      CallSid: sid,
      CallStatus: 'in-progress',
      ...fields,
    });
    const signature = sign(new URL(path, world.settings.twilio?.callbackBase).href, all, secretOf(world));
    return post(world, { path, body: bodyOf(all), signature });
  };
  /** Reports the pick-up and who answered: in one callback, or in two where the carrier detects while we speak. */
  const answered = async (answeredBy: string) => {
    if (detects === 'before') return tell({ AnsweredBy: answeredBy });
    const words = await tell({});
    expect(await tell({ AnsweredBy: answeredBy }, 'answerer')).toMatchObject({ status: 204, text: '' });
    return words;
  };
  const press = async (keys: string, fields = {}, heard = '') =>
    tell({ Digits: keys, ...fields }, `keys?heard=${heard}`);
  const proven = async (boundTo: string) => (await world.services.challenges.redeem(boundTo)) !== undefined;
  const passes = async () => (await world.audited('challenge.passed')).length;

  test('A35 a human who presses # is signed in', async () => {
    expect((await begin('human')).message).toMatchObject({ machineDetection: true });
    expect((await answered('human')).text).toContain('<Gather');
    world.clock.advance(1_000);
    expect((await press('#')).text).toContain('Thank you');
    expect(await proven('human')).toBe(true);
  });

  test.each(machines)('A35 %s that plays # ends the call and does not sign in', async answeredBy => {
    const before = await passes();
    await begin(answeredBy);
    const answer = await answered(answeredBy);
    // The words come before the verdict where it is told meanwhile, and the call is then ended at the carrier.
    expect(answer.text.includes('<Gather')).toBe(detects === 'during');
    expect(answer.text.includes('<Hangup/>') || carrier.cancelled.includes(carrier.last().sid)).toBe(true);
    for (const fields of [{}, { AnsweredBy: answeredBy }, { AnsweredBy: 'human' }]) await press('#', fields);
    expect(await world.services.challenges.current(answeredBy)).toMatchObject({ phase: 'ended', reason: 'machine' });
    expect(await proven(answeredBy)).toBe(false);
    expect(await passes()).toBe(before);
    const ended = (await world.audited('challenge.ended')).filter(({ at }) => at === world.clock());
    expect(ended).toMatchObject([{ facts: { factor: 'call', reason: 'machine' } }]);
  });

  test.each(machines)('A35 %s reported only with # does not sign in', async answeredBy => {
    await begin(`late ${answeredBy}`);
    await tell({});
    world.clock.advance(1_000);
    if (setting === 'accept' || detects === 'during') await press('#', { AnsweredBy: answeredBy });
    expect(await proven(`late ${answeredBy}`)).toBe(false);
  });

  test('A35 # from before the announcement, carried over into it, never approves and is no wrong key', async () => {
    const before = await passes();
    await begin('carried over');
    await answered('human');
    for (const elapsed of [0, 500, 999, 0, 0, 0, 0]) {
      world.clock.advance(elapsed);
      expect((await press('#')).text).toContain('Hello. Someone is signing in');
    }
    expect(await world.services.challenges.current('carried over')).toMatchObject({ phase: 'pending' });
    expect(await passes()).toBe(before);
    world.clock.advance(1_000);
    expect((await press('#')).text).toContain('Thank you');
    expect(await proven('carried over')).toBe(true);
  });

  test('A35 # carried over into words that the carrier asked for again does not approve', async () => {
    await begin('asked again');
    await answered('human');
    world.clock.advance(10_000);
    await tell({ ErrorCode: '11200', ...(detects === 'before' && { AnsweredBy: 'human' }) }, 'fallback');
    world.clock.advance(999);
    await press('#');
    expect(await proven('asked again')).toBe(false);
    world.clock.advance(1_000);
    await press('#');
    expect(await proven('asked again')).toBe(true);
  });

  test('A35 # before our announcement is refused unread', async () => {
    await begin('greeting');
    expect((await tell({ AnsweredBy: 'human', Digits: '#' })).status).toBe(403);
    expect(await world.services.challenges.current('greeting')).toMatchObject({ phase: 'pending' });
    expect(await proven('greeting')).toBe(false);
  });

  test.each(['unknown', undefined])('A35 an unknown answerer (%s) is treated as configured', async answeredBy => {
    const boundTo = `unknown ${answeredBy}`;
    await begin(boundTo);
    const words = answeredBy === undefined ? await tell({}) : await answered(answeredBy);
    world.clock.advance(1_000);
    await press('#');
    const isAsked = words.text.includes('<Gather');
    // Where no verdict is told meanwhile, nothing passes before the end of its window, 15 s after the pick-up.
    const isTold = detects === 'before' || answeredBy !== undefined;
    world.clock.advance(isTold ? 0 : 14_000);
    expect((await press('')).text.includes('One moment')).toBe(!isTold);
    world.clock.advance(isTold ? 0 : 1);
    await press('');
    expect([isAsked, await proven(boundTo)]).toEqual([
      detects === 'during' || setting === 'accept',
      setting === 'accept',
    ]);
  });

  test.each(['machine_start', 'unknown', 'human'])(
    'A35 behind a switchboard (%s) # approves at the extension after the announcement',
    async answeredBy => {
      const boundTo = `office ${answeredBy}`;
      expect((await begin(boundTo, office)).message).toMatchObject({ machineDetection: false, extension: '421' });
      expect((await tell({ AnsweredBy: answeredBy })).text).toContain('4 2 1');
      const there = await press('#');
      expect(there.text).toContain('keys?heard=e');
      expect(await proven(boundTo)).toBe(false);
      world.clock.advance(2_000);
      await press('#', {}, 'e');
      expect(await proven(boundTo)).toBe(true);
    },
  );

  test('A35 behind a switchboard # never approves before the question can have been heard', async () => {
    const before = await passes();
    await begin('impatient', office);
    await tell({});
    await press('#');
    for (const elapsed of [0, 900, 1_999]) {
      world.clock.advance(elapsed);
      const again = await press('#', {}, 'e');
      expect(again.text).toContain('Hello. Someone is signing in');
      expect(again.text).toContain('keys?heard=e"');
    }
    expect(await world.services.challenges.current('impatient')).toMatchObject({ phase: 'pending' });
    expect(await passes()).toBe(before);
    // An early # is no wrong key: after as many as a challenge has attempts, the right one still approves.
    for (let early = 0; early < 6; early += 1) await press('#', {}, 'e');
    world.clock.advance(2_000);
    expect((await press('#', {}, 'e')).text).toContain('Thank you');
    expect(await proven('impatient')).toBe(true);
  });

  test('A35 behind a switchboard # approves nothing at an address of a question that was never asked', async () => {
    await begin('skipped', office);
    await tell({});
    world.clock.advance(10_000);
    expect((await press('#', {}, 'e')).text).toContain('Someone is signing in');
    expect(await proven('skipped')).toBe(false);
  });
});

/** Attacks on the verdict itself, where it has a callback of its own. */
describe('A35 detecting while we speak', () => {
  let world: World;
  let carrier: TestCarrier;
  beforeAll(async () => {
    carrier = createTestCarrier();
    world = await startWorld({ wrap: carrier.wrap, env: { SALLYPORT_MACHINE_DETECTION: 'during' } });
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.clock.advance(86_400_000);
  });

  /** A call whose question was heard, and whose `#` was pressed before the verdict. */
  const held = async (boundTo: string): Promise<SentCall> => {
    const { user } = world.people.grace;
    const [chosen = ''] = user.authenticators;
    await world.services.challenges.begin({ userId: user.id, factor: 'call', chosen }, boundTo, requestContextOf(user));
    const call = carrier.last();
    expect((await postAnswered(world, call)).text).toContain('<Gather');
    world.clock.advance(1_000);
    expect((await postKeysAt(world, call, { keys: '#' })).text).toContain('One moment');
    expect(await phaseOf(boundTo)).toBe('pending');
    return call;
  };
  const phaseOf = async (boundTo: string) => (await world.services.challenges.current(boundTo))?.phase;
  /** Posts a verdict. `to`: the call whose address it goes to; `of`: the call that it names. */
  const verdict = async (
    to: SentCall,
    { of = to, fields = {}, secret = secretOf(world) }: { of?: SentCall; fields?: object; secret?: string } = {},
  ) => {
    const path = `/callbacks/twilio/call/${to.message.token}/answerer`;
    const { twilio } = world.settings;
    const told = { AccountSid: twilio?.accountSid ?? '', CallSid: of.sid, AnsweredBy: 'human', ...fields };
    const all: Fields = Object.entries(told);
    const signature = sign(new URL(path, twilio?.callbackBase).href, all, secret);
    return post(world, { path, body: bodyOf(all), signature });
  };

  test('A35 # before the verdict of a human approves when the verdict comes', async () => {
    const call = await held('human');
    expect((await verdict(call, { fields: { MachineDetectionDuration: '1870' } })).status).toBe(204);
    expect(await phaseOf('human')).toBe('passed');
    expect((await postKeysAt(world, call, { keys: '' })).text).toContain('Thank you');
    expect(await world.services.challenges.redeem('human')).toBeDefined();
    expect(await world.audited('callback.refused')).toEqual([]);
  });

  test.each(machines)('A35 # that %s played before its verdict never approves', async answeredBy => {
    const boundTo = `before ${answeredBy}`;
    const before = (await world.audited('challenge.passed')).length;
    const call = await held(boundTo);
    expect((await verdict(call, { fields: { AnsweredBy: answeredBy } })).status).toBe(204);
    expect(carrier.cancelled).toContain(call.sid);
    await verdict(call);
    await postKeysAt(world, call, { keys: '#' });
    world.clock.advance(20_000);
    await world.clock.fired();
    expect(await world.services.challenges.current(boundTo)).toMatchObject({ phase: 'ended', reason: 'machine' });
    expect(await world.services.challenges.redeem(boundTo)).toBeUndefined();
    expect(await world.audited('challenge.passed')).toHaveLength(before);
  });

  test('A35 a forged verdict approves nothing', async () => {
    const other = await held('other');
    await world.services.challenges.cancel('other');
    const call = await held('forged');
    const forgeries: readonly (readonly [string, Promise<{ readonly status: number }>])[] = [
      ['signed by someone else', verdict(call, { secret: 'guess' })],
      ['about another call', verdict(call, { of: other })],
      ['of another account', verdict(call, { fields: { AccountSid: `AC${'b'.repeat(32)}` } })],
      ['without AnsweredBy', verdict(call, { fields: { AnsweredBy: '' } })],
      ['with another word', verdict(call, { fields: { AnsweredBy: 'Human' } })],
      ['with a list', verdict(call, { fields: { AnsweredBy: 'human,human' } })],
      ['with keys', verdict(call, { fields: { Digits: '#' } })],
    ];
    for (const [name, posted] of forgeries) expect([name, (await posted).status]).toEqual([name, 403]);
    // The verdict of another call, recorded and sent again to its own address.
    expect((await verdict(other)).status).toBe(204);
    expect(await world.services.challenges.current('forged')).toMatchObject({ phase: 'pending', isHeld: true });
    expect(await world.services.challenges.redeem('forged')).toBeUndefined();
    const refusals = await world.audited('callback.refused');
    expect(new Set(refusals.map(({ facts }) => facts['reason']))).toEqual(new Set(['forged', 'unknown']));
  });

  test('A35 a verdict replayed after the sign-in changes nothing', async () => {
    const call = await held('replayed');
    for (let times = 0; times < 3; times += 1) expect((await verdict(call)).status).toBe(204);
    expect(await world.services.challenges.redeem('replayed')).toBeDefined();
    expect((await verdict(call)).status).toBe(204);
    expect((await verdict(call, { fields: { AnsweredBy: 'fax' } })).status).toBe(204);
    expect(await world.services.challenges.redeem('replayed')).toBeUndefined();
    expect(await phaseOf('replayed')).toBe('redeemed');
    world.clock.advance(3_600_000);
    expect((await verdict(call)).status).toBe(403);
  });
});
