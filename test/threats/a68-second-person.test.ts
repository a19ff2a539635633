/**
 * A68. Alice leaves a browser without signing out, and some of its cookies are lost. Bob signs in there. What is left of Alice, such as
 * the cookie of the security page, must open nothing (CVE-2025-12390).
 * Guards: `src/oidc/portal-sign-in.ts#isLive`; `portals/account/sessions.ts#here`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { heading, type Browser } from '../support/browser/plain.ts';
import { openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';
import { openAccount } from '../portals/support/portal.ts';

let world: World;
let rp: RelyingParty;
let alice: TestPerson;
let bob: TestPerson;
beforeAll(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  [alice, bob] = [world.people.grace, world.people.linus];
});
afterAll(() => world.close());

const pages = ['/account', '/account/sessions', '/account/apps', '/account/profile'] as const;
/** Loses the cookies with these names. */
const lose = (browser: Browser, names: RegExp): void => {
  browser.jar.take(
    browser.jar
      .for('/')
      .split('; ')
      .map(pair => pair.split('=', 1)[0] ?? '')
      .filter(name => names.test(name))
      .map(name => `${name}=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT`),
  );
};

describe('A68 a second person in the same browser', () => {
  test.each(pages)('A68 sees nothing of the first on %s', async path => {
    const browser = world.browser();
    const hers = await signIn(rp, browser, alice);
    await openAccount(browser, alice, '/account/sessions');
    expect((await browser.visit(path)).text).toContain(alice.name);

    lose(browser, /session/);
    const his = await signIn(rp, browser, bob);
    expect(his.claims()?.sub).toBe(bob.user.id);
    expect(his.claims()?.['sid']).not.toBe(hers.claims()?.['sid'] ?? 'none');
    await openAccount(browser, bob, '/account/sessions');
    const shown = await browser.visit(path);
    expect(shown.text).toContain(bob.name);
    expect(shown.text).not.toContain(alice.name);
    const records = await world.audited('sign-in.finished');
    expect(records.at(-1)?.subject).toBe(bob.user.id);
  });

  test('A68 cannot change anything of the first', async () => {
    const browser = world.browser();
    await openAccount(browser, alice, '/account/sessions');
    lose(browser, /session/);
    await signIn(rp, browser, bob);
    const before = (await world.audited('session.ended')).length;
    const answer = await browser.visit('/account/sessions/end-all', { form: {} });
    expect(heading(answer)).not.toBe('Sign in to Sallyport');
    expect((await world.audited('session.ended')).slice(before).map(({ subject }) => subject)).not.toContain(
      alice.user.id,
    );
    const user = await world.services.users.get(alice.user.id);
    expect(user && (await world.services.accountSessions.list(user)).length).toBeGreaterThan(0);
  });
});
