/** Tests the methods and the language on the security page: list, names, what is asked for first, removal. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';
import { openAccount } from './support/portal.ts';

const minute = 60_000;

let world: World;
let ada: TestPerson;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_FACTORS: 'call' } });
  ({ ada } = world.people);
  // Of a factor that is not in use here.
  for (const { id, type } of await owned())
    if (type === 'totp') await world.services.authenticatorRemoval.remove(ada.user.id, id);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
});

const user = async () => (await world.services.users.get(ada.user.id)) ?? ada.user;
const owned = async () => world.services.authenticators.of(await user());
const idOf = async (label: string): Promise<string> => (await owned()).find(each => each.label === label)?.id ?? '';
/** Binds one more phone, as an administrator does. */
const addPhone = async (label: string, number = '+4915112345699') =>
  world.services.authenticators.bind(ada.user.id, { type: 'phone', label, data: { number } });
const post = async (path: string, form: Record<string, string> = {}): Promise<Answer> => browser.visit(path, { form });

describe('the list of methods', () => {
  test('shows what confirms a sign-in, masked, and would be left without the phone', async () => {
    const page = await openAccount(browser, ada);
    expect(page.text).toContain('Phone call');
    expect(page.text).not.toContain(ada.number);
    expect(page.text).toContain('you could not sign in');
    await addPhone('alternate');
    const two = await browser.visit('/account');
    expect(two.text).toContain('you could not sign in');
    await world.services.authenticatorRemoval.remove(ada.user.id, await idOf('alternate'));
  });
});

describe('a name', () => {
  test('is changed, audited, and told', async () => {
    await openAccount(browser, ada);
    const path = `/account/methods/${(await owned())[0]?.id}/name`;
    const form = await browser.visit(path);
    expect(heading(form)).toBe('Rename this method');
    const saved = await post(path, { label: '  My\u202E phone ' });
    expect(saved.path).toBe('/account');
    expect(saved.text).toContain('The name was changed.');
    expect((await owned())[0]?.label).toBe('My phone');
    expect((await world.audited('authenticator.renamed')).at(-1)?.actor).toBe(`user:${ada.user.id}`);
    expect((await world.audited('notice.sent')).at(-1)?.facts).toMatchObject({ notice: 'method-renamed' });
    expect((await browser.visit('/account')).text).not.toContain('The name was changed.');
  });

  test('that cannot be one is refused on its page', async () => {
    await openAccount(browser, ada);
    const path = `/account/methods/${(await owned())[0]?.id}/name`;
    for (const label of ['', ' \u202E ', 'x'.repeat(61)]) {
      const refused = await post(path, { label });
      expect(refused.status).toBe(422);
      expect(refused.text).toContain('aria-invalid="true"');
    }
    expect((await owned())[0]?.label).toBe('My phone');
  });
});

describe('a stale form', () => {
  test('leads to a sign-in at the highest level and back to its page, and is not repeated', async () => {
    await openAccount(browser, ada);
    const id = (await owned())[0]?.id;
    world.clock.advance(5 * minute + 1000);
    const asked = await post(`/account/methods/${id}/name`, { label: 'Stale' });
    expect(heading(asked)).toBe('Sign in to Sallyport');
    expect((await owned())[0]?.label).toBe('My phone');
    const back = await openAccount(browser, ada, asked.path);
    expect(back.path).toBe(`/account/methods/${id}/name`);
    expect(back.text).toContain('Now please make your change once more.');
    expect((await owned())[0]?.label).toBe('My phone');
    await post(`/account/methods/${id}/name`, { label: 'Fresh' });
    expect((await owned())[0]?.label).toBe('Fresh');
  });
});

/** Pages that hold only a form. */
const formPages = async (): Promise<readonly string[]> => {
  const id = (await owned())[0]?.id;
  return [`/account/methods/${id}/name`, `/account/methods/${id}/remove`, '/account/sessions/end-all'];
};

describe('a page that holds only a form', () => {
  test('asks for the fresh sign-in before the form, so that no typed text is lost', async () => {
    await openAccount(browser, ada);
    for (const path of await formPages()) {
      expect([path, (await browser.go(path)).status]).toEqual([path, 200]);
      world.clock.advance(5 * minute + 1000);
      const asked = await browser.visit(path);
      expect(heading(asked)).toBe('Sign in to Sallyport');
      const form = await openAccount(browser, ada, asked.path);
      expect(form.path).toBe(path);
      expect(form.text).not.toContain('once more');
    }
    const [path = ''] = await formPages();
    expect((await post(path, { label: 'At once' })).text).toContain('The name was changed.');
    await post(path, { label: 'Fresh' });
  });

  test('leads to the page before it where that sign-in is cancelled, and does not ask again', async () => {
    await openAccount(browser, ada);
    world.clock.advance(5 * minute + 1000);
    const asked = await browser.visit((await formPages())[0] ?? '');
    const left = await browser.visit(formTo(asked, /\/cancel$/).action, { form: {} });
    expect([left.path, heading(left)]).toEqual(['/account', 'Security']);
    expect(left.text).toContain('Nothing was changed.');
  });
});

describe('the profile, with a stale sign-in', () => {
  test('has links to a fresh sign-in in place of its forms', async () => {
    await openAccount(browser, ada);
    const forms = '<form method="post" action="/account/password">';
    expect((await browser.visit('/account/profile')).text).toContain(forms);
    world.clock.advance(5 * minute + 1000);
    const stale = await browser.visit('/account/profile');
    expect(stale.text).not.toContain(forms);
    expect(stale.text).toContain('<a class="button" href="/account/profile/change">Change the password</a>');
    const asked = await browser.visit('/account/profile/change');
    expect(heading(asked)).toBe('Sign in to Sallyport');
    const left = await browser.visit(formTo(asked, /\/cancel$/).action, { form: {} });
    expect([left.path, left.text.includes(forms)]).toEqual(['/account/profile', false]);
    const profile = await openAccount(browser, ada, '/account/profile/change');
    expect([profile.path, profile.text.includes(forms)]).toEqual(['/account/profile', true]);
  });
});

test('a change that is stopped leads back to the security page', async () => {
  await openAccount(browser, ada);
  const path = `/account/methods/${(await owned())[0]?.id}/name`;
  await world.services.freezes.freeze(ada.user.id, world.clock(), 'browser');
  await openAccount(browser, ada);
  const stopped = await post(path, { label: 'Thief' });
  expect([stopped.status, heading(stopped)]).toEqual([403, 'Changes are stopped']);
  expect(stopped.text).toContain('<a class="button primary" href="/account">Back</a>');
  expect(stopped.text).toContain('name="back" value="/account"');
  await world.services.freezes.unfreeze(ada.user.id, 'cli');
});

describe('what is asked for first', () => {
  test('is chosen among the methods of the person', async () => {
    const added = await addPhone('office');
    await openAccount(browser, ada);
    await post('/account/first-method', { method: `call:${added.id}` });
    expect((await user()).defaultMethod).toEqual({ factor: 'call', authenticator: added.id });
    expect((await post('/account/first-method', { method: 'call:0' })).status).toBe(404);
    expect((await user()).defaultMethod?.authenticator).toBe(added.id);
    await world.services.authenticators.prefer(ada.user.id, await idOf('Fresh'), 'call');
  });
});

describe('a removal', () => {
  test('asks first, says what is asked for instead, and moves there', async () => {
    await openAccount(browser, ada);
    const [id, left] = [await idOf('office'), await idOf('Fresh')];
    await world.services.authenticators.prefer(ada.user.id, id, 'call');
    const asked = await browser.visit(`/account/methods/${id}/remove`);
    expect(asked.text).toContain('After this we ask for');
    const { action, hidden } = formTo(asked, /\/remove$/);
    const gone = await post(action, { ...hidden, others: 'yes' });
    expect(gone.text).toContain('It was removed.');
    expect((await user()).authenticators).toEqual([left]);
    expect((await user()).defaultMethod).toEqual({ factor: 'call', authenticator: left });
    expect((await world.audited('authenticator.removed')).at(-1)).toMatchObject({ outcome: 'success' });
  });

  test('of the last method is refused, with a way to add another', async () => {
    await openAccount(browser, ada);
    const path = `/account/methods/${await idOf('Fresh')}/remove`;
    expect((await browser.visit(path)).text).toContain('This is your last sign-in method');
    const refused = await post(path, {});
    expect(refused.status).toBe(422);
    expect(refused.text).toContain('/account/add-method');
    expect(await owned()).toHaveLength(1);
    expect((await world.audited('authenticator.removed')).at(-1)).toMatchObject({ outcome: 'refused' });
  });
});

test('the language is kept for this person, and shown at once', async () => {
  await openAccount(browser, ada);
  const page = await post('/account/language', { language: 'de' });
  expect(heading(page)).toBe('Sicherheit');
  expect((await user()).language).toBe('de');
  expect((await post('/account/language', { language: 'xx' })).status).toBe(400);
});

test('the language of a person replaces the one that was chosen in this browser before', async () => {
  await openAccount(browser, ada);
  await post('/language', { language: 'fr', back: '/account' });
  expect((await browser.visit('/account')).text).toContain('<html lang="fr"');
  const saved = await post('/account/language', { language: 'de' });
  expect([saved.path, saved.text.includes('<html lang="de"'), (await user()).language]).toEqual([
    '/account',
    true,
    'de',
  ]);
});
