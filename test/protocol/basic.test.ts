/**
 * Ported checks of the plans "Basic OP" and "Form Post OP" (oidcc-basic-certification-test-plan, oidcc-formpost-basic-
 * certification-test-plan): each module of the list, with the answer in the address and in a posted form.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeProtectedHeader } from 'jose';
import { calculatePKCECodeChallenge, randomPKCECodeVerifier } from 'openid-client';
import { heading } from '../support/browser/plain.ts';
import { atCallback, atPage, openSuite, type Parameters, type ResponseMode, type Suite } from './support/suite.ts';

const second = 1000;
let suite: Suite;
beforeAll(async () => {
  suite = await openSuite('https://suite.test');
});
afterAll(() => suite.close());
beforeEach(() => suite.world.nextDay());

/** A browser without a session. */
const browser = () => suite.world.browser();

/** A JWT with `alg` none. */
const unsigned = (claims: object): string =>
  `${[{ alg: 'none' }, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

describe.each<ResponseMode>(['query', 'form_post'])('ported checks, Basic OP, response by %s', mode => {
  const how = { mode } as const;

  test('oidcc-server: the code flow ends with a valid ID token and an access token', async () => {
    const outcome = await suite.authorize(browser(), { nonce: 'n-1' }, how);
    expect(outcome).toMatchObject({ by: mode, acted: expect.arrayContaining(['password']) });
    const callback = atCallback(outcome);
    expect(callback.get('state')).toMatch(/^state-\d+$/);
    expect(callback.get('iss')).toBe(suite.discovery['issuer']);
    const answer = await suite.redeem(callback.get('code') ?? '');
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: expect.any(Number) } });
    expect(answer.headers.get('cache-control')).toContain('no-store');
    const { payload } = await suite.idToken(answer, { nonce: 'n-1' });
    expect(Math.abs((payload.iat ?? 0) * second - suite.world.clock())).toBeLessThan(5 * second);
  });

  test('oidcc-response-type-missing: a request without response_type is refused', async () => {
    const outcome = await suite.authorize(browser(), {}, { without: ['response_type'] });
    expect(['invalid_request', 'unsupported_response_type']).toContain(atCallback(outcome).get('error'));
  });

  test('oidcc-idtoken-signature: the key of the signature is in the JWKS under its kid', async () => {
    const { rawIdToken } = await suite.signIn(browser(), {}, how);
    const { kid, alg } = decodeProtectedHeader(rawIdToken);
    const { keys } = (await (await fetch(String(suite.discovery['jwks_uri']))).json()) as { keys: { kid: string }[] };
    expect(keys.filter(key => key.kid === kid)).toHaveLength(1);
    expect(suite.discovery['id_token_signing_alg_values_supported']).toContain(alg);
  });

  test('oidcc-idtoken-unsigned: is skipped by the suite, because no unsigned ID token is offered', () => {
    expect(suite.discovery['id_token_signing_alg_values_supported']).not.toContain('none');
  });

  test.each([
    ['oidcc-userinfo-get', 'get'],
    ['oidcc-userinfo-post-header', 'post-header'],
    ['oidcc-userinfo-post-body', 'post-body'],
  ] as const)('%s: userinfo answers with the subject of the ID token', async (_module, by) => {
    const { accessToken, claims } = await suite.signIn(browser(), {}, how);
    const { status, headers, body } = await suite.userinfo(accessToken, by);
    expect({ status, sub: body['sub'] }).toEqual({ status: 200, sub: claims.sub });
    expect(headers.get('content-type')).toContain('application/json');
  });

  test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow: a nonce is optional', async () => {
    const { claims } = await suite.signIn(browser(), {}, { ...how, without: ['nonce'] });
    expect(claims).not.toHaveProperty('nonce');
  });

  const opened: readonly (readonly [module: string, scope: string, claims: readonly string[]])[] = [
    ['oidcc-scope-profile', 'openid profile', ['name', 'preferred_username', 'updated_at']],
    ['oidcc-scope-email', 'openid email', ['email', 'email_verified']],
    [
      'oidcc-scope-all',
      'openid profile email',
      ['name', 'preferred_username', 'updated_at', 'email', 'email_verified'],
    ],
    ['oidcc-ensure-other-scope-order-succeeds', 'email openid', ['email', 'email_verified']],
  ];
  test.each(opened)('%s: the scope "%s" opens its claims at userinfo', async (_module, scope, claims) => {
    const { accessToken, claims: inToken } = await suite.signIn(browser(), { scope }, how);
    const { body } = await suite.userinfo(accessToken);
    expect(Object.keys(body).toSorted()).toEqual(['sub', ...claims].toSorted());
    expect(body).toMatchObject({ sub: inToken.sub });
  });
  test.each([
    ['oidcc-scope-address', 'address'],
    ['oidcc-scope-phone', 'phone'],
  ])('%s: is skipped by the suite, because discovery does not name the scope', async (_module, scope) => {
    expect(suite.discovery['scopes_supported']).not.toContain(scope);
    const { accessToken } = await suite.signIn(browser(), { scope: `openid ${scope}` }, how);
    expect(Object.keys((await suite.userinfo(accessToken)).body)).toEqual(['sub']);
  });

  test.each<readonly [string, Parameters]>([
    ['oidcc-display-page', { display: 'page' }],
    ['oidcc-display-popup', { display: 'popup' }],
    ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
    ['oidcc-login-hint', { login_hint: 'linus@example.com' }],
    ['oidcc-ui-locales', { ui_locales: 'se' }],
    ['oidcc-claims-locales', { claims_locales: 'se' }],
    ['oidcc-ensure-request-with-acr-values-succeeds', { acr_values: '1 2' }],
  ])('%s: the parameter is no obstacle', async (_module, more) => {
    expect((await suite.signIn(browser(), more, how)).acted).toContain('password');
  });

  test('oidcc-prompt-login: a person with a session signs in again, and auth_time is later', async () => {
    const here = browser();
    const first = await suite.signIn(here, {}, how);
    suite.world.clock.advance(5 * second);
    const again = await suite.signIn(here, { prompt: 'login' }, how);
    expect(again.acted).toContain('password');
    expect(again.claims.sub).toBe(first.claims.sub);
    expect(Number(again.claims['auth_time'])).toBeGreaterThan(Number(first.claims['auth_time'] ?? 0));
  });

  test('oidcc-prompt-none-not-logged-in: the client gets an error, and the person no page', async () => {
    const outcome = await suite.authorize(browser(), { prompt: 'none' }, how);
    expect({ acted: outcome.acted, error: atCallback(outcome).get('error') }).toEqual({
      acted: [],
      error: 'login_required',
    });
  });

  test('oidcc-prompt-none-logged-in: the client gets the same person without a page', async () => {
    const here = browser();
    const first = await suite.signIn(here, {}, how);
    suite.world.clock.advance(5 * second);
    const again = await suite.signIn(here, { prompt: 'none' }, how);
    expect(again.acted).toEqual([]);
    expect(again.claims.sub).toBe(first.claims.sub);
    expect(again.claims['auth_time']).toBe(first.claims['auth_time']);
  });

  test('oidcc-max-age-1: a sign-in of two seconds ago is too old', async () => {
    const here = browser();
    const first = await suite.signIn(here, {}, how);
    suite.world.clock.advance(2 * second);
    const again = await suite.signIn(here, { max_age: '1' }, how);
    expect(again.acted).toContain('password');
    expect(Number(again.claims['auth_time'])).toBeGreaterThan(Number(first.claims['auth_time'] ?? 0));
  });

  test('oidcc-max-age-10000: a recent sign-in counts, and auth_time tells when it was', async () => {
    const here = browser();
    await suite.signIn(here, {}, how);
    const at = Math.floor(suite.world.clock() / second);
    suite.world.clock.advance(5 * second);
    const again = await suite.signIn(here, { max_age: '10000' }, how);
    expect({ acted: again.acted, time: again.claims['auth_time'] }).toEqual({ acted: [], time: at });
  });

  test('oidcc-id-token-hint: with prompt=none the person of the hint is signed in', async () => {
    const here = browser();
    const first = await suite.signIn(here, {}, how);
    const again = await suite.signIn(here, { prompt: 'none', id_token_hint: first.rawIdToken }, how);
    expect(again.claims.sub).toBe(first.claims.sub);
  });

  test.each([
    ['oidcc-codereuse', 0],
    ['oidcc-codereuse-30seconds', 30],
  ])('%s: a code works once, and its second use ends the access token', async (_module, later) => {
    const code = await suite.codeFor(browser(), {}, how);
    const answer = await suite.redeem(code);
    const accessToken = String(answer.body['access_token']);
    expect((await suite.userinfo(accessToken)).status).toBe(200);
    suite.world.clock.advance(later * second);
    expect(await suite.redeem(code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await suite.userinfo(accessToken)).status).toBe(401);
  });

  test('oidcc-ensure-registered-redirect-uri: an address that is not registered gets a page, never a redirect', async () => {
    const page = atPage(await suite.authorize(browser(), { redirect_uri: `${suite.first.redirectUri}/more` }, how));
    expect(page.status).toBe(400);
    expect(heading(page)).not.toBe('');
  });

  test('oidcc-ensure-post-request-succeeds: the authorization request may be posted', async () => {
    expect((await suite.signIn(browser(), {}, { ...how, method: 'POST' })).acted).toContain('password');
  });

  test('oidcc-server-client-secret-post: the secret may be in the body', async () => {
    expect((await suite.signIn(browser(), {}, { ...how, client: suite.post })).claims.aud).toBe(suite.post.id);
  });

  test('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported: is rejected', async () => {
    expect(suite.discovery['request_uri_parameter_supported']).toBe(false);
    const outcome = await suite.authorize(
      browser(),
      { request_uri: 'https://suite.test/test/a/sallyport/requesturi' },
      how,
    );
    expect(outcome).not.toHaveProperty('callback.code');
    const error = 'callback' in outcome ? outcome.callback.get('error') : outcome.page.status;
    expect(['request_uri_not_supported', 'invalid_request', 'invalid_request_uri', 400]).toContain(error);
  });

  test('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported: is rejected', async () => {
    const request = unsigned({ ...objectOf('code'), state: 'of-object' });
    const callback = atCallback(await suite.authorize(browser(), { request }, how));
    expect(['request_not_supported', 'invalid_request_object', 'invalid_request']).toContain(callback.get('error'));
  });

  test('oidcc-ensure-request-object-with-redirect-uri: a request object does not choose an address', async () => {
    const redirect_uri = 'https://attacker.test/callback';
    const outcome = await suite.authorize(browser(), { request: unsigned({ ...objectOf('code'), redirect_uri }) }, how);
    expect('callback' in outcome ? outcome.callback.get('code') : null).toBeNull();
  });

  test('oidcc-claims-essential: an essential name is at userinfo, without its scope, and not in the ID token', async () => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
    const signedIn = await suite.signIn(browser(), { claims }, how);
    expect((await suite.userinfo(signedIn.accessToken)).body).toMatchObject({ name: 'linus' });
    expect(signedIn.claims).not.toHaveProperty('name');
  });

  test('oidcc-refresh-token: renews the tokens of the same sign-in, for its own client only', async () => {
    const more = { scope: 'openid offline_access', prompt: 'consent' };
    const { answer, claims } = await suite.signIn(browser(), more, how);
    suite.world.clock.advance(60 * second);
    const refreshed = await suite.refresh(String(answer.body['refresh_token']));
    expect(refreshed).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
    expect(refreshed.body['access_token']).not.toBe(answer.body['access_token']);
    const renewed = (await suite.idToken(refreshed, { nonce: claims['nonce'] as string })).payload;
    const { iss, sub, aud, auth_time: time } = claims;
    expect(renewed).toMatchObject({ iss, sub, aud, ...(time !== undefined && { auth_time: time }) });
    expect(renewed.iat).toBeGreaterThan(claims.iat ?? 0);
    const foreign = await suite.refresh(String(refreshed.body['refresh_token']), suite.second);
    expect(foreign).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  test('oidcc-ensure-request-with-valid-pkce-succeeds: a code is redeemed with its verifier', async () => {
    const verifier = randomPKCECodeVerifier();
    const more = { code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
    const code = await suite.codeFor(browser(), more, how);
    expect(await suite.redeem(code, { more: { code_verifier: verifier } })).toMatchObject({ status: 200 });
    const other = await suite.codeFor(browser(), more, how);
    expect(await suite.redeem(other, { more: { code_verifier: randomPKCECodeVerifier() } })).toMatchObject({
      status: 400,
    });
  });
});

const objectOf = (responseType: string) => ({
  client_id: suite.first.id,
  redirect_uri: suite.first.redirectUri,
  response_type: responseType,
  scope: 'openid',
});
