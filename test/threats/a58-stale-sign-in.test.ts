/**
 * A58. Somebody sits down at a browser in which the owner has signed in, or runs a script there, and sets up a method of
 * their own. A task of the security page needs password and second step of at most five minutes ago, at the highest level of the
 * methods that the person can still use, and each form asks again. A proof that was begun in time may be finished, and no other.
 * Guards: `src/mfa/may-manage.ts#mayManage`; `src/oidc/prompts/mfa-prompt.ts#isFreshForTask`; `interactions/step.ts#managing`;
 * `interactions/state.ts#isProving`, which judges a begun proof; `interactions/counting-proofs.ts#isSessionOver`;
 * `interactions/enrollment/begin.ts#signInAnew`;
 * `src/mfa/sign-in-proofs.ts#hold`.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { person as atPhone, resetSimulator } from '../../simulator/person.ts';
import { formTo, heading, uidOf, type Answer } from '../support/browser/plain.ts';
import { newcomerAt } from '../support/human/newcomer.ts';
import { checkAgain, chooseOption, enterCode, enterPassword, pickUp, signIn } from '../support/world/relying-party.ts';
import type { TestPerson } from '../support/world/world.ts';
import { taskAt } from '../support/world/tasks.ts';
import { addAccount } from './support/newcomers.ts';
import { posts } from './support/routes.ts';
import { startThreatWorld, type RecordingBrowser, type ThreatWorld } from './support/threat-world.ts';

const office = '+12025550181';
const minutes = 60_000;

let world: ThreatWorld;
let browser: RecordingBrowser;
beforeAll(async () => {
  world = await startThreatWorld({ phones: [{ name: 'office', number: office }] });
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.advance(25 * 60 * minutes);
  await resetSimulator(world.simulator);
  browser = world.recordingBrowser();
});

/** Begins a task, and proves everything that it asks for. */
const begin = async (person: TestPerson, task = 'add-method', more = {}): Promise<Answer> => {
  const page = await enterPassword(browser, await browser.visit(taskAt(world, task, more)), person);
  return enterCode(browser, page, await person.phone.code());
};
const boundTo = async ({ user }: TestPerson) => (await world.services.users.get(user.id))?.authenticators ?? [];

const forms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/enroll': { method: 'totp' },
  '/enroll/phone': { country: '', number: '+1 202 555 0199', extension: '', kind: 'alternate', by: 'call' },
  '/enroll/again': { by: 'call' },
  '/enroll/answer': { code: '123456' },
  '/enroll/pair': { own_device: 'yes' },
  '/enroll/name': { label: 'Mine' },
  '/enroll/saved': { saved: 'yes' },
};
const enrollPosts = posts.filter(step => step.startsWith('/enroll'));

/** Sends each form of an enrollment, and expects that nothing is begun, bound or made. */
const expectClosed = async (uid: string, person: TestPerson): Promise<void> => {
  const before = await boundTo(person);
  const codes = (await world.audited('recovery-codes.made')).length;
  expect(enrollPosts.length).toBeGreaterThan(7);
  for (const step of enrollPosts) {
    await browser.go(`/interaction/${uid}${step}`, { form: forms[step] ?? {} });
    expect([step, await world.services.challenges.current(`enrollment:${uid}`)]).toEqual([step, undefined]);
  }
  expect(await boundTo(person)).toEqual(before);
  expect(await world.audited('recovery-codes.made')).toHaveLength(codes);
};

test('A58 a fresh sign-in at the highest level sets up a method, and returns to the security page', async () => {
  const { noor } = world.people;
  const acting = newcomerAt(browser, world.clock);
  const form = await acting.choose(await begin(noor), 'phone');
  const ringing = await acting.enterPhone(form, { number: office, kind: 'office', by: 'call' });
  await pickUp({ phone: atPhone(world.simulator, office) }, '#');
  const named = await acting.name(await acting.checkAgain(ringing));
  const done = named.path.startsWith('/account/callback') ? named : await acting.skip(named);
  expect(done.path).toMatch(/^\/account\/callback\?.*code=/);
  expect(await boundTo(noor)).toHaveLength(2);
  const [, phone = ''] = await boundTo(noor);
  await world.services.methods.remove((await world.services.users.get(noor.user.id)) ?? noor.user, phone, 'cli');
});

test('A58 five minutes and a second after the sign-in no form changes anything, and the person signs in again', async () => {
  const { noor } = world.people;
  const page = await begin(noor);
  world.clock.advance(5 * minutes + 1000);
  await expectClosed(uidOf(page), noor);
  const stale = await browser.visit(`/interaction/${uidOf(page)}`);
  const anew = await browser.visit(formTo(stale, /\/factor$/).action, { form: {} });
  expect(heading(anew)).toMatch(/^Sign in/);
  const back = await enterCode(browser, await enterPassword(browser, anew, noor), await noor.phone.code());
  expect(back.text).toContain('value="phone"');
});

/** Begins the proof of a telephone in time, and lets the sign-in get too old for a task. */
const beginPhone = async (page: Answer): Promise<Answer> => {
  const acting = newcomerAt(browser, world.clock);
  world.clock.advance(4.5 * minutes);
  const form = await acting.choose(page, 'phone');
  return acting.enterPhone(form, { number: office, kind: 'office', by: 'call' });
};

test('A58 a method whose proof was begun in time is bound a little later, and nothing after it', async () => {
  const { noor } = world.people;
  const acting = newcomerAt(browser, world.clock);
  const before = await boundTo(noor);
  const ringing = await beginPhone(await begin(noor));
  await pickUp({ phone: atPhone(world.simulator, office) }, '#');
  world.clock.advance(minutes);
  const named = await acting.name(await acting.checkAgain(ringing));
  const bound = await boundTo(noor);
  expect(bound).toHaveLength(before.length + 1);
  expect(named.path).toMatch(/^\/account\/callback\?.*code=/);
  const user = (await world.services.users.get(noor.user.id)) ?? noor.user;
  await world.services.methods.remove(user, bound.at(-1) ?? '', 'cli');
});

test('A58 a late form that would begin a proof ends the task and the proof that was begun', async () => {
  const { noor } = world.people;
  const before = await boundTo(noor);
  for (const step of ['/enroll', '/enroll/phone', '/enroll/again']) {
    browser = world.recordingBrowser();
    const ringing = await beginPhone(await begin(noor));
    const binding = `enrollment:${uidOf(ringing)}`;
    world.clock.advance(20_000);
    expect(await world.services.challenges.current(binding)).toMatchObject({ phase: 'pending' });
    world.clock.advance(15_000);
    const answer = await browser.go(`/interaction/${uidOf(ringing)}${step}`, { form: forms[step] ?? {} });
    expect([step, answer.status]).toEqual([step, 200]);
    expect(await world.services.challenges.current(binding)).not.toMatchObject({ phase: 'pending' });
    await browser.go(`/interaction/${uidOf(ringing)}/enroll/answer`, { form: {} });
    expect(await boundTo(noor)).toEqual(before);
    world.clock.advance(15 * minutes);
  }
});

test('A58 a proof begun with the password alone is worth nothing once the account has a method', async () => {
  const account = await addAccount(world, 'robin');
  const acting = newcomerAt(browser, world.clock);
  const list = await enterPassword(browser, await browser.visit(taskAt(world, 'add-method')), account);
  const ringing = await acting.enterPhone(await acting.choose(list, 'phone'), {
    number: office,
    kind: 'office',
    by: 'call',
  });
  await pickUp({ phone: atPhone(world.simulator, office) }, '#');
  const { authenticators } = world.services;
  const own = { type: 'phone', label: 'mobile', data: { number: '+12025550182', kind: 'mobile' } };
  const { id } = await authenticators.bind(account.id, own);
  await acting.checkAgain(ringing);
  expect((await world.services.users.get(account.id))?.authenticators).toEqual([id]);
});

test('A58 a task from before all sign-ins of the account were ended begins and binds nothing', async () => {
  const { noor } = world.people;
  const acting = newcomerAt(browser, world.clock);
  const before = await boundTo(noor);
  const form = await acting.choose(await begin(noor), 'phone');
  const ringing = await acting.enterPhone(form, { number: office, kind: 'office', by: 'call' });
  await pickUp({ phone: atPhone(world.simulator, office) }, '#');
  world.clock.advance(2000);
  // Its owner resets the password meanwhile. The session itself is still in the store.
  const hash = (await world.services.users.get(noor.user.id))?.passwordHash ?? '';
  await world.services.users.setPassword(noor.user.id, hash, 'cli');
  expect((await browser.go(`/interaction/${uidOf(ringing)}/enroll/answer`, { form: {} })).status).toBe(400);
  expect(await boundTo(noor)).toEqual(before);
});

test('A58 of twelve browsers with the cookies of one task, one sets up a method', async () => {
  const page = await begin(world.people.noor);
  const cookies = browser.jar.cookies
    .filter(({ name }) => /session|interaction/.test(name))
    .map(({ name, value, path }) => `${name}=${value}; path=${path}`);
  const thieves = Array.from({ length: 12 }, () => world.recordingBrowser());
  for (const { jar } of thieves) jar.take(cookies);
  const to = `/interaction/${uidOf(page)}/enroll`;
  const answers = await Promise.all(thieves.map(async each => each.go(to, { form: { method: 'phone' } })));
  expect(answers.filter(({ headers }) => headers['location'] === `${to}/phone`)).toHaveLength(1);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303, 403]));
});

test('A58 a weaker method than the person has is not enough', async () => {
  const { ada } = world.people;
  const started = await world.beginAs(browser, ada);
  await pickUp(ada, '#');
  await checkAgain(browser, started.page);
  const asked = await browser.visit(taskAt(world, 'add-method'));
  expect(asked.text).toMatch(/Code from your app/);
  await expectClosed(uidOf(asked), ada);
});

test('A58 the sign-in of a task asks for the strongest method at once', async () => {
  const { ada } = world.people;
  const page = await enterPassword(browser, await browser.visit(taskAt(world, 'add-method')), ada);
  expect(await world.challenge(uidOf(page))).toMatchObject({ factor: 'totp' });
  await expect(chooseOption(browser, page, /call/i)).rejects.toThrow('no row');
});

test('A58 a script in a signed-in browser reaches no form without a task', async () => {
  const { noor } = world.people;
  await signIn(world.rp, browser, noor);
  const before = await boundTo(noor);
  for (const step of enrollPosts) {
    const answer = await browser.go(`/interaction/${'u'.repeat(21)}${step}`, { form: forms[step] ?? {} });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  }
  const elsewhere = await world.rp.begin({ task: 'add-method' });
  expect((await browser.visit(elsewhere.url)).text).not.toContain('value="phone"');
  expect(await boundTo(noor)).toEqual(before);
});

test('A58 a method is tested by its own ceremony, which changes nothing', async () => {
  const { noor } = world.people;
  const before = await world.services.users.get(noor.user.id);
  const start = await begin(noor, 'test-method', { method: 'totp' });
  const asked = await browser.visit(formTo(start, /\/start$/).action, { form: {} });
  world.clock.advance(31_000);
  const done = await enterCode(browser, asked, await noor.phone.code());
  expect(done.path).toMatch(/^\/account\/callback\?.*code=/);
  expect((await world.services.users.get(noor.user.id))?.authenticators).toEqual(before?.authenticators);
});
