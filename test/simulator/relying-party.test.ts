import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { signedInSentence, unmetSentence } from '../../simulator/relying-party/sentences.ts';
import type { Simulator } from '../../simulator/start.ts';
import type { FakeProvider } from './fake-provider.ts';
import { clientId, clientSecret, startFakeProvider } from './fake-provider.ts';
import { startTestSimulator } from './support.ts';

let provider: FakeProvider;
let simulator: Simulator;
let cookie = '';

beforeEach(async () => {
  cookie = '';
  provider = await startFakeProvider();
  simulator = await startTestSimulator({ relyingParty: { issuer: provider.issuer, clientId, clientSecret } });
});
afterEach(async () => {
  await simulator.close();
  await provider.close();
});

const jarOf = (text: string): Map<string, string> =>
  new Map(text.split('; ').flatMap(each => (each === '' ? [] : [[each.split('=')[0] ?? '', each] as const])));

/** Sends a request with the cookies of this browser. */
const visit = async (address: string, method = 'GET') => {
  const url = new URL(address, simulator.relyingPartyUrl);
  const response = await fetch(url, { method, redirect: 'manual', headers: { cookie } });
  const set = response.headers.getSetCookie();
  if (url.origin === simulator.relyingPartyUrl) {
    const jar = jarOf(cookie);
    for (const each of set) {
      const [pair = ''] = each.split(';');
      if (each.includes('Max-Age=0')) jar.delete(pair.split('=')[0] ?? '');
      else jar.set(pair.split('=')[0] ?? '', pair);
    }
    cookie = [...jar.values()].join('; ');
  }
  return {
    status: response.status,
    set,
    location: response.headers.get('location') ?? '',
    text: await response.text(),
    headers: response.headers,
  };
};
/** Follows redirects to a page. */
const follow = async (address: string, method = 'GET') => {
  let page = await visit(address, method);
  for (let hops = 0; hops < 5 && page.status === 303; hops += 1) page = await visit(page.location);
  return page;
};

describe('Contoso Office', () => {
  test('Contoso Office shows the name, the level and the methods of a sign-in', async () => {
    const { status, text } = await follow('/login');
    expect(status).toBe(200);
    expect(text).toMatch(/id="name">Ada Lovelace</);
    expect(text).toMatch(/id="acr">mfa</);
    expect(text).toMatch(/id="amr">pwd tel</);
    expect(text).toMatch(/id="sub">ada-1</);
    expect(text).toMatch(/id="auth_time">\d{10}</);
    expect(text).toMatch(/<dd class="more">\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC</);
    const [asked] = provider.requests;
    expect(Object.fromEntries(asked?.searchParams ?? [])).toMatchObject({
      client_id: clientId,
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${simulator.relyingPartyUrl}/callback`,
      nonce: expect.stringMatching(/.{20}/),
      state: expect.stringMatching(/.{20}/),
    });
  });

  test('Contoso Office refreshes tokens, fetches userinfo, steps up, signs in again, and signs out', async () => {
    await follow('/login');
    const renewed = await follow('/refresh', 'POST');
    expect(renewed.text).toMatch(/id="renewals">used once</);
    expect(renewed.text).toMatch(/id="name">Ada Lovelace</);
    expect((await follow('/refresh', 'POST')).text).toMatch(/id="renewals">used 2 times</);
    expect((await follow('/userinfo', 'POST')).text).toContain('Userinfo fetched.');
    expect((await follow('/login?acr_values=aal2')).text).toMatch(/id="acr">aal2</);
    await follow('/login?prompt=login');
    expect(provider.requests.at(-1)?.searchParams.get('prompt')).toBe('login');
    expect((await follow('/logout', 'POST')).text).toContain('Good to see you');
    expect(provider.requests.at(-1)?.searchParams.get('post_logout_redirect_uri')).toBe(
      `${simulator.relyingPartyUrl}/`,
    );
    expect(provider.requests.at(-1)?.searchParams.get('id_token_hint')).toMatch(/^ey/);
    expect((await visit('/')).text).not.toContain('Ada Lovelace');
  });

  test('the session cookie is HttpOnly and unguessable, and changes with each sign-in and action', async () => {
    const begun = await visit('/login');
    expect(begun.set).toEqual([
      expect.stringMatching(/^contoso-pending=[A-Za-z0-9_.~-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=900$/),
    ]);
    const before = cookie;
    const done = await visit((await visit(begun.location)).location);
    expect(done.set).toEqual([
      expect.stringMatching(/^contoso=[A-Za-z0-9_-]{22}; Path=\/; HttpOnly; SameSite=Lax$/),
      expect.stringMatching(/^contoso-pending=; .*Max-Age=0$/),
    ]);
    const own = cookie;
    cookie = before;
    expect((await visit('/')).text).not.toContain('Ada Lovelace');
    cookie = own;
    expect((await visit('/')).text).toContain('Ada Lovelace');
    await follow('/refresh', 'POST');
    cookie = own;
    expect((await visit('/')).text).not.toContain('Ada Lovelace');
  });

  test('the response to a sign-in of another browser is refused', async () => {
    const { location } = await visit('/login');
    const answer = (await visit(location)).location;
    const own = cookie;
    cookie = '';
    const { status, text } = await visit(answer);
    expect([status, text.includes('state-unknown'), text.includes('Ada')]).toEqual([400, true, false]);
    cookie = own;
    expect((await visit(answer)).status).toBe(303);
    expect((await visit(answer)).status).toBe(400);
  });

  test('an error of the provider is shown with its description', async () => {
    provider.refuse('unmet_authentication_requirements');
    const { status, text } = await follow('/login');
    expect(status).toBe(400);
    expect(text).toContain('unmet_authentication_requirements');
    expect(text).toContain('the reason in words');
  });

  test('before the claims, one sentence says how the person signed in', async () => {
    const { text } = await follow('/login');
    const [sentence, claims] = ['You signed in with your password and a phone call.', 'id="acr"'].map(each =>
      text.indexOf(each),
    );
    expect(sentence).toBeGreaterThan(0);
    expect(claims).toBeGreaterThan(sentence ?? Infinity);
    expect(text).not.toContain('You asked for');
    expect((await follow('/login?acr_values=aal2')).text).not.toContain('You asked for');
  });

  test('a step-up that was not reached is said, with the level that was asked for, also after a refresh', async () => {
    provider.reach('sfa');
    const words = 'You asked for aal2. Ada Lovelace has no method for it, so the provider answered sfa.';
    expect((await follow('/login?acr_values=aal2')).text).toContain(words);
    expect((await follow('/refresh', 'POST')).text).toContain(words);
    expect((await follow('/login')).text).not.toContain('You asked for');
  });

  test('of several levels that were asked for, one is enough', () => {
    expect(unmetSentence('phr mfa', { acr: 'mfa' }, 'Ada')).toBeUndefined();
    expect(unmetSentence('phr aal2', {}, 'Ada')).toMatch(/^You asked for phr aal2\. .* answered no level\.$/);
  });

  test.each([
    [['pwd', 'sms', 'mfa'], 'You signed in with your password and a text message.'],
    [['pwd', 'otp'], 'You signed in with your password and a code from an app.'],
    [['hwk', 'user'], 'You signed in with a security key.'],
    [['swk'], 'You signed in with a passkey.'],
    [['pwd', 'swk', 'mca', 'mfa'], 'You signed in with your password and your authenticator.'],
    [['mfa', 'constructor'], undefined],
    [undefined, undefined],
  ])('the methods %j are said as "%s"', (amr, sentence) => {
    expect(signedInSentence({ amr })).toBe(sentence);
  });

  test.each([
    ['access_denied', 'You went back', 'Nothing went wrong.'],
    ['unmet_authentication_requirements', 'You need a stronger method', 'none of your methods reaches'],
    ['login_required', 'You are not signed in', 'Sign in to go on.'],
    ['server_error', 'Sign-in is not available', 'Try again in a minute.'],
    ['temporarily_unavailable', 'Sign-in is not available', 'Try again in a minute.'],
    ['invalid_scope', 'Sign-in failed', 'You are not signed in.'],
  ])('%s is told to the person as "%s", and to a developer by its code', async (code, title, words) => {
    provider.refuse(code);
    const { text } = await follow('/login');
    expect(text).toContain(`<h1>${title}</h1>`);
    expect(text).toContain(words);
    expect(text).toContain(`id="error">${code}<`);
  });

  test('the welcome page says whom to sign in as, by which password, and where it rings', async () => {
    await simulator.close();
    const people = [{ name: 'ada', password: 'copper-<b>', secondStep: 'call to +1 202 555 0143' }];
    const relyingParty = { issuer: provider.issuer, clientId, clientSecret, people };
    simulator = await startTestSimulator({ relyingParty });
    const { text } = await visit('/');
    expect(text).toContain('href="/login?login_hint=ada&amp;prompt=login"');
    expect(text).toContain('copper-&lt;b&gt;');
    expect(text).toContain('call to +1 202 555 0143');
    expect(text).toContain(`href="${simulator.url}"`);
    await follow('/login?login_hint=ada&prompt=login');
    expect(provider.requests.at(-1)?.searchParams.get('login_hint')).toBe('ada');
    expect((await visit('/')).text).toContain(`href="${simulator.url}"`);
  });

  test('a provider that starts later is found on the next try', async () => {
    const { port } = new URL(provider.issuer);
    await provider.close();
    const { status, text } = await visit('/login');
    expect([status, text.includes('Sign-in failed')]).toEqual([400, true]);
    provider = await startFakeProvider(Number(port));
    expect((await follow('/login')).text).toContain('Ada Lovelace');
  });

  test('the page loads nothing from another site and runs no script', async () => {
    const { text, headers } = await visit('/');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).not.toMatch(/<script|(?:src|<link[^>]* href)="(?:https?:)?\/\//);
    expect((await visit('/nothing')).status).toBe(404);
  });
});
