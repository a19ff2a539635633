/** Tests the tokens that openid-client gets after a sign-in, on every store. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import { formTo, heading } from '../support/browser/plain.ts';
import { atClient, enterCode, openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe.each(stores)('on $name', store => {
  let world: World;
  let rp: RelyingParty;
  beforeAll(async () => {
    world = await startWorld({ store });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterAll(() => world.close());
  beforeEach(() => world.nextDay());

  test('discovery names the issuer and S256 only', async () => {
    const metadata = rp.config.serverMetadata();
    expect(metadata.issuer).toBe(world.issuer.origin);
    expect(metadata.code_challenge_methods_supported).toEqual(['S256']);
  });

  test('userinfo and introspection accept a token until it is revoked', async () => {
    const { noor } = world.people;
    const tokens = await signIn(rp, world.browser(), noor);
    await expect(oidc.fetchUserInfo(rp.config, tokens.access_token, noor.user.id)).resolves.toEqual({
      sub: noor.user.id,
      name: 'noor',
      preferred_username: 'noor',
      email: 'noor@example.com',
      email_verified: true,
      updated_at: Math.floor(noor.user.createdAt / 1000),
    });
    await expect(oidc.tokenIntrospection(rp.config, tokens.access_token)).resolves.toMatchObject({
      active: true,
      sub: noor.user.id,
    });
    await oidc.tokenRevocation(rp.config, tokens.access_token);
    await expect(oidc.tokenIntrospection(rp.config, tokens.access_token)).resolves.toEqual({ active: false });
    await expect(oidc.fetchUserInfo(rp.config, tokens.access_token, noor.user.id)).rejects.toMatchObject({
      status: 401,
    });
  });

  test('two tabs that refresh at once get the same new refresh token; using the old one later ends the family', async () => {
    const { noor } = world.people;
    const { refresh_token: first = '' } = await signIn(rp, world.browser(), noor);
    const [second, tab] = await Promise.all([
      oidc.refreshTokenGrant(rp.config, first),
      oidc.refreshTokenGrant(rp.config, first),
    ]);
    expect(tab.refresh_token).toBe(second.refresh_token);
    expect(second.refresh_token).not.toBe(first);
    expect(second.claims()).toMatchObject({ acr: 'aal2', amr: ['pwd', 'otp', 'mfa'] });
    const third = await oidc.refreshTokenGrant(rp.config, second.refresh_token ?? '');
    await expect(oidc.refreshTokenGrant(rp.config, first)).rejects.toMatchObject({ error: 'invalid_grant' });
    await expect(oidc.refreshTokenGrant(rp.config, third.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('the refresh token of a first client keeps its acr after a step-up at another client', async () => {
    const { ada } = world.people;
    const payroll = await openRelyingParty(world, await world.addClient({ id: 'payroll', name: 'Payroll' }));
    const browser = world.browser();
    const first = await signIn(rp, browser, ada);
    const then = first.claims();
    world.clock.advance(120_000);

    const request = await payroll.begin({ acr_values: 'aal2' });
    const asks = await browser.visit(request.url);
    const asked = await browser.visit(formTo(asks, /\/start$/).action, { form: {} });
    const stepped = await request.redeem(atClient(browser, await enterCode(browser, asked, await ada.phone.code())));
    expect(stepped.claims()).toMatchObject({ acr: 'aal2', auth_time: then?.auth_time });

    const refreshed = await oidc.refreshTokenGrant(rp.config, first.refresh_token ?? '');
    expect(refreshed.claims()).toMatchObject({ acr: 'mfa', amr: ['pwd', 'tel', 'mfa'], auth_time: then?.auth_time });
  });

  test('a session older than the first method of the person is asked for it', async () => {
    const { linus } = world.people;
    const browser = world.browser();
    expect((await signIn(rp, browser, linus)).claims()).toMatchObject({ acr: 'sfa' });
    world.clock.advance(60_000);
    const { id } = linus.user;
    const data = { secret: world.people.noor.totpSecret ?? '', lastStep: -1 };
    const bound = await world.services.authenticators.bind(id, { type: 'totp', label: 'App', data });
    const request = await rp.begin();
    const asks = await browser.visit(request.url);
    const asked = await browser.visit(formTo(asks, /\/start$/).action, { form: {} });
    const done = await enterCode(browser, asked, await world.people.noor.phone.code());
    expect((await request.redeem(atClient(browser, done))).claims()).toMatchObject({ acr: 'aal2' });
    await world.services.authenticatorRemoval.remove(id, bound.id);
  });

  test('sign-out ends the session and its tokens', async () => {
    const { noor } = world.people;
    const browser = world.browser();
    const tokens = await signIn(rp, browser, noor);
    const [returnTo = ''] = rp.client.postLogoutRedirectUris;
    const address = oidc.buildEndSessionUrl(rp.config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: returnTo,
      state: 'bye',
    });
    const question = await browser.visit(address.href);
    const { action, hidden } = formTo(question, /\/session\/end\/confirm$/);
    const left = await browser.visit(action, { form: { ...hidden, logout: 'yes' } });
    expect(browser.next(left)?.href).toBe(`${returnTo}?state=bye`);
    const asked = await browser.visit((await rp.begin()).url);
    expect(heading(asked)).toBe('Sign in to Contoso Office');
    await expect(oidc.refreshTokenGrant(rp.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });

  test('a silent request returns the error and shows no page', async () => {
    const { linus } = world.people;
    const browser = world.browser();
    const before = await rp.begin({ prompt: 'none' });
    expect(atClient(browser, await browser.visit(before.url)).searchParams.get('error')).toBe('login_required');
    await signIn(rp, browser, linus);
    const silent = await rp.begin({ prompt: 'none' });
    await expect(silent.redeem(atClient(browser, await browser.visit(silent.url)))).resolves.toBeDefined();
  });
});
