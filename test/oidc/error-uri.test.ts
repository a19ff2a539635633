/** Tests that each error tells the client the address of the page that explains it (RFC 6749 §4.1.2.1, §5.2), and no success does. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { explainedError } from '../../src/error-reference/reference.ts';
import { authorize, credentials, redeem, signIn, tryPush } from './support/flows.ts';
import { Browser, send, type Answer } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

let world: World;
let rp: Rp;
beforeAll(async () => {
  world = await openWorld();
  await world.addUser('ada');
  rp = await world.addClient({
    client_id: 'crm',
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
  });
});
afterAll(() => world.close());

type Told = Readonly<Record<string, unknown>>;
const jsonOf = ({ text }: Answer): Told => JSON.parse(text) as Told;
const posted =
  (path: string, form: Record<string, string>, more: Partial<Rp> = {}) =>
  async (): Promise<Told> =>
    jsonOf(
      await send(world, 'POST', path, {
        form,
        headers: { accept: 'application/json', ...credentials({ ...rp, ...more }) },
      }),
    );
/** The parameters of an answer through the browser. */
const asked = (params: Record<string, string>) => async (): Promise<Told> => {
  const { url, answer, params: got } = await authorize(new Browser(world), rp, { prompt: 'none', ...params });
  const fragment = Object.fromEntries(new URLSearchParams(url.hash.slice(1)));
  const fields = [...answer.text.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  return { ...got, ...fragment, ...(Object.fromEntries(fields) as Told) };
};

const refusals: readonly (readonly [where: string, ask: () => Promise<Told>, error: string, code: string])[] = [
  ['the query of the client', asked({}), 'login_required', 'IDP-4401'],
  ['the fragment', asked({ response_mode: 'fragment' }), 'login_required', 'IDP-4401'],
  ['the form for the client', asked({ response_mode: 'form_post' }), 'login_required', 'IDP-4401'],
  ['a request without PKCE', asked({ code_challenge_method: 'plain' }), 'invalid_request', 'IDP-4304'],
  ['another response_type', asked({ response_type: 'token' }), 'unsupported_response_type', 'IDP-4302'],
  [
    'the token endpoint',
    posted('/token', { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://crm.test/cb' }),
    'invalid_grant',
    'IDP-4209',
  ],
  [
    'the token endpoint, for a wrong secret',
    posted('/token', { grant_type: 'refresh_token' }, { secret: 'wrong' }),
    'invalid_client',
    'IDP-4109',
  ],
  [
    'the token endpoint, for a grant_type',
    posted('/token', { grant_type: 'password' }),
    'unsupported_grant_type',
    'IDP-4313',
  ],
  [
    'pushed requests',
    async () => jsonOf(await tryPush(world, rp, { redirect_uri: 'https://evil.test/' })),
    'invalid_request',
    'IDP-4101',
  ],
  ['introspection', posted('/token/introspection', {}), 'invalid_request', 'IDP-4305'],
  ['revocation', posted('/token/revocation', {}), 'invalid_request', 'IDP-4305'],
  [
    'requests of devices',
    posted('/device/auth', { scope: 'openid', client_id: 'other' }),
    'invalid_request',
    'IDP-4301',
  ],
  [
    'user information',
    async () =>
      jsonOf(await send(world, 'GET', '/me', { headers: { authorization: 'Bearer x', accept: 'application/json' } })),
    'invalid_token',
    'IDP-4504',
  ],
  [
    'a page that a program asks for',
    async () =>
      jsonOf(await send(world, 'GET', '/auth?client_id=unknown', { headers: { accept: 'application/json' } })),
    'invalid_client',
    'IDP-4109',
  ],
];

test.each(refusals)('an error of %s names the page about it', async (_where, ask, error, code) => {
  const told = await ask();
  expect([told['error'], told['error_uri']]).toEqual([error, `http://idp.test/errors/${code}`]);
  expect(explainedError(code)).toBeDefined();
});

test('a success names no page: neither the answer of a sign-in, nor tokens, nor an id of a request', async () => {
  const done = await signIn(new Browser(world), rp, 'ada');
  expect(Object.keys(done.params).toSorted()).toEqual(['code', 'iss']);
  const tokens = await redeem(world, rp, done);
  expect(tokens.status).toBe(200);
  expect(JSON.stringify(tokens)).not.toContain('error_uri');
  expect(decodeJwt(tokens.id_token ?? '')).not.toHaveProperty('error_uri');
  expect(jsonOf(await tryPush(world, rp))).not.toHaveProperty('error_uri');
});

const askForTokens = async (of: World, who: Rp): Promise<unknown> => {
  const headers = { accept: 'application/json', ...credentials(who) };
  return jsonOf(
    await send(of, 'POST', '/token', { form: { grant_type: 'refresh_token', refresh_token: 'x' }, headers }),
  );
};

test('a client that is unknown and a secret that is wrong or over lead to one page, unless developers are told', async () => {
  const unknown = { ...rp, id: 'unknown' };
  const wrong = { ...rp, secret: 'wrong' };
  expect(await askForTokens(world, wrong)).toEqual(await askForTokens(world, unknown));
  const development = await openWorld({ explainsErrors: true });
  await development.addClient({ client_id: 'crm' });
  const uris = await Promise.all([wrong, unknown].map(who => askForTokens(development, who)));
  expect(uris).toMatchObject([
    { error_uri: 'http://idp.test/errors/IDP-4104' },
    { error_uri: 'http://idp.test/errors/IDP-4103' },
  ]);
  await development.close();
});
