/**
 * C27. Two more places take a JWT from outside: the request of a client (RFC 9101) and `id_token_hint`. An attacker puts another JWT there:
 * one without a signature, with an HMAC by a public key, of another client or server, expired, or with a key that it brings
 * (CVE-2026-11800, CVE-2026-9793). Assertions of clients are A81.
 * Guards: `src/oidc/configuration.ts#protocol`, `src/oidc/clients/client-assertions.ts#requestObjectCheck`; oidc-provider for hints, and
 * `src/oidc/prompts/guard-prompt.ts#refuseOtherSubject` after a sign-in.
 */
import { createSecretKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose';
import type { ApprovalOutcome } from '../../src/mfa/challenge/approvals.ts';
import { mint } from '../../src/mfa/proof.ts';
import { createClientKey, type ClientKey } from '../oidc/support/client-keys.ts';
import { authorize, credentials, push, redeem, signedIn, signIn, tokens, tryPush } from '../oidc/support/flows.ts';
import { Browser, send, type Stop } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';

let world: World;
let key: ClientKey;
let stranger: ClientKey;
let rp: Rp;
let other: Rp;
let third: Rp;
/** How the person answers a request without a browser. */
let approval: ApprovalOutcome = 'open';
beforeAll(async () => {
  world = await openWorld({
    approvals: { ask: async () => ({ ok: false, reason: 'no-device' }), outcome: async () => approval },
  });
  [key, stranger] = [await createClientKey(world), await createClientKey(world)];
  rp = await world.addClient({
    client_id: 'contoso',
    jwks: { keys: [key.jwk] },
    require_signed_request_object: true,
  });
  other = await world.addClient({ client_id: 'fabrikam', jwks: { keys: [stranger.jwk] } });
  third = await world.addClient({ client_id: 'woodgrove' });
  for (const name of ['ada', 'noor']) await world.addUser(name);
});
afterAll(() => world.close());
beforeEach(() => {
  jest.spyOn(Date, 'now').mockImplementation(world.clock);
});
const now = () => Math.floor(world.clock() / 1000);

/** What a request of this client says. */
const params = () => ({
  response_type: 'code',
  redirect_uri: rp.redirectUri,
  scope: 'openid',
  state: 'signed',
  code_challenge: 'c'.repeat(43),
  code_challenge_method: 'S256',
});
const claims = () => ({ iss: rp.id, client_id: rp.id, aud: world.issuer.origin, exp: now() + 60, ...params() });
const bring = (request: string): Promise<Stop> => authorize(new Browser(world), rp, { request, state: 'plain' });

describe('C27 a request of a client', () => {
  test('C27 that is signed by its key begins a sign-in, of what was signed alone', async () => {
    const browser = new Browser(world);
    const request = await key.request(rp.id, params());
    const asked = await authorize(browser, rp, { request, state: 'plain', scope: 'openid email', max_age: '0' });
    expect(asked.at).toBe('interaction');
    const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada') });
    expect(done.params).toMatchObject({ code: expect.any(String), state: 'signed' });
    expect((await tryPush(world, rp, { request })).status).toBe(201);
  });

  test.each<[string, () => Promise<string> | string]>([
    ['without a signature', () => new UnsecuredJWT(claims()).encode()],
    ['signed by a stranger', () => stranger.sign(claims(), { kid: key.jwk.kid })],
    ['signed by the key that it brings', () => stranger.sign(claims(), { jwk: stranger.jwk, kid: undefined })],
    ['that names an address of keys', () => key.sign(claims(), { jku: 'https://attacker.test/keys' })],
    ['that names an address of certificates', () => key.sign(claims(), { x5u: 'https://attacker.test/x' })],
    ['of the type of an access token', () => key.sign(claims(), { typ: 'at+jwt' })],
    ['of another client', () => key.sign({ ...claims(), iss: 'fabrikam' })],
    ['for another client', () => key.sign({ ...claims(), client_id: 'fabrikam' })],
    ['for another server', () => key.sign({ ...claims(), aud: 'https://attacker.test' })],
    ['that has expired', () => key.sign({ ...claims(), exp: now() - 60 })],
    ['that expires too late', () => key.sign({ ...claims(), exp: now() + 7200 })],
    ['that holds another request', () => key.sign({ ...claims(), request: 'x' })],
    ['that is no JWT', () => 'x.y.z'],
  ])('C27 is refused %s, also where it is pushed', async (_title, make) => {
    const refused = await bring(await make());
    expect([refused.at, refused.params['error']]).toEqual(['client', 'invalid_request_object']);
    const pushed = await tryPush(world, rp, { request: await make() });
    expect([pushed.status, JSON.parse(pushed.text)]).toMatchObject([400, { error: 'invalid_request_object' }]);
  });

  test('C27 is refused with an HMAC by its public key or by its secret', async () => {
    const pem = await exportSPKI((await importJWK(key.jwk)) as CryptoKey);
    for (const secret of [pem, JSON.stringify(key.jwk), rp.secret ?? '']) {
      const signed = new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' });
      const refused = await bring(await signed.sign(createSecretKey(Buffer.from(secret))));
      expect(refused.params).toMatchObject({ error: 'invalid_request_object' });
    }
  });

  test('C27 leads to no address that is not registered, whoever signed it', async () => {
    const uri = 'https://attacker.test/cb';
    const refused = await bring(await key.request(rp.id, { ...params(), redirect_uri: uri }));
    expect([refused.at, refused.answer.status]).toEqual(['page', 400]);
  });

  test('C27 is refused without a signature where the client must sign, pushed or not', async () => {
    expect((await authorize(new Browser(world), rp)).params).toMatchObject({ error: 'invalid_request' });
    expect((await tryPush(world, rp)).status).toBe(400);
    // A client that need not sign may push plain parameters.
    expect(await push(world, other)).toContain('urn:ietf:params:oauth:request_uri:');
  });
});

describe('C27 an id_token_hint', () => {
  let browser: Browser;
  let idToken: string;
  let ofOther: string;
  beforeEach(async () => {
    browser = new Browser(world);
    const done = await signIn(browser, other, 'ada');
    idToken = (await redeem(world, other, done)).id_token ?? '';
    ofOther = (await redeem(world, third, await signIn(new Browser(world), third, 'ada'))).id_token ?? '';
  });
  const hinted = (hint: string): Promise<Stop> => authorize(browser, other, { id_token_hint: hint, prompt: 'none' });

  test('C27 of the person who is signed in is believed, also when it has expired', async () => {
    expect((await hinted(idToken)).params).toHaveProperty('code');
    world.clock.advance(2 * 3_600_000);
    const stale = new Browser(world);
    const asked = await authorize(stale, other, { id_token_hint: idToken });
    const done = await stale.open('POST', asked.url.pathname, { json: signedIn(world, 'ada') });
    expect(done.params).toHaveProperty('code');
  });

  test('C27 of another person ends without a code', async () => {
    const fresh = new Browser(world);
    const asked = await authorize(fresh, other, { id_token_hint: idToken });
    const done = await fresh.open('POST', asked.url.pathname, { json: signedIn(world, 'noor') });
    expect(done.params).toMatchObject({ error: 'login_required' });
  });

  test('C27 that this server did not sign for this client is refused', async () => {
    const [header = '', payload = ''] = idToken.split('.');
    const read = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const forged = [
      ofOther,
      new UnsecuredJWT(read).encode(),
      `${header}.${payload}.`,
      `${header}.${payload}.${'A'.repeat(86)}`,
      await stranger.sign(read),
      await stranger.sign(read, {
        kid: (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid,
      }),
      await new SignJWT(read)
        .setProtectedHeader({ alg: 'HS256' })
        .sign(createSecretKey(Buffer.from(other.secret ?? ''))),
      'x',
    ];
    for (const hint of forged) {
      expect((await hinted(hint)).params).toMatchObject({ error: 'invalid_request' });
    }
  });

  test('C27 names nobody in a request without a browser, where this server did not sign it for this client', async () => {
    const grant = 'urn:openid:params:grant-type:ciba' as const;
    const bank = await world.addClient({
      client_id: 'bank',
      grant_types: [grant],
      backchannel_token_delivery_mode: 'poll',
    });
    const begin = async (hint: Record<string, string>) =>
      send(world, 'POST', '/backchannel', { headers: credentials(bank), form: { scope: 'openid', ...hint } });
    const ask = async (hint: string): Promise<number> => (await begin({ id_token_hint: hint })).status;
    const { auth_req_id: id } = JSON.parse((await begin({ login_hint: 'ada' })).text) as { auth_req_id: string };
    world.clock.advance(0);
    await world.clock.fired();
    approval = mint({
      userId: 'ada',
      factor: 'push',
      amr: ['swk', 'pin'],
      acr: 'mfa',
      at: world.clock(),
      authenticator: 'a1',
    });
    world.clock.advance(5_000);
    const { id_token: own = '' } = await tokens(world, bank, { grant_type: grant, auth_req_id: id });
    expect(await ask(own)).toBe(200);
    const [, payload = ''] = own.split('.');
    const read = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
    const secret = createSecretKey(Buffer.from(bank.secret ?? ''));
    const forged = [
      idToken,
      new UnsecuredJWT(read).encode(),
      own.replace(/[^.]*$/, ''),
      await stranger.sign(read),
      await new SignJWT(read).setProtectedHeader({ alg: 'HS256' }).sign(secret),
      'x',
    ];
    for (const hint of forged) expect(await ask(hint)).toBe(400);
  });
});
