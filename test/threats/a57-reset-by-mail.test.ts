/**
 * A57. Whoever reads a mailbox, or a link that was forwarded, logged or opened by a scanner, takes over an account by a reset that
 * does more than it says: it skips the second step, keeps the attacker's session, works twice, or works after a newer link. A link
 * changes the password alone, once, within half an hour; the second step is still asked for, and everything from before has ended.
 * Guards: `src/account/password-reset.ts#PasswordResets`, `src/users/mailed-tokens.ts#isOpen`, `src/users/mailed-tokens.ts#issued`,
 * `src/users/account-password.ts#withNewPassword`, `src/users/account-address.ts#withoutMailedLink`, `src/mfa/methods.ts#signInMethodsOf`, `portals/password/index.ts#passwordRoutes` (a GET changes nothing).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { factors } from '../../src/mfa/factors/index.ts';
import { openTo } from '../../src/mfa/enrollment-offers.ts';
import { userKind, type User } from '../../src/records.ts';
import { heading } from '../support/browser/plain.ts';
import { enterPassword, signIn } from '../support/world/relying-party.ts';
import { askForLink, chooseNew, linkFor, linksTo } from '../support/world/reset-link.ts';
import type { TestPerson } from '../support/world/world.ts';
import { startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld({ env: { SALLYPORT_FACTORS: 'totp,call,email' } });
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

const gone = 'This link does not work any more';
const stored = async ({ user }: TestPerson): Promise<User> => {
  const found = await world.store.durable.collection(userKind).get(user.id);
  if (found === undefined) throw new Error('the account is gone');
  return found;
};
/** Whether this is the password of the person: the page after it is that of the second step. */
const isPassword = async (person: TestPerson, password: string): Promise<boolean> => {
  const { page } = await world.beginAs(world.recordingBrowser(), { ...person, password });
  return heading(page) === 'Enter the code from your app';
};

describe('A57 a password reset by a mailed link', () => {
  test('A57 the link sets the password, ends everything from before, and the second step is still asked for', async () => {
    const { noor } = world.people;
    const thief = world.recordingBrowser();
    const tokens = await signIn(world.rp, thief, noor);
    const pending = await world.beginAs(world.recordingBrowser(), noor);
    world.clock.advance(60_000);
    const before = await stored(noor);

    const browser = world.recordingBrowser();
    const page = await browser.visit(await linkFor(world, noor));
    expect(heading(page)).toBe('Choose a new password');
    const saved = await chooseNew(browser, page, 'quiet-otter-meadow');
    expect([saved.status, saved.headers['location']]).toEqual([303, '/password/saved']);
    expect(browser.codes).toEqual([]);
    expect(await world.session(browser)).toBeUndefined();

    // Nothing else changed: the methods, the default and the address are as before.
    const {
      passwordHash,
      passwordReset,
      signedOutAt,
      resetByMailAt,
      resetByMailTo,
      endedSessions: _ended,
      rev: _rev,
      ...after
    } = await stored(noor);
    const { passwordHash: was, passwordReset: _reset, signedOutAt: _signedOutAt, rev: _was, ...expected } = before;
    expect(after).toEqual(expected);
    expect(passwordHash).not.toBe(was);
    expect(passwordReset?.hash).toBeUndefined();
    expect([signedOutAt, resetByMailAt, resetByMailTo]).toEqual([world.clock(), world.clock(), before.email]);

    expect(await isPassword(noor, noor.password)).toBe(false);
    const { page: second } = await world.beginAs(browser, { ...noor, password: 'quiet-otter-meadow' });
    expect(heading(second)).toBe('Enter the code from your app');

    // The session and the sign-in that had the old password are over, and so are the tokens.
    const silent = await thief.visit((await world.rp.begin({ prompt: 'none' })).url);
    expect(thief.next(silent)?.searchParams.get('error')).toBe('login_required');
    const { status } = await thief.go('/me', { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(status).toBe(401);
    const late = await world.recordingBrowser().visit(pending.request.url);
    expect(heading(late)).toBe('Sign in to Contoso Office');
    const [set] = (await world.auditedAbout('user.password-set', noor)).slice(-1);
    expect(set).toMatchObject({ actor: `user:${noor.user.id}`, facts: { reason: 'mailed-link' } });
  });

  test('A57 the mailbox of a reset is a second step again only after another one, or another password', async () => {
    const { noor, linus } = world.people;
    const reset = async (person: TestPerson, password: string): Promise<TestPerson> => {
      const browser = world.recordingBrowser();
      await chooseNew(browser, await browser.visit(await linkFor(world, person)), password);
      expect((await stored(person)).resetByMailAt).toBe(world.clock());
      return { ...person, password };
    };
    await signIn(world.rp, world.recordingBrowser(), await reset(noor, 'copper-garden-tide'));
    expect((await stored(noor)).resetByMailAt).toBeUndefined();

    // The password alone shows nothing of another method.
    await signIn(world.rp, world.recordingBrowser(), await reset(linus, 'copper-garden-tide'));
    expect((await stored(linus)).resetByMailAt).toBeDefined();
    const hashed = await world.services.passwords.hashNew(linus.password, linus.user);
    if (!hashed.ok) throw new Error(hashed.fault);
    await world.services.users.setPassword(linus.user.id, hashed.hash, 'cli');
    expect((await stored(linus)).resetByMailAt).toBeUndefined();
  });

  test('A57 after a reset by mail, a code in the same mailbox is not the second step', async () => {
    const { users, authenticators, passwords } = world.services;
    const [password, reset] = ['copper-garden-tide', 'quiet-otter-meadow'];
    const hashed = await passwords.hashNew(password, { name: 'kay' });
    if (!hashed.ok) throw new Error(hashed.fault);
    const email = 'kay@example.com';
    const account = { name: 'kay', displayName: 'Kay', email, emailVerified: true, passwordHash: hashed.hash };
    const added = await users.add(account, 'system');
    if (!added.ok) throw new Error(added.reason);
    await authenticators.bind(added.user.id, { type: 'email', label: 'E-mail', data: { email } });
    const kay = { ...world.people.linus, name: 'kay', user: added.user };
    const codes = async () => (await world.mailsTo(email)).filter(({ text }) => /^\d{6}$/m.test(text)).length;
    await world.beginAs(world.recordingBrowser(), { ...kay, password });
    expect(await codes()).toBe(1);

    const browser = world.recordingBrowser();
    await chooseNew(browser, await browser.visit(await linkFor(world, kay)), reset);
    const { page, uid } = await world.beginAs(browser, { ...kay, password: reset });
    expect(heading(page)).toBe('Your account needs another method');
    await browser.visit(`/interaction/${uid}/options`, { form: { method: 'email' } });
    expect(await codes()).toBe(1);
    expect(browser.codes).toEqual([]);
  });

  test('A57 a sign-in that had the old password proven ends at the password again', async () => {
    const { noor } = world.people;
    const browser = world.recordingBrowser();
    const password = 'copper-lantern-tide';
    const first = world.recordingBrowser();
    await chooseNew(first, await first.visit(await linkFor(world, noor)), password);
    const started = await world.beginAs(browser, { ...noor, password });
    world.clock.advance(60_000);
    await chooseNew(first, await first.visit(await linkFor(world, noor)), 'quiet-otter-meadow');
    const page = await browser.visit(`/interaction/${started.uid}/factor`, { form: { code: await noor.phone.code() } });
    expect(heading(page)).toBe('Sign in to Contoso Office');
    expect(browser.codes).toEqual([]);
  });

  test('A57 a link works once, and twenty forms at once set one password', async () => {
    const { noor } = world.people;
    const link = await linkFor(world, noor);
    const browser = world.recordingBrowser();
    const page = await browser.visit(link);
    const wanted = Array.from({ length: 20 }, (_, at) => `willow-crane-${at}-harbour`);
    const answers = await Promise.all(wanted.map(each => chooseNew(browser, page, each)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      303,
      ...Array.from({ length: 19 }, () => 410),
    ]);
    const won = wanted[answers.findIndex(({ status }) => status === 303)] ?? '';
    expect(await isPassword(noor, won)).toBe(true);

    const { rev } = await stored(noor);
    expect((await chooseNew(browser, page, 'birch-saddle-window')).status).toBe(410);
    expect(heading(await world.recordingBrowser().visit(link))).toBe(gone);
    expect((await stored(noor)).rev).toBe(rev);
  });

  test('A57 a refused password keeps the link', async () => {
    const { noor } = world.people;
    const browser = world.recordingBrowser();
    const page = await browser.visit(await linkFor(world, noor));
    const refused = await chooseNew(browser, page, 'password1');
    expect(refused.status).toBe(422);
    expect((await chooseNew(browser, refused, 'stone-harbour-lamp')).status).toBe(303);
  });

  test('A57 a link works for 30 minutes', async () => {
    const { noor } = world.people;
    const open = async (after: number): Promise<number> => {
      const link = await linkFor(world, noor);
      const browser = world.recordingBrowser();
      const page = await browser.visit(link);
      world.clock.advance(after);
      return (await chooseNew(browser, page, `lantern-orchard-${after}`)).status;
    };
    expect(await open(30 * 60_000 - 1)).toBe(303);
    expect(await open(30 * 60_000)).toBe(410);
  });

  test('A57 a newer link voids older ones, and a new password voids the link', async () => {
    const { noor } = world.people;
    const [older, newer] = [await linkFor(world, noor), await linkFor(world, noor)];
    const browser = world.recordingBrowser();
    expect(heading(await browser.visit(older))).toBe(gone);
    const page = await browser.visit(newer);
    expect(heading(page)).toBe('Choose a new password');
    const { users, passwords } = world.services;
    const hashed = await passwords.hashNew('violet-harbour-nine', noor.user);
    if (!hashed.ok) throw new Error(hashed.fault);
    await users.setPassword(noor.user.id, hashed.hash, 'cli');
    expect((await chooseNew(browser, page, 'birch-saddle-window')).status).toBe(410);
    expect((await stored(noor)).passwordHash).toBe(hashed.hash);
  });

  test('A57 another e-mail address voids the link in the old mailbox, however it was set', async () => {
    const { ada } = world.people;
    const { users } = world.services;
    const user = await stored(ada);
    const old = user.email ?? '';
    const set = async (address: string): Promise<unknown> =>
      users.setEmail(ada.user.id, address, 'cli', { verified: true });
    const prove = async (address: string): Promise<unknown> =>
      users.proveAddress(ada.user.id, { address, isAllowed: () => true }, { actor: `user:${ada.user.id}` });
    for (const change of [set, prove]) {
      const browser = world.recordingBrowser();
      const page = await browser.visit(await linkFor(world, ada));
      expect(heading(page)).toBe('Choose a new password');
      await change('ada.new@example.com');
      expect((await chooseNew(browser, page, 'birch-saddle-window')).status).toBe(410);
      expect((await stored(ada)).passwordHash).toBe(user.passwordHash);
      await set(old);
    }
  });

  test('A57 after a reset by mail, a code in that mailbox stays no second step where the account gets another address', async () => {
    const { users, authenticators, methods } = world.services;
    const [old, other] = ['kim@example.com', 'kim@example.org'];
    const passwordHash = (await stored(world.people.noor)).passwordHash ?? '';
    const account = { name: 'kim', displayName: 'Kim', email: old, emailVerified: true, passwordHash };
    const added = await users.add(account, 'system');
    if (!added.ok) throw new Error(added.reason);
    await authenticators.bind(added.user.id, { type: 'email', label: 'E-mail', data: { email: old } });
    const kim = { ...world.people.linus, name: 'kim', user: added.user };
    const browser = world.recordingBrowser();
    await chooseNew(browser, await browser.visit(await linkFor(world, kim)), 'quiet-otter-meadow');
    await users.setEmail(kim.user.id, other, 'cli', { verified: true });
    const { page } = await world.beginAs(browser, { ...kim, password: 'quiet-otter-meadow' });
    expect(heading(page)).toBe('Your account needs another method');
    expect(await methods.of(await stored(kim))).toHaveLength(1);
    await users.confirmReset(kim.user.id);
    expect((await stored(kim)).resetByMailTo).toBeUndefined();
  });

  test('A57 a mailbox that has just reset the password is not offered as a second step to set up', () => {
    const account = { email: 'lou@example.com', emailVerified: true };
    expect(openTo(account, [], factors).map(({ type }) => type)).toContain('email');
    const after = openTo({ ...account, resetByMailAt: 1 }, [], factors);
    expect(after.map(({ type }) => type)).not.toContain('email');
  });

  test('A57 opening the link changes nothing, and leaves the token in no address, referrer, log or audit', async () => {
    const { noor } = world.people;
    const link = await linkFor(world, noor);
    const before = await stored(noor);
    const token = new URL(link).searchParams.get('token') ?? '';
    const browser = world.recordingBrowser();
    for (let opened = 0; opened < 3; opened += 1) {
      const first = await browser.go(link);
      expect([first.status, first.headers['location']]).toEqual([303, '/password/reset']);
      const page = await browser.visit('/password/reset');
      expect(page.path).not.toContain(token);
      expect(heading(page)).toBe('Choose a new password');
    }
    expect(await stored(noor)).toEqual(before);
    expect(JSON.stringify(before)).not.toContain(token);
    expect(JSON.stringify(world.logged)).not.toContain(token);
    const audited = await world.audited('password-reset.requested');
    expect(JSON.stringify(audited)).not.toContain(token);
    // A form of another page, and one with half a token, change nothing.
    const foreign = await browser.go('/password/reset', {
      form: { token, new_password: 'birch-saddle-window' },
      headers: { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
    });
    expect(foreign.status).toBe(403);
    const half = { token: token.slice(0, -1), new_password: 'birch-saddle-window' };
    expect((await browser.go('/password/reset', { form: half })).status).toBe(410);
    expect(await stored(noor)).toEqual(before);
  });

  test('A57 a locked account, one without a password and an unverified address get no link', async () => {
    const { linus } = world.people;
    const { users } = world.services;
    await linkFor(world, linus);
    await users.setEmailVerified(linus.user.id, false, 'cli');
    await askForLink(world.browser(), linus.name);
    expect(await linksTo(world, linus)).toHaveLength(1);
    await users.setEmailVerified(linus.user.id, true, 'cli');
    await users.lock(linus.user.id, 'cli');
    await askForLink(world.browser(), linus.name);
    await users.add({ name: 'rosalind', displayName: 'R', email: 'r@example.com', emailVerified: true }, 'system');
    await askForLink(world.browser(), 'rosalind');
    expect(await linksTo(world, linus)).toHaveLength(1);
    expect(await world.mailsTo('r@example.com')).toEqual([]);
    const refused = await world.audited('password-reset.refused');
    expect(refused.map(({ facts }) => `${facts['reason']}`).toSorted()).toEqual([
      'locked',
      'no-password',
      'no-verified-address',
    ]);
  });

  test('A57 a link of an account that was locked meanwhile is void', async () => {
    const { grace } = world.people;
    const browser = world.recordingBrowser();
    const page = await browser.visit(await linkFor(world, grace));
    await world.services.users.lock(grace.user.id, 'cli');
    expect((await chooseNew(browser, page, 'birch-saddle-window')).status).toBe(410);
    await world.services.users.unlock(grace.user.id, 'cli');
    const { page: second } = await world.beginAs(world.recordingBrowser(), grace);
    expect(heading(second)).toMatch(/calling/i);
  });
});

describe('A57 links for one account', () => {
  test('A57 are three in an hour, also after a restart, and again an hour later', async () => {
    const { noor } = world.people;
    const ask = async () => {
      expect((await askForLink(world.browser(), 'NOOR@example.com')).status).toBe(303);
      return (await linksTo(world, noor)).length;
    };
    expect([await ask(), await ask(), await ask()]).toEqual([1, 2, 3]);
    expect(await ask()).toBe(3);
    await world.restart();
    expect(await ask()).toBe(3);
    world.clock.advance(3_600_000);
    expect(await ask()).toBe(4);
    expect((await stored(noor)).passwordReset?.sent).toHaveLength(1);
  });
});

test('A57 requests from one address are twenty in an hour, whatever name they have', async () => {
  const statuses: number[] = [];
  for (let at = 0; at < 21; at += 1) statuses.push((await askForLink(world.browser(), `ghost${at}`)).status);
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => 303), 429]);
  const refused = await askForLink(world.browser(), world.people.noor.name);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  await enterPassword(world.browser(), await world.browser().visit((await world.rp.begin()).url), world.people.noor);
});
