/**
 * Tests number mode: the page shows six digits, and the call takes them. A bare # and the number of another page are
 * refused.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { heading, uidOf } from '../support/browser/plain.ts';
import { takeCall } from '../support/human/person.ts';
import { spokenLanguages } from '../support/human/comprehension.ts';
import { addResident, residentPhones, type MethodName, type Resident } from '../support/human/residents.ts';
import { finalView, shownNumber, orders } from '../support/human/second-steps.ts';
import { atClient, checkAgain, enterPassword, openRelyingParty } from '../support/world/relying-party.ts';
import type { RelyingParty } from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const env = { SALLYPORT_FACTORS: 'totp,sms,spoken,call', SALLYPORT_CALL_ANSWER: 'number' };
const places = [
  ['mobile', false],
  ['office', true],
] as const satisfies readonly (readonly [MethodName, boolean])[];
const other = (shown: string): string => (shown === '135790' ? '246801' : '135790');

describe.each(stores.filter(({ name }) => name !== 'sqlite'))('on $name', store => {
  let world: World;
  let rp: RelyingParty;
  let ines: Resident;
  beforeAll(async () => {
    world = await startWorld({ store, env, phones: residentPhones });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    ines = await addResident(world, 'ines', ['mobile', 'office', 'app']);
  });
  afterAll(() => world.close());
  beforeEach(() => world.nextDay());

  const asked = async (has: MethodName = 'mobile', wish: Readonly<Record<string, string>> = {}) => {
    await world.services.authenticators.prefer(ines.user.id, ines.bound[has] ?? '', 'call');
    const browser = world.browser();
    const request = await rp.begin(wish);
    const page = await enterPassword(browser, await browser.visit(request.url), ines);
    const shown = shownNumber(page) ?? '';
    expect(shown).toMatch(/^[0-9]{6}$/);
    const now = async () => world.services.challenges.current(`sign-in:${uidOf(page)}`);
    const end = async () => finalView(world, uidOf(page));
    return { browser, page, shown, now, end, tokens: async (at: typeof page) => request.redeem(atClient(browser, at)) };
  };
  const phoneOf = (has: MethodName) => (has === 'office' ? ines.extension : ines.mobile);

  describe.each(spokenLanguages)('in %s', tongue => {
    const wish = { ui_locales: tongue };

    test.each(places)('the number of the page, typed into the call, approves (%s)', async (has, isThere) => {
      const { browser, page, shown, tokens } = await asked(has, wish);
      const memory = await takeCall(phoneOf(has), { wants: 'sign in', shown, isThere });
      expect(memory).toMatchObject({ pressed: `${isThere ? '#' : ''}${shown}#`, goodbye: true });
      expect(new Set(memory.languages)).toEqual(new Set([tongue]));
      // The digits go from the page into the call, the wrong direction for more than `mfa`.
      const claims = (await tokens(await checkAgain(browser, page))).claims();
      expect(claims).toMatchObject({ acr: 'mfa', amr: ['pwd', 'tel', 'mfa'] });
      expect(await orders(world)).toEqual({ calls: 1, texts: 0 });
    });

    test.each(places)('0 and then # says "not me" (%s)', async (has, isThere) => {
      const { now } = await asked(has, wish);
      const memory = await takeCall(phoneOf(has), { wants: 'report', isThere });
      expect(memory).toMatchObject({ pressed: `${isThere ? '#' : ''}0#`, goodbye: true });
      expect(await now()).toMatchObject({ phase: 'denied' });
    });

    test('a call without keys ends with a goodbye', async () => {
      const { now } = await asked('mobile', wish);
      const memory = await takeCall(ines.mobile, { wants: 'sign in' });
      expect(memory).toMatchObject({ pressed: '', goodbye: true });
      expect(await now()).toMatchObject({ phase: 'ended', reason: 'silence' });
    });
  });

  test.each(places)('a bare # does not approve (%s)', async (has, isThere) => {
    const { browser, page, now, end } = await asked(has);
    const phone = phoneOf(has);
    await phone.ringing();
    await phone.answer();
    for (const key of isThere ? ['#', '#', '#'] : ['#', '#']) {
      await phone.hear();
      await phone.press(key);
    }
    expect(await now()).toMatchObject({ phase: 'pending' });
    expect(heading(await checkAgain(browser, page))).toBe(heading(page));
    await phone.hangUp();
    expect(await end()).toMatchObject({ phase: 'ended' });
  });

  test('a wrong number is reported, and the right one is then accepted', async () => {
    const { browser, page, shown, tokens } = await asked();
    await ines.mobile.ringing();
    await ines.mobile.answer();
    await ines.mobile.hear();
    await ines.mobile.press(`${other(shown)}#`);
    const { heard } = await ines.mobile.hear();
    expect(heard.at(-1)?.text).toContain('not the number');
    world.clock.advance(1_000);
    await ines.mobile.press(`${shown}#`);
    expect((await ines.mobile.hear()).isOver).toBe(true);
    await expect(tokens(await checkAgain(browser, page))).resolves.toBeDefined();
  });

  test('each challenge has its own number, and the number of another challenge does not approve', async () => {
    const first = await asked();
    await ines.mobile.ringing();
    await ines.mobile.decline();
    expect(await first.end()).toMatchObject({ reason: 'busy' });
    const second = await asked();
    expect(second.shown).not.toBe(first.shown);
    const memory = await takeCall(ines.mobile, { wants: 'sign in', shown: first.shown });
    expect(memory.goodbye).toBe(true);
    expect(await second.end()).toMatchObject({ phase: 'ended' });
    expect(heading(await checkAgain(second.browser, second.page))).not.toBe('You pressed #');
  });

  test('the number is on its own page only and disappears with the challenge', async () => {
    const { browser, page, shown } = await asked();
    const options = await browser.visit(`${page.path}/options`);
    const help = await browser.visit(`${page.path}/help`);
    expect([options, help].map(shownNumber)).toEqual([undefined, undefined]);
    await takeCall(ines.mobile, { wants: 'sign in', shown });
    expect(shownNumber(await browser.go(page.path))).toBeUndefined();
  });

  test('a call in number mode is not offered for a higher acr', async () => {
    const browser = world.browser();
    const { url } = await rp.begin({ acr_values: 'aal2' });
    const page = await enterPassword(browser, await browser.visit(url), ines);
    expect(await world.services.challenges.current(`sign-in:${uidOf(page)}`)).toMatchObject({ factor: 'totp' });
    const picker = await browser.visit(`${page.path}/options`);
    expect(picker.text).not.toContain('value="call:');
    const form = { method: `call:${ines.bound.mobile ?? ''}` };
    expect((await browser.go(`${page.path}/options`, { form })).status).toBe(403);
  });
});
