/**
 * A82. An attacker uses what nobody needs any more but a library still offers: passwords in token requests, tokens in addresses, requests by
 * reference, registration without a token, addresses that help developers (RFC 9700 §2.1.2, §2.4; CVE-2024-12225).
 * Guards: `src/oidc/configuration.ts#protocol`, `src/oidc/configuration.ts#features`; `server/routers.ts#routersMiddleware` for methods;
 * `server/public-routes.ts#createPublicRoutes` for routes of a development environment.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { playgroundPath } from '../../portals/playground/index.ts';
import { openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';
import type { Answer, Ask } from '../support/browser/plain.ts';

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());

const basic = (): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`contoso:${rp.client.secret}`).toString('base64')}`,
});
/** As a program asks, not a page. */
const ask = (path: string, { form, headers, ...more }: Ask = {}): Promise<Answer> =>
  world.browser().go(path, {
    ...more,
    ...(form !== undefined && { method: 'POST', body: new URLSearchParams(form).toString() }),
    headers: {
      accept: 'application/json',
      ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...headers,
    },
  });
const errorOf = ({ text }: Answer): string => (JSON.parse(text) as { error: string }).error;

test('A82 the code flow, which is used, gives tokens', async () => {
  expect(await signIn(rp, world.browser(), world.people.noor)).toHaveProperty('id_token');
});

describe('A82 a token request', () => {
  test.each<[string, Record<string, string>]>([
    ['with a password', { grant_type: 'password', username: 'ada', password: 'copper-beacon-desert' }],
    ['for the implicit grant', { grant_type: 'implicit' }],
    ['with an assertion of a person', { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'x' }],
    ['with SAML', { grant_type: 'urn:ietf:params:oauth:grant-type:saml2-bearer', assertion: 'x' }],
    ['to exchange a token', { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token: 'x' }],
    ['with a code of an issuer of credentials', { grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code' }],
  ])('A82 %s is refused', async (_title, form) => {
    const answer = await ask('/token', { form, headers: basic() });
    expect([answer.status, errorOf(answer)]).toEqual([400, 'unsupported_grant_type']);
  });
});

/** What the client gets. */
const begin = async (wish: Record<string, string>): Promise<URLSearchParams> => {
  const { url } = await rp.begin(wish);
  const { headers } = await ask(url);
  const at = new URL(String(headers['location']));
  return new URLSearchParams(at.search || at.hash.slice(1));
};

describe('A82 an authorization request', () => {
  test.each(['token', 'id_token', 'none', 'code token', 'code id_token', 'id_token token', 'code id_token token'])(
    'A82 for the response type %s is refused',
    async response_type => {
      const refused = await begin({ response_type, response_mode: 'fragment' });
      expect(refused.get('error')).toBe('unsupported_response_type');
    },
  );

  test.each<[string, Record<string, string>, string]>([
    ['for a message to another window', { response_mode: 'web_message' }, 'unsupported_response_mode'],
    ['by reference', { request_uri: 'https://contoso.test/request' }, 'request_uri_not_supported'],
    ['that registers the client', { registration: '{}' }, 'registration_not_supported'],
    ['with plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
  ])('A82 %s is refused', async (_title, wish, error) => {
    expect((await begin(wish)).get('error')).toBe(error);
  });
});

test.each(['/token/introspection', '/token/revocation', '/request', '/device/auth'])(
  'A82 %s is refused without a client that proves who it is',
  async path => {
    for (const [headers, form] of [
      [{}, { token: 'x' }],
      [{}, { token: 'x', client_id: 'contoso' }],
      [{ authorization: `Basic ${Buffer.from('contoso:wrong').toString('base64')}` }, { token: 'x' }],
    ] as [Record<string, string>, Record<string, string>][]) {
      const answer = await ask(path, { form, headers });
      expect([400, 401]).toContain(answer.status);
      expect(['invalid_request', 'invalid_client']).toContain(errorOf(answer));
    }
    expect((await ask(path, { headers: basic() })).status).toBe(405);
  },
);

test.each(['/reg', '/reg/contoso', '/challenge', '/credential', '/.well-known/openid-credential-issuer'])(
  'A82 %s does not exist',
  async path => {
    expect((await ask(path)).status).toBe(404);
    expect((await ask(path, { form: {}, headers: basic() })).status).toBe(404);
  },
);

test.each(['/auth', '/token', '/me', '/jwks', '/session/end', '/account', '/interaction/x', '/healthz', '/'])(
  'A82 %s answers no TRACE, PROPFIND and PURGE',
  async path => {
    for (const method of ['TRACE', 'PROPFIND', 'PURGE']) {
      const { status, text } = await ask(path, { method, headers: { cookie: 'canary=1' } });
      expect([404, 405, 501]).toContain(status);
      expect(text).not.toContain('canary');
    }
  },
);

/** Routes that `createApp` has in development only. */
const developmentRoutes = [playgroundPath, `${playgroundPath}/callback/x`];

describe('A82 in production', () => {
  let production: World;
  beforeAll(async () => {
    production = await startWorld({
      wrap: resources => ({ ...resources, settings: { ...resources.settings, mode: 'production' } }),
    });
  });
  afterAll(() => production.close());

  test.each([...developmentRoutes, '/metrics', '/debug', '/dev', '/simulator'])(
    'A82 %s of a development environment does not exist',
    async path => {
      for (const method of ['GET', 'POST']) {
        const form = method === 'POST' ? { form: { client: 'contoso' } } : {};
        expect((await production.browser().go(path, { method, ...form })).status).toBe(404);
      }
    },
  );
});

test('A82 the playground is there in development, so its routes are named right', async () => {
  const statuses = developmentRoutes.map(async path => (await world.browser().go(path)).status);
  expect(await Promise.all(statuses)).toEqual([200, 400]);
});

test('A82 discovery names none of it', async () => {
  const { text } = await ask('/.well-known/openid-configuration');
  const found = JSON.parse(text) as Record<string, unknown>;
  expect(found).toMatchObject({
    response_types_supported: ['code'],
    request_uri_parameter_supported: false,
    code_challenge_methods_supported: ['S256'],
  });
  expect(text).not.toMatch(/password|implicit|"plain"|HS256|"none",|web_message|registration_endpoint/);
});
