/** The playground of the development environment: from the form to the verified tokens, without script. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { writtenAfter } from '../../src/oidc/developers/client-notes.ts';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import { createClientKey } from '../oidc/support/client-keys.ts';
import { heading, type Answer } from '../support/browser/plain.ts';
import { chosenRequest, partOf, sendLinkOf, verdictsOf } from '../support/world/playground.ts';
import { enterPassword } from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe.each(stores)('the playground on $name', store => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ store });
    await world.addClient({ id: 'contoso-office' });
    const clients = await world.services.clients();
    const redirectUris = ['http://127.0.0.1:8080/callback'];
    await clients.write({
      client_id: 'single-page',
      client_name: 'SPA',
      redirect_uris: redirectUris,
      first_party: true,
    });
  });
  afterAll(() => world.close());

  /** Signs linus in by the request that this form makes. */
  const tried = async (form: Readonly<Record<string, string>>): Promise<Answer> => {
    const browser = world.browser();
    const page = await chosenRequest(browser, form);
    return enterPassword(browser, await browser.visit(sendLinkOf(page)), world.people.linus);
  };

  test('a link fills the form in', async () => {
    const query = new URLSearchParams({ client: 'contoso-office', acr_values: 'phr mfa', par: 'yes', odd: '1' });
    const { text } = await world.browser().visit(`/playground?${query.toString()}`);
    expect(text).toMatch(/<option value="contoso-office" selected/);
    expect(text).toMatch(/name="acr_values" value="phr mfa"/);
    expect(text).toMatch(/name="par" value="yes" checked/);
    expect(text).toMatch(/name="scope" value="openid profile email"/);
  });

  test('the form says what cannot be sent, and keeps what was typed', async () => {
    const page = await chosenRequest(world.browser(), { client: 'account', scope: '', max_age: 'soon', claims: '[]' });
    expect([page.status, heading(page)]).toEqual([422, 'Playground']);
    expect(page.text).toContain('Please fill this in.');
    expect(page.text).toContain('Digits only, for example 300.');
    expect(page.text).toContain('This is not a JSON object.');
    expect(page.text).toMatch(/name="max_age" value="soon"/);
    for (const client of ['account', 'unknown', 'playground:?client=contoso-office']) {
      expect((await chosenRequest(world.browser(), { client })).text).toContain('There is no such client');
    }
  });

  test('a request is shown line by line, with its address and a command', async () => {
    const claims = '{"userinfo":{"email":null}}';
    const page = await chosenRequest(world.browser(), { acr_values: 'mfa', max_age: '300', claims, ui_locales: 'de' });
    expect([page.status, heading(page)]).toEqual([200, 'Request of Contoso Office']);
    const to = new URL(sendLinkOf(page));
    expect(Object.fromEntries(to.searchParams)).toMatchObject({
      client_id: 'contoso-office',
      response_type: 'code',
      scope: 'openid profile email',
      acr_values: 'mfa',
      max_age: '300',
      claims,
      ui_locales: 'de',
      code_challenge_method: 'S256',
    });
    expect(partOf(page, 'Line by line')).toContain('Comes back in the ID token.');
    expect(page.text).toContain(`curl -i &#39;${to.href.replaceAll('&', '&amp;')}&#39;`);
  });

  test.each([{}, { par: 'yes' }])('a sign-in shows the answer, the verified tokens and the user: %j', async form => {
    const result = await tried({ ...form, max_age: '300' });
    expect([result.status, heading(result)]).toEqual([200, 'It worked']);
    expect(verdictsOf(result)).toEqual({
      signature: 'passed',
      alg: 'passed',
      iss: 'passed',
      aud: 'passed',
      exp: 'passed',
      iat: 'passed',
      nonce: 'passed',
      auth_time: 'passed',
    });
    const { id } = world.people.linus.user;
    expect(partOf(result, 'The ID token')).toContain(`"sub": "${id}"`);
    expect(partOf(result, 'The user information')).toContain('"email": "linus@example.com"');
    expect(partOf(result, 'The code for tokens')).toContain('Basic BASE64(CLIENT_ID:CLIENT_SECRET)');
    expect(result.text).not.toContain('refresh_token');
  });

  test('a public client is tried as one: with its id, and without a secret', async () => {
    const result = await tried({ client: 'single-page' });
    expect(heading(result)).toBe('It worked');
    expect(partOf(result, 'The code for tokens')).toContain('client_id=single-page');
    expect(result.text).not.toContain('CLIENT_SECRET');
  });

  test('a level that was asked for in vain is noted, and is no mistake', async () => {
    expect(verdictsOf(await tried({ acr_values: 'phr' }))).toMatchObject({ acr: 'noted', nonce: 'passed' });
    expect(verdictsOf(await tried({ acr_values: 'phr sfa' }))).toMatchObject({ acr: 'passed' });
  });

  test('without openid there is no ID token, and the page says why', async () => {
    const result = await tried({ scope: 'profile' });
    expect(partOf(result, 'The ID token')).toContain('because the scope does not contain openid');
  });

  test('a refusal is shown as the client gets it', async () => {
    const browser = world.browser();
    const page = await chosenRequest(browser, { prompt: 'none' });
    const result = await browser.visit(sendLinkOf(page));
    expect([result.status, heading(result)]).toEqual([200, 'The sign-in was refused']);
    expect(partOf(result, 'The answer')).toContain('login_required');
  });

  test('a pushed request that is refused begins no sign-in, and its answer is shown', async () => {
    const page = await chosenRequest(world.browser(), { prompt: 'none login', par: 'yes' });
    expect(page.text).toContain('The request was refused when it was pushed.');
    expect(partOf(page, 'The pushed request')).toContain('"error": "invalid_request"');
    expect(() => sendLinkOf(page)).toThrow('no link');
  });

  test('its tokens are not those of the client, whose developers see when it got some', async () => {
    expect((await tried({})).status).toBe(200);
    world.clock.advance(writtenAfter);
    await world.clock.fired();
    expect(await world.services.clientTokens.of('contoso-office')).toEqual([]);
  });

  test('the shown access token has ended, and reloading shows nothing again', async () => {
    const browser = world.browser();
    const page = await chosenRequest(browser, {});
    const result = await enterPassword(browser, await browser.visit(sendLinkOf(page)), world.people.linus);
    const token = /"access_token": "([^"]+)"/.exec(result.text.replaceAll('&quot;', '"'))?.[1] ?? '';
    expect(token.length).toBeGreaterThan(20);
    expect((await browser.go('/me', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    const again = await browser.go(result.path);
    expect([again.status, heading(again)]).toEqual([400, 'This try is over']);
  });

  test.each<readonly [string, Partial<NewClient>]>([
    ['proves a key', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['binds its tokens', { dpop_bound_access_tokens: true }],
    ['has its own subjects', { subject_type: 'pairwise' }],
    ['wants another algorithm', { id_token_signed_response_alg: 'RS256' }],
    ['has the profile fapi2', { security_profile: 'fapi2' }],
    ['gets signed answers', { response_modes: ['query.jwt'] }],
    ['pushes each request', { require_pushed_authorization_requests: true }],
  ])('a client is tried that %s', async (_, more) => {
    const { jwk } = await createClientKey(world);
    const needsKey = more.token_endpoint_auth_method !== undefined || more.security_profile !== undefined;
    const clients = await world.services.clients();
    const added = await clients.add(
      {
        client_name: 'Contoso Bank',
        redirect_uris: ['https://bank.test/callback'],
        first_party: true,
        ...(needsKey && { jwks: { keys: [jwk] } }),
        ...more,
      },
      'cli',
    );
    const result = await tried({ client: added.ok ? added.id : added.message });
    expect(heading(result)).toBe('It worked');
    expect(Object.values(verdictsOf(result))).not.toContain('failed');
    const { id } = world.people.linus.user;
    expect(result.text.includes(id)).toBe(more.subject_type !== 'pairwise');
    expect(result.text.includes('client_assertion=SIGNED_JWT')).toBe(needsKey);
  });

  test('a client that signs its requests is refused, and the page says why', async () => {
    const { jwk } = await createClientKey(world);
    const clients = await world.services.clients();
    const added = await clients.add(
      {
        redirect_uris: ['https://signs.test/callback'],
        jwks: { keys: [jwk] },
        require_signed_request_object: true,
      },
      'cli',
    );
    const browser = world.browser();
    const page = await chosenRequest(browser, { client: added.ok ? added.id : added.message });
    const result = await browser.visit(sendLinkOf(page));
    expect(heading(result)).toBe('The sign-in was refused');
    expect(partOf(result, 'The answer')).toContain('Request Object must be used by this client');
  });

  test('two tabs of a browser do not disturb each other', async () => {
    const browser = world.browser();
    const pages = [await chosenRequest(browser, {}), await chosenRequest(browser, { client: 'single-page' })];
    const [first, second] = pages.map(sendLinkOf);
    const one = await enterPassword(browser, await browser.visit(first ?? ''), world.people.linus);
    const two = await browser.visit(second ?? '');
    expect([heading(one), heading(two)]).toEqual(['It worked', 'It worked']);
  });
});

test('a client that waits for approval cannot be tried, and the form says so', async () => {
  const world = await startWorld({ env: { SALLYPORT_CLIENT_APPROVAL: 'required' } });
  const clients = await world.services.clients();
  const developer = { door: 'developer', actor: 'user:1' } as const;
  const added = await clients.add({ redirect_uris: ['https://new.test/callback'] }, developer);
  const id = added.ok ? added.id : added.message;
  const waiting = await chosenRequest(world.browser(), { client: id });
  expect([waiting.status, waiting.text]).toEqual([422, expect.stringContaining('waits for the approval')]);
  const [seen] = await clients.waiting();
  expect(seen && (await clients.approve(seen.metadata, 'cli'))).toMatchObject({ ok: true });
  expect((await chosenRequest(world.browser(), { client: id })).status).toBe(200);
  await world.close();
});
