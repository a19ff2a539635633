/** The security page: who gets in, and what ends a session there. Guard: src/oidc/portal-sign-in.ts#isLive. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { userKind } from '../../src/records.ts';
import { formTo, heading, type Browser } from '../support/browser/plain.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';
import { openAccount } from './support/portal.ts';

let world: World;
let ada: TestPerson;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld({ nodes: 2 });
  ({ ada } = world.people);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
});

describe('a sign-in to the security page', () => {
  test('leads through the password and the second step, and back to the page that was opened', async () => {
    const asked = await browser.visit('/account');
    expect(heading(asked)).toBe('Sign in to Sallyport');
    const page = await openAccount(browser, ada);
    expect(heading(page)).toBe('Security');
    expect(page.text).toContain(ada.name);
    expect(page.status).toBe(200);
  });

  test('keeps its session in a sealed cookie that only the security page gets', async () => {
    const answers: string[] = [];
    const take = browser.jar.take.bind(browser.jar);
    browser.jar.take = cookies => {
      answers.push(...cookies);
      take(cookies);
    };
    await openAccount(browser, ada);
    const kept = answers.find(each => each.startsWith('sallyport-account='));
    expect(kept).toMatch(/; path=\/account;/i);
    expect(kept).toMatch(/samesite=lax/i);
    expect(kept).toMatch(/httponly/i);
    expect(kept).not.toContain(ada.user.id);
  });

  test('takes no answer that this browser did not ask for', async () => {
    const other = world.browser();
    await openAccount(other, ada);
    const forged = await browser.visit('/account/callback?code=x&state=y&iss=z');
    expect(forged.status).toBe(400);
    expect(heading(forged)).toBe('You’re not signed in');
  });

  test.each([
    ['/account', 'Sallyport'],
    ['/developer', 'Sallyport Developer'],
  ])('at %s can begin again from the page after the sign-out', async (path, name) => {
    const page = await openAccount(browser, ada, path);
    const question = await browser.visit(/href="(\/session\/end[^"]*)"/.exec(page.text)?.[1] ?? '');
    const { action, hidden } = formTo(question, /confirm$/);
    const done = await browser.visit(action, { form: { ...hidden, logout: 'yes' } });
    expect(heading(done)).toBe('You’re signed out');
    expect(done.text).toMatch(new RegExp(`href="${world.issuer.origin}${path}">Back to ${name}<`));
    expect(heading(await browser.visit(path))).toBe(`Sign in to ${name}`);
  });

  test('that is left says so, and changes nothing', async () => {
    const asked = await browser.visit('/account');
    const uid = /\/interaction\/([^/"]+)/.exec(asked.text)?.[1] ?? '';
    const left = await browser.visit(`/interaction/${uid}/cancel`, { form: {} });
    expect(heading(left)).toBe('You’re not signed in');
  });
});

const isOut = async (): Promise<boolean> => heading(await browser.visit('/account')) === 'Sign in to Sallyport';

describe('the session of the security page ends at the next request, on each node,', () => {
  test('when the person signs out', async () => {
    const page = await openAccount(browser, ada);
    const [, signOut = ''] = /<a class="out" href="([^"]*)"/.exec(page.text) ?? [];
    const question = await browser.visit(signOut.replaceAll('&amp;', '&'));
    const { action, hidden } = formTo(question, /\/session\/end\/confirm$/);
    await browser.visit(action, { form: { ...hidden, logout: 'yes' } });
    browser.node = 1;
    expect(await isOut()).toBe(true);
  });

  test('when all sessions of the account were ended', async () => {
    await openAccount(browser, ada);
    world.clock.advance(1000);
    await world.services.users.lock(ada.user.id, 'cli');
    browser.node = 1;
    expect(await isOut()).toBe(true);
    await world.services.users.unlock(ada.user.id, 'cli');
    expect(await isOut()).toBe(true);
  });

  test('when the account says so, though nobody has deleted the session yet', async () => {
    await openAccount(browser, ada);
    world.clock.advance(1000);
    const users = world.store.durable.collection(userKind);
    const user = await users.get(ada.user.id);
    expect(user && (await users.replace({ ...user, signedOutAt: world.clock() }))).toBeDefined();
    browser.node = 1;
    expect(await isOut()).toBe(true);
  });

  test('when the session of the provider has expired', async () => {
    await openAccount(browser, ada);
    expect(await isOut()).toBe(false);
    world.clock.advance(3_600_000);
    expect(await isOut()).toBe(true);
  });
});

describe('the client of the security page', () => {
  test('cannot be registered, changed or removed', async () => {
    const clients = await world.services.clients();
    const wanted = { client_id: 'account', redirect_uris: ['https://evil.test/callback'] };
    expect(await clients.add(wanted, 'cli')).toMatchObject({ ok: false, reason: 'invalid' });
    await expect(clients.write(wanted)).rejects.toThrow('reserved');
    expect(await clients.change('account', {}, 'cli')).toMatchObject({ ok: false, reason: 'invalid' });
    expect(await clients.secrets.add('account', 0, 'cli')).toMatchObject({ ok: false, reason: 'invalid' });
    expect(await clients.remove('account', 'cli')).toMatchObject({ ok: false, reason: 'unknown' });
    expect((await clients.list()).map(({ id }) => id)).not.toContain('account');
    expect(heading(await openAccount(browser, ada))).toBe('Security');
  });

  test('redeems no code without its secret', async () => {
    const answer = await browser.go('/token', {
      body: 'grant_type=authorization_code&code=x&client_id=account&redirect_uri=x&code_verifier=x',
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(401);
  });
});
