/**
 * Tests sign-ins of installed programs (RFC 8252) by the real pages, with openid-client in the part of the program: one that
 * listens on a free port of this machine, and one that the system opens by a scheme of its own.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import { formTo } from '../support/browser/plain.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const ownScheme = 'com.example.app:/callback';
let world: World;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_FACTORS: 'totp' } });
});
afterAll(() => world.close());

/** Registers a native client with these addresses, and gives the program that uses the last one of `used`. */
const openProgram = async (id: string, registered: string, used: string): Promise<RelyingParty> => {
  const clients = await world.services.clients();
  await clients.write({
    client_id: id,
    client_name: 'Cartographer',
    application_type: 'native',
    first_party: true,
    redirect_uris: [registered],
    post_logout_redirect_uris: [registered],
  });
  const [redirectUris, postLogoutRedirectUris] = [[used], [used]];
  return openRelyingParty(world, { id, name: 'Cartographer', redirectUris, postLogoutRedirectUris });
};

describe.each([
  ['a free port of 127.0.0.1', 'http://127.0.0.1/callback', 'http://127.0.0.1:49152/callback'],
  ['a free port of [::1]', 'http://[::1]/callback', 'http://[::1]:50123/callback'],
  ['a free port of localhost, registered with another', 'http://localhost:8080/cb', 'http://localhost:49999/cb'],
  ['a scheme of its own', ownScheme, ownScheme],
])('a program at %s', (desc, registered, used) => {
  const id = desc.replaceAll(/\W+/g, '-');

  test('signs in, refreshes, signs out and gets the browser back', async () => {
    const program = await openProgram(id, registered, used);
    const browser = world.browser();
    await world.nextDay();
    const tokens = await signIn(program, browser, world.people.noor);
    expect(tokens.claims()).toMatchObject({ aud: id, amr: ['pwd', 'otp', 'mfa'] });
    const refreshed = await oidc.refreshTokenGrant(program.config, tokens.refresh_token ?? '');
    await expect(
      oidc.fetchUserInfo(program.config, refreshed.access_token, world.people.noor.user.id),
    ).resolves.toMatchObject({ preferred_username: 'noor' });

    const leave = oidc.buildEndSessionUrl(program.config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: used,
      state: 's1',
    });
    const asked = await browser.visit(leave.href);
    const { action, hidden } = formTo(asked, /\/session\/end\/confirm$/);
    const left = await browser.visit(action, { form: { ...hidden, logout: 'yes' } });
    expect(left.status).toBe(200);
    expect(browser.next(left)?.href).toBe(`${used}?state=s1`);
    // The link is for people whose browser opens no program by itself.
    expect(left.text).toContain(`href="${used}?state=s1"`);
  });

  test('of somebody else gets no code at an address that differs in more than the port', async () => {
    const program = await openProgram(id, registered, used);
    const other = used.replace(/(c\w+)$/, 'other-$1');
    const request = await program.begin({ redirect_uri: other });
    const refused = await world.browser().visit(request.url);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('invalid_redirect_uri');
    const explained = world.logged.findLast(({ event }) => event === 'authorization.error');
    // The port is not what is wrong.
    expect(explained?.fields).toMatchObject({ explanation: expect.stringMatching(/different path$/) });
  });
});

test('a form_post answer for an own scheme leads there, and the policy of its page allows this scheme alone', async () => {
  await world.nextDay();
  const program = await openProgram('posted', ownScheme, ownScheme);
  const [request, browser] = [await program.begin({ response_mode: 'form_post' }), world.browser()];
  const asked = await enterPassword(browser, await browser.visit(request.url), world.people.noor);
  const page = await enterCode(browser, asked, await world.people.noor.phone.code());
  const { action, hidden } = formTo(page, /^com/);
  expect(action).toBe(ownScheme);
  expect(hidden['code']).toEqual(expect.any(String));
  expect(page.headers['content-security-policy']).toContain("form-action 'self' com.example.app:;");
});

test('cancelling a sign-in tells the program', async () => {
  const program = await openProgram('cancelled', ownScheme, ownScheme);
  const [request, browser] = [await program.begin(), world.browser()];
  const asked = await browser.visit(request.url);
  const left = await browser.visit(formTo(asked, /\/cancel$/).action, { form: {} });
  const to = atClient(browser, left);
  expect([to.protocol, to.pathname, to.searchParams.get('error')]).toEqual([
    'com.example.app:',
    '/callback',
    'access_denied',
  ]);
});

test('a page of a sandboxed frame, whose origin is null, may not read tokens of a program with an own scheme', async () => {
  await openProgram('framed', ownScheme, ownScheme);
  await world.addClient({ id: 'spa', redirectUris: ['https://spa.example/cb'] });
  const allowed = async (client: string, origin: string): Promise<string | null> => {
    const answer = await fetch(new URL('/token', world.issuer), {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams({ client_id: client, grant_type: 'refresh_token', refresh_token: 'x' }),
    });
    return answer.headers.get('access-control-allow-origin');
  };
  expect(await allowed('spa', 'https://spa.example')).toBe('https://spa.example');
  expect(await allowed('framed', 'null')).toBeNull();
});
