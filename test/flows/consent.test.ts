/**
 * Tests that people are asked once for what a client may see: remembered beyond the session, asked again for more and where the client
 * wants it, listed and revoked on the security page, and gone with the person or the client. On every store.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { oidcDocumentKind } from '../../src/records.ts';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { addNewcomer, type Newcomer } from '../support/browser/newcomer.ts';
import { addDeviceClient, answer, askForCodes, typeCode } from '../support/world/device.ts';
import { atClient, enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { everyStore } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

/** The lines of a consent page; empty on any other page. */
const listed = ({ text }: Answer): readonly string[] =>
  [...text.matchAll(/<svg class="tick"[^]*?<span>([^]*?)<\/span><\/li>/g)].map(([, words = '']) =>
    words.replaceAll(/<[^>]*>/g, ''),
  );
const words = {
  openid: 'Know who you are here',
  profile: 'See your name, language and time zone',
  email: 'See your e-mail address',
};

describe.each(everyStore)('on $name', store => {
  let world: World;
  let foreign: RelyingParty;
  let person: Newcomer;
  let browser: Browser;
  beforeAll(async () => {
    world = await startWorld({ store });
    await addFiles();
    await addDeviceClient(world, 'tv', { first_party: false });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    foreign = await openRelyingParty(
      world,
      await world.addClient({ id: 'foreign', name: 'Foreign', first_party: false }),
    );
    person = await addNewcomer(world);
    browser = world.browser();
  });

  const addFiles = async (): Promise<void> => {
    await world.addClient({
      id: 'files',
      name: 'Files',
      redirectUris: [],
      resource: 'https://files.test/',
      resource_scopes: ['files:read', 'files:write'],
    });
  };
  const resource = 'https://files.test/';

  /** Sends a request, and signs in where it asks for that. Gives the page, or the client's callback. */
  const open = async (wish: Readonly<Record<string, string>> = {}, at = browser) => {
    const request = await foreign.begin({ scope: 'openid profile', ...wish });
    const first = await at.visit(request.url);
    const page = /action="[^"]*\/password"/.test(first.text) ? await enterPassword(at, first, person) : first;
    return { request, page };
  };
  const allow = (page: Answer, at = browser): Promise<Answer> =>
    at.visit(formTo(page, /\/consent$/).action, { form: { answer: 'allow' } });
  /** Allows what the page asks for. Gives the tokens. */
  const agree = async (wish: Readonly<Record<string, string>> = {}) => {
    const { request, page } = await open(wish);
    return request.redeem(atClient(browser, await allow(page)));
  };
  const errorOf = async (wish: Readonly<Record<string, string>>, at = browser) => {
    const { page } = await open(wish, at);
    return atClient(at, page).searchParams.get('error');
  };
  const signOut = async (): Promise<void> => {
    const page = await browser.visit('/session/end');
    const { action, hidden } = formTo(page, /\/session\/end\/confirm$/);
    await browser.visit(action, { form: { ...hidden, logout: 'yes' } });
  };
  const isCode = async (wish: Readonly<Record<string, string>>, at = browser): Promise<boolean> => {
    const { page } = await open(wish, at);
    return at.next(page)?.searchParams.has('code') === true;
  };

  test('a person is asked once: not after a sign-out, and not in another browser', async () => {
    const { page } = await open();
    expect([heading(page), listed(page)]).toEqual(['Let Foreign see your account?', [words.openid, words.profile]]);
    await allow(page);
    await signOut();
    const { request, page: again } = await open();
    const tokens = await request.redeem(atClient(browser, again));
    expect(tokens.scope).toBe('openid profile');
    expect(await isCode({}, world.browser())).toBe(true);
  });

  test('a request for more asks for the new scopes and claims alone, on another day too', async () => {
    await agree();
    await world.nextDay();
    const claims = JSON.stringify({ userinfo: { groups: null } });
    const { request, page } = await open({ scope: 'openid profile email', claims });
    expect(listed(page)).toEqual([words.email, 'See which groups you belong to']);
    const tokens = await request.redeem(atClient(browser, await allow(page)));
    expect(tokens.scope).toBe('openid profile email');
    await world.nextDay();
    expect(await isCode({ scope: 'openid profile email', claims })).toBe(true);
    expect(await isCode({ scope: 'openid' })).toBe(true);
  });

  test('the scopes of an API are remembered for that API', async () => {
    await agree({ scope: 'openid files:read', resource });
    await signOut();
    expect(await isCode({ scope: 'openid files:read', resource })).toBe(true);
    const { page } = await open({ scope: 'openid files:read files:write', resource });
    expect(listed(page)).toEqual(['files:write at https://files.test/']);
  });

  test('prompt=consent asks again, for everything; who refuses then has revoked nothing', async () => {
    await agree();
    const { page } = await open({ prompt: 'consent' });
    expect(listed(page)).toEqual([words.openid, words.profile]);
    const refused = await browser.visit(formTo(page, /\/consent$/).action, { form: { answer: 'deny' } });
    expect(atClient(browser, refused).searchParams.get('error')).toBe('access_denied');
    expect(await isCode({})).toBe(true);
    await signOut();
    expect(listed((await open({ prompt: 'consent' })).page)).toEqual([words.openid, words.profile]);
  });

  test('prompt=none gets a code where the person has agreed before, and consent_required where not', async () => {
    await agree();
    await signOut();
    expect(await errorOf({ prompt: 'none' })).toBe('login_required');
    await open();
    expect(await isCode({ prompt: 'none' })).toBe(true);
    expect(await errorOf({ prompt: 'none', scope: 'openid email' })).toBe('consent_required');
  });

  test('a person who has refused is asked again', async () => {
    const { page } = await open();
    await browser.visit(formTo(page, /\/consent$/).action, { form: { answer: 'deny' } });
    expect(listed((await open()).page)).toEqual([words.openid, words.profile]);
  });

  test('the consent of one person says nothing for another, and that for one client nothing for another', async () => {
    await agree();
    const other = await openRelyingParty(
      world,
      await world.addClient({ id: 'other', name: 'Other', first_party: false }),
    );
    const page = await browser.visit((await other.begin({ scope: 'openid profile' })).url);
    expect(heading(page)).toBe('Let Other see your account?');
    person = await addNewcomer(world);
    browser = world.browser();
    expect(listed((await open()).page)).toEqual([words.openid, words.profile]);
  });

  test('the security page lists it without a session and revokes it: the next request asks', async () => {
    await agree();
    await signOut();
    // The page has no session at the client any more.
    await enterPassword(browser, await browser.visit('/account/apps'), person);
    const apps = await browser.visit('/account/apps');
    expect(apps.text).toContain('<bdi>Foreign</bdi>');
    expect(apps.text).toContain(words.profile);
    const { action, hidden } = formTo(apps, /\/apps\/remove$/);
    const done = await browser.visit(action, { form: hidden });
    expect(done.text).not.toContain('<bdi>Foreign</bdi>');
    expect((await world.audited('grant.revoked')).at(-1)).toMatchObject({
      subject: person.user.id,
      facts: { client: 'foreign' },
    });
    expect(listed((await open()).page)).toEqual([words.openid, words.profile]);
  });

  test('a device asks each time, whatever was allowed before', async () => {
    const codes = await askForCodes(world, 'tv');
    const question = await answer(browser, await typeCode(browser, codes.user_code), 'allow');
    await allow(await enterPassword(browser, question, person));
    const second = await askForCodes(world, 'tv');
    const elsewhere = world.browser();
    const again = await answer(elsewhere, await typeCode(elsewhere, second.user_code), 'allow');
    expect(heading(await enterPassword(elsewhere, again, person))).toBe('Let tv TV see your account?');
  });

  test('tabs that open at once share one grant, and each gets a code', async () => {
    await agree();
    await signOut();
    await open();
    const begun = await Promise.all([1, 2, 3].map(async () => foreign.begin({ scope: 'openid profile' })));
    const codes = await Promise.all(
      begun.map(async request => ({ request, to: atClient(browser, await browser.go(request.url)) })),
    );
    for (const { request, to } of codes) expect((await request.redeem(to)).scope).toBe('openid profile');
  });

  test('a client that is removed and registered again asks again', async () => {
    await agree();
    const clients = await world.services.clients();
    await clients.remove('foreign', 'cli');
    await world.addClient({ id: 'foreign', name: 'Foreign', first_party: false });
    world.clock.advance(10_000);
    expect(listed((await open()).page)).toEqual([words.openid, words.profile]);
  });

  test('it is forgotten where all sessions end at once: somebody else may have had the account', async () => {
    const stored = async () =>
      (await world.store.durable.collection(oidcDocumentKind).find({ accountId: person.user.id, model: 'Consent' }))
        .length;
    await agree();
    expect(await stored()).toBe(1);
    await world.services.accountSessions.endAll(person.user.id, { actor: 'cli' });
    expect(await stored()).toBe(0);
    world.clock.advance(1000);
    browser = world.browser();
    await agree();
    await world.services.users.lock(person.user.id, 'cli');
    expect(await stored()).toBe(0);
  });
});
