/**
 * C11. An attacker makes a method of their own count for another person: by a person or number in the form, in the sign-in of
 * somebody who has methods, with the address of a victim's sign-in, or with an answer that was used (GHSA-qgqp-xh8r-v73r,
 * CVE-2026-111949, CVE-2026-37982, CVE-2022-42731). Person and number come from the sign-in, its browser alone may use it, and
 * one answer binds one method.
 * Guards: `interactions/enrollment/enrolling.ts#readEnrolling`, which takes the person from the sign-in; `interactions/step.ts#stepOf`;
 * `interactions/read-context.ts#readAgain`; `interactions/counting-proofs.ts#areOver`, which forgets proofs of an ended sign-in; `interactions/counting-proofs.ts#countingProofs`; `src/mfa/challenge/challenges.ts#redeemFacts`, which one caller wins.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { person as atPhone } from '../../simulator/person.ts';
import { interactionRoutes } from '../../interactions/index.ts';
import { createStreams } from '../../src/http/event-streams.ts';
import { heading } from '../support/browser/plain.ts';
import { newcomerAt } from '../support/human/newcomer.ts';
import { glance } from '../support/human/person.ts';
import { enterPassword, pickUp } from '../support/world/relying-party.ts';
import { addAccount, atTheList, boundTo, type Account, type AtTheList } from './support/newcomers.ts';
import { startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

const mobile = '+12025550171';
const attackers = '+12025550172';
const sameForm = { number: mobile, by: 'sms', kind: 'mobile' } as const;

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld({
    env: { SALLYPORT_FACTORS: 'totp,sms,call', SALLYPORT_REQUIRED_METHODS: '2', SALLYPORT_ENROLL_GRACE: '0s' },
    phones: [
      { name: 'victim', number: mobile },
      { name: 'attacker', number: attackers },
    ],
  });
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

const enrollPaths = interactionRoutes({} as never, createStreams())
  .stack.filter(({ path, methods }) => methods.includes('POST') && String(path).includes('/enroll'))
  .map(({ path }) => String(path));

/** Sends the code to this number, and reads it there. */
const texted = async ({ person, page }: AtTheList, number = mobile) => {
  const sent = await person.enterPhone(await person.choose(page, 'phone'), { ...sameForm, number });
  return { sent, code: (await glance(atPhone(world.simulator, number))).code };
};

test('C11 fifty answers with the right code bind one method, to the person of the sign-in', async () => {
  const account = await addAccount(world, 'kim');
  const stage = await atTheList(world, account);
  const { code } = await texted(stage);
  const to = `/interaction/${stage.uid}/enroll/answer`;
  await Promise.all(Array.from({ length: 50 }, async () => stage.browser.go(to, { form: { code } })));
  expect((await boundTo(world, account)).map(({ data }) => data)).toEqual([{ number: mobile, kind: 'mobile' }]);
  expect((await world.audited('authenticator.bound')).filter(({ subject }) => subject === account.id).length).toBe(1);
  // Again, later, and in another sign-in.
  await stage.browser.go(to, { form: { code } });
  const other = await atTheList(world, await addAccount(world, 'lea'));
  const { sent } = await texted(other, attackers);
  expect((await other.person.enterCode(sent, code)).status).toBe(422);
  expect([(await boundTo(world, account)).length, (await boundTo(world, other.account)).length]).toEqual([1, 0]);
});

test('C11 one key on a call binds one method, though fifty requests finish at once', async () => {
  const account = await addAccount(world, 'kai');
  const stage = await atTheList(world, account);
  const form = await stage.person.choose(stage.page, 'phone');
  await stage.person.enterPhone(form, { ...sameForm, by: 'call' });
  await pickUp({ phone: atPhone(world.simulator, mobile) }, '#');
  const { enrollments } = world.services;
  const finished = await Promise.all(
    Array.from({ length: 50 }, async () => enrollments.finish(`enrollment:${stage.uid}`, `user:${account.id}`)),
  );
  expect(finished.filter(each => each !== undefined).length).toBe(1);
  expect((await boundTo(world, account)).map(({ data }) => data)).toEqual([{ number: mobile, kind: 'mobile' }]);
});

test('C11 a sign-in from before a new password, a lock, a reset of methods or a sign-out elsewhere sets up nothing', async () => {
  const { users, accountSessions, helpDesk, challenges } = world.services;
  const by = { actor: 'cli', reference: 'desk' };
  const ends: readonly ((account: Account) => Promise<unknown>)[] = [
    async ({ id }) => users.setPassword(id, (await users.get(id))?.passwordHash ?? '', by),
    async ({ id }) => {
      await users.lock(id, by);
      await users.unlock(id, by);
    },
    async ({ id }) => {
      const user = await users.get(id);
      return user && helpDesk.resetMethods(user, by, { withPass: false });
    },
    async ({ id }) => accountSessions.endOthers(id, 'the session of the owner', by),
    async ({ id }) => accountSessions.endAll(id, by),
  ];
  for (const [at, end] of ends.entries()) {
    const account = await addAccount(world, `zoe${at}`);
    const stage = await atTheList(world, account);
    const { code } = await texted(stage);
    world.clock.advance(61_000);
    await end(account);
    const to = `/interaction/${stage.uid}/enroll`;
    const late = await stage.browser.visit(`${to}/answer`, { form: { code } });
    expect([at, heading(late), await boundTo(world, account)]).toEqual([at, 'Sign in to Contoso Office', []]);
    await stage.browser.go(to, { form: { method: 'totp' } });
    expect(await challenges.current(`enrollment:${stage.uid}`)).not.toMatchObject({ factor: 'totp' });
    // The password of now goes on with the same sign-in.
    expect((await enterPassword(stage.browser, late, account)).text).toContain(`${to}/answer`);
    world.clock.advance(3_600_000);
  }
});

test('C11 the proof of a method that was removed meanwhile sets up nothing, and signs nobody in', async () => {
  const { grace, noor } = world.people;
  const { authenticators, challenges } = world.services;
  const { id } = grace.user;
  const browser = world.recordingBrowser();
  const { uid } = await world.beginAs(browser, grace);
  await pickUp(grace, '#');
  const list = await browser.visit(`/interaction/${uid}/factor`, { form: {} });
  expect(list.text).toContain('value="phone"');
  const [phone = ''] = (await world.services.users.get(id))?.authenticators ?? [];
  const app = await authenticators.bind(id, {
    type: 'totp',
    label: 'App',
    data: { secret: noor.totpSecret ?? '', lastStep: -1 },
  });
  await world.services.authenticatorRemoval.remove(id, phone);
  const form = { ...sameForm, number: attackers, kind: 'office', country: '', extension: '' };
  await browser.go(`/interaction/${uid}/enroll/phone`, { form });
  expect(await challenges.current(`enrollment:${uid}`)).toBeUndefined();
  await browser.go(`/interaction/${uid}/enroll/skip`, { form: {} });
  await browser.go(`/interaction/${uid}/factor`, { form: {} });
  expect([browser.codes, (await world.services.users.get(id))?.authenticators]).toEqual([[], [app.id]]);
});

test('C11 nobody goes on without the methods that are required, by no form', async () => {
  const account = await addAccount(world, 'uma');
  const { browser, uid } = await atTheList(world, account);
  expect((await browser.go(`/interaction/${uid}/enroll/skip`, { form: {} })).status).toBe(403);
  await browser.go(`/interaction/${uid}/factor`, { form: {} });
  expect([browser.codes, await boundTo(world, account)]).toEqual([[], []]);
});

test('C11 a form with another person or number is refused, and sends and binds nothing', async () => {
  const account = await addAccount(world, 'mio');
  const stage = await atTheList(world, account);
  await texted(stage);
  const victim = world.people.linus.user.id;
  for (const extra of [{ userId: victim }, { sub: victim }, { account: victim }, { number: attackers }]) {
    for (const [path, form] of [
      ['again', { by: 'sms' }],
      ['answer', { code: '123456' }],
      ['', { method: 'totp' }],
      ['name', { label: 'Phone' }],
    ] as const) {
      const to = `/interaction/${stage.uid}/enroll${path === '' ? '' : `/${path}`}`;
      expect([path, (await stage.browser.go(to, { form: { ...form, ...extra } })).status]).toEqual([path, 400]);
    }
  }
  expect(await atPhone(world.simulator, attackers).messages()).toEqual([]);
  expect([await boundTo(world, account), world.people.linus.user.authenticators]).toEqual([[], []]);
});

test('C11 after the password of a person with methods no address sets up another one', async () => {
  const browser = world.recordingBrowser();
  const { ada } = world.people;
  const { uid } = await world.beginAs(browser, ada);
  expect(enrollPaths.length).toBeGreaterThan(7);
  const forms = [
    {},
    { method: 'totp' },
    { ...sameForm, number: attackers },
    { code: '123456' },
    { label: 'Mine' },
    { saved: 'yes' },
  ];
  const before = await atPhone(world.simulator, attackers).messages();
  for (const path of enrollPaths) {
    for (const form of forms) {
      const { status } = await browser.go(path.replace(':uid', uid), { form });
      expect([path, [303, 400].includes(status)]).toEqual([path, true]);
    }
  }
  expect(await world.services.challenges.current(`enrollment:${uid}`)).toBeUndefined();
  expect(await atPhone(world.simulator, attackers).messages()).toEqual(before);
  expect((await world.services.users.get(ada.user.id))?.authenticators).toEqual(ada.user.authenticators);
});

test('C11 another browser with the address of a victim’s sign-in, or with its cookies, sets up nothing', async () => {
  const account = await addAccount(world, 'nell');
  const stage = await atTheList(world, account);
  const own = await atTheList(world, await addAccount(world, 'mallory'));
  const copied = world.recordingBrowser();
  copied.jar.take(
    stage.browser.jar.cookies
      .filter(({ name }) => name.includes('interaction') || name.includes('request'))
      .map(({ name, value, path }) => `${name}=${value}; path=${path}`),
  );
  for (const attacker of [own.browser, copied]) {
    const to = `/interaction/${stage.uid}/enroll/phone`;
    const form = { country: '', extension: '', ...sameForm, number: attackers };
    const { status } = await attacker.go(to, { form });
    expect([400, 403]).toContain(status);
  }
  expect(await atPhone(world.simulator, attackers).messages()).toEqual([]);
  const { sent, code } = await texted(stage);
  await stage.person.enterCode(sent, code);
  expect((await boundTo(world, account)).length).toBe(1);
});

test('C11 a second person in the same sign-in sees and finishes nothing of the first', async () => {
  const first = await atTheList(world, await addAccount(world, 'olga'));
  const { code } = await texted(first);
  const password = await first.browser.visit(`/interaction/${first.uid}/restart`, { form: {} });
  const second = await addAccount(world, 'pia');
  const page = await enterPassword(first.browser, password, second);
  expect(heading(page)).toBe('More information required');
  const form = await newcomerAt(first.browser, world.clock).choose(page, 'phone');
  expect(form.text).not.toContain(mobile);
  await first.browser.go(`/interaction/${first.uid}/enroll/answer`, { form: { code } });
  expect([await boundTo(world, first.account), await boundTo(world, second)]).toEqual([[], []]);
});
