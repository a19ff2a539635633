/** Tests the pages of the provider (errors, sign-out) and the audit of a sign-in. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { referenceOf } from '../../src/reference.ts';
import { authorize, redeem, signedIn, signIn } from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

let world: World;
let rp: Rp;
beforeEach(async () => {
  world = await openWorld();
  rp = await world.addClient({ client_id: 'contoso', post_logout_redirect_uris: ['https://contoso.test/bye'] });
  await world.addUser('ada');
  await world.addUser('bob');
});
afterEach(() => world.close());
const askAsStranger = (accept: string) =>
  send(world, 'GET', '/auth?client_id=nobody&response_type=code&scope=openid', { headers: { accept } });
const events = () => world.audited.map(({ event }) => event);

const begin = async (browser: Browser, params: Record<string, string>) => {
  const page = await browser.open('GET', `/session/end?${new URLSearchParams(params).toString()}`);
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.answer.text) ?? [];
  return { xsrf, page };
};

describe('signing out', () => {
  test('ends in a page that redirects to the client, and the session is gone', async () => {
    const browser = new Browser(world);
    const { id_token: hint = '' } = await redeem(world, rp, await signIn(browser, rp, 'ada'));
    const before = browser.cookies;
    const { xsrf } = await begin(browser, {
      id_token_hint: hint,
      post_logout_redirect_uri: 'https://contoso.test/bye',
      state: 's',
    });
    const done = await browser.open('POST', '/session/end/confirm', { form: { xsrf, logout: 'yes' } });
    expect(done.answer.status).toBe(200);
    expect(done.answer.headers).not.toHaveProperty('location');
    expect(done.answer.text).toContain('url=https://contoso.test/bye?state=s');
    expect(events()).toContain('session.ended');
    browser.cookies = before;
    expect((await authorize(browser, rp, { prompt: 'none' })).params['error']).toBe('login_required');
  });

  test('without a client ends on our own page', async () => {
    const browser = new Browser(world);
    await signIn(browser, rp, 'ada');
    const { xsrf } = await begin(browser, {});
    const done = await browser.open('POST', '/session/end/confirm', { form: { xsrf, logout: 'yes' } });
    expect(done.answer.text).toContain('url=http://idp.test/session/end/success');
    expect((await browser.open('GET', '/session/end/success')).answer.text).toBe('<h1>signed out</h1>');
  });

  test('with a wrong secret asks again, and the person stays signed in', async () => {
    const browser = new Browser(world);
    await signIn(browser, rp, 'ada');
    await begin(browser, {});
    const forged = await browser.open('POST', '/session/end/confirm', { form: { xsrf: 'guess', logout: 'yes' } });
    expect(forged.answer.text).toContain('action="http://idp.test/session/end/confirm"');
    expect(events()).not.toContain('session.ended');
    expect((await authorize(browser, rp, { prompt: 'none' })).params['code']).toBeDefined();
  });

  test('works from each sign-out page that is open, and the others then say that it is done', async () => {
    const browser = new Browser(world);
    await signIn(browser, rp, 'ada');
    const [older, newer] = [await begin(browser, {}), await begin(browser, {})];
    const sent = (xsrf: string) => browser.open('POST', '/session/end/confirm', { form: { xsrf, logout: 'yes' } });

    expect((await sent(older.xsrf)).answer.text).toContain('url=http://idp.test/session/end/success');
    expect(events()).toContain('session.ended');
    expect((await authorize(browser, rp, { prompt: 'none' })).params['error']).toBe('login_required');
    expect((await sent(newer.xsrf)).answer.text).toContain('url=http://idp.test/session/end/success');
  });

  test('from a page of an earlier session asks again', async () => {
    const browser = new Browser(world);
    await signIn(browser, rp, 'ada');
    const { xsrf: old } = await begin(browser, {});
    await browser.open('POST', '/session/end/confirm', { form: { xsrf: old, logout: 'yes' } });
    await signIn(browser, rp, 'bob');
    const asked = await browser.open('POST', '/session/end/confirm', { form: { xsrf: old, logout: 'yes' } });
    expect(asked.answer.text).toContain('action="http://idp.test/session/end/confirm"');
    expect((await authorize(browser, rp, { prompt: 'none' })).params['code']).toBeDefined();
  });

  test('is not said to a person who stays signed in', async () => {
    const browser = new Browser(world);
    await signIn(browser, rp, 'ada');
    const { xsrf } = await begin(browser, {});
    const stays = await browser.open('POST', '/session/end/confirm', { form: { xsrf } });
    expect(stays.answer.text).toBe('<h1>still signed in</h1>');
    expect((await authorize(browser, rp, { prompt: 'none' })).params['code']).toBeDefined();
  });

  test('without a session goes straight on, to the client where its address is registered', async () => {
    const bye = { client_id: 'contoso', post_logout_redirect_uri: 'https://contoso.test/bye', state: 's&1' };
    const ask = (params: Record<string, string>) =>
      send(world, 'GET', `/session/end?${new URLSearchParams(params).toString()}`);
    expect(await ask(bye)).toMatchObject({
      status: 303,
      headers: { location: 'https://contoso.test/bye?state=s%261' },
    });
    expect(await ask({ client_id: 'contoso' })).toMatchObject({
      status: 303,
      headers: { location: 'http://idp.test/session/end/success?client_id=contoso' },
    });
    expect(await ask({ post_logout_redirect_uri: 'https://evil.test/' })).toMatchObject({
      status: 303,
      headers: { location: 'http://idp.test/session/end/success' },
    });
    expect((await ask({ ...bye, post_logout_redirect_uri: 'https://evil.test/' })).status).toBe(400);
    // Nobody is signed in, so nothing is kept: strangers must not fill the store.
    const kept = await ask(bye);
    const id = /session=([^;]+)/.exec(String(kept.headers['set-cookie']))?.[1] ?? '';
    expect(await world.provider.Session.find(id)).toBeUndefined();
  });

  test('redirects only to a registered address', async () => {
    const browser = new Browser(world);
    const { id_token: hint = '' } = await redeem(world, rp, await signIn(browser, rp, 'ada'));
    const { page } = await begin(browser, { id_token_hint: hint, post_logout_redirect_uri: 'https://evil.test/' });
    expect([page.answer.status, page.answer.text]).toEqual([
      400,
      expect.stringContaining('post_logout_redirect_uri not registered'),
    ]);
  });
});

describe('errors', () => {
  test('an unknown client gets our error page with the reference of audit and log', async () => {
    const stranger = await authorize(new Browser(world), { id: 'nobody', redirectUri: 'https://evil.test/' });
    expect(stranger.at).toBe('page');
    const [, reference = ''] = /([0-9A-HJKMNP-TV-Z]{8})$/.exec(stranger.answer.text) ?? [];
    expect(world.audited.slice(1)).toMatchObject([{ event: 'sign-in.refused', reason: 'invalid_client', reference }]);
    expect(world.logged).toMatchObject([{ event: 'authorization.error', fields: { reference } }]);
  });

  test('an unknown client gets JSON if it asks for JSON, else HTML', async () => {
    const { status, text } = await askAsStranger('application/json');
    expect(status).toBe(400);
    expect(JSON.parse(text)).toMatchObject({ error: 'invalid_client', reference: expect.stringMatching(/^.{8}$/) });
    expect((await askAsStranger('*/*')).headers['content-type']).toContain('text/html');
  });

  test('an unregistered redirect URI is shown on our page and never redirected to', async () => {
    const stopped = await authorize(new Browser(world), { ...rp, redirectUri: 'https://evil.test/' });
    expect([stopped.at, stopped.answer.status]).toEqual(['page', 400]);
  });

  test('a code request that accepts JSON is answered in JSON', async () => {
    expect(await redeem(world, rp, { params: {}, verifier: 'v'.repeat(43) } as never)).toMatchObject({
      status: 400,
      error: 'invalid_request',
    });
  });

  test('an internal error is logged in full and shown without details', async () => {
    const browser = new Browser(world);
    await signIn(browser, rp, 'ada');
    await world.store.shortLived.ephemeral.put('oidc:Session:x', 'x', 1);
    const { documents } = world;
    // Koa prints what nobody listens for. The whole application answers it (src/http/problems.ts).
    Reflect.set(world.provider, 'silent', true);
    const broken = Object.assign(documents, { get: () => Promise.reject(new Error('the disk is on fire')) });
    world.clock.advance(6_000);
    const shown = await authorize(browser, rp);
    expect(broken).toBe(documents);
    expect(shown.answer.status).toBe(500);
    expect(shown.answer.text).not.toContain('fire');
    const logged = world.logged.find(({ event }) => event === 'server_error');
    expect(String(Reflect.get(logged?.fields ?? {}, 'error'))).toContain('the disk is on fire');
  });

  test('a failing audit does not fail a sign-in', async () => {
    expect(() => world.provider.emit('authorization.success', undefined)).not.toThrow();
    expect(world.logged).toMatchObject([{ event: 'listener.failed' }]);
  });
});

describe('the audit of a sign-in', () => {
  test('records its end under the reference logged at its beginning', async () => {
    const browser = new Browser(world);
    const asked = await authorize(browser, rp);
    const { cid } = JSON.parse(asked.answer.text) as { cid: string };
    await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'mfa') });
    expect(world.audited.filter(({ event }) => event.startsWith('sign-in'))).toEqual([
      expect.objectContaining({
        event: 'sign-in.finished',
        outcome: 'success',
        reference: referenceOf(cid),
        subject: 'ada',
        acr: 'mfa',
        amr: 'pwd tel mfa',
        address: '127.0.0.1',
      }),
    ]);
    expect(world.logged.find(({ event }) => event === 'sign-in.begun')?.fields).toMatchObject({
      reference: referenceOf(cid),
      client: 'contoso',
    });
  });

  test('records that the person cancelled', async () => {
    const browser = new Browser(world);
    const asked = await authorize(browser, rp, { state: 's' });
    const back = await browser.open('POST', asked.url.pathname, {
      json: { error: 'access_denied', error_description: 'cancelled' },
    });
    expect(back.params).toMatchObject({ error: 'access_denied', state: 's', iss: 'http://idp.test' });
    expect(events()).toEqual(expect.arrayContaining(['sign-in.cancelled']));
  });
});

test('signing in another person in the same browser ends the first session by our form, drawn by us', async () => {
  const browser = new Browser(world);
  await signIn(browser, rp, 'ada');
  const asked = await authorize(browser, rp, { prompt: 'login' });
  const form = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'bob') });
  expect(form.answer.text).not.toContain('JavaScript');
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(form.answer.text) ?? [];
  const on = await browser.open('POST', '/session/end/confirm', { form: { xsrf, logout: 'yes' } });
  const [, resume = ''] = /url=http:\/\/idp\.test([^"]+)/.exec(on.answer.text) ?? [];
  const done = await browser.open('GET', resume);
  expect((await redeem(world, rp, { ...done, verifier: asked.verifier })).claims).toMatchObject({ sub: 'bob' });
});

test('a form_post answer is sent with a policy that allows the client', async () => {
  await world.close();
  world = await openWorld({ csp: "default-src 'none'; script-src 'self'; form-action 'self'" });
  rp = await world.addClient({ client_id: 'contoso' });
  await world.addUser('ada');
  const browser = new Browser(world);
  const asked = await authorize(browser, rp, { response_mode: 'form_post' });
  const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada') });
  expect(done.answer.text).toContain('action="https://contoso.test/cb"');
  const policy = String(done.answer.headers['content-security-policy']);
  expect(policy).toContain("form-action 'self' https://contoso.test");
  // Our page has no inline script.
  expect(policy).toContain("script-src 'self';");
  expect(done.answer.text).not.toContain('<script>');
  const early = await authorize(new Browser(world), rp, { response_mode: 'form_post', prompt: 'none' });
  expect(early.answer.text).toContain('login_required');
  expect(String(early.answer.headers['content-security-policy'])).toContain("form-action 'self' https://contoso.test");
  const forged = { id: 'contoso', redirectUri: 'https://evil.test/' };
  const refused = await authorize(new Browser(world), forged, { response_mode: 'form_post' });
  expect(String(refused.answer.headers['content-security-policy'])).not.toContain('evil');
  expect(String((await send(world, 'GET', '/auth')).headers['content-security-policy'])).toContain(
    "form-action 'self'",
  );
});
