/**
 * A66. A thief signs in with a stolen phone and keeps the session. The help desk removes the phone and binds an app.
 * The thief must now be asked for the app: a proof by a removed method, older than the first method that counts, is not
 * enough.
 * Guards: `src/mfa/listed-authenticators.ts#withoutAuthenticator` (the first method is the oldest that remains),
 * `src/oidc/prompts/mfa-prompt.ts#isProven`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { heading } from '../support/browser/plain.ts';
import { codeAt } from '../support/codes.ts';
import { atClient, checkAgain, enterCode, enterPassword, openRelyingParty } from '../support/world/relying-party.ts';
import type { RelyingParty } from '../support/world/relying-party.ts';
import { createTestCarrier, postKeys, type TestCarrier } from '../support/carrier/test-carrier.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe('A66 a session proven by a stolen phone', () => {
  let world: World;
  let rp: RelyingParty;
  let carrier: TestCarrier;
  beforeEach(async () => {
    carrier = createTestCarrier();
    world = await startWorld({ wrap: carrier.wrap });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  test.each(['before', 'after'])(
    'A66 a session proven by a stolen phone is asked for the app bound %s the phone was removed',
    async when => {
      const { grace, noor } = world.people;
      const { authenticators, authenticatorRemoval } = world.services;
      const browser = world.browser();
      const first = await rp.begin();
      const calling = await enterPassword(browser, await browser.visit(first.url), grace);
      await postKeys(world, carrier.last(), '#');
      await first.redeem(atClient(browser, await checkAgain(browser, calling)));
      const silent = await rp.begin();
      await silent.redeem(atClient(browser, await browser.visit(silent.url)));

      world.clock.advance(60_000);
      const [phone = ''] = (await world.services.users.get(grace.user.id))?.authenticators ?? [];
      const bindApp = () =>
        authenticators.bind(grace.user.id, {
          type: 'totp',
          label: 'App',
          data: { secret: noor.totpSecret ?? '', lastStep: -1 },
        });
      if (when === 'before') await bindApp();
      expect(await authenticatorRemoval.remove(grace.user.id, phone)).toBe(true);
      if (when === 'after') await bindApp();

      const request = await rp.begin();
      const asked = await browser.visit(request.url);
      expect([asked.status, heading(asked)]).toEqual([200, 'Confirm it’s you']);
      const start = await browser.visit(`${asked.path}/start`, { form: {} });
      const code = codeAt(noor, world.clock());
      const tokens = await request.redeem(atClient(browser, await enterCode(browser, start, code)));
      expect(tokens.claims()).toMatchObject({ sub: grace.user.id, acr: 'aal2' });
    },
  );

  test('A66 a session is asked for the app that replaced a disabled one', async () => {
    const { noor, ada } = world.people;
    const { authenticators } = world.services;
    const browser = world.browser();
    const first = await rp.begin();
    const page = await enterPassword(browser, await browser.visit(first.url), noor);
    await first.redeem(atClient(browser, await enterCode(browser, page, codeAt(noor, world.clock()))));
    const old = (await world.services.users.get(noor.user.id))?.authenticators ?? [];
    await authenticators.prefer(noor.user.id, old[0] ?? '', 'totp');

    world.clock.advance(60_000);
    const data = { secret: ada.totpSecret ?? '', lastStep: -1 };
    const made = await authenticators.bind(noor.user.id, { type: 'totp', label: 'New', data }, { instead: old });
    const now = await world.services.users.get(noor.user.id);
    expect(now).toMatchObject({ authenticators: [made.id], firstMethodAt: world.clock() });
    expect(now).not.toHaveProperty('defaultMethod');
    const asked = await browser.visit((await rp.begin()).url);
    expect(heading(asked)).toBe('Confirm it’s you');
  });

  test('A66 a session stays valid when a method that does not count is removed', async () => {
    const { ada, grace } = world.people;
    const was = await world.services.users.get(grace.user.id);
    const [others = ''] = (await world.services.users.get(ada.user.id))?.authenticators ?? [];
    expect(await world.services.authenticatorRemoval.remove(grace.user.id, others)).toBe(false);
    expect(await world.services.users.get(grace.user.id)).toMatchObject({ firstMethodAt: was?.firstMethodAt });
  });
});
