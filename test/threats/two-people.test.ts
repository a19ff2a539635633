/**
 * A11, with two people in one interaction. Mallory types Ada's password, so that Ada's phone rings, then goes Back and
 * types his own. If Ada now presses `#`, it must be the second step of neither: it is not Mallory's phone, and Ada's
 * password belongs to a page that is gone. Twenty right passwords at once still make one call.
 * Guards: the cancelling in `interactions/password.ts#postPassword`; `src/mfa/sign-in-proofs.ts#begin`, where another
 * person starts without proofs, with the check of the person in `interactions/factor.ts#postFactor` behind it;
 * `src/mfa/challenge/store.ts#begin` and `src/mfa/challenge/running-messages.ts#reserveCall` for one call.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { createTestCarrier, postKeys, type TestCarrier } from '../support/carrier/test-carrier.ts';
import {
  atClient,
  checkAgain,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
  type Request,
} from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

describe.each(stores)('A11 two people on $name', store => {
  let world: World;
  let rp: RelyingParty;
  let carrier: TestCarrier;
  beforeEach(async () => {
    carrier = createTestCarrier();
    world = await startWorld({ store, nodes: 2, wrap: carrier.wrap });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const open = async (): Promise<{ browser: Browser; request: Request; first: Answer }> => {
    const browser = world.browser();
    const request = await rp.begin();
    return { browser, request, first: await browser.visit(request.url) };
  };
  const legitimate = async (person: TestPerson): Promise<void> => {
    const { browser, request, first } = await open();
    const calling = await enterPassword(browser, first, person);
    await postKeys(world, carrier.last(), '#');
    const tokens = await request.redeem(atClient(browser, await checkAgain(browser, calling)));
    expect(tokens.claims()).toMatchObject({ sub: person.user.id, acr: 'mfa' });
  };
  const passed = async () => (await world.audited('challenge.passed')).length;

  test.each(['before', 'after'])(
    'A11 # on the first phone %s a second person’s password gives no code to either',
    async when => {
      const { ada, grace } = world.people;
      await legitimate(ada);
      await legitimate(grace);

      const { browser, request, first } = await open();
      const callsAda = await enterPassword(browser, first, ada);
      const adasPhone = carrier.last();
      if (when === 'before') await postKeys(world, adasPhone, '#');
      expect(await passed()).toBe(when === 'before' ? 3 : 2);
      const callsGrace = await enterPassword(browser, first, grace);
      const gracesPhone = carrier.last();
      expect(gracesPhone.message.to).toBe(grace.number);
      expect(carrier.cancelled).toContain(adasPhone.sid);
      for (const node of [0, 1]) expect((await postKeys(world, adasPhone, '#', node)).text).not.toContain('<Gather');

      for (const page of [callsAda, callsGrace]) {
        const waiting = await checkAgain(browser, page);
        expect([waiting.status, heading(waiting)]).toEqual([200, heading(callsGrace)]);
      }
      expect(browser.jar.cookies.map(({ name }) => name)).not.toContain('sallyport-session');
      expect(await passed()).toBe(when === 'before' ? 3 : 2);
      expect(await world.audited('sign-in.finished')).toHaveLength(2);

      await postKeys(world, gracesPhone, '#');
      const tokens = await request.redeem(atClient(browser, await checkAgain(browser, callsGrace)));
      expect(tokens.claims()).toMatchObject({ sub: grace.user.id, amr: ['pwd', 'tel', 'mfa'] });
    },
  );

  test('A11 the first call hangs up when a second person without a second step signs in', async () => {
    const { ada, linus } = world.people;
    await legitimate(ada);

    const { browser, request, first } = await open();
    const callsAda = await enterPassword(browser, first, ada);
    const adasPhone = carrier.last();
    const tokens = await request.redeem(atClient(browser, await enterPassword(browser, first, linus)));
    expect(tokens.claims()).toMatchObject({ sub: linus.user.id, acr: 'sfa', amr: ['pwd'] });
    expect(carrier.cancelled).toEqual([adasPhone.sid]);

    for (const node of [0, 1]) expect((await postKeys(world, adasPhone, '#', node)).text).not.toContain('<Gather');
    const after = await checkAgain(browser, callsAda);
    expect(browser.next(after)?.searchParams.get('code') ?? undefined).toBeUndefined();
    expect(await passed()).toBe(1);
    expect(await world.audited('sign-in.finished')).toHaveLength(2);
  });

  test('A11 twenty parallel right passwords on two nodes make one call', async () => {
    const { ada } = world.people;
    await legitimate(ada);
    expect(carrier.sent).toHaveLength(1);

    const { browser, request, first } = await open();
    const { action } = formTo(first, /\/password$/);
    const { name, password } = ada;
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => browser.go(action, { form: { name, password }, node: at % 2 })),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    expect(carrier.sent).toHaveLength(2);
    expect(carrier.cancelled).toEqual([]);
    expect(await world.audited('challenge.sent')).toHaveLength(2);
    await postKeys(world, carrier.last(), '#');
    const page = await browser.visit(action.replace('/password', ''));
    const tokens = await request.redeem(atClient(browser, await checkAgain(browser, page)));
    expect(tokens.claims()).toMatchObject({ sub: ada.user.id });
  });
});
