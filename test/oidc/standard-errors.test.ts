/** Tests refusals for which oidc-provider has another error code than their specification: the answer, the log and the audit. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { credentials, signIn, redeem } from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

let world: World;
let rp: Rp;
beforeAll(async () => {
  world = await openWorld();
  await world.addUser('ada');
  rp = await world.addClient({ client_id: 'crm' });
});
afterAll(() => world.close());

const ask = async (path: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
  const {
    status,
    headers: told,
    text,
  } = await send(world, 'POST', path, {
    form,
    headers: { accept: 'application/json', ...headers },
  });
  const { error, error_uri: uri } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return {
    status,
    error,
    page: String(uri).replace('http://idp.test/errors/', ''),
    challenge: told['www-authenticate'],
  };
};

const device = 'urn:ietf:params:oauth:grant-type:device_code';

test('a client that is registered for its grant type gets tokens', async () => {
  expect((await redeem(world, rp, await signIn(new Browser(world), rp, 'ada'))).status).toBe(200);
});

test.each([
  ['/token', { grant_type: 'client_credentials' }, 'IDP-4311'],
  ['/token', { grant_type: device, device_code: 'x' }, 'IDP-4311'],
  ['/device/auth', { scope: 'openid' }, 'IDP-4312'],
])('at %s a client gets unauthorized_client for another grant type (RFC 6749 §5.2): %j', async (path, form, page) => {
  const refused = { status: 400, error: 'unauthorized_client', page, challenge: undefined };
  expect(await ask(path, form, credentials(rp))).toEqual(refused);
});

test('log and audit have the error that the client got', async () => {
  await ask('/token', { grant_type: 'client_credentials' }, credentials(rp));
  expect(world.logged.findLast(({ event }) => event === 'grant.error')?.fields).toMatchObject({
    reason: 'unauthorized_client',
    label: 'IDP-4311',
  });
  expect(world.audited.at(-1)).toMatchObject({ actor: 'client:crm', reason: 'unauthorized_client' });
});

test.each(['/token', '/token/introspection', '/token/revocation', '/request', '/device/auth'])(
  'at %s a request without any proof of a client gets 401 (RFC 6749 §5.2, RFC 7662 §2.3)',
  async path => {
    const refused = {
      status: 401,
      error: 'invalid_client',
      page: 'IDP-4109',
      challenge: 'Basic realm="http://idp.test"',
    };
    expect(await ask(path, { token: 'x' })).toEqual(refused);
  },
);
