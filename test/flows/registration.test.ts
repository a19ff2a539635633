/**
 * Tests clients that register and manage themselves (RFC 7591, RFC 7592), with openid-client in the part of the client, on every store.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import type { NewRegistrationToken } from '../../src/oidc/registration/registration-tokens.ts';
import { registering, type Registering } from '../support/world/registering.ts';
import { formTo } from '../support/browser/plain.ts';
import { atClient, enterPassword, openRelyingParty } from '../support/world/relying-party.ts';
import { everyStore } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const day = 86_400_000;
const redirect_uris = ['https://shop.test/callback'];

describe.each(everyStore.map(store => [store.name, store] as const))('on %s', (_name, store) => {
  let world: World;
  let reg: Registering;
  beforeAll(async () => {
    world = await startWorld({ store, env: { SALLYPORT_REGISTRATION: 'tokens', SALLYPORT_FACTORS: 'totp' } });
    reg = registering(world);
  });
  afterAll(() => world.close());

  const token = async (wish: Partial<NewRegistrationToken> = {}): Promise<string> =>
    world.services.registrationTokens.add({ policy: 'standard', uses: 1, expiresIn: day, ...wish }, 'cli');

  test('a client registers itself, and a person signs in at it', async () => {
    const config = await oidc.dynamicClientRegistration(
      world.issuer,
      { redirect_uris, client_name: 'Shop', scope: 'openid', logo_uri: 'https://shop.test/logo.png' },
      undefined,
      // oxlint-disable-next-line typescript/no-deprecated -- plain http over loopback
      { initialAccessToken: await token(), execute: [oidc.allowInsecureRequests] },
    );
    const { client_id: id, client_secret: secret = '', ...metadata } = config.clientMetadata();
    expect(metadata).toMatchObject({
      client_id_issued_at: Math.floor(world.clock() / 1000),
      client_secret_expires_at: 0,
      client_name: 'Shop',
      redirect_uris,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
      registration_access_token: expect.any(String),
      registration_client_uri: `${world.issuer.origin}/reg/${id}`,
    });
    // What this server does not know is not registered, and the client is told so (RFC 7591 §3.2.1).
    expect(Object.keys(metadata)).not.toContain('logo_uri');
    const rp = await openRelyingParty(world, {
      id,
      secret,
      name: 'Shop',
      redirectUris: redirect_uris,
      postLogoutRedirectUris: [],
    });
    const browser = world.browser();
    const request = await rp.begin({ scope: 'openid' });
    const asked = await enterPassword(browser, await browser.visit(request.url), world.people.linus);
    // It is not a client of the operator, so that the person is asked.
    const allowed = await browser.visit(formTo(asked, /\/consent$/).action, { form: { answer: 'allow' } });
    const tokens = await request.redeem(atClient(browser, allowed));
    expect(tokens.claims()).toMatchObject({ aud: id });
    expect(await world.audited('client.added')).toContainEqual(
      expect.objectContaining({ actor: expect.stringMatching(/^registration-token:/), facts: { client: id } }),
    );
  });

  test('discovery says where, and nothing of tokens and secrets is stored', async () => {
    const browser = world.browser();
    const discovery = JSON.parse((await browser.go('/.well-known/openid-configuration')).text) as object;
    expect(discovery).toMatchObject({ registration_endpoint: `${world.issuer.origin}/reg` });
    const initial = await token();
    const { json } = await reg.post(initial, { redirect_uris });
    const kept = JSON.stringify([
      await world.services.registrationTokens.list(),
      await (await world.services.clients()).stored(json.client_id),
    ]);
    for (const secret of [initial.split('.')[1], json.registration_access_token, json.client_secret]) {
      expect(secret).toBeDefined();
      expect(kept).not.toContain(secret);
    }
  });

  test('a token registers as many clients as it says, also by parallel requests, and only until it expires', async () => {
    const initial = await token({ uses: 3 });
    const answers = await Promise.all(Array.from({ length: 8 }, async () => reg.post(initial, { redirect_uris })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201, 201, 201, 401, 401, 401, 401, 401,
    ]);
    const late = await token();
    world.clock.advance(day);
    expect(await reg.post(late, { redirect_uris })).toMatchObject({ status: 401, json: { error: 'invalid_token' } });
    const removed = await token();
    const [id = ''] = removed.split('.');
    expect(await world.services.registrationTokens.remove(id, 'cli')).toBe(true);
    expect(await reg.post(removed, { redirect_uris })).toMatchObject({ status: 401 });
  });

  test('a refused registration uses up nothing', async () => {
    const initial = await token();
    expect(await reg.post(initial, { redirect_uris: ['http://shop.test/'] })).toMatchObject({
      status: 400,
      json: {
        error: 'invalid_redirect_uri',
        error_description: expect.stringContaining('expected https'),
        error_uri: new URL('/errors/IDP-4502', world.issuer).href,
      },
    });
    expect(await reg.post(initial, { redirect_uris, grant_types: ['implicit'] })).toMatchObject({
      status: 400,
      json: { error: 'invalid_client_metadata', error_uri: new URL('/errors/IDP-4501', world.issuer).href },
    });
    expect(await reg.post(initial, { redirect_uris })).toMatchObject({ status: 201 });
  });

  test('a client reads, changes and removes what is registered of it', async () => {
    const { json: made } = await reg.post(await token(), {
      redirect_uris,
      client_name: 'Shop',
      client_uri: 'https://shop.test',
    });
    const read = await reg.get(made);
    expect(read).toMatchObject({ status: 200, json: { client_id: made.client_id, client_name: 'Shop' } });
    // Only its hash is stored.
    expect(read.json).not.toHaveProperty('client_secret');

    const changed = await reg.put(made, { redirect_uris: ['https://shop.test/other'], client_name: 'Our shop' });
    expect(changed).toMatchObject({
      status: 200,
      json: { client_name: 'Our shop', redirect_uris: ['https://shop.test/other'] },
    });
    // What an update leaves out is removed (RFC 7592 §2.2).
    expect(changed.json).not.toHaveProperty('client_uri');
    const { registration_access_token: next } = changed.json;
    expect(next).not.toBe(made.registration_access_token);

    expect(await reg.delete({ ...made, registration_access_token: next })).toMatchObject({ status: 204 });
    expect(await reg.get({ ...made, registration_access_token: next })).toMatchObject({ status: 401 });
    expect(await world.services.clients().then(clients => clients.find(made.client_id))).toBeUndefined();
  });

  test('a registration access token ends once the next one is used, or after an hour', async () => {
    const { json: made } = await reg.post(await token(), { redirect_uris });
    const { json: second } = await reg.put(made, { redirect_uris });
    // The answer was lost: the client asks again with the token that it knows.
    const { json: third, status } = await reg.put(made, { redirect_uris });
    expect(status).toBe(200);
    expect(await reg.get(second)).toMatchObject({ status: 401 });
    expect(await reg.get(third)).toMatchObject({ status: 200 });
    expect(await reg.get(made)).toMatchObject({ status: 401 });
    expect(await reg.put(made, { redirect_uris })).toMatchObject({ status: 401 });

    const { json: fourth } = await reg.put(third, { redirect_uris });
    world.clock.advance(3_600_000);
    expect(await reg.get(third)).toMatchObject({ status: 401 });
    expect(await reg.get(fourth)).toMatchObject({ status: 200 });
  });

  test('of parallel updates with one token each leaves one token that works', async () => {
    const { json: made } = await reg.post(await token(), { redirect_uris });
    const answers = await Promise.all(
      [1, 2, 3, 4].map(async n => reg.put(made, { redirect_uris, client_name: `Shop ${n}` })),
    );
    const usable: string[] = [];
    for (const { json, status } of answers) {
      if (status === 200 && (await reg.get(json)).status === 200) usable.push(json.client_name ?? '');
    }
    expect(usable).toHaveLength(1);
    const { metadata } = (await (await world.services.clients()).find(made.client_id)) ?? {};
    expect(metadata?.client_name).toBe(usable[0]);
  });

  test('an update keeps both secrets during their rotation', async () => {
    const { json: made } = await reg.post(await token(), {
      redirect_uris,
      token_endpoint_auth_method: 'client_secret_post',
    });
    const clients = await world.services.clients();
    const added = await clients.secrets.add(made.client_id, day, 'cli');
    if (!added.ok) throw new Error(added.message);
    const update = { redirect_uris, token_endpoint_auth_method: 'client_secret_post' };
    const wrong = await reg.put(made, { ...update, client_secret: 'chosen' });
    expect(wrong).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
    const changed = await reg.put(made, { ...update, client_secret: made.client_secret });
    expect(changed).toMatchObject({ status: 200 });
    const stored = await clients.stored(made.client_id);
    if (stored === undefined) throw new Error('the client is gone');
    for (const secret of [made.client_secret ?? '', added.secret])
      expect(clients.secrets.isOf(stored, secret)).toBe(true);
    expect(clients.secrets.isOf(stored, 'chosen')).toBe(false);
  });
});

describe('the requests', () => {
  let world: World;
  let reg: Registering;
  beforeAll(async () => {
    world = await startWorld({ env: { SALLYPORT_REGISTRATION: 'tokens' } });
    reg = registering(world);
  });
  afterAll(() => world.close());
  const token = async (): Promise<string> =>
    world.services.registrationTokens.add({ policy: 'standard', uses: 1, expiresIn: day }, 'cli');

  test.each([
    ['no token', undefined],
    ['another scheme', 'Basic YTpi'],
    ['an unknown token', 'Bearer abc.def'],
    ['an empty one', 'Bearer '],
    ['a lone point', 'Bearer .'],
    ['a token of the prototype', 'Bearer __proto__.constructor'],
  ])('with %s are answered 401 by both endpoints', async (_title, authorization) => {
    const { client_id: id } = (await reg.post(await token(), { redirect_uris })).json;
    for (const [method, path, body] of [
      ['POST', '/reg', { redirect_uris }],
      ['GET', `/reg/${id}`, undefined],
      ['PUT', `/reg/${id}`, { redirect_uris }],
      ['DELETE', `/reg/${id}`, undefined],
    ] as const) {
      const { status, headers, json } = await reg.send(method, path, { authorization, body });
      expect([method, status, json.error]).toEqual([method, 401, 'invalid_token']);
      expect(json.error_uri).toBe(`${world.issuer.origin}/errors/IDP-4504`);
      expect(headers['www-authenticate']).toMatch(/^Bearer realm=/);
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  test.each([
    ['no JSON', '{', 'application/json', 400],
    ['a list', '[]', 'application/json', 400],
    ['a form', 'redirect_uris=a', 'application/x-www-form-urlencoded', 415],
    ['33 KiB', `{"a":"${'a'.repeat(33 * 1024)}"}`, 'application/json', 413],
  ])('with %s are refused', async (_title, text, type, status) => {
    const authorization = `Bearer ${await token()}`;
    expect(await reg.send('POST', '/reg', { authorization, text, type })).toMatchObject({ status });
  });

  test('of an update with members that only the server states, or another id, are refused', async () => {
    const { json: made } = await reg.post(await token(), { redirect_uris });
    for (const wrong of [
      { registration_access_token: 'mine' },
      { registration_client_uri: 'https://shop.test' },
      { client_secret_expires_at: 0 },
      { client_id_issued_at: 1 },
      { client_id: 'other' },
      { client_id: undefined },
    ]) {
      const answer = await reg.put(made, { redirect_uris, ...wrong });
      expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
    }
  });

  test('ask for a scope that the server does not know are refused, and empty members count as absent', async () => {
    const initial = await token();
    expect(await reg.post(initial, { redirect_uris, scope: 'openid everything' })).toMatchObject({ status: 400 });
    const { status, json } = await reg.post(initial, { redirect_uris, client_name: '', client_uri: null });
    expect(status).toBe(201);
    expect(Object.keys(json)).toEqual(expect.not.arrayContaining(['client_name', 'client_uri']));
  });
});

test('where the operator has not turned it on, there is neither the endpoint nor its name in discovery', async () => {
  const world = await startWorld();
  try {
    const browser = world.browser();
    expect((await registering(world).post('a.b', { redirect_uris })).status).toBe(404);
    expect((await browser.go('/.well-known/openid-configuration')).text).not.toContain('registration_endpoint');
  } finally {
    await world.close();
  }
});
