/** Tests the profile `fapi2` of a client: what it sets, and that no change takes a part of it away. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import type { ClientChange } from '../../src/oidc/clients/change.ts';
import { createClientKey, type ClientKey } from './support/client-keys.ts';
import { createProver } from './support/dpop.ts';
import { authorize, authorizePushed, push, redeem, refresh, signedIn, tokens } from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

let world: World;
let key: ClientKey;
beforeEach(async () => {
  world = await openWorld();
  key = await createClientKey(world);
});
afterEach(() => world.close());

const add = (more: Partial<NewClient> = {}) =>
  world.clients.add(
    {
      client_id: 'bank',
      redirect_uris: ['https://bank.test/cb'],
      security_profile: 'fapi2',
      jwks: { keys: [key.jwk] },
      ...more,
    },
    'cli',
  );
const metadata = async () => (await world.clients.find('bank'))?.metadata;

test('sets pushed requests, PKCE, a proven key and tokens that are bound to one', async () => {
  expect(await add()).toEqual({ ok: true, id: 'bank' });
  expect(await metadata()).toMatchObject({
    token_endpoint_auth_method: 'private_key_jwt',
    require_pushed_authorization_requests: true,
    dpop_bound_access_tokens: true,
    pkce: 'required',
    id_token_signed_response_alg: 'ES256',
    authorization_signed_response_alg: 'ES256',
  });
});

const weaker: readonly (readonly [string, Partial<NewClient>, RegExp])[] = [
  ['requests that are not pushed', { require_pushed_authorization_requests: false }, /^require_pushed/],
  ['optional PKCE', { pkce: 'optional' }, /^pkce: got "optional", expected "required" with the profile fapi2/],
  ['a secret', { token_endpoint_auth_method: 'client_secret_basic' }, /secret|private_key_jwt/],
  ['tokens that anyone can use', { dpop_bound_access_tokens: false }, /^dpop_bound_access_tokens/],
  ['signatures by RS256', { id_token_signed_response_alg: 'RS256' }, /^id_token_signed_response_alg/],
  ['assertions by RS256', { token_endpoint_auth_signing_alg: 'RS256' }, /^token_endpoint_auth_signing_alg/],
  ['requests by RS256', { request_object_signing_alg: 'RS256' }, /^request_object_signing_alg/],
  ['an address without TLS', { redirect_uris: ['http://127.0.0.1/cb'] }, /^redirect_uris/],
  ['devices', { grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:device_code'] }, /^grant_types/],
];

describe.each(weaker)('%s', (_title, members, message) => {
  test('cannot be registered with it', async () => {
    expect(await add(members)).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  });

  test('cannot be set later, and resetting the member keeps the profile', async () => {
    await add();
    const before = await metadata();
    const set = await world.clients.change('bank', { set: members }, 'cli');
    expect(set).toMatchObject({ ok: false, message: expect.stringMatching(message) });
    const unset = Object.keys(members).filter(name => name !== 'redirect_uris') as NonNullable<ClientChange['unset']>;
    expect(await world.clients.change('bank', { unset }, 'cli')).toMatchObject({ ok: true });
    expect(await metadata()).toEqual(before);
  });
});

test('a client cannot have it without a key', async () => {
  const added = await world.clients.add({ redirect_uris: ['https://x.test/cb'], security_profile: 'fapi2' }, 'cli');
  expect(added).toMatchObject({ ok: false, message: expect.stringContaining('jwks') });
});

describe('a client with it', () => {
  let rp: Rp;
  beforeEach(async () => {
    await add({ first_party: true });
    await world.addUser('ada');
    rp = { id: 'bank', redirectUri: 'https://bank.test/cb' };
  });
  const verifier = 'v'.repeat(43);
  const challenge = createHash('sha256').update(verifier).digest('base64url');

  /** Pushes a request, signs in, and gives the code. */
  const codeOf = async (browser: Browser) => {
    const form = { ...(await key.prove('bank')), code_challenge: challenge };
    const asked = await authorizePushed(browser, rp, await push(world, rp, form));
    const stop =
      asked.at === 'interaction'
        ? await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada') })
        : asked;
    return { ...stop, verifier };
  };
  const redeemed = async (code: Awaited<ReturnType<typeof codeOf>>, headers: Record<string, string>) =>
    redeem(world, rp, code, 0, headers, await key.prove('bank'));

  test('gets tokens that work with its key only', async () => {
    const prove = await createProver(world);
    const got = await redeemed(await codeOf(new Browser(world)), await prove('POST', '/token'));
    expect(got).toMatchObject({ status: 200, token_type: 'DPoP', claims: { iss: 'http://idp.test' } });
    const bearer = { authorization: `Bearer ${got.access_token}` };
    expect((await send(world, 'GET', '/me', { headers: bearer })).status).toBe(401);
  });

  test('is refused a request that was not pushed, and a token without a proof', async () => {
    const refused = await authorize(new Browser(world), rp);
    expect(refused.params).toMatchObject({ error: 'invalid_request', iss: 'http://idp.test' });
    expect(await redeemed(await codeOf(new Browser(world)), {})).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('is refused a push without PKCE', async () => {
    const form = { ...(await key.prove('bank')), code_challenge: '', code_challenge_method: '', nonce: 'n' };
    await expect(push(world, rp, form)).rejects.toThrow('code_challenge is missing');
  });

  test('gets codes that expire after 60 s, also where others live longer', async () => {
    await world.close();
    world = await openWorld({ lifetimes: { code: 600_000 } });
    key = await createClientKey(world);
    await add({ first_party: true });
    await world.addUser('ada');
    const prove = await createProver(world);
    const inTime = await codeOf(new Browser(world));
    world.clock.advance(58_000);
    expect(await redeemed(inTime, await prove('POST', '/token'))).toMatchObject({ status: 200 });
    const code = await codeOf(new Browser(world));
    world.clock.advance(61_000);
    expect(await redeemed(code, await prove('POST', '/token'))).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('keeps its refresh token until most of its life is over (FAPI 2.0 §5.3.2.1)', async () => {
    const prove = await createProver(world);
    const got = await redeemed(await codeOf(new Browser(world)), await prove('POST', '/token'));
    const again = async (token = '') =>
      tokens(
        world,
        rp,
        { grant_type: 'refresh_token', refresh_token: token, ...(await key.prove('bank')) },
        { headers: await prove('POST', '/token') },
      );
    for (let use = 0; use < 2; use += 1) {
      const next = await again(got.refresh_token);
      expect(next.status).toBe(200);
      expect([got.refresh_token, undefined]).toContain(next.refresh_token);
      world.clock.advance(60_000);
    }
    expect((await refresh(world, rp, got.refresh_token)).status).toBe(401);
  });
});
