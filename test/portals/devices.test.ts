/**
 * Tests paired phones on the security page: state, name, default method, removal. Guards:
 * `portals/account/shown-device.ts#shownDevice`, `portals/account/own-authenticators.ts#firstChoices`.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { bindDevice } from '../support/world/devices.ts';
import { enterCode, enterPassword } from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

let world: World;
let ada: TestPerson;
let browser: Browser;
/** Her own app, by which she signs in: codes reach a higher level than calls and pushes. */
let app: string | undefined;
beforeAll(async () => {
  world = await startWorld({ hostname: 'localhost', env: { SALLYPORT_FACTORS: 'call,push,totp' } });
  ({ ada } = world.people);
  app = (await owned()).find(({ type }) => type === 'totp')?.id;
  await world.services.authenticators.prefer(ada.user.id, app ?? '', 'totp');
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
  for (const { id, type } of await owned())
    if (type !== 'phone' && id !== app) await world.services.authenticatorRemoval.remove(ada.user.id, id);
});

const user = async () => (await world.services.users.get(ada.user.id)) ?? ada.user;
const owned = async () => world.services.authenticators.of(await user());
const post = async (path: string, form: Record<string, string> = {}): Promise<Answer> => browser.visit(path, { form });
/** The security page, after a sign-in by a code. */
const signIn = async (): Promise<Answer> => {
  let page = await enterPassword(browser, await browser.visit('/account'), ada);
  if (/action="[^"]*\/start"/.test(page.text))
    page = await browser.visit(formTo(page, /\/start$/).action, { form: {} });
  return enterCode(browser, page, await ada.phone.code());
};
/** The row of a method on the page, as text. */
const rowOf = ({ text }: Answer, label: string): string =>
  (text.split('<li class="item">').find(each => each.includes(label) && each.includes('Sallyport Authenticator')) ?? '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

test('a phone is listed with its name, the day of its pairing, and whether requests reach it', async () => {
  await bindDevice(world, ada, { label: 'Pixel' });
  await bindDevice(world, ada, { label: 'Old tablet', more: { push: 'gone' } });
  await bindDevice(world, ada, { label: 'iPhone', more: { push: 'none' } });
  await bindDevice(world, ada, { label: 'Work phone', more: { wrongPins: 5 } });
  const page = await signIn();
  expect(rowOf(page, 'Pixel')).toMatch(/Sallyport Authenticator.*Requests reach this phone · paired today.*Test/);
  expect(rowOf(page, 'Old tablet')).toMatch(/Notifications stopped: open the authenticator once/);
  expect(rowOf(page, 'iPhone')).toMatch(/No notifications: open the authenticator to see requests/);
  expect(rowOf(page, 'Work phone')).toMatch(/Remove this phone and pair it again/);
  expect(rowOf(page, 'Work phone')).not.toMatch(/Requests reach|Test/);
});

test('a phone gets another name', async () => {
  const { authenticator } = await bindDevice(world, ada);
  await signIn();
  const saved = await post(`/account/methods/${authenticator.id}/name`, { label: 'My new phone' });
  expect(saved.text).toContain('The name was changed.');
  expect(rowOf(saved, 'My new phone')).toMatch(/Requests reach this phone/);
});

test('a phone can be asked for first only where another method would not be lost with it', async () => {
  const { authenticator } = await bindDevice(world, ada);
  const page = await signIn();
  expect(page.text).not.toContain(`value="push:${authenticator.id}"`);
  const refused = await post('/account/first-method', { method: `push:${authenticator.id}` });
  expect(refused.status).toBe(403);
  expect((await user()).defaultMethod?.factor).not.toBe('push');

  const office = { type: 'phone', label: 'office', data: { number: '+4930123456', kind: 'office' } };
  const { id } = await world.services.authenticators.bind(ada.user.id, office);
  expect((await browser.visit('/account')).text).toContain(`value="push:${authenticator.id}"`);
  await post('/account/first-method', { method: `push:${authenticator.id}` });
  expect((await user()).defaultMethod).toEqual({ factor: 'push', authenticator: authenticator.id });
  await world.services.authenticatorRemoval.remove(ada.user.id, id);
});

test('a phone is removed with its codes, and the page says so before', async () => {
  const kept = await bindDevice(world, ada, { label: 'Tablet' });
  const { authenticator } = await bindDevice(world, ada, { label: 'Pixel' });
  await signIn();
  const asked = await browser.visit(`/account/methods/${authenticator.id}/remove`);
  expect(heading(asked)).toBe('Remove this method?');
  expect(asked.text).toContain('Its codes stop working too.');
  expect((await browser.visit(`/account/methods/${(await owned())[0]?.id}/remove`)).text).not.toContain('Its codes');

  const removed = await post(`/account/methods/${authenticator.id}/remove`);
  expect(removed.text).toContain('It was removed.');
  expect((await owned()).map(({ type, label }) => `${type} ${label}`)).toEqual([
    expect.stringMatching(/^(?:phone|totp) /),
    expect.stringMatching(/^(?:phone|totp) /),
    'push Tablet',
    'totp Tablet',
  ]);
  expect((await owned()).map(({ id }) => id)).toContain(kept.authenticator.id);
  expect((await world.audited('notice.sent')).at(-1)?.facts).toMatchObject({ notice: 'method-removed' });
});
