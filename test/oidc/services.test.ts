/** Tests tokens that services get without a person (`client_credentials`), and what they are refused. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import { introspect, tokens, userinfo, type Tokens } from './support/flows.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

const filesUri = 'https://files.test/api';
const mailUri = 'https://mail.test/';
const service = { grant_types: ['client_credentials'] } as const;

let world: World;
let files: Rp;
let nightly: Rp;
beforeEach(async () => {
  world = await openWorld({ explainsErrors: true });
  const addApi = (client_id: string, resource: string, more: Partial<NewClient> = {}) =>
    world.addClient({
      client_id,
      grant_types: [],
      resource,
      resource_scopes: [`${client_id}:read`, `${client_id}:write`],
      ...more,
    });
  files = await addApi('files', filesUri);
  await addApi('mail', mailUri, { access_token_format: 'jwt' });
  await addApi('payroll', 'urn:example:payroll');
  nightly = await world.addClient({
    ...service,
    client_id: 'nightly',
    service_scopes: ['files:read', 'files:write', 'mail:read'],
    default_resource: filesUri,
  });
  world.audited.length = 0;
});
afterEach(() => world.close());

const asked = (form: Record<string, string> = {}, who = nightly): Promise<Tokens> =>
  tokens(world, who, { grant_type: 'client_credentials', ...form });
const explained = (): readonly unknown[] =>
  world.logged.flatMap(({ event, fields }) =>
    event === 'grant.error' && fields !== undefined && 'explanation' in fields ? [fields.explanation] : [],
  );

test('a service gets an opaque token without a person, for its default resource, with its scopes there', async () => {
  const got = await asked();
  expect(got).toMatchObject({ status: 200, scope: 'files:read files:write', expires_in: 600 });
  expect([got.refresh_token, got.id_token]).toEqual([undefined, undefined]);
  const told = await introspect(world, files, got.access_token);
  expect(told).toMatchObject({ active: true, aud: filesUri, client_id: 'nightly', scope: 'files:read files:write' });
  expect(told).not.toHaveProperty('sub');
  expect((await userinfo(world, got.access_token)).status).toBe(401);
  expect(world.audited).toEqual([
    {
      event: 'token.issued',
      outcome: 'success',
      reason: 'client_credentials',
      actor: 'client:nightly',
      client: 'nightly',
      address: '127.0.0.1',
    },
  ]);
});

test('a service names another resource, and fewer scopes', async () => {
  const got = await asked({ resource: mailUri, scope: 'mail:read' });
  expect(decodeJwt(got.access_token ?? '')).toMatchObject({ aud: mailUri, sub: 'nightly', scope: 'mail:read' });
  expect(await asked({ scope: 'files:read' })).toMatchObject({ scope: 'files:read' });
});

test.each<[string, Record<string, string>, string, string]>([
  [
    'a scope of people',
    { scope: 'openid' },
    'invalid_scope',
    'got the scope "openid", this service may use files:read files:write there',
  ],
  [
    'a scope that it was not given',
    { resource: mailUri, scope: 'mail:write' },
    'invalid_scope',
    'got the scope "mail:write", this service may use mail:read there',
  ],
  [
    'a resource where it has no scope',
    { resource: 'urn:example:payroll' },
    'invalid_target',
    'this service has the scopes files:read files:write mail:read, the resource server knows payroll:read payroll:write',
  ],
  [
    'an unknown resource',
    { resource: 'urn:example:none' },
    'invalid_target',
    'got the resource "urn:example:none", expected the one with which a resource server is registered',
  ],
])('a service is refused %s, and the log explains it', async (_title, form, error, explanation) => {
  expect(await asked(form)).toMatchObject({ status: 400, error, error_description: explanation });
  expect(explained()).toEqual([explanation]);
  expect(world.audited).toEqual([
    expect.objectContaining({ event: 'token.refused', outcome: 'refused', actor: 'client:nightly', reason: error }),
  ]);
});

test('a service without a default resource must name one', async () => {
  const plain = await world.addClient({ ...service, client_id: 'plain', service_scopes: ['files:read'] });
  expect(await asked({ resource: filesUri }, plain)).toMatchObject({ status: 200, scope: 'files:read' });
  expect(await asked({}, plain)).toMatchObject({ status: 400, error: 'invalid_target' });
  expect(explained()).toEqual([
    expect.stringMatching(/^got no resource, expected the identifier of a resource server/),
  ]);
});

test('a client that is no service gets no such token, and the log says what it is registered for', async () => {
  const contoso = await world.addClient({ client_id: 'contoso' });
  const open = await world.addClient({ client_id: 'open', token_endpoint_auth_method: 'none' });
  for (const who of [contoso, open, files]) {
    expect(await asked({ resource: filesUri }, who)).toMatchObject({ status: 400, error: 'unauthorized_client' });
  }
  const registered = 'got "client_credentials", registered authorization_code, refresh_token';
  expect(explained()).toEqual([registered, registered, 'got "client_credentials", registered none']);
  expect(await asked({}, { ...nightly, secret: 'wrong' })).toMatchObject({ status: 401, error: 'invalid_client' });
});

test('a token of a service is inactive once the service was removed', async () => {
  const { access_token } = await asked();
  expect((await introspect(world, files, access_token))['active']).toBe(true);
  await world.clients.remove('nightly', 'cli');
  expect(await introspect(world, files, access_token)).toEqual({ active: false });
});

describe('registering a service', () => {
  test.each<[string, Partial<NewClient>, RegExp]>([
    ['no secret', { token_endpoint_auth_method: 'none' }, /got a client without a secret, expected one/],
    ['no scopes', { service_scopes: undefined as never }, /got no service_scopes/],
    ['scopes of ours', { service_scopes: ['openid'] }, /one or more scopes of an API/],
    [
      'sign-ins too',
      { grant_types: ['client_credentials', 'authorization_code'], redirect_uris: ['https://a.test/'] },
      /expected client_credentials alone/,
    ],
    ['a default that is no URI', { default_resource: 'files' }, /default_resource must be an absolute URI/],
    [
      'scopes of a service without its grant type',
      { grant_types: [] },
      /for a client with the grant type client_credentials/,
    ],
  ])('refuses %s and names the expectation', async (_title, client, message) => {
    const metadata = { ...service, redirect_uris: [], service_scopes: ['files:read'], ...client };
    expect(await world.clients.add(metadata, 'cli')).toMatchObject({
      reason: 'invalid',
      message: expect.stringMatching(message),
    });
  });
});
