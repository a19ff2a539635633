/**
 * C45. A thief has signed in and changed how the owner signs in. The notice of that change has a link to a page, whose button must
 * stop the thief at once: no sign-in, from any browser, on one press. Programs of mailboxes open every link, other sites post forms,
 * and whoever finds an old mail must be able to do nothing with it.
 * Guards: `src/notices/not-me.ts#NotMe`; `src/users/freezes.ts#freeze`, one write that one of several reports wins;
 * `src/frozen-account.ts#guardFrozenAccounts`, through which the server writes accounts.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import type { TokenEndpointResponse } from 'openid-client';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { codeAt } from '../support/codes.ts';
import { hashOf } from '../support/hash-of.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';

const week = 7 * 86_400_000;
const usable = 'Wasn’t this you?';
const used = 'Your account is protected';
const unknown = 'This link no longer works';

let world: World;
let rp: RelyingParty;
let noor: TestPerson;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_FACTORS: 'totp,sms,call' } });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  ({ noor } = world.people);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  await world.services.freezes.unfreeze(noor.user.id, 'cli');
});

const account = async () => world.services.users.get(noor.user.id);
const link = async (): Promise<string> => {
  const { notMe } = world.services;
  return new URL(await notMe.link(noor.user.id, 'method-added', world.clock())).pathname;
};
const press = async (browser: Browser, page: Answer): Promise<Answer> =>
  browser.go(formTo(page, /^\/not-me\//).action, { form: {} });
const signIn = async (browser: Browser, password = noor.password) => {
  const request = await rp.begin();
  const page = await enterPassword(browser, await browser.visit(request.url), { ...noor, password });
  return { request, page };
};
const signedIn = async (browser: Browser): Promise<TokenEndpointResponse> => {
  const { request, page } = await signIn(browser);
  const tokens = await request.redeem(atClient(browser, await enterCode(browser, page, codeAt(noor, world.clock()))));
  world.clock.advance(1000);
  return tokens;
};
const hasSession = async (browser: Browser): Promise<boolean | undefined> =>
  browser.next(await browser.visit((await rp.begin({ prompt: 'none' })).url))?.searchParams.has('code');
const accepts = async ({ access_token: token }: TokenEndpointResponse): Promise<boolean> =>
  (await world.browser().go('/me', { headers: { authorization: `Bearer ${token}` } })).status === 200;
const frozen = async (): Promise<number> => (await world.audited('user.changes-frozen')).length;

test('C45 the link ends sessions and tokens, stops changes, and tells person and administrators, without a sign-in', async () => {
  const thief = world.browser();
  const tokens = await signedIn(thief);
  expect([await hasSession(thief), await accepts(tokens)]).toEqual([true, true]);

  const owner = world.browser();
  const page = await owner.go(await link());
  expect([page.status, heading(page)]).toEqual([200, usable]);
  expect(page.text).toContain('A sign-in method was added');
  const pressed = await press(owner, page);
  expect([pressed.status, pressed.headers['location']]).toEqual([303, page.path]);
  expect(heading(await owner.go(page.path))).toBe(used);

  expect([await hasSession(thief), await accepts(tokens)]).toEqual([false, false]);
  const refresh = oidc.refreshTokenGrant(rp.config, tokens.refresh_token ?? '');
  await expect(refresh).rejects.toMatchObject({ error: 'invalid_grant' });
  expect(await account()).toMatchObject({
    changesFrozenUntil: world.clock() + week,
    authenticators: noor.user.authenticators,
  });
  expect(await world.audited('user.changes-frozen')).toMatchObject([{ subject: noor.user.id, actor: 'browser' }]);
  const told = (await world.audited('notice.sent')).filter(({ facts }) => facts['notice'] === 'changes-frozen');
  expect(told.map(({ facts }) => facts['audience'])).toEqual(['person', 'administrators']);
  const [mine, theirs] = [await world.mailsTo(noor), await world.mailsTo('admin@sallyport.test')];
  expect(mine.map(({ subject }) => subject)).toContain('“This wasn’t me” was used');
  expect(theirs.map(({ subject }) => subject)).toContain('A person used “This wasn’t me”');
});

test('C45 a program that opens the link, in any way but its button, changes nothing', async () => {
  const owner = world.browser();
  const path = await link();
  const before = [await account(), await frozen()];
  const scanner = { 'user-agent': 'Mail scanner', accept: '*/*' };
  expect(heading(await owner.go(path))).toBe(usable);
  for (const method of ['GET', 'HEAD', 'OPTIONS']) await owner.go(path, { method, headers: scanner });
  for (const headers of [
    scanner,
    { ...scanner, 'content-type': 'application/x-www-form-urlencoded' },
    { ...scanner, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    { ...scanner, origin: 'null' },
  ]) {
    expect((await owner.go(path, { method: 'POST', headers, body: '' })).status).toBe(403);
  }
  expect([await account(), await frozen()]).toEqual(before);
  expect(heading(await owner.go(path))).toBe(usable);
});

test('C45 a link works once, and of many presses at the same time one counts', async () => {
  const [first, second, earlier] = [await link(), await link(), await link()];
  const before = await frozen();
  const browsers = Array.from({ length: 12 }, () => world.browser());
  const pages = await Promise.all(browsers.map(async (each, at) => each.go(at % 2 === 0 ? first : second)));
  expect(new Set(pages.map(heading))).toEqual(new Set([usable]));
  const answers = await Promise.all(browsers.map(async (each, at) => press(each, pages[at] as Answer)));

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
  expect(await frozen()).toBe(before + 1);
  // A report uses up every link from before it, so that an old mail cannot stop the owner once changes are allowed again.
  await world.services.freezes.unfreeze(noor.user.id, 'cli');
  for (const path of [first, second, earlier]) {
    const owner = world.browser();
    expect(heading(await owner.go(path))).toBe(used);
    await owner.go(path, { form: {} });
  }
  expect([await frozen(), (await account())?.changesFrozenUntil]).toEqual([before + 1, undefined]);
  world.clock.advance(1);
  expect(heading(await world.browser().go(await link()))).toBe(usable);
});

test('C45 a forged, cut, foreign or expired token does nothing, and its page says so kindly', async () => {
  const path = await link();
  const before = [await account(), await frozen()];
  expect(heading(await world.browser().go(path))).toBe(usable);
  world.clock.advance(week);
  const token = path.slice(path.lastIndexOf('/') + 1);
  const wrong = [token, 'A'.repeat(22), token.slice(1), `${token}A`, token.toLowerCase(), '__proto__', '%00', "'--"];
  for (const each of wrong) {
    const page = await world.browser().go(`/not-me/${each}`);
    expect([page.status, heading(page)]).toEqual([404, unknown]);
    expect((await world.browser().go(`/not-me/${each}`, { form: {} })).status).toBeLessThan(500);
  }
  expect([await account(), await frozen()]).toEqual(before);
});

test('C45 the store knows no token, and the log neither', async () => {
  const path = await link();
  const token = path.slice('/not-me/'.length);
  await world.browser().go(path, { form: { odd: '1' } });
  expect(token).toMatch(/^[\w-]{22}$/);
  expect(JSON.stringify(world.logged)).not.toContain(token);
});

test('C45 while changes are stopped, the server changes no password; after 7 days, or when allowed, it does', async () => {
  const change = async (from: string, to: string): Promise<Answer> => {
    const { users } = world.services;
    await users.setPassword(noor.user.id, await hashOf(world.services, from), 'cli', { temporary: true });
    world.clock.advance(60_000);
    const browser = world.browser();
    const { page } = await signIn(browser, from);
    const required = await enterCode(browser, page, codeAt(noor, world.clock()));
    return browser.go(formTo(required, /\/new-password$/).action, { form: { new_password: to } });
  };
  expect((await change('quiet-otter-meadow', 'amber-lantern-orchard')).status).toBe(200);

  const owner = world.browser();
  await press(owner, await owner.go(await link()));
  const refused = await change('silver-canyon-thistle', 'walnut-harbor-violet');
  expect([refused.status, heading(refused), refused.text.includes('IDP-1006')]).toEqual([
    403,
    'Changes are stopped',
    true,
  ]);
  const { passwordHash } = (await account()) ?? {};
  await world.services.freezes.unfreeze(noor.user.id, 'cli');
  expect((await change('copper-willow-summit', 'walnut-harbor-violet')).status).toBe(200);
  expect((await account())?.passwordHash).not.toBe(passwordHash);
});
