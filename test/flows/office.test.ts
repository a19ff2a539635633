/**
 * Tests a phone behind a switchboard: the first person puts the call through, # at the extension continues, and only
 * the next # approves.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { heading, uidOf } from '../support/browser/plain.ts';
import { listen, takeCall } from '../support/human/person.ts';
import { spokenLanguages } from '../support/human/comprehension.ts';
import { addResident, extension, office, residentPhones, type Resident } from '../support/human/residents.ts';
import { finalView, orders } from '../support/human/second-steps.ts';
import { atClient, checkAgain, enterCode, enterPassword, openRelyingParty } from '../support/world/relying-party.ts';
import type { RelyingParty } from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const env = { SALLYPORT_FACTORS: 'totp,sms,spoken,call' };

describe.each(stores.filter(({ name }) => name !== 'sqlite'))('on $name', store => {
  let world: World;
  let rp: RelyingParty;
  let ines: Resident;
  beforeAll(async () => {
    world = await startWorld({ store, env, phones: residentPhones });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    ines = await addResident(world, 'ines', ['office', 'app']);
  });
  afterAll(() => world.close());
  beforeEach(() => world.nextDay());

  const asked = async (
    factor: 'call' | 'spoken',
    wish: Readonly<Record<string, string>> = {},
    id = ines.bound.office ?? '',
  ) => {
    await world.services.authenticators.prefer(ines.user.id, id, factor);
    const browser = world.browser();
    const request = await rp.begin(wish);
    const page = await enterPassword(browser, await browser.visit(request.url), ines);
    const now = async () => world.services.challenges.current(`sign-in:${uidOf(page)}`);
    const tokens = async (at: typeof page) => request.redeem(atClient(browser, at));
    const end = async () => finalView(world, uidOf(page));
    return { browser, page, now, end, tokens };
  };
  const passed = async (): Promise<number> => (await world.audited('challenge.passed')).length;
  const atDesk = { wants: 'sign in', isThere: true } as const;

  describe.each(spokenLanguages)('in %s', tongue => {
    const wish = { ui_locales: tongue };

    test('a switchboard takes the digits, the first # continues and the second # approves', async () => {
      const { browser, page, tokens } = await asked('call', wish);
      expect(page.text).toContain(extension);
      const memory = await takeCall(ines.extension, atDesk);
      expect(memory).toMatchObject({ pressed: '##', goodbye: true });
      const claims = (await tokens(await checkAgain(browser, page))).claims();
      expect(claims).toMatchObject({ acr: 'mfa', amr: ['pwd', 'tel', 'mfa'] });
      expect(await orders(world)).toEqual({ calls: 1, texts: 0 });
    });

    test('a receptionist hears the extension, presses no key and hands over the receiver', async () => {
      await ines.desk.behave('rings');
      const { browser, page, now, tokens } = await asked('call', wish);
      const first = await takeCall(ines.desk, { wants: 'put through' });
      expect(first).toMatchObject({ extension, pressed: '' });
      expect((await ines.desk.phone()).calls[0]).toMatchObject({ tones: extension });
      expect(await now()).toMatchObject({ phase: 'pending', progress: 'answered' });
      expect(await listen(ines.desk, atDesk)).toMatchObject({ pressed: '##', goodbye: true });
      await expect(tokens(await checkAgain(browser, page))).resolves.toBeDefined();
    });

    test('a person already at the extension is asked the same and continues', async () => {
      await ines.desk.behave('direct');
      const { browser, page, tokens } = await asked('call', wish);
      const memory = await takeCall(ines.extension, atDesk);
      expect(memory).toMatchObject({ extension, pressed: '##', goodbye: true });
      await expect(tokens(await checkAgain(browser, page))).resolves.toBeDefined();
    });

    test('a receptionist is told no key that approves, and the call ends', async () => {
      await ines.desk.behave('rings');
      const { now } = await asked('call', wish);
      const memory = await takeCall(ines.desk, { wants: 'sign in' });
      expect(memory).toMatchObject({ pressed: '', goodbye: true });
      expect(await now()).toMatchObject({ phase: 'ended', reason: 'silence' });
    });

    test('at the extension # continues, and 0# then says "not me"', async () => {
      const { page, browser, now } = await asked('call', wish);
      expect(await takeCall(ines.extension, { wants: 'report', isThere: true })).toMatchObject({
        pressed: '#0#',
        goodbye: true,
      });
      expect(await now()).toMatchObject({ phase: 'denied' });
      expect((await browser.visit(page.path)).text).toContain(`<html lang="${tongue}"`);
      expect((await world.audited('challenge.denied')).at(-1)?.subject).toBe(ines.user.id);
      const again = await asked('call', wish);
      expect(await again.now()).toMatchObject({ phase: 'ended', reason: 'paused' });
    });

    test.each(['switchboard', 'direct', 'rings'] as const)('a code is dictated at the extension (%s)', async does => {
      await ines.desk.behave(does);
      const { browser, page, tokens } = await asked('spoken', wish);
      const phone = does === 'rings' ? ines.desk : ines.extension;
      const memory = await takeCall(phone, { wants: 'code', isThere: true });
      expect(memory.pressed).toBe('##'.slice(0, memory.pressed.length));
      const claims = (await tokens(await enterCode(browser, page, memory.wroteDown ?? ''))).claims();
      expect(claims).toMatchObject({ acr: 'aal2', amr: ['pwd', 'tel', 'mfa'] });
    });
  });

  test('a switchboard that takes digits after 4 s and up to a # connects an extension that is dialled so', async () => {
    await ines.desk.behave('switchboard-slow');
    const asUsual = await asked('call');
    expect(await ines.desk.hear()).toMatchObject({ tones: extension, listening: true });
    expect((await ines.extension.phone()).state).toBe('idle');
    await ines.desk.hangUp();
    expect(await asUsual.end()).toMatchObject({ phase: 'ended' });

    const { authenticators } = world.services;
    const dialling = { wait: 4_000, confirmKey: true } as const;
    const data = { number: office, extension, dialling };
    const { id } = await authenticators.bind(ines.user.id, { type: 'phone', label: 'office', data });
    const set = await asked('call', {}, id);
    expect(await takeCall(ines.extension, atDesk)).toMatchObject({ pressed: '##', goodbye: true });
    const claims = (await set.tokens(await checkAgain(set.browser, set.page))).claims();
    expect(claims).toMatchObject({ acr: 'mfa', amr: ['pwd', 'tel', 'mfa'] });
    await world.services.authenticatorRemoval.remove(ines.user.id, id);
  });

  test('the first # does not approve, also when the page asks several times', async () => {
    const before = await passed();
    const { browser, page, now, end } = await asked('call');
    await ines.extension.ringing();
    await ines.extension.answer();
    await ines.extension.press('#');
    for (let look = 0; look < 3; look += 1) {
      const still = await checkAgain(browser, page);
      expect(heading(still)).toBe(heading(page));
    }
    expect(await now()).toMatchObject({ phase: 'pending' });
    await ines.extension.hangUp();
    await end();
    expect(heading(await browser.visit(page.path))).toBe('You’re not signed in yet');
    expect(await passed()).toBe(before);
  });

  test('two impatient # at the extension, one of them carried over by the network, do not approve', async () => {
    const before = await passed();
    await ines.extension.behave('impatient');
    const { browser, page, now } = await asked('call');
    await ines.extension.hear();
    const heard = async () => (await ines.extension.phone()).calls[0]?.heard.map(({ text }) => text) ?? [];
    for (let look = 0; look < 50 && (await heard()).length < 3; look += 1) await ines.extension.hear(1);
    // Two questions: the second # came too early, and the question was asked again.
    expect((await heard()).filter(text => text.includes('Someone is signing in'))).toHaveLength(2);
    expect(await now()).toMatchObject({ phase: 'pending' });
    expect(await passed()).toBe(before);
    expect(await listen(ines.extension, atDesk)).toMatchObject({ pressed: '#', goodbye: true });
    expect(heading(await checkAgain(browser, page))).not.toBe(heading(page));
    expect(await passed()).toBe(before + 1);
  });

  test.each(['0#', '421#', '5#', '*#'])('the keys %s of the first person to answer only continue', async keys => {
    const before = await passed();
    await ines.desk.behave('rings');
    const { now, end } = await asked('call');
    await ines.desk.ringing();
    await ines.desk.answer();
    await ines.desk.hear();
    await ines.desk.press(keys);
    const { listening } = await ines.desk.hear();
    expect([listening, (await now())?.phase, await passed()]).toEqual([true, 'pending', before]);
    // Keys pressed before are not part of the keys pressed at the extension.
    await ines.desk.hangUp();
    expect(await end()).toMatchObject({ phase: 'ended', reason: 'hung-up' });
  });

  test.each(['voicemail', 'voicemail-tone', 'voicemail-beep', 'fax', 'presses-hash'] as const)(
    'a %s at the office does not approve, without machine detection',
    async does => {
      const before = await passed();
      await ines.desk.behave(does);
      const { end } = await asked('call');
      for (let turn = 0; turn < 16; turn += 1) {
        const call = await ines.desk.hear();
        if (call.isOver) break;
        await ines.desk.waitOut();
      }
      expect((await ines.desk.hear()).isOver).toBe(true);
      expect(await end()).toMatchObject({ phase: 'ended', reason: expect.not.stringMatching('machine') });
      expect(await passed()).toBe(before);
    },
  );

  test('the time to approve is two minutes from the pick-up', async () => {
    await ines.desk.behave('rings');
    const inTime = await asked('call');
    await takeCall(ines.desk, { wants: 'put through' });
    world.clock.advance(95_000);
    expect(await listen(ines.desk, atDesk)).toMatchObject({ pressed: '##', goodbye: true });
    await expect(inTime.tokens(await checkAgain(inTime.browser, inTime.page))).resolves.toBeDefined();

    const late = await asked('call');
    await takeCall(ines.desk, { wants: 'put through' });
    world.clock.advance(121_000);
    // The carrier has ended the call by its time limit.
    await world.clock.fired();
    expect(await listen(ines.desk, atDesk)).toMatchObject({ pressed: '' });
    expect((await ines.desk.hear()).isOver).toBe(true);
    expect(await late.now()).toMatchObject({ phase: 'ended', reason: 'silence' });
    expect(heading(await late.browser.visit(late.page.path))).toBe('You’re not signed in yet');
  });
});
