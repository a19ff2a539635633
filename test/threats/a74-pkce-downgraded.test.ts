/**
 * A74. An attacker puts a code that they caught, or got for their own account, into the browser of a victim (RFC 9700 §4.5,
 * §4.8). PKCE or a nonce ties the code to the browser that asked for it, so the attacker leaves both out, asks for a weaker
 * form, or drops the verifier. A request must have what its kind of client needs (RFC 9700 §2.1.1), and a refusal says what
 * would do.
 * Guard: `src/oidc/pkce.ts#isPkceRequired`; `src/oidc/own-metadata.ts#extraClientMetadata` for what can be registered.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { authorize, push, redeem, signedIn, tryPush } from '../oidc/support/flows.ts';
import { Browser, type Stop } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';

let world: World;
/** Registered clients, by what is particular of each. */
let clients: Readonly<Record<'secret' | 'public' | 'required' | 'publicRequired' | 'optional', Rp>>;
beforeAll(async () => {
  world = await openWorld();
  await world.addUser('ada');
  clients = {
    secret: await world.addClient({ client_id: 'secret' }),
    public: await world.addClient({ client_id: 'public', token_endpoint_auth_method: 'none' }),
    required: await world.addClient({ client_id: 'required', pkce: 'required' }),
    publicRequired: await world.addClient({
      client_id: 'public-required',
      pkce: 'required',
      token_endpoint_auth_method: 'none',
    }),
    optional: await world.addClient({ client_id: 'optional', pkce: 'optional' }),
  };
});
afterAll(() => world.close());
beforeEach(() => {
  jest.spyOn(Date, 'now').mockImplementation(world.clock);
  world.audited.length = 0;
});

const none = { code_challenge: undefined, code_challenge_method: undefined };
const missing = {
  both: 'code_challenge and nonce are missing: send PKCE with S256, or a nonce with the scope openid',
  public: 'code_challenge is missing: a client without a secret must send PKCE with S256',
  required: 'code_challenge is missing: this client is registered to send PKCE with S256',
  openid: 'openid scope must be requested when using the nonce parameter',
} as const;

/** Answers the sign-in page that the request led to. */
const finish = async (browser: Browser, asked: Stop): Promise<Stop> => {
  if (asked.at !== 'interaction') throw new Error(`expected a sign-in page, got ${asked.url.href}`);
  return browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada') });
};

describe('A74 a request for a code', () => {
  test.each<[keyof typeof clients, string, Record<string, string | undefined>]>([
    ['secret', 'PKCE', {}],
    ['secret', 'a nonce and openid', { ...none, nonce: 'n' }],
    ['secret', 'both', { nonce: 'n' }],
    ['public', 'PKCE', {}],
    ['required', 'PKCE', {}],
    ['publicRequired', 'PKCE', {}],
    ['optional', 'PKCE', {}],
    ['optional', 'a nonce', { ...none, nonce: 'n' }],
    ['optional', 'neither', none],
    ['optional', 'neither, and no openid', { ...none, scope: 'profile' }],
  ])('A74 of the client %s with %s gives a code', async (name, _what, params) => {
    const browser = new Browser(world);
    expect((await finish(browser, await authorize(browser, clients[name], params))).params).toHaveProperty('code');
  });

  test.each<[keyof typeof clients, string, Record<string, string | undefined>, string]>([
    ['secret', 'neither', none, missing.both],
    ['secret', 'an empty nonce', { ...none, nonce: '' }, missing.both],
    ['secret', 'an empty challenge', { code_challenge: '', code_challenge_method: undefined }, missing.both],
    ['secret', 'neither, and no openid', { ...none, scope: 'profile' }, missing.both],
    ['secret', 'a nonce without openid', { ...none, nonce: 'n', scope: 'profile' }, missing.openid],
    ['public', 'neither', none, missing.public],
    ['public', 'a nonce and openid', { ...none, nonce: 'n' }, missing.public],
    ['required', 'a nonce and openid', { ...none, nonce: 'n' }, missing.required],
    ['publicRequired', 'a nonce and openid', { ...none, nonce: 'n' }, missing.public],
    ['optional', 'plain PKCE', { code_challenge_method: 'plain' }, 'not supported value of code_challenge_method'],
    [
      'optional',
      'PKCE without a method',
      { code_challenge_method: undefined },
      'code_challenge_method must be provided',
    ],
  ])(
    'A74 of the client %s with %s is refused with what is missing, and begins nothing',
    async (name, _, params, why) => {
      const refused = await authorize(new Browser(world), clients[name], params);
      expect([refused.at, refused.params]).toEqual([
        'client',
        expect.objectContaining({ error: 'invalid_request', error_description: why }),
      ]);
      expect(refused.params).not.toHaveProperty('code');
      expect(world.audited).toEqual([expect.objectContaining({ event: 'sign-in.refused', client: clients[name].id })]);
    },
  );

  test('A74 that is pushed is held to the same rule', async () => {
    const bare = { code_challenge: '', code_challenge_method: '' };
    expect((await tryPush(world, clients.secret, { ...bare, nonce: 'n' })).status).toBe(201);
    const refused = await tryPush(world, clients.secret, bare);
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      400,
      { error: 'invalid_request', error_description: missing.both, error_uri: expect.stringContaining('/errors/IDP-') },
    ]);
    expect((await tryPush(world, clients.required, { ...bare, nonce: 'n' })).status).toBe(400);
  });
});

/** The challenge of this verifier (RFC 7636 §4.2). */
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

test('A74 a pushed request keeps its challenge, without one in the address and with another one there', async () => {
  const { secret } = clients;
  const verifier = 'v'.repeat(43);
  const attempts = [{}, none, { code_challenge: challengeOf('w'.repeat(43)) }, { code_challenge_method: 'plain' }];
  for (const more of attempts) {
    const uri = await push(world, secret, { code_challenge: challengeOf(verifier) });
    const browser = new Browser(world);
    const done = await finish(browser, await authorize(browser, secret, { ...none, request_uri: uri, ...more }));
    const refused = await redeem(world, secret, { ...done, verifier: 'w'.repeat(43) });
    expect(refused).toMatchObject({ status: 400, error: 'invalid_grant' });
    expect((await redeem(world, secret, { ...done, verifier })).status).toBe(200);
  }
});

/** A code of the client with optional PKCE. */
const codeFor = async (params: Record<string, string | undefined>) => {
  const browser = new Browser(world);
  const asked = await authorize(browser, clients.optional, params);
  return { ...(await finish(browser, asked)), verifier: asked.verifier };
};

/** Redeems a code by the verifier of its challenge. */
const redeemBy = async (verifier: string) =>
  redeem(world, clients.optional, { ...(await codeFor({ code_challenge: challengeOf(verifier) })), verifier });

describe('A74 a code', () => {
  test('A74 with a challenge is not redeemed without its verifier, also where PKCE is optional', async () => {
    expect((await redeem(world, clients.optional, await codeFor({}))).status).toBe(200);
    for (const verifier of ['', 'v'.repeat(43)]) {
      expect((await redeem(world, clients.optional, { ...(await codeFor({})), verifier })).error).toBe('invalid_grant');
    }
  });

  test('A74 is redeemed by a verifier of 43 to 128 characters, and of no other form', async () => {
    for (const length of [43, 128]) expect((await redeemBy('v'.repeat(length))).status).toBe(200);
    for (const odd of [
      'v'.repeat(42),
      'v'.repeat(129),
      `${'v'.repeat(43)}+`,
      `${'v'.repeat(43)}\n`,
      `ü${'v'.repeat(43)}`,
    ]) {
      expect((await redeemBy(odd)).access_token).toBeUndefined();
    }
  });

  test('A74 without a challenge is not redeemed with a verifier: the challenge was taken out on the way', async () => {
    expect((await redeem(world, clients.optional, { ...(await codeFor(none)), verifier: '' })).status).toBe(200);
    expect((await redeem(world, clients.optional, await codeFor(none))).error).toBe('invalid_grant');
  });
});

test('A74 a client without a secret cannot be registered with optional PKCE, nor with another word', async () => {
  const refusal = {
    ok: false,
    message: 'pkce must be required, or optional for a client with a secret that is not native',
  };
  const redirect_uris = ['https://rp.test/cb'];
  expect(
    await world.clients.add({ redirect_uris, token_endpoint_auth_method: 'none', pkce: 'optional' }, 'cli'),
  ).toMatchObject(refusal);
  const others = ['none', 'S256', true] as unknown as 'optional'[];
  for (const pkce of others) expect(await world.clients.add({ redirect_uris, pkce }, 'cli')).toMatchObject(refusal);
});
