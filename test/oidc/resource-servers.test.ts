/**
 * Tests access tokens for resource servers: who may ask about them, what they hold, and how they end.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { documentId } from '../../src/oidc/adapter/durable.ts';
import { clientsTopic } from '../../src/oidc/clients/directory.ts';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import { stores } from '../support/world/stores.ts';
import { authorize, credentials, introspect, redeem, refresh, signIn, tokens, userinfo } from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

const filesUri = 'https://files.test/api';
const mailUri = 'https://mail.test/';
const api = (client_id: string, resource: string, more: Partial<NewClient> = {}) => ({
  client_id,
  grant_types: [],
  redirect_uris: [],
  resource,
  resource_scopes: [`${client_id}:read`, `${client_id}:write`],
  ...more,
});

let world: World;
let rp: Rp;
let files: Rp;
let mail: Rp;
beforeEach(async () => {
  world = await openWorld({ explainsErrors: true });
  rp = await world.addClient({ client_id: 'contoso' });
  files = await world.addClient(api('files', filesUri));
  mail = await world.addClient(api('mail', mailUri));
  await world.addUser('ada');
});
afterEach(() => world.close());

/** Signs Ada in with these parameters, and gives the tokens. `more`: parameters of the token request. */
const got = async (params: Readonly<Record<string, string | readonly string[]>>, more: Record<string, string> = {}) =>
  redeem(world, rp, await signIn(new Browser(world), rp, 'ada', 'mfa', params), 0, {}, more);
const forFiles = { resource: filesUri, scope: 'openid profile files:read files:erase mail:read' };
const active = async (token = '', ...who: readonly Rp[]) =>
  Promise.all(who.map(async each => (await introspect(world, each, token))['active']));
const logged = (name: string) => world.logged.filter(({ event }) => event === name).map(({ fields }) => fields);

describe('an opaque token', () => {
  test('of two resources is for the one that the token request names', async () => {
    const both = { resource: [filesUri, mailUri], scope: 'openid files:read mail:write' };
    const first = await got(both, { resource: mailUri });
    expect([first.scope, await active(first.access_token, files, mail)]).toEqual(['mail:write', [false, true]]);
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token ?? '', resource: filesUri };
    const second = await tokens(world, rp, form);
    expect([second.scope, await active(second.access_token, files, mail)]).toEqual(['files:read', [true, false]]);
    expect(await got(both)).toMatchObject({ status: 400, error: 'invalid_target' });
  });

  test('names the sign-in also after a refresh', async () => {
    const at = Math.floor(world.clock() / 1000);
    const first = await got(forFiles);
    world.clock.advance(60_000);
    const { access_token } = await refresh(world, rp, first.refresh_token);
    expect(await introspect(world, files, access_token)).toMatchObject({ acr: 'mfa', auth_time: at });
  });

  test('is inactive once its person is locked, its client removed, or its resource server removed', async () => {
    const { access_token: removed } = await got(forFiles);
    expect(await active(removed, rp, files)).toEqual([true, true]);
    await world.clients.remove('files', 'cli');
    expect(await active(removed, rp)).toEqual([false]);
    // A later resource server with the identifier does not inherit the token.
    files = await world.addClient(api('files-2', filesUri));
    expect(await active(removed, rp, files)).toEqual([false, false]);

    const { access_token: left } = await got({ resource: filesUri, scope: 'openid files-2:read' });
    expect(await active(left, files)).toEqual([true]);
    await world.clients.remove('contoso', 'cli');
    expect(await active(left, files)).toEqual([false]);

    rp = await world.addClient({ client_id: 'contoso' });
    const { access_token: locked } = await got({ resource: filesUri, scope: 'openid files-2:read' });
    expect(await active(locked, files)).toEqual([true]);
    await world.changeUser('ada', { lockedAt: world.clock() });
    expect(await active(locked, files)).toEqual([false]);
  });

  test('is inactive once its resource server has another identifier, also for the one that takes the old', async () => {
    const { access_token } = await got(forFiles);
    expect(await active(access_token, files)).toEqual([true]);
    const moved = await world.clients.change('files', { set: { resource: 'https://elsewhere.test/' } }, 'cli');
    expect(moved).toEqual({ ok: true, members: ['resource'] });
    const next = await world.addClient(api('next', filesUri));
    expect(await active(access_token, files, next)).toEqual([false, false]);
  });

  test.each(['files', 'contoso'])('is inactive without the client %s, also where the clean-up missed it', async id => {
    const { access_token } = await got(forFiles);
    const asking = id === 'files' ? rp : files;
    expect(await active(access_token, asking)).toEqual([true]);
    await world.documents.remove(documentId('Client', id));
    await world.store.shortLived.notifier.publish(clientsTopic);
    expect(await active(access_token, asking)).toEqual([false]);
  });

  test('is told of to no client without a secret, which anybody can claim to be (RFC 7662 §2.1)', async () => {
    const page = await world.addClient({ client_id: 'page', token_endpoint_auth_method: 'none' });
    const { access_token: token = '' } = await redeem(world, page, await signIn(new Browser(world), page, 'ada'));
    expect((await userinfo(world, token)).status).toBe(200);
    const asked = await send(world, 'POST', '/token/introspection', { form: { client_id: 'page', token } });
    expect(JSON.parse(asked.text)).toEqual({ active: false });
  });

  test('is for a resource server whose identifier came in another spelling of the same URI', async () => {
    const { access_token } = await got({ resource: 'HTTPS://mail.test', scope: 'openid mail:read' });
    expect(await introspect(world, mail, access_token)).toMatchObject({ active: true, aud: mailUri });
  });
});

describe('a JWT access token', () => {
  test.each(['ES256', 'RS256'] as const)('signed by %s follows RFC 9068, and ends within five minutes', async alg => {
    const at = Math.floor(world.clock() / 1000);
    const jwt = { access_token_format: 'jwt', id_token_signed_response_alg: alg } as const;
    await world.addClient(api('jwt', 'urn:example:jwt', jwt));
    const { access_token = '', expires_in } = await got({ resource: 'urn:example:jwt', scope: 'openid jwt:read' });
    const keys = JSON.parse((await send(world, 'GET', '/jwks')).text) as Parameters<typeof createLocalJWKSet>[0];
    const { payload, protectedHeader } = await jwtVerify(access_token, createLocalJWKSet(keys), {
      typ: 'at+jwt',
      algorithms: [alg],
      issuer: 'http://idp.test',
      audience: 'urn:example:jwt',
      currentDate: new Date(world.clock()),
    });
    expect(protectedHeader).toMatchObject({ typ: 'at+jwt', alg });
    expect(payload).toEqual({
      iss: 'http://idp.test',
      aud: 'urn:example:jwt',
      sub: 'ada',
      client_id: 'contoso',
      scope: 'jwt:read',
      jti: expect.any(String),
      iat: at,
      exp: at + 300,
      acr: 'mfa',
      amr: ['pwd', 'tel', 'mfa'],
      auth_time: at,
    });
    expect(expires_in).toBe(300);
  });

  test('can be neither introspected nor revoked, and the answer says so', async () => {
    const server = await world.addClient(api('jwt', 'urn:example:jwt', { access_token_format: 'jwt' }));
    const { access_token: token = '' } = await got({ resource: 'urn:example:jwt', scope: 'openid jwt:read' });
    for (const [path, who] of [
      ['/token/introspection', server],
      ['/token/revocation', rp],
    ] as const) {
      const { status, text } = await send(world, 'POST', path, { form: { token }, headers: credentials(who) });
      expect([status, text]).toEqual([400, expect.stringContaining('unsupported_token_type')]);
    }
  });
});

test.each(['https://nobody.test/', 'no-uri', 'https://files.test/api#part'])(
  'a request for the resource %s is refused at the client, and explained in the log',
  async resource => {
    const refused = await authorize(new Browser(world), rp, { resource });
    expect([refused.at, refused.params['error']]).toEqual(['client', 'invalid_target']);
    if (resource.startsWith('no-uri') || resource.includes('#')) return;
    const explanation = `got the resource "${resource}", expected the one with which a resource server is registered`;
    expect(logged('authorization.error')).toMatchObject([{ reason: 'invalid_target', explanation }]);
    const begun = await signIn(new Browser(world), rp, 'ada', 'mfa', forFiles);
    const answer = await redeem(world, rp, begun, 0, {}, { resource });
    expect(answer).toMatchObject({ error: 'invalid_target' });
  },
);

test('people are asked for the scopes of each resource, and the token holds what they allowed', async () => {
  const guest = await world.addClient({ client_id: 'guest', first_party: false });
  const browser = new Browser(world);
  const asked = await signIn(browser, guest, 'ada', 'mfa', forFiles);
  expect(JSON.parse(asked.answer.text)).toMatchObject({
    prompt: { name: 'consent', details: { missingResourceScopes: { [filesUri]: ['files:read'] } } },
  });
  const done = await browser.open('POST', asked.url.pathname, { json: { consent: true } });
  const { access_token } = await redeem(world, guest, { ...done, verifier: asked.verifier });
  expect(await introspect(world, files, access_token)).toMatchObject({ active: true, scope: 'files:read' });
});

const add = (client: Partial<NewClient>) => world.clients.add({ ...api('new', 'https://new.test/'), ...client }, 'cli');

describe('registering a resource server', () => {
  test.each<[string, object, RegExp]>([
    ['a relative identifier', { resource: 'files' }, /resource must be an absolute URI without fragment/],
    ['a fragment', { resource: 'https://new.test/#a' }, /resource must be an absolute URI without fragment/],
    ['an empty fragment', { resource: 'https://new.test/#' }, /resource must be an absolute URI without fragment/],
    ['an identifier without end', { resource: `urn:${'a'.repeat(600)}` }, /512 characters or less/],
    ['no secret', { token_endpoint_auth_method: 'none' }, /for a client with a secret/],
    ['a scope of ours', { resource_scopes: ['email'] }, /none of them openid/],
    ['a scope with a space', { resource_scopes: ['a b'] }, /one or more scopes/],
    ['no scope', { resource_scopes: [] }, /one or more scopes/],
    ['another format', { access_token_format: 'paseto' as 'jwt' }, /opaque or jwt/],
    ['scopes of no resource', { resource: undefined }, /for a client with a resource/],
  ])('refuses %s and names the expectation', async (_title, client, message) => {
    expect(await add(client as Partial<NewClient>)).toEqual({
      ok: false,
      reason: 'invalid',
      message: expect.stringMatching(message),
    });
  });

  test('refuses the identifier of another one, in any spelling', async () => {
    expect(await add({ resource: 'HTTPS://FILES.test/api' })).toMatchObject({
      reason: 'taken',
      message: 'another client has the resource HTTPS://FILES.test/api',
    });
    await world.clients.remove('files', 'cli');
    expect(await add({ resource: filesUri })).toMatchObject({ ok: true });
  });
});

describe.each(stores)('on $name', store => {
  test('one of eight clients that claim a resource at once gets it', async () => {
    await world.close();
    world = await openWorld({ store });
    const spellings = ['https://shared.test', 'https://shared.test/', 'HTTPS://shared.test/', 'https://SHARED.test'];
    const added = await Promise.all(
      [...spellings, ...spellings].map((resource, at) => world.clients.add(api(`api-${at}`, resource), 'cli')),
    );
    expect(added.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await world.documents.find({ resource: 'https://shared.test/' })).toHaveLength(1);
    expect(world.audited.filter(({ event }) => event === 'client.added')).toHaveLength(1);
  });
});
