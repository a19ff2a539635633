/**
 * Ported checks of the plans "RP-Initiated Logout OP" and "Back-Channel OP" (oidcc-rp-initiated-logout-certification-test-plan,
 * oidcc-backchannel-rp-initiated-logout-certification-test-plan).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { openLogoutReceiver, type LogoutReceiver } from '../support/world/logout-receiver.ts';
import { atCallback, openSuite, type Parameters, type SignedIn, type Suite } from './support/suite.ts';

let receiver: LogoutReceiver;
let suite: Suite;
beforeAll(async () => {
  receiver = await openLogoutReceiver();
  const { origin } = receiver;
  suite = await openSuite(origin, { SALLYPORT_OUTBOUND_ORIGINS: origin });
});
afterAll(async () => {
  await suite.close();
  receiver.close();
});
let browser: Browser;
let signedIn: SignedIn;
beforeEach(async () => {
  await suite.world.nextDay();
  await suite.world.clock.fired();
  receiver.received.length = 0;
  browser = suite.world.browser();
  signedIn = await suite.signIn(browser);
});

/** Where a sign-out led: to the client, or to a page. Confirms where it is asked. */
const signOut = async (parameters: Parameters): Promise<{ readonly to?: URL; readonly page: Answer }> => {
  let page = await browser.visit(`/session/end?${new URLSearchParams(parameters).toString()}`);
  if (page.text.includes('name="xsrf"')) {
    const { action, hidden } = formTo(page, /\/confirm$/);
    page = await browser.visit(action, { form: { ...hidden, logout: 'yes' } });
  }
  const to = browser.next(page);
  return { page, ...(to !== undefined && to.origin !== suite.world.issuer.origin && { to }) };
};
const hint = (): Parameters => ({ id_token_hint: signedIn.rawIdToken });
const back = (): Parameters => ({ post_logout_redirect_uri: suite.afterSignOut });
const state = { state: 'after' } as const;
const noSession = async (): Promise<void> => {
  expect(atCallback(await suite.authorize(browser, { prompt: 'none' })).get('error')).toBe('login_required');
};

/** The same claims, without a signature. */
const withAlgorithmNone = (token: string): string => {
  const [, claims = ''] = token.split('.');
  return `${Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')}.${claims}.`;
};

describe('ported checks, RP-Initiated Logout OP', () => {
  test('oidcc-rp-initiated-logout-discovery-endpoint-verification: discovery names the endpoint', () => {
    expect(suite.discovery['end_session_endpoint']).toBe(`${suite.world.issuer.origin}/session/end`);
  });

  test('oidcc-rp-initiated-logout: the browser returns with the state, and the session is over', async () => {
    const { to } = await signOut({ ...hint(), ...back(), ...state });
    expect(to?.href).toBe(`${suite.afterSignOut}?state=after`);
    await noSession();
  });

  test('oidcc-rp-initiated-logout-no-state: the browser returns without one', async () => {
    expect((await signOut({ ...hint(), ...back() })).to?.href).toBe(suite.afterSignOut);
    await noSession();
  });

  test.each<readonly [string, () => Parameters]>([
    ['bad-post-logout-redirect-uri', () => ({ ...hint(), post_logout_redirect_uri: `${suite.afterSignOut}/other` })],
    [
      'query-added-to-post-logout-redirect-uri',
      () => ({ ...hint(), post_logout_redirect_uri: `${suite.afterSignOut}?x=y` }),
    ],
    ['modified-id-token-hint', () => ({ ...back(), id_token_hint: withAlgorithmNone(signedIn.rawIdToken) })],
    ['bad-id-token-hint', () => ({ ...back(), id_token_hint: signedIn.rawIdToken.slice(0, -8) })],
    ['no-id-token-hint', () => ({ ...back(), ...state })],
    ['no-params', () => ({})],
    ['no-post-logout-redirect-uri', () => ({ ...hint(), ...state })],
    ['only-state', () => state],
  ])('oidcc-rp-initiated-logout-%s: the browser stays on a page', async (_module, parameters) => {
    const { to, page } = await signOut(parameters());
    expect(to).toBeUndefined();
    expect(heading(page)).not.toBe('');
  });

  test.each<readonly [string, () => Parameters]>([
    ['no-params', () => ({})],
    ['no-post-logout-redirect-uri', () => ({ ...hint(), ...state })],
    ['only-state', () => state],
  ])('oidcc-rp-initiated-logout-%s: the session is over after a yes', async (_module, parameters) => {
    expect((await signOut(parameters())).page.status).toBe(200);
    await noSession();
  });
});

describe('ported checks, Back-Channel OP', () => {
  test('oidcc-backchannel-logout-discovery-endpoint-verification: discovery announces it', () => {
    expect(suite.discovery).toMatchObject({
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    });
  });

  test('oidcc-backchannel-rp-initiated-logout: a valid logout token of this session arrives, and the session is over', async () => {
    const { to } = await signOut({ ...hint(), ...back(), ...state });
    expect(to?.searchParams.get('state')).toBe('after');
    suite.world.clock.advance(0);
    await suite.world.clock.fired();
    expect(receiver.received).toMatchObject([
      { path: '/test/a/sallyport/backchannel_logout', contentType: 'application/x-www-form-urlencoded' },
    ]);
    const parameters = new URLSearchParams(receiver.received[0]?.body);
    expect([...parameters.keys()]).toEqual(['logout_token']);
    const keys = createRemoteJWKSet(new URL(String(suite.discovery['jwks_uri'])));
    const { payload } = await jwtVerify(parameters.get('logout_token') ?? '', keys, {
      issuer: suite.world.issuer.origin,
      audience: suite.first.id,
      currentDate: new Date(suite.world.clock()),
      requiredClaims: ['iat', 'jti', 'events'],
    });
    const { sub, sid } = signedIn.claims;
    expect(sid).toEqual(expect.any(String));
    expect(payload).toMatchObject({ sub, sid, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } });
    expect(payload).not.toHaveProperty('nonce');
    await noSession();
  });
});
