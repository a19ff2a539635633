/**
 * A35. A machine answers the phone: a voicemail that plays tones, a fax, or a conference that was left open. `#` is
 * heard without a person. The carrier detects machines, and a machine ends the call, with any tone. A tone in a
 * greeting, before our announcement explained `#`, is no answer. Behind a switchboard the carrier does not detect
 * machines, because a switchboard is one. There `#` counts only after a person said that they are at the extension, and once
 * the question can have been heard: the same key went on, and a carrier may carry a second one over.
 *
 * Guards: `src/mfa/challenge/voice-dialogue.ts#isScreened`, `src/mfa/factors/phone.ts#machineDetection`,
 * `src/mfa/factors/phone.ts#there`, `src/mfa/challenge/key-rules.ts#mayApprove`, `adapters/twilio/callback.ts#createReader`, which refuses keys at the pick-up.
 * Takes more than a second: whole applications, each with its own setting.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { post, secretOf, sign, bodyOf, type Fields } from '../support/carrier/wire.ts';
import { requestContextOf } from '../support/mfa.ts';
import { createTestCarrier, type TestCarrier } from '../support/carrier/test-carrier.ts';
import { startWorld, type World } from '../support/world/world.ts';

const machines = ['machine_start', 'machine_end_beep', 'machine_end_silence', 'machine_end_other', 'fax'] as const;

describe.each(['accept', 'refuse'] as const)('A35 with unknown answerers set to %s', setting => {
  let world: World;
  let carrier: TestCarrier;
  let mobile: string;
  let office: string;
  beforeAll(async () => {
    carrier = createTestCarrier();
    world = await startWorld({ wrap: carrier.wrap, env: { SALLYPORT_UNKNOWN_ANSWERER: setting } });
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
  const press = async (keys: string, fields = {}, heard = '') =>
    tell({ Digits: keys, ...fields }, `keys?heard=${heard}`);
  const proven = async (boundTo: string) => (await world.services.challenges.redeem(boundTo)) !== undefined;
  const passes = async () => (await world.audited('challenge.passed')).length;

  test('A35 a human who presses # is signed in', async () => {
    expect((await begin('human')).message).toMatchObject({ machineDetection: true });
    expect((await tell({ AnsweredBy: 'human' })).text).toContain('<Gather');
    world.clock.advance(1_000);
    expect((await press('#')).status).toBe(200);
    expect(await proven('human')).toBe(true);
  });

  test.each(machines)('A35 %s that plays # ends the call and does not sign in', async answeredBy => {
    const before = await passes();
    await begin(answeredBy);
    const answer = await tell({ AnsweredBy: answeredBy });
    expect(answer).toMatchObject({ status: 200, text: expect.stringContaining('<Hangup/>') });
    expect(answer.text).not.toContain('<Gather');
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
    if (setting === 'accept') await press('#', { AnsweredBy: answeredBy });
    expect(await proven(`late ${answeredBy}`)).toBe(false);
  });

  test('A35 # from before the announcement, carried over into it, never approves and is no wrong key', async () => {
    const before = await passes();
    await begin('carried over');
    await tell({ AnsweredBy: 'human' });
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
    await tell({ AnsweredBy: 'human' });
    world.clock.advance(10_000);
    await tell({ AnsweredBy: 'human', ErrorCode: '11200' }, 'fallback');
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

  test.each([{ AnsweredBy: 'unknown' }, {}])('A35 an unknown answerer (%j) is treated as configured', async fields => {
    const boundTo = `unknown ${JSON.stringify(fields)}`;
    await begin(boundTo);
    const isAsked = (await tell(fields)).text.includes('<Gather');
    world.clock.advance(1_000);
    await press('#');
    expect([isAsked, await proven(boundTo)]).toEqual(setting === 'accept' ? [true, true] : [false, false]);
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
