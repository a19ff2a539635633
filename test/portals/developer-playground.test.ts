/** Developers try the clients of their own teams, in production too. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { OwnClients } from '../../src/oidc/developers/own-clients.ts';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { chosenRequest, partOf, sendLinkOf, verdictsOf } from '../support/world/playground.ts';
import { enterCode, enterPassword } from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type TestPerson, type World, type WorldOptions } from '../support/world/world.ts';

const page = '/developer/playground';
let world: World;
afterEach(() => world.close());

/** A world as in production, where linus and grace are developers. */
const start = async (wish: WorldOptions = {}): Promise<void> => {
  world = await startWorld({
    ...wish,
    env: { SALLYPORT_DEVELOPERS: 'everyone', ...wish.env },
    wrap: resources => ({ ...resources, settings: { ...resources.settings, mode: 'production' } }),
  });
};

/** Adds a client of this person. Gives its id. */
const addFor = async ({ user }: TestPerson, name: string): Promise<string> => {
  const own = new OwnClients({ ...world.services, mayDevelop: () => true, places: 5 });
  const added = await own.add(user, { client_name: name, redirect_uris: ['https://office.test/callback'] });
  if (!added.ok) throw new Error(added.message);
  return added.id;
};

const signedIn = async (
  person: TestPerson,
  path = page,
): Promise<{ readonly browser: Browser; readonly at: Answer }> => {
  const browser = world.browser();
  return { browser, at: await enterPassword(browser, await browser.visit(path), person) };
};

/** Allows what a client asks for. */
const allow = async (browser: Browser, asked: Answer): Promise<Answer> =>
  browser.visit(formTo(asked, /\/consent$/).action, { form: { answer: 'allow' } });

describe.each(stores)('on $name', store => {
  test('a developer tries an own client, and sees its tokens', async () => {
    await start({ store });
    const { linus } = world.people;
    const client = await addFor(linus, 'Office');
    const { browser, at } = await signedIn(linus);
    expect([heading(at), at.path]).toEqual(['Playground', page]);
    expect(at.text).toContain('<option value="' + client);
    expect(at.text).toContain('aria-current="page">Playground');
    const prepared = await chosenRequest(browser, { client, scope: 'openid email' }, page);
    expect(heading(prepared)).toBe('Request of Office');
    const result = await allow(browser, await browser.visit(sendLinkOf(prepared)));
    expect(heading(result)).toBe('It worked');
    expect(Object.values(verdictsOf(result))).not.toContain('failed');
    expect(partOf(result, 'The user information')).toContain('linus@example.com');
  });
});

test('a link keeps its values through the sign-in that it needs, in several tabs', async () => {
  await start();
  const { linus } = world.people;
  const client = await addFor(linus, 'Office');
  const browser = world.browser();
  const link = (hint: string): string =>
    `${page}?${new URLSearchParams({ client, acr_values: 'phr', claims: hint }).toString()}`;
  const long = await browser.visit(link('x'.repeat(4000)));
  const tabs = [];
  for (const each of ['one', 'two', 'three', 'four']) tabs.push(await browser.visit(link(each.padEnd(40, 'é'))));
  const last = await enterPassword(browser, tabs.at(-1) ?? long, linus);
  expect([heading(last), last.path.startsWith(`${page}?`)]).toEqual(['Playground', true]);
  expect(last.text).toMatch(/name="acr_values"[^>]* value="phr"/);
  expect(last.text).toContain('fouréé');
  const other = world.browser();
  const plain = await enterPassword(other, await other.visit(link('x'.repeat(4000))), linus);
  expect([heading(plain), plain.text.includes('xxxx')]).toEqual(['Playground', false]);
});

test('a client of somebody else is neither offered nor tried', async () => {
  await start();
  const { linus, ada } = world.people;
  const [own, others] = [await addFor(linus, 'Office'), await addFor(ada, 'Payroll')];
  await world.addClient({ id: 'of-the-operator' });
  const { browser, at } = await signedIn(linus);
  expect([at.text.includes(own), at.text.includes(others), at.text.includes('of-the-operator')]).toEqual([
    true,
    false,
    false,
  ]);
  expect((await chosenRequest(browser, { client: own }, page)).status).toBe(200);
  for (const client of [others, 'of-the-operator', 'account', 'developer', 'unknown']) {
    const refused = await chosenRequest(browser, { client }, page);
    expect([refused.status, refused.text.includes('There is no such client'), refused.headers['set-cookie']]).toEqual([
      422,
      true,
      undefined,
    ]);
  }
});

test('a developer may sign in as somebody else for a try; the portal then asks who they are', async () => {
  await start();
  const { linus, noor } = world.people;
  const client = await addFor(linus, 'Office');
  const { browser } = await signedIn(linus);
  const prepared = await chosenRequest(browser, { client, scope: 'openid email', prompt: 'login' }, page);
  let answer = await enterPassword(browser, await browser.visit(sendLinkOf(prepared)), noor);
  answer = await enterCode(browser, answer, await noor.phone.code());
  expect(heading(answer)).toBe('Continue as noor?');
  const library = await browser.visit(formTo(answer, /\/switch$/).action, { form: {} });
  const { action, hidden } = formTo(library, /\/session\/end\/confirm$/);
  answer = await browser.visit(action, { form: hidden });
  const result = await allow(browser, answer);
  expect(heading(result)).toBe('It worked');
  expect(partOf(result, 'The user information')).toContain('noor@example.com');
  expect(result.text).not.toContain('linus');
  expect((await browser.visit(page)).text).not.toContain(client);
});

test('people who are no developers have no playground', async () => {
  await start({ env: { SALLYPORT_DEVELOPERS: 'developers' } });
  const { linus } = world.people;
  const client = await addFor(linus, 'Office');
  const { browser, at } = await signedIn(linus);
  expect([at.status, at.text.includes(client)]).toEqual([403, false]);
  const refused = await browser.go(page, { form: { client, scope: 'openid' } });
  expect([refused.status, refused.headers['set-cookie']]).toEqual([403, undefined]);
});

test('without the portal there is no playground in production', async () => {
  await start({ env: { SALLYPORT_DEVELOPERS: 'off' } });
  const browser = world.browser();
  expect([(await browser.go(page)).status, (await browser.go('/playground')).status]).toEqual([404, 404]);
});
