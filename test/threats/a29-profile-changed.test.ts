/**
 * A29. A stolen session, or somebody at an open browser, changes where mail goes or which password counts, and so takes the account.
 * Both need a fresh sign-in at the highest level of the person's methods, and beyond it the current password, or the new mailbox. The
 * old address works until the new one is proven, and is told.
 * Guards: `portals/account/profile.ts#profileRoutes`, `src/account/address-proofs.ts#AddressProofs`,
 * `src/account/password-change.ts#changePassword`, `src/users/users.ts#proveAddress`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { userKind, type User } from '../../src/records.ts';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { hashOf } from '../support/hash-of.ts';
import { openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';
import { openAccount } from '../portals/support/portal.ts';

let world: World;
let rp: RelyingParty;
let grace: TestPerson;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  ({ grace } = world.people);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
  const { users } = world.services;
  await users.setPassword(grace.user.id, await hashOf(world.services, grace.password), 'cli');
  await users.setEmail(grace.user.id, 'grace@example.com', 'cli', { verified: true });
  world.clock.advance(60_000);
});

const stored = async ({ user }: TestPerson = grace): Promise<User> => {
  const found = await world.store.durable.collection(userKind).get(user.id);
  if (found === undefined) throw new Error('the account is gone');
  return found;
};
const post = async (path: string, form: Readonly<Record<string, string>>, by = browser): Promise<Answer> =>
  by.go(`/account/${path}`, { form });
const change = async (current: string, next: string, by = browser): Promise<Answer> =>
  post('password', { password: current, new_password: next }, by);
const linksTo = async (address: string): Promise<readonly string[]> =>
  (await world.mailsTo(address)).flatMap(
    ({ text }) => /http\S+\/account\/email\/confirm\?token=\S+/.exec(text)?.[0] ?? [],
  );
/** Asks for a link to this address and gives it. */
const linkFor = async (address: string): Promise<string> => {
  expect((await post('email', { email: address })).status).toBe(303);
  return (await linksTo(address))[0] ?? '';
};
/** Asks for a link to one of many addresses. */
const askFor = async (at: number): Promise<number> => (await post('email', { email: `grace@n${at}.example` })).status;
const confirm = async (page: Answer, by = browser): Promise<Answer> => {
  const { action, hidden } = formTo(page, /\/email\/confirm$/);
  return by.go(action, { form: hidden });
};

describe('A29 the password', () => {
  test('A29 is changed with the current one: this session goes on, the others and their tokens end, and its owner is told', async () => {
    const other = world.browser();
    const tokens = await signIn(rp, other, grace);
    world.clock.advance(60_000);
    await openAccount(browser, grace);
    const changed = await change(grace.password, 'quiet-otter-meadow');
    expect([changed.status, changed.headers['location']]).toEqual([303, '/account/profile']);
    const page = await browser.visit('/account/profile');
    expect(page.text).toContain('Your new password is saved.');

    const silent = await other.visit((await rp.begin({ prompt: 'none' })).url);
    expect(other.next(silent)?.searchParams.get('error')).toBe('login_required');
    const { status } = await other.go('/me', { headers: { authorization: `Bearer ${tokens.access_token}` } });
    expect(status).toBe(401);
    await signIn(rp, world.browser(), { ...grace, password: 'quiet-otter-meadow' });
    const subjects = (await world.mailsTo(grace)).map(({ subject }) => subject);
    expect(subjects).toContainEqual(expect.stringMatching(/password/i));
    const set = await world.audited('user.password-set');
    expect(set.at(-1)).toMatchObject({ actor: `user:${grace.user.id}`, facts: { reason: 'changed' } });
  });

  test('A29 stays where the current one is wrong, the new one is weak, or both are the same', async () => {
    await openAccount(browser, grace);
    const { passwordHash } = await stored();
    for (const [current, next, words] of [
      ['wrong-horse-battery', 'quiet-otter-meadow', /That is not your password/],
      [grace.password, 'password1', /guessed first/],
      [grace.password, grace.password, /password you have now/],
      [grace.password, '', /Type a new password/],
    ] as const) {
      const refused = await change(current, next);
      expect(refused.status).toBe(422);
      expect(refused.text).toMatch(words);
    }
    expect((await stored()).passwordHash).toBe(passwordHash);
  });

  test('A29 is limited like wrong passwords of a sign-in, and the page says until when', async () => {
    await openAccount(browser, grace);
    const statuses: number[] = [];
    for (let at = 0; at < 11; at += 1)
      statuses.push((await change('wrong-horse-battery', 'quiet-otter-meadow')).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 422), 429]);
    expect(Number((await change(grace.password, 'quiet-otter-meadow')).headers['retry-after'])).toBeGreaterThan(0);
    expect((await stored()).passwordChangeRequiredAt).toBeUndefined();
  });

  test('A29 is found by programs at the well-known address', async () => {
    const { status, headers } = await browser.go('/.well-known/change-password');
    expect([status, headers['location']]).toEqual([303, '/account/profile']);
  });
});

describe('A29 the e-mail address', () => {
  test('A29 a new one is proven in its mailbox, the old one works until then, and is told', async () => {
    await openAccount(browser, grace);
    const link = await linkFor('grace@new.example');
    expect((await stored()).email).toBe('grace@example.com');
    expect((await world.services.users.find('grace@example.com'))?.id).toBe(grace.user.id);
    expect(await world.services.users.find('grace@new.example')).toBeUndefined();

    // Opening it changes nothing, also for a program without our cookies, and the address loses the token.
    const before = await stored();
    expect(heading(await world.browser().visit(link))).toBe('Sign in to Sallyport');
    const page = await browser.visit(link);
    expect(page.path).toBe('/account/email/confirm');
    expect(await stored()).toEqual(before);

    expect((await confirm(page)).status).toBe(303);
    expect(await stored()).toMatchObject({ email: 'grace@new.example', emailVerified: true });
    const told = await world.mailsTo('grace@example.com');
    expect(told[0]?.subject).toMatch(/address/i);
    expect(told[0]?.text).toMatch(/If it was not you/);
    expect(await world.services.users.find('grace@example.com')).toBeUndefined();
    expect((await world.audited('user.email-set')).at(-1)).toMatchObject({ facts: { reason: 'mailed-link' } });
    expect((await confirm(page)).status).toBe(410);
  });

  test('A29 a stale sign-in changes neither address nor password', async () => {
    await openAccount(browser, grace);
    const page = await browser.visit(await linkFor('grace@new.example'));
    world.clock.advance(301_000);
    const before = await stored();
    for (const stale of [
      await confirm(page),
      await post('email', { email: 'grace@other.example' }),
      await change(grace.password, 'quiet-otter-meadow'),
    ]) {
      expect(stale.status).toBe(303);
      expect(stale.headers['location']).toContain('/auth?');
    }
    expect(await stored()).toEqual(before);
    expect(await linksTo('grace@other.example')).toEqual([]);
  });

  test('A29 a link works once for the account that asked, for 30 minutes, and a newer one voids it', async () => {
    await openAccount(browser, grace);
    const page = await browser.visit(await linkFor('grace@new.example'));
    const other = world.browser();
    await openAccount(other, world.people.linus);
    const foreign = await other.go('/account/email/confirm', { form: formTo(page, /\/confirm$/).hidden });
    expect(foreign.status).toBe(410);
    expect((await other.visit((await linksTo('grace@new.example'))[0] ?? '')).status).toBe(410);

    const newer = await browser.visit(await linkFor('grace@newer.example'));
    expect((await confirm(page)).status).toBe(410);
    const answers = await Promise.all(Array.from({ length: 20 }, () => confirm(newer)));
    expect(answers.filter(({ headers }) => headers['location'] === '/account/profile')).toHaveLength(1);
    expect((await stored()).email).toBe('grace@newer.example');
  });

  test('A29 of twenty that have read the account before a link was used, one uses it', async () => {
    await openAccount(browser, grace);
    const token = new URL(await linkFor('grace@new.example')).searchParams.get('token') ?? '';
    const user = await stored();
    const { addressProofs } = world.services;
    const by = { actor: `user:${user.id}` };
    const uses = await Promise.all(Array.from({ length: 20 }, () => addressProofs.confirm(user, token, by)));
    expect(uses.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await stored()).email).toBe('grace@new.example');
  });

  test('A29 an expired link, and one from before a new password, change nothing', async () => {
    await openAccount(browser, grace);
    const page = await browser.visit(await linkFor('grace@new.example'));
    expect((await change(grace.password, 'quiet-otter-meadow')).status).toBe(303);
    expect((await confirm(page)).status).toBe(410);
    const later = await linkFor('grace@later.example');
    world.clock.advance(30 * 60_000);
    await openAccount(browser, { ...grace, password: 'quiet-otter-meadow' });
    expect((await browser.visit(later)).status).toBe(410);
    expect((await stored()).email).toBe('grace@example.com');
  });

  test('A29 an address of another account gets no link, and the answer does not tell', async () => {
    await openAccount(browser, grace);
    const free = await post('email', { email: 'grace@free.example' });
    expect(await linksTo('grace@free.example')).toHaveLength(1);
    const taken = await post('email', { email: 'ADA@example.com' });
    expect([taken.status, taken.headers['location']]).toEqual([free.status, free.headers['location']]);
    expect(await linksTo('ada@example.com')).toEqual([]);
  });

  test('A29 an address that somebody else took meanwhile is refused', async () => {
    await openAccount(browser, grace);
    const page = await browser.visit(await linkFor('grace@shared.example'));
    await world.services.users.setEmail(world.people.ada.user.id, 'grace@shared.example', 'cli');
    expect((await confirm(page)).status).toBe(409);
    expect((await stored()).email).toBe('grace@example.com');
  });

  test('A29 links of an account are three in an hour, also after a restart', async () => {
    await openAccount(browser, grace);
    expect([await askFor(1), await askFor(2), await askFor(3), await askFor(4)]).toEqual([303, 303, 303, 422]);
    await world.restart();
    expect(await askFor(5)).toBe(422);
  });

  test('A29 an address that is no address, and the one that is confirmed, are refused', async () => {
    await openAccount(browser, grace);
    expect((await post('email', { email: 'grace' })).status).toBe(422);
    expect((await post('email', { email: 'grace@example.com' })).status).toBe(422);
  });

  test('A29 the address of the account is confirmed by the same link, and nobody is told of a change', async () => {
    // The notices of the sign-ins before have used up the mails of this hour.
    await world.nextDay();
    await world.services.users.setEmailVerified(grace.user.id, false, 'cli');
    await openAccount(browser, grace);
    const asked = await browser.visit('/account/profile');
    expect(asked.text).toContain('not confirmed');
    const page = await browser.visit(await linkFor('grace@example.com'));
    const notices = (await world.audited('notice.sent')).length;
    expect((await confirm(page)).status).toBe(303);
    expect(await stored()).toMatchObject({ email: 'grace@example.com', emailVerified: true });
    expect(await world.audited('notice.sent')).toHaveLength(notices);
  });
});
