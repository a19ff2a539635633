/** Tests that a removal is refused where a rule for another place or time would then lock the person out of a client in use. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { formTo, type Answer, type Browser } from '../support/browser/plain.ts';
import { enterCode, enterPassword, openRelyingParty, signIn } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const policy = `
networks: { home: [127.0.0.1/32] }
rules:
  - { name: elsewhere, when: { clients: [payroll], not: { networks: [home] } }, require: { acr: aal2 } }
`;

let world: World;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_POLICY: policy } });
});
afterAll(() => world.close());

/** Opens the page that removes this method. */
const removalOf = async (browser: Browser, type: string): Promise<Answer> => {
  const user = await world.services.users.get(world.people.noor.user.id);
  const owned = user === undefined ? [] : await world.services.authenticators.of(user);
  return browser.visit(`/account/methods/${owned.find(each => each.type === type)?.id}/remove`);
};

test('the app that payroll needs from elsewhere stays once payroll is in use, and the phone may go', async () => {
  const { noor } = world.people;
  await world.services.authenticators.bind(noor.user.id, {
    type: 'phone',
    label: 'mobile',
    data: { number: '+12025550145' },
  });
  const rp = await openRelyingParty(world, await world.addClient({ id: 'payroll' }));
  const browser = world.browser();
  await enterCode(
    browser,
    await enterPassword(browser, await browser.visit('/account'), noor),
    await noor.phone.code(),
  );
  const before = await removalOf(browser, 'totp');
  const { action, hidden } = formTo(before, /\/remove$/);

  // A code of an app counts once.
  world.clock.advance(30_000);
  await signIn(rp, world.browser(), noor);

  const refused = await browser.visit(action, { form: hidden });
  expect(refused.status).toBe(422);
  expect((await world.audited('authenticator.removed')).at(-1)?.facts).toMatchObject({ reason: 'level' });

  const phone = formTo(await removalOf(browser, 'phone'), /\/remove$/);
  expect((await browser.visit(phone.action, { form: phone.hidden })).text).toContain('It was removed.');
});
