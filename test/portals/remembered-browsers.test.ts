/** Tests the list of remembered browsers on the security page: what it tells, and that what is forgotten there counts no more. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Remembered } from '../../src/users/remembered-browsers.ts';
import { formTo, type Answer, type Browser } from '../support/browser/plain.ts';
import { enterPassword, openRelyingParty, pickUp } from '../support/world/relying-party.ts';
import { leaveSession, passwordAlone } from '../support/world/remember.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';
import { openAccount } from './support/portal.ts';

const page = '/account/sessions';
let world: World;
let grace: TestPerson;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_REMEMBER_BROWSER: '14d' } });
  ({ grace } = world.people);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  await world.services.rememberedBrowsers.forgetAll(grace.user.id, 'cli');
  browser = world.browser();
});

const remember = async (person: TestPerson, text: string, address: string): Promise<Remembered> => {
  const source = { actor: `user:${person.user.id}`, browser: text, address };
  const user = (await world.services.users.get(person.user.id)) ?? person.user;
  const remembered = await world.services.rememberedBrowsers.remember(user, source);
  if (remembered === undefined) throw new Error(`${text} was not remembered`);
  return remembered;
};
const counts = async ({ user: { id } }: TestPerson, { token }: Remembered): Promise<boolean> =>
  (await world.services.rememberedBrowsers.recognise(id, token, { actor: `user:${id}` })) !== undefined;

/** The section of the page, in words. */
const sectionIn = ({ text }: Answer): string =>
  (/<h2>Browsers that we remember<\/h2>[^]*?<\/section>/.exec(text)?.[0] ?? '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

test('each browser stands with its place and its times, and one of them can be forgotten', async () => {
  const firefox = await remember(grace, 'Firefox on Linux', '192.0.2.7');
  world.clock.advance(60_000);
  const safari = await remember(grace, 'Safari on iPhone', '192.0.2.8');
  const shown = await openAccount(browser, grace, page);
  expect(sectionIn(shown)).toMatch(/Forget all .*Safari on iPhone 192\.0\.2\.8 · Last used: .*Firefox on Linux/);
  expect(sectionIn(shown)).toMatch(/Since: .* · Until: /);

  const after = await browser.visit('/account/sessions/forget', { form: { browser: firefox.id } });
  expect(after.text).toContain('We ask for your second step in that browser again.');
  expect(sectionIn(after)).toMatch(/Safari on iPhone/);
  expect(sectionIn(after)).not.toMatch(/Firefox on Linux|Forget all/);
  expect([await counts(grace, firefox), await counts(grace, safari)]).toEqual([false, true]);
  const again = await browser.visit('/account/sessions/forget', { form: { browser: firefox.id } });
  expect(again.text).toContain('That had ended already.');
  const removed = await world.audited('remembered-browser.removed');
  expect(removed.at(-1)).toMatchObject({ subject: grace.user.id, actor: `user:${grace.user.id}`, outcome: 'success' });
});

test('all can be forgotten at once, and those of other people stay', async () => {
  const { ada } = world.people;
  const [own, other] = [
    await remember(grace, 'Firefox on Linux', '192.0.2.7'),
    await remember(ada, 'Firefox on Linux', '192.0.2.7'),
  ];
  await openAccount(browser, grace, page);
  const after = await browser.visit('/account/sessions/forget-all', { form: {} });
  expect(after.text).toContain('We ask for your second step in every browser again.');
  expect(sectionIn(after)).toMatch(/None\. Where nobody else uses a browser/);
  expect([await counts(grace, own), await counts(ada, other)]).toEqual([false, true]);
});

test('the last sign-ins say where the browser was remembered, and where it took the place of the second step', async () => {
  const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  const request = await rp.begin();
  const ringing = await enterPassword(browser, await browser.visit(request.url), grace);
  await pickUp(grace, '#');
  await browser.visit(formTo(ringing, /\/factor$/).action, { form: { remember: 'yes' } });
  world.clock.advance(60_000);
  leaveSession(browser);
  expect(await passwordAlone(rp, browser, grace)).toEqual({ acr: 'sfa', amr: ['pwd'] });
  // This page shows the methods of a person, so it asks for the second step in each browser.
  expect((await browser.visit('/account')).text).toMatch(/with your password alone\. Confirm your second step/);
  const shown = (await openAccount(browser, grace, page)).text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
  expect(shown).toMatch(
    /You signed in to Contoso Office ?\. With your password, in a browser that we remember\. .*You answered the call and pressed #\. You asked us to remember this browser\./,
  );
});

test('one that does not count any more is not listed, and none where browsers are not remembered', async () => {
  await remember(grace, 'Firefox on Linux', '192.0.2.7');
  world.clock.advance(14 * 86_400_000);
  expect(sectionIn(await openAccount(browser, grace, page))).toMatch(/None\./);
  const without = await startWorld();
  try {
    const shown = await openAccount(without.browser(), without.people.grace, page);
    expect(shown.text).not.toContain('Browsers that we remember');
  } finally {
    await without.close();
  }
});
