/**
 * Tests that send limits do not stop a person who answers, and do stop a script that never answers. Fifty sign-ins a
 * day by call and by text, without HTTP and over it. Takes over a second because of a hundred whole sign-ins.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { factorsFor } from '../../src/mfa/factors/index.ts';
import { heading, uidOf } from '../support/browser/plain.ts';
import { createClock } from '../support/world/clock.ts';
import { createTestMfa, createCallChannel, createTextChannel, requestContextOf } from '../support/mfa.ts';
import {
  atClient,
  checkAgain,
  enterCode,
  enterPassword,
  openRelyingParty,
  pickUp,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const times = 50;
const minute = 60_000;

test.each(['call', 'sms', 'spoken'])(
  'fifty answered sign-ins in a day by %s are not limited, without HTTP',
  async factor => {
    const [memory] = stores;
    if (memory === undefined) throw new Error('no store');
    const clock = createClock();
    const [telephone, texts] = [createCallChannel(), createTextChannel()];
    const channels = [telephone, texts];
    const mfa = createTestMfa(await memory.open(clock), {
      clock,
      factors: factorsFor({ callAnswer: 'key' }),
      channels,
    });
    const { user, bound } = await mfa.person('ada', [{ type: 'phone', data: { number: '+12025550143' } }]);
    const hear = async (keys: string) => {
      const [token = '', reference] = [telephone.sent.at(-1)?.token, `CA${telephone.sent.length}`];
      return (await mfa.hear({ token, reference, keys, by: 'human' })).result;
    };
    const dictated = async (): Promise<string> => {
      await hear('');
      const outcome = await hear('#');
      const say = !outcome.ok && outcome.reason === 'unfinished' ? (outcome.voicePrompt?.say ?? '') : '';
      return /\d(?:\. \d){5}/.exec(say)?.[0].replaceAll(/\D/g, '') ?? '';
    };
    const answer: Readonly<Record<string, (boundTo: string) => Promise<{ readonly ok: boolean }>>> = {
      call: async () => hear('#'),
      sms: async boundTo => mfa.challenges.answer(boundTo, /\d{6}/.exec(texts.sent.at(-1)?.text ?? '')?.[0] ?? ''),
      spoken: async boundTo => mfa.challenges.answer(boundTo, await dictated()),
    };
    for (let at = 0; at < times; at += 1) {
      const asked = { userId: user.id, factor, chosen: bound[0]?.id ?? '' };
      expect((await mfa.challenges.begin(asked, `uid ${at}`, requestContextOf(user))).view.phase).toBe('pending');
      expect(await answer[factor]?.(`uid ${at}`)).toEqual({ ok: true });
      expect(await mfa.challenges.redeem(`uid ${at}`)).toMatchObject({ factor });
      clock.advance(10 * minute);
    }
    expect(telephone.sent.length + texts.sent.length).toBe(times);
  },
);

describe('over HTTP', () => {
  let world: World;
  let rp: RelyingParty;
  beforeAll(async () => {
    world = await startWorld({ env: { SALLYPORT_FACTORS: 'totp,sms,spoken,call' } });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterAll(() => world.close());
  beforeEach(() => world.nextDay());

  /** Enters Grace's password and chooses the factor on the options page. */
  const begin = async (factor: string, browser = world.browser()) => {
    const { grace } = world.people;
    const { url } = await rp.begin({ prompt: 'login' });
    const calling = await enterPassword(browser, await browser.visit(url), grace);
    if (factor === 'call') return { browser, page: calling };
    const method = `${factor}:${grace.user.authenticators[0] ?? ''}`;
    return { browser, page: await browser.visit(`/interaction/${uidOf(calling)}/options`, { form: { method } }) };
  };
  const sends = async (): Promise<number> => (await world.audited('challenge.sent')).length;

  test('fifty answered sign-ins in a day by call are not limited', async () => {
    for (let at = 0; at < times; at += 1) {
      const { browser, page } = await begin('call');
      await pickUp(world.people.grace, '#');
      expect(atClient(browser, await checkAgain(browser, page)).searchParams.get('code')).toBeTruthy();
      world.clock.advance(10 * minute);
    }
  }, 60_000);

  test('fifty answered sign-ins in a day by text are not limited', async () => {
    // The text is the default: a call that is abandoned for a text would count as unanswered.
    const { grace } = world.people;
    await world.services.authenticators.prefer(grace.user.id, grace.user.authenticators[0] ?? '', 'sms');
    for (let at = 0; at < times; at += 1) {
      const { browser, page } = await begin('call');
      const { text } = await grace.phone.text();
      const code = /\d{6}/.exec(text)?.[0] ?? '';
      expect(atClient(browser, await enterCode(browser, page, code)).searchParams.get('code')).toBeTruthy();
      world.clock.advance(10 * minute);
    }
    await world.services.authenticators.prefer(grace.user.id, grace.user.authenticators[0] ?? '', 'call');
  }, 60_000);

  test.each(['call', 'sms'])(
    'a script that never answers by %s is stopped with a neutral text, and one message is kept for a browser of the owner',
    async factor => {
      const { grace } = world.people;
      const owned = await begin('call');
      await pickUp(grace, '#');
      atClient(owned.browser, await checkAgain(owned.browser, owned.page));
      await world.services.authenticators.prefer(grace.user.id, grace.user.authenticators[0] ?? '', factor);
      const { sendsPerNumberAndHour: limit } = world.settings.limits;
      const before = await sends();
      let last = '';
      for (let at = 0; at < 12; at += 1) {
        const { page } = await begin('call');
        expect(page.status).toBeLessThan(500);
        last = heading(page);
        world.clock.advance(2 * minute);
      }
      expect((await sends()) - before).toBe(limit - 1);
      expect(last).toMatch(/again yet|too (?:often|many)/i);
      expect(last).not.toMatch(/fraud|attack|script|abuse/i);
      const refused = await world.audited('challenge.refused');
      expect(refused.at(-1)).toMatchObject({ subject: grace.user.id, facts: { reason: 'send-limit' } });
      for (let at = 0; at < 2; at += 1) {
        await begin('call', owned.browser);
        world.clock.advance(2 * minute);
      }
      expect((await sends()) - before).toBe(limit);
      await world.services.authenticators.prefer(grace.user.id, grace.user.authenticators[0] ?? '', 'call');
    },
  );
});
