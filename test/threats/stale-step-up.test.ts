/**
 * A76. A session that was proven by a code yesterday opens a step-up and leaves it open. In another tab the same person
 * signs in again, by password and call, which is less. The open step-up is then finished by a second call. With the
 * session as it was when opened, the token would say `aal2` at the time of the new sign-in. No code was typed since.
 * Guard: `interactions/protocols/oidc/results.ts#steppedUp`, which adds to the session as it is at the end.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { heading } from '../support/browser/plain.ts';
import { codeAt } from '../support/codes.ts';
import {
  atClient,
  checkAgain,
  chooseOption,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { createTestCarrier, postKeys, type TestCarrier } from '../support/carrier/test-carrier.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe('A76 a step-up left open', () => {
  let world: World;
  let rp: RelyingParty;
  let carrier: TestCarrier;
  beforeEach(async () => {
    carrier = createTestCarrier();
    world = await startWorld({ wrap: carrier.wrap });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const signedInByCode = async () => {
    const { ada } = world.people;
    const browser = world.browser();
    const request = await rp.begin({ acr_values: 'aal2' });
    const page = await enterPassword(browser, await browser.visit(request.url), ada);
    const tokens = await request.redeem(atClient(browser, await enterCode(browser, page, codeAt(ada, world.clock()))));
    expect(tokens.claims()).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
    world.clock.advance(20 * 60_000);
    const stepUp = await rp.begin({ prompt: 'mfa' });
    const open = await browser.visit(stepUp.url);
    expect(heading(open)).toBe('Confirm it’s you');
    return { browser, stepUp, open };
  };

  const finishByCall = async ({ browser, stepUp, open }: Awaited<ReturnType<typeof signedInByCode>>) => {
    const calling = await chooseOption(browser, open, /call/i);
    await postKeys(world, carrier.last(), '#');
    return stepUp.redeem(atClient(browser, await checkAgain(browser, calling)));
  };

  test('A76 a step-up adds its call to the code of the session', async () => {
    const tokens = await finishByCall(await signedInByCode());
    expect(tokens.claims()).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa', 'tel'] });
  });

  test('A76 a step-up left open adds no earlier code to a new session', async () => {
    const opened = await signedInByCode();
    const again = await rp.begin({ prompt: 'login' });
    const { browser } = opened;
    const calling = await enterPassword(browser, await browser.visit(again.url), world.people.ada);
    await postKeys(world, carrier.last(), '#');
    await again.redeem(atClient(browser, await checkAgain(browser, calling)));

    // Its tab goes on with the new session, which is asked for a second step of its own.
    const tokens = await finishByCall({ ...opened, open: await browser.visit(opened.open.path) });
    expect(tokens.claims()).toMatchObject({ acr: 'mfa', amr: ['pwd', 'tel', 'mfa'] });
    const isNew = await rp.begin({
      max_age: '300',
      claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'aal2' } } }),
    });
    expect(heading(await browser.visit(isNew.url))).toBe('Confirm it’s you');
  });
});
