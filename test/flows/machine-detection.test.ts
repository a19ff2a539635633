/**
 * Tests sign-ins by call on which the carrier detects machines while we speak (`SALLYPORT_MACHINE_DETECTION=during`), against the
 * simulated carrier: its document comes first, and its verdict by a callback of its own, early, late or never.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { heading, uidOf, type Answer } from '../support/browser/plain.ts';
import { moveTime } from '../../simulator/person.ts';
import type { BehaviourChange } from '../../simulator/network/behaviours/settings.ts';
import { finalView, orders } from '../support/human/second-steps.ts';
import { atClient, checkAgain, enterPassword, openRelyingParty } from '../support/world/relying-party.ts';
import type { RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe('a call on which machines are detected while we speak', () => {
  let world: World;
  let rp: RelyingParty;
  beforeAll(async () => {
    world = await startWorld({ env: { SALLYPORT_MACHINE_DETECTION: 'during' } });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterAll(() => world.close());
  beforeEach(() => world.nextDay());

  const called = async (behaviour: BehaviourChange) => {
    const { grace } = world.people;
    await grace.phone.behave(behaviour);
    const browser = world.browser();
    const request = await rp.begin();
    const page = await enterPassword(browser, await browser.visit(request.url), grace);
    const now = async () => world.services.challenges.current(`sign-in:${uidOf(page)}`);
    /** Moves the carrier's time by seconds until this is so. */
    const until = async (isSo: (view: Awaited<ReturnType<typeof now>>) => boolean): Promise<void> => {
      for (let seconds = 0; seconds < 30; seconds += 1) {
        if (isSo(await now())) return;
        await moveTime(world.simulator, 1);
      }
      throw new Error(`not so: ${JSON.stringify(await now())}`);
    };
    const claims = async (at: Answer) => (await request.redeem(atClient(browser, at))).claims();
    return { browser, page, phone: grace.phone, now, until, claims };
  };
  /** Picks up, hears the question, and presses #. */
  const pressed = async ({ phone }: Pick<Awaited<ReturnType<typeof called>>, 'phone'>) => {
    await phone.ringing();
    await phone.answer();
    expect((await phone.hear()).heard.at(-1)?.text).toContain('Someone is signing in');
    world.clock.advance(1_000);
    await phone.press('#');
  };

  test('signs in a person whose verdict comes before the #', async () => {
    const call = await called({ calls: 'rings' });
    await pressed(call);
    expect((await call.phone.hear()).heard.at(-1)?.text).toContain('Thank you');
    const claims = await call.claims(await checkAgain(call.browser, call.page));
    expect(claims).toMatchObject({ acr: 'mfa', amr: ['pwd', 'tel', 'mfa'] });
    expect(await orders(world)).toEqual({ calls: 1, texts: 0 });
  });

  test('holds the # of a person whose verdict is late: page and voice ask for a moment, then both go on', async () => {
    const call = await called({ calls: 'rings', callbacks: 'late-verdict' });
    await pressed(call);
    expect((await call.phone.hear()).heard.at(-1)?.text).toBe('One moment, please.');
    const waiting = await checkAgain(call.browser, call.page);
    expect(heading(waiting)).toBe(heading(call.page));
    expect(waiting.text).toContain('Key pressed. One moment');
    await call.until(view => view?.phase === 'passed');
    await call.phone.waitOut();
    expect((await call.phone.hear()).heard.at(-1)?.text).toContain('Thank you');
    expect(await call.claims(await checkAgain(call.browser, call.page))).toMatchObject({ acr: 'mfa' });
  });

  test('goes on for a person who hangs up after the #, once the verdict comes', async () => {
    const call = await called({ calls: 'rings', callbacks: 'late-verdict' });
    await pressed(call);
    await call.phone.hear();
    await call.phone.hangUp();
    expect(await call.now()).toMatchObject({ phase: 'pending', isHeld: true });
    await call.until(view => view?.phase === 'passed');
    expect(await call.claims(await checkAgain(call.browser, call.page))).toMatchObject({ acr: 'mfa' });
  });

  test('signs in a person whose verdict is lost, at the end of its window and not before', async () => {
    const call = await called({ calls: 'rings', callbacks: 'missing-verdict' });
    await pressed(call);
    world.clock.advance(13_999);
    await world.clock.fired();
    expect(await call.now()).toMatchObject({ phase: 'pending', isHeld: true });
    world.clock.advance(2);
    await world.clock.fired();
    expect(await call.claims(await checkAgain(call.browser, call.page))).toMatchObject({ acr: 'mfa' });
  });

  const expectMachine = async (call: Awaited<ReturnType<typeof called>>, passed: number): Promise<void> => {
    await call.until(view => view?.phase === 'ended');
    expect((await call.browser.visit(call.page.path)).text).toContain('Voicemail or a fax machine answered');
    expect(await finalView(world, uidOf(call.page))).toMatchObject({ phase: 'ended', reason: 'machine' });
    world.clock.advance(20_000);
    await world.clock.fired();
    expect(await world.audited('challenge.passed')).toHaveLength(passed);
    // The call is ended at the carrier, not only here: by two requests, which may still be under way.
    let { state } = await call.phone.phone();
    for (let reads = 0; reads < 100 && state !== 'idle'; reads += 1) ({ state } = await call.phone.phone());
    expect(state).toBe('idle');
  };
  const passes = async () => (await world.audited('challenge.passed')).length;

  test.each(['normal', 'doubled'] as const)(
    'ends the call of a voicemail, with callbacks set to %s',
    async callbacks => {
      const passed = await passes();
      await expectMachine(await called({ calls: 'voicemail', callbacks }), passed);
    },
  );

  test('never signs in a voicemail that presses # before its verdict', async () => {
    const passed = await passes();
    const call = await called({ calls: 'voicemail', callbacks: 'late-verdict' });
    await call.phone.hear();
    world.clock.advance(1_000);
    await call.phone.press('#');
    expect((await call.phone.hear()).heard.at(-1)?.text).toBe('One moment, please.');
    expect(await call.now()).toMatchObject({ phase: 'pending', isHeld: true });
    await expectMachine(call, passed);
  });
});
