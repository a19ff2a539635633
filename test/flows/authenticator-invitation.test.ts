/**
 * Tests over HTTP that a person who was called is invited to approve on their phone, and may refuse. Guards:
 * `src/mfa/enrollment-plan.ts#helpfulInvitations`, `interactions/enrollment/pages.ts#choosePage`.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { heading } from '../support/browser/plain.ts';
import { newcomerAt } from '../support/human/newcomer.ts';
import { atClient, checkAgain, enterPassword, openRelyingParty, pickUp } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    hostname: 'localhost',
    env: { SALLYPORT_INVITATIONS: 'on', SALLYPORT_FACTORS: 'call,push' },
  });
});
afterAll(() => world.close());

test('a person who was called is invited to approve on the phone: to choose it, or to refuse', async () => {
  const { grace } = world.people;
  // She wants no backup.
  for (let times = 0; times < 3; times += 1) await world.services.setUpRequests.refuse(grace.user.id, 'backup');
  const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), grace);
  await pickUp(grace, '#');
  const invited = await checkAgain(browser, page);
  expect(heading(invited)).toBe('Next time, just approve on your phone');
  expect(invited.text).toContain('name="method" value="push"');

  const hands = newcomerAt(browser, world.clock);
  const chosen = await hands.choose(invited, 'push');
  expect(chosen.text).toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}/);
  const back = await browser.visit(chosen.path);
  expect(back.status).toBe(200);
});

test('who refuses is signed in, and not asked again at once', async () => {
  const { ada } = world.people;
  for (let times = 0; times < 3; times += 1) await world.services.setUpRequests.refuse(ada.user.id, 'backup');
  const rp = await openRelyingParty(world, await world.addClient({ id: 'fabrikam' }));
  const browser = world.browser();
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), ada);
  await pickUp(ada, '#');
  const invited = await checkAgain(browser, page);
  expect(heading(invited)).toBe('Next time, just approve on your phone');
  const done = await newcomerAt(browser, world.clock).skip(invited);
  expect((await request.redeem(atClient(browser, done))).claims()?.['acr']).toBe('mfa');
  expect((await world.services.users.get(ada.user.id))?.invitations?.refused).toMatchObject({ authenticator: 1 });
});
