/** Tests requests for a sign-in or a sign-out that a client posts (OIDC Core §3.1.2.1, RP-Initiated Logout 1.0 §2). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo, heading, onward, type Answer, type Browser } from '../support/browser/plain.ts';
import { countOperations } from '../support/counts/operations.ts';
import {
  atClient,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const most = 3;
const operations = countOperations();
let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld({
    wrap: operations.wrap,
    env: {
      SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: `${most}`,
      SALLYPORT_BEGUN_SIGN_INS_PER_KNOWN_DEVICE_AND_MINUTE: `${most}`,
    },
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

const formType = 'application/x-www-form-urlencoded';
/** Posts a body as a form on the page of a client does: from another site, without our cookies, which are Lax. */
const post = (browser: Browser, body: string | Buffer, { path = '/auth', type = formType } = {}): Promise<Answer> =>
  browser.go(path, {
    method: 'POST',
    body,
    headers: {
      'content-type': type,
      cookie: '',
      origin: 'https://contoso.example',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    },
  });
const asForm = (url: string): string => new URL(url).search.slice(1);

describe('POST /auth', () => {
  // Before any sign-in, whose notices the outbox would deliver meanwhile.
  test.each<[string, string | Buffer, string, number]>([
    ['8 KiB', `a=${'x'.repeat(8190)}`, formType, 303],
    ['a byte more than 8 KiB', `a=${'x'.repeat(8191)}`, formType, 413],
    ['more than 8 KiB of which little is left in an address', '&'.repeat(8193), formType, 413],
    ['8 KiB that need more in an address', `a=${'ü'.repeat(4000)}`, formType, 413],
    ['JSON', '{"client_id":"contoso"}', 'application/json', 415],
    ['parts', '--a--', 'multipart/form-data; boundary=a', 415],
    ['another character set', 'client_id=contoso', `${formType}; charset=utf-16`, 415],
    ['UTF-8, said aloud', 'client_id=contoso', `${formType}; charset=UTF-8`, 303],
  ])('with %s gets its status, and asks no store', async (_, body, type, status) => {
    operations.done.length = 0;
    const answer = await post(world.browser(), body, { type });
    expect(answer.status).toBe(status);
    expect(heading(answer) !== '').toBe(status !== 303);
    expect(operations.done).toEqual([]);
  });

  test('leads to the same request as GET, which signs in', async () => {
    const browser = world.browser();
    const request = await rp.begin({ login_hint: 'Lïnus & co', ui_locales: 'de' });
    const posted = await post(browser, asForm(request.url));
    expect([posted.status, posted.text, posted.headers['set-cookie']]).toEqual([303, '', undefined]);
    const to = new URL(String(posted.headers['location']), world.issuer);
    expect(Object.fromEntries(to.searchParams)).toEqual(Object.fromEntries(new URL(request.url).searchParams));
    const page = await browser.visit(to.pathname + to.search);
    expect(page.text).toContain('value="Lïnus &amp; co"');
    const done = await enterPassword(browser, page, world.people.linus);
    expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({ sub: world.people.linus.user.id });
  });

  test('finds the session of the browser, whose cookies only the GET brings', async () => {
    const browser = world.browser();
    await signIn(rp, browser, world.people.linus);
    const request = await rp.begin({ prompt: 'none' });
    const posted = await post(browser, asForm(request.url));
    const answer = await browser.go(String(posted.headers['location']));
    expect(new URL(String(answer.headers['location'])).searchParams.has('code')).toBe(true);
  });

  test('is counted once, as the GET that follows', async () => {
    const url = asForm((await rp.begin()).url);
    for (let each = 0; each < most; each += 1) {
      const posted = await post(world.browser(), url);
      expect((await world.browser().go(String(posted.headers['location']))).status).toBe(303);
    }
    const posted = await post(world.browser(), url);
    expect(posted.status).toBe(303);
    expect((await world.browser().go(String(posted.headers['location']))).status).toBe(429);
  });

  test.each(['/auth/', '/AUTH'])('at %s is answered too', async path => {
    expect((await post(world.browser(), 'client_id=contoso', { path })).headers['location']).toBe(
      '/auth?client_id=contoso',
    );
  });

  test('keeps its parameters within their limits, and the refusal goes to the client', async () => {
    const posted = await post(world.browser(), asForm((await rp.begin({ state: 'x'.repeat(1025) })).url));
    const answer = await world.browser().go(String(posted.headers['location']));
    expect(new URL(String(answer.headers['location'])).searchParams.get('error_description')).toMatch(
      /^state is too long: got 1025 bytes/,
    );
  });

  test('does not let its body end or add a header', async () => {
    const body = Buffer.from('state=a\r\nset-cookie: evil=1\r\n\r\n<h1>&x=%0d%0aset-cookie:%20evil=2');
    const { status, headers } = await post(world.browser(), body);
    expect([status, headers['set-cookie'], headers['cache-control']]).toEqual([303, undefined, 'no-store']);
    expect(headers['location']).toBe(
      '/auth?state=a%0D%0Aset-cookie%3A+evil%3D1%0D%0A%0D%0A%3Ch1%3E&x=%0D%0Aset-cookie%3A+evil%3D2',
    );
  });

  test('keeps a parameter that comes twice, for the GET to refuse', async () => {
    const posted = await post(world.browser(), `${asForm((await rp.begin()).url)}&state=another`);
    const refused = await world.browser().go(String(posted.headers['location']));
    expect(new URL(String(refused.headers['location'])).searchParams.get('error_description')).toBe(
      "'state' parameter must not be provided twice",
    );
  });
});

/** Posts a sign-out in a new browser, and follows its redirect. */
const signOut = async (wish: Record<string, string>): Promise<Answer> => {
  const browser = world.browser();
  const posted = await post(browser, new URLSearchParams(wish).toString(), { path: '/session/end' });
  return browser.go(String(posted.headers['location']));
};

describe('POST /session/end', () => {
  test('asks the person, whose cookies only the GET brings, and leads back to the client', async () => {
    const browser = world.browser();
    const { id_token: hint = '' } = await signIn(rp, browser, world.people.linus);
    const back = rp.client.postLogoutRedirectUris[0] ?? '';
    const wish = new URLSearchParams({ id_token_hint: hint, post_logout_redirect_uri: back, state: 'äh & so' });
    const posted = await post(browser, wish.toString(), { path: '/session/end' });
    expect([posted.status, posted.headers['set-cookie']]).toEqual([303, undefined]);
    const asked = await browser.visit(String(posted.headers['location']));
    const { action, hidden } = formTo(asked, /confirm$/);
    const left = await browser.visit(action, { form: { ...hidden, logout: 'yes' } });
    const to = new URL(onward(left) ?? '');
    expect([to.origin + to.pathname, to.searchParams.get('state')]).toEqual([back, 'äh & so']);
  });

  test('without a session leads back at once, and never to an address that is not registered', async () => {
    const client = { client_id: rp.client.id, post_logout_redirect_uri: rp.client.postLogoutRedirectUris[0] ?? '' };
    expect((await signOut(client)).headers['location']).toBe(client.post_logout_redirect_uri);
    expect((await signOut({ ...client, post_logout_redirect_uri: 'https://evil.example/' })).status).toBe(400);
  });
});
