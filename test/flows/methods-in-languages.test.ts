/**
 * Tests that page, call and text use one language to the last word, for each place that can set it. The simulated
 * people understand only their own language.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Browser, type Answer, type Ask, uidOf } from '../support/browser/plain.ts';
import { listen, takeCall, type Intention } from '../support/human/person.ts';
import { spokenLanguages } from '../support/human/comprehension.ts';
import { addResident, residentPhones, type Resident } from '../support/human/residents.ts';
import { ways } from '../support/human/second-steps.ts';
import {
  atClient,
  checkAgain,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const env = { SALLYPORT_FACTORS: 'totp,sms,spoken,call' };
/** Pauses of calls, and how each language says them. */
const pauses = {
  en: { set: '1h', said: 'for one hour.' },
  de: { set: '36h', said: 'einen Tag und 12 Stunden lang' },
  fr: { set: '7d', said: 'pendant 7 jours.' },
} as const;

describe.each(spokenLanguages)('in %s, by each source of the language', tongue => {
  let world: World;
  let rp: RelyingParty;
  let own: Resident;
  let other: Resident;
  const pause = pauses[tongue];
  beforeAll(async () => {
    world = await startWorld({ env: { ...env, SALLYPORT_PAUSE: pause.set }, phones: residentPhones });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    own = await addResident(world, 'ines', ['mobile', 'office', 'app'], { language: tongue });
    other = await addResident(world, 'ines', ['mobile', 'office', 'app'], { account: 'ines-too' });
  });
  afterAll(() => world.close());
  beforeEach(() => world.nextDay());

  /** Sends Accept-Language with each request, as browsers do. */
  class Polyglot extends Browser {
    override async go(to: string, how: Ask = {}): Promise<Answer> {
      return super.go(to, { ...how, headers: { 'accept-language': `${tongue}-CH, x;q=0.1`, ...how.headers } });
    }
  }
  const texted = { en: /^\d{6} is your code/, de: /^\d{6} ist Ihr Code/, fr: /^\d{6} est votre code/ } as const;
  const wishes = ['the client', 'the person', 'the browser'] as const;
  const cells = wishes.flatMap(wish => ways.map(way => [wish, way.name, way] as const));

  test.each(cells)('chosen by %s, %s uses it on the page and in every word on the phone', async (wish, _, way) => {
    const who = wish === 'the person' ? own : other;
    await world.services.authenticators.prefer(who.user.id, who.bound[way.has] ?? '', way.factor);
    const browser = wish === 'the browser' ? new Polyglot(world.place) : world.browser();
    const request = await rp.begin(wish === 'the client' ? { ui_locales: tongue } : {});
    const asked = await enterPassword(browser, await browser.visit(request.url), who);
    const { page, memory, text } = await way.answer(browser, asked, who);
    await expect(request.redeem(atClient(browser, page))).resolves.toBeDefined();

    expect(asked.text).toContain(`<html lang="${tongue}"`);
    // After the code was typed, the voice still says goodbye.
    const phone = way.has === 'office' ? who.extension : who.mobile;
    const after = way.factor === 'spoken' ? await listen(phone, { wants: 'be silent' }) : memory;
    const tongues = [...(memory?.languages ?? []), ...(after?.languages ?? [])];
    expect(tongues.filter(each => each !== tongue)).toEqual([]);
    expect(after?.goodbye ?? true).toBe(true);
    expect(text === undefined || texted[tongue].test(text)).toBe(true);
    expect(tongues.length + (text?.length ?? 0) > 0).toBe(way.factor !== 'totp');
  });

  test.each(['call', 'spoken'])(
    '"not me" on a %s is accepted and confirmed, with the length of the pause that is set',
    async factor => {
      await world.services.authenticators.prefer(own.user.id, own.bound.mobile ?? '', factor);
      const browser = world.browser();
      const asked = await enterPassword(browser, await browser.visit((await rp.begin()).url), own);
      const memory = await takeCall(own.mobile, { wants: 'report' });
      expect(memory).toMatchObject({ pressed: '0#', goodbye: true });
      expect(new Set(memory.languages)).toEqual(new Set([tongue]));
      expect(memory.heard.at(-1)).toContain(pause.said);
      expect(asked.text.includes(pause.said)).toBe(factor === 'call');
      const uid = uidOf(asked);
      expect(await world.services.challenges.current(`sign-in:${uid}`)).toMatchObject({ phase: 'denied' });
      expect((await browser.visit(asked.path)).text).toContain(`<html lang="${tongue}"`);
      // Until the longest pause is over.
      world.clock.advance(7 * 24 * 3_600_000);
    },
  );

  test('the call repeats its question, corrects a wrong key and says goodbye after silence', async () => {
    await world.services.authenticators.prefer(other.user.id, other.bound.mobile ?? '', 'call');
    const calling = async (intention: Intention) => {
      await world.nextDay();
      const browser = world.browser();
      const request = await rp.begin({ ui_locales: tongue });
      const asked = await enterPassword(browser, await browser.visit(request.url), other);
      const memory = await takeCall(other.mobile, intention);
      return { memory, page: await checkAgain(browser, asked), browser };
    };
    const dawdling = await calling({ wants: 'sign in', dawdles: 2 });
    expect(dawdling.memory).toMatchObject({ pressed: '#', goodbye: true });
    expect(atClient(dawdling.browser, dawdling.page).searchParams.has('code')).toBe(true);
    const clumsy = await calling({ wants: 'sign in', slips: '5' });
    expect(clumsy.memory).toMatchObject({ pressed: '5#', goodbye: true });
    expect(atClient(clumsy.browser, clumsy.page).searchParams.has('code')).toBe(true);
    const silent = await calling({ wants: 'be silent' });
    expect(silent.memory).toMatchObject({ pressed: '', goodbye: true });
    expect(silent.memory.heard.length).toBeGreaterThan(2);
    for (const wants of ['be absent', 'hang up'] as const) {
      const { page, memory } = await calling({ wants });
      expect(memory.pressed).toBe('');
      expect(page.text).toContain(`<html lang="${tongue}"`);
    }
    expect((await world.audited('challenge.passed')).filter(({ subject }) => subject === other.user.id)).toHaveLength(
      ways.length * 2 + 2,
    );
  });
});
