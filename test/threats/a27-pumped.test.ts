/**
 * A27. A script earns money by texts and calls to blocks of numbers (toll fraud). It begins sign-ins and never finishes
 * them: many accounts, many numbers, one block after another. Or it binds premium numbers. Limits per number and
 * account let each of a hundred numbers through; the limit of the block does not. Binding has limits of its own. When
 * the carrier itself reports fraud (60410), the page is neutral and the message is not repeated.
 * Guards: `src/mfa/limits/send-limits.ts#hourlyLimits` (block, number, account), `src/mfa/phone-number.ts#barredBy`,
 * `src/mfa/delivery/sender.ts#attempt` (one attempt).
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { behaveCarrier } from '../../simulator/person.ts';
import { factorsFor } from '../../src/mfa/factors/index.ts';
import { heading, uidOf } from '../support/browser/plain.ts';
import { createClock } from '../support/world/clock.ts';
import { createTestMfa, createCallChannel, createTextChannel, requestContextOf } from '../support/mfa.ts';
import { enterPassword, openRelyingParty } from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const hundred = Array.from({ length: 100 }, (_, at) => `+1202555${String(2000 + at)}`);

const openHeart = async () => {
  const [memory] = stores;
  if (memory === undefined) throw new Error('no store');
  const clock = createClock();
  const [telephone, texts] = [createCallChannel(), createTextChannel()];
  const channels = [telephone, texts];
  const mfa = createTestMfa(await memory.open(clock), { clock, factors: factorsFor({ callAnswer: 'key' }), channels });
  return { clock, telephone, texts, mfa };
};

describe('A27 a block of numbers', () => {
  test.each(['sms', 'call', 'spoken'])(
    'A27 of 500 requests by %s to 100 numbers of one block ten an hour are sent',
    async factor => {
      const { clock, telephone, texts, mfa } = await openHeart();
      const people = await Promise.all(
        hundred.map((number, at) => mfa.person(`person ${at}`, [{ type: 'phone', data: { number } }])),
      );
      const begin = async (at: number, boundTo: string) => {
        const { user, bound } = people[at % people.length] ?? { user: undefined, bound: [] };
        if (user === undefined) throw new Error('nobody there');
        const asked = { userId: user.id, factor, chosen: bound[0]?.id ?? '' };
        return (await mfa.challenges.begin(asked, boundTo, requestContextOf(user))).view;
      };
      const sends = () => telephone.sent.length + texts.sent.length;

      expect(await begin(0, 'honest')).toMatchObject({ phase: 'pending' });
      await mfa.challenges.cancel('honest');
      const views = [];
      for (let at = 0; at < 500; at += 1) views.push(await begin(at, `uid ${at}`));
      expect(sends()).toBe(10);
      // An account with a ringing call gets no second one, also within the limits.
      const refused = views.flatMap(({ reason }) => (reason === undefined || reason === 'elsewhere' ? [] : [reason]));
      expect(new Set(refused)).toEqual(new Set(['send-limit']));
      expect((await mfa.audited('challenge.sent')).length).toBe(10);
      clock.advance(3_600_000);
      for (let at = 0; at < 100; at += 1) await begin(at, `an hour later ${at}`);
      expect(sends()).toBe(20);
    },
  );

  test('A27 of parallel requests from every account ten are sent', async () => {
    const { texts, mfa } = await openHeart();
    const people = await Promise.all(
      hundred.map((number, at) => mfa.person(`person ${at}`, [{ type: 'phone', data: { number } }])),
    );
    await Promise.all(
      people.map(async ({ user, bound }, at) =>
        mfa.challenges.begin(
          { userId: user.id, factor: 'sms', chosen: bound[0]?.id ?? '' },
          `uid ${at}`,
          requestContextOf(user),
        ),
      ),
    );
    expect(texts.sent).toHaveLength(10);
  });

  test('A27 binding numbers has its own limit of ten, separate from sign-ins', async () => {
    const { texts, mfa } = await openHeart();
    const { user, bound } = await mfa.person('ada', [{ type: 'phone', data: { number: '+12025550143' } }]);
    for (const [at, input] of hundred.entries()) {
      await mfa.enrollments.begin({ userId: user.id, factor: 'sms', input }, `bind ${at}`, requestContextOf(user));
    }
    expect(texts.sent).toHaveLength(10);
    const asked = { userId: user.id, factor: 'sms', chosen: bound[0]?.id ?? '' };
    expect((await mfa.challenges.begin(asked, 'uid', requestContextOf(user))).view.phase).toBe('pending');
  });

  test.each([
    ['premium', '+1 900 555 0100'],
    ['premium', '+33 899 123456'],
    ['toll-free', '+1 800 555 0100'],
    ['shared cost', '+44 843 123 4567'],
    ['personal', '+44 7012 345678'],
  ])('A27 a %s number (%s) cannot be bound and gets no message', async (_type, input) => {
    const { telephone, texts, mfa } = await openHeart();
    const { user } = await mfa.person('ada', []);
    for (const factor of ['call', 'sms', 'spoken']) {
      const binding = mfa.enrollments.begin({ userId: user.id, factor, input }, factor, requestContextOf(user));
      await expect(binding).rejects.toMatchObject({ code: 'bad-request' });
    }
    expect([telephone.sent, texts.sent]).toEqual([[], []]);
    expect(await mfa.audited('challenge.begun')).toEqual([]);
  });
});

describe('A27 over HTTP', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ env: { SALLYPORT_FACTORS: 'totp,sms,spoken,call' } });
  });
  afterAll(() => world.close());

  test.each(['sms', 'call', 'spoken'])(
    'A27 a number blocked by the carrier for %s (60410) gives a neutral page, is counted and not retried',
    async factor => {
      await world.nextDay();
      const rp = await openRelyingParty(world, await world.addClient({ id: `contoso-${factor}` }));
      const { grace } = world.people;
      const choose = async () => {
        const browser = world.browser();
        const page = await enterPassword(browser, await browser.visit((await rp.begin()).url), grace);
        const method = `${factor}:${grace.user.authenticators[0] ?? ''}`;
        return browser.visit(`/interaction/${uidOf(page)}/options`, { form: { method } });
      };
      await behaveCarrier(world.simulator, 'refused');
      const before = (await world.audited('challenge.refused')).length;
      const page = await choose();
      expect(page.status).toBeLessThan(500);
      expect(page.text).not.toMatch(/60410|fraud|twilio|blocked for/i);
      expect(heading(page)).not.toBe('');
      const refusals = (await world.audited('challenge.refused')).slice(before);
      expect(refusals.length).toBeGreaterThan(0);
      expect(new Set(refusals.map(({ facts }) => facts['reason']))).toEqual(new Set(['number-refused']));
      await behaveCarrier(world.simulator, 'answers');
    },
  );
});
