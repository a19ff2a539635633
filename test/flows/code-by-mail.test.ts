/** Tests the mailed code as a second step: set up, sign in, ask again, and where a mailbox is no second step. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { formTo, heading, uidOf, type Answer, type Browser } from '../support/browser/plain.ts';
import { hashOf } from '../support/hash-of.ts';
import { newcomerAt } from '../support/human/newcomer.ts';
import { chooseNew, linkFor } from '../support/world/reset-link.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld({
    env: { SALLYPORT_FACTORS: 'totp,call,email', SALLYPORT_REQUIRED_METHODS: '1', SALLYPORT_ENROLL_GRACE: '0s' },
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

const codesTo = async (person: TestPerson): Promise<readonly string[]> =>
  (await world.mailsTo(person)).flatMap(({ text }) => /^\d{6}$/m.exec(text)?.[0] ?? []);
const bindMailbox = async ({ user, name }: TestPerson): Promise<void> => {
  const data = { email: `${name}@example.com` };
  await world.services.authenticators.bind(user.id, { type: 'email', label: 'E-mail', data });
};
const boundTo = async ({ user }: TestPerson): Promise<readonly object[]> => {
  const stored = await world.services.users.get(user.id);
  const bound = stored === undefined ? [] : await world.services.authenticators.of(stored);
  return bound.map(({ type, label, data }) => ({ type, label, data }));
};
const boundIds = async ({ user }: TestPerson, type: string): Promise<readonly string[]> => {
  const stored = await world.services.users.get(user.id);
  const bound = stored === undefined ? [] : await world.services.authenticators.of(stored);
  return bound.flatMap(each => (each.type === type ? [each.id] : []));
};
const typePassword = async (browser: Browser, person: Pick<TestPerson, 'name' | 'password'>, wish = {}) => {
  const request = await rp.begin(wish);
  return { request, page: await enterPassword(browser, await browser.visit(request.url), person) };
};
const namesOnChoice = ({ text }: Answer): readonly string[] =>
  [...text.matchAll(/name="method" value="([^"]+)"/g)].map(([, each = '']) => each);
/** The names of the methods that "Use a different verification option" offers. */
const otherOptions = async (browser: Browser, page: Answer): Promise<readonly string[]> =>
  namesOnChoice(await browser.visit(`/interaction/${uidOf(page)}/options`));
const chooseMail = async (browser: Browser, page: Answer): Promise<Answer> => {
  const options = await browser.visit(`/interaction/${uidOf(page)}/options`);
  const mailed = namesOnChoice(options).find(each => each.startsWith('email:')) ?? '';
  return browser.visit(formTo(options, /\/options$/).action, { form: { method: mailed } });
};

test('a person sets up their verified mailbox by its code, and no other address', async () => {
  const { linus } = world.people;
  const browser = world.browser();
  const person = newcomerAt(browser, world.clock);
  const { request, page } = await typePassword(browser, linus);
  expect(heading(page)).toBe('More information required');
  const asked = await person.choose(page, 'email');
  expect(heading(asked)).toBe('Enter the code we e-mailed you');
  const [mail] = await world.mailsTo(linus);
  expect(mail).toMatchObject({ to: 'linus@example.com', subject: 'Your code to set up codes by e-mail' });
  const named = await person.enterCode(asked, (await codesTo(linus))[0] ?? '');
  expect(heading(named)).toBe('Your mailbox is ready');
  const tokens = await request.redeem(atClient(browser, await person.name(named)));
  expect(tokens.claims()).toMatchObject({ sub: linus.user.id, acr: 'mfa', amr: ['pwd', 'mfa'] });
  expect(await boundTo(linus)).toEqual([{ type: 'email', label: 'E-mail', data: { email: 'linus@example.com' } }]);
});

test('an address that nobody has verified is not offered, and a form that asks for it is refused', async () => {
  const [name, password] = ['kurt', 'oasis-comet-basil'];
  const passwordHash = await hashOf(world.services, password);
  const added = await world.services.users.add(
    { name, displayName: 'Kurt', email: 'kurt@example.com', passwordHash },
    'system',
  );
  expect(added.ok).toBe(true);
  const browser = world.browser();
  const { page } = await typePassword(browser, { name, password });
  expect(heading(page)).toBe('More information required');
  expect(namesOnChoice(page)).not.toContain('email');
  const refused = await browser.go(formTo(page, /\/enroll$/).action, { form: { method: 'email' } });
  expect(refused.status).toBe(403);
  await expect(world.mailsTo('kurt@example.com')).resolves.toEqual([]);
});

test('a mailed code signs in with acr mfa, and amr says no more than that there were two factors', async () => {
  const { grace } = world.people;
  await bindMailbox(grace);
  const browser = world.browser();
  const { request, page } = await typePassword(browser, grace);
  const asked = await chooseMail(browser, page);
  expect([heading(asked), asked.text.includes('g•••@example.com')]).toEqual(['Enter the code we e-mailed you', true]);
  const [mail] = await world.mailsTo(grace);
  expect(mail).toMatchObject({ to: 'grace@example.com', subject: 'Your sign-in code' });
  const [code = ''] = await codesTo(grace);
  expect(asked.text).not.toContain(code);
  const tokens = await request.redeem(atClient(browser, await enterCode(browser, asked, code)));
  expect(tokens.claims()).toMatchObject({ sub: grace.user.id, acr: 'mfa', amr: ['pwd', 'mfa'] });
  expect(JSON.stringify(world.logged)).not.toMatch(new RegExp(`${code}|grace@example\\.com`));
});

test('the code can be mailed again, and is the same', async () => {
  const { noor } = world.people;
  await bindMailbox(noor);
  const browser = world.browser();
  const { request, page } = await typePassword(browser, noor);
  const asked = await chooseMail(browser, page);
  expect(asked.text).toContain('Not received an e-mail?');
  world.clock.advance(60_000);
  const again = await browser.visit(`/interaction/${uidOf(asked)}/resend`);
  expect(heading(again)).toBe('Not received an e-mail?');
  const back = await browser.visit(formTo(again, /\/resend$/).action, { form: {} });
  const codes = (await codesTo(noor)).slice(0, 2);
  expect(codes).toHaveLength(2);
  expect(new Set(codes).size).toBe(1);
  await request.redeem(atClient(browser, await enterCode(browser, back, codes[0] ?? '')));
});

test('where more than mfa is required, a mailed code is neither offered nor taken', async () => {
  const { ada } = world.people;
  await bindMailbox(ada);
  const browser = world.browser();
  const usual = await typePassword(world.browser(), ada);
  const { page } = await typePassword(browser, ada, {
    claims: JSON.stringify({ id_token: { acr: { essential: true, value: 'aal2' } } }),
  });
  const mailbox = (await otherOptions(browser, usual.page)).find(each => each.startsWith('email:')) ?? 'email:x';
  expect(await otherOptions(browser, page)).not.toContain(mailbox);
  const before = (await world.mailsTo(ada)).length;
  const refused = await browser.go(`/interaction/${uidOf(page)}/options`, { form: { method: mailbox } });
  expect(refused.status).toBeGreaterThanOrEqual(303);
  expect((await world.mailsTo(ada)).length).toBe(before);
});

test('after a reset of the password by mail, the same mailbox is no second step: not then, and not in the next sign-in', async () => {
  const { grace } = world.people;
  const password = 'copper-garden-tide';
  const browser = world.browser();
  const offered = async (secret: string) =>
    (await otherOptions(browser, (await typePassword(browser, { ...grace, password: secret })).page)).some(each =>
      each.startsWith('email:'),
    );
  expect(await offered(grace.password)).toBe(true);
  await chooseNew(browser, await browser.visit(await linkFor(world, grace)), password);
  expect(await offered(password)).toBe(false);
  await world.nextDay();
  const { page } = await typePassword(world.browser(), { ...grace, password });
  const mailed = (await boundIds(grace, 'email'))[0] ?? '';
  const before = (await world.mailsTo(grace)).length;
  await browser.go(`/interaction/${uidOf(page)}/options`, { form: { method: `email:${mailed}` } });
  expect((await world.mailsTo(grace)).length).toBe(before);
});
