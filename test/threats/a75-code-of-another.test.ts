/**
 * A75. An attacker got a code of somebody else: from a log, a history or a broken redirect. They redeem it as another client, from another
 * redirect address or with a key of their own (RFC 9700 §4.5). A code is bound to all three.
 * Guards: `src/oidc/used-jwts.ts#markUsedJwts` for proofs; oidc-provider binds a code to client and address, and to the key of a pushed
 * request (`dpop_jkt`, RFC 9449 §10).
 */
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { createProver, type Prover } from '../oidc/support/dpop.ts';
import { authorizePushed, credentials, redeem, signedIn } from '../oidc/support/flows.ts';
import { Browser, send } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';

const names = ['own', 'other'] as const;
type Name = (typeof names)[number];
let world: World;
let clients: Readonly<Record<Name, Rp>>;
let keys: Readonly<Record<Name, Prover>>;
const uris: Readonly<Record<Name, string>> = { own: 'https://contoso.test/cb', other: 'https://contoso.test/other' };
beforeAll(async () => {
  world = await openWorld();
  await world.addUser('ada');
  const redirect_uris = Object.values(uris);
  clients = {
    own: await world.addClient({ client_id: 'contoso', redirect_uris }),
    other: await world.addClient({ client_id: 'fabrikam', redirect_uris }),
  };
  keys = { own: await createProver(world), other: await createProver(world) };
});
afterAll(() => world.close());
beforeEach(() => {
  jest.spyOn(Date, 'now').mockImplementation(world.clock);
});

const verifier = 'v'.repeat(43);

/** A code that was asked for by the own client, address and key. */
const stolen = async () => {
  const { own } = clients;
  const form = {
    client_id: own.id,
    response_type: 'code',
    redirect_uri: uris.own,
    scope: 'openid',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  const headers = { ...credentials(own), ...(await keys.own('POST', '/request')) };
  const { text } = await send(world, 'POST', '/request', { form, headers });
  const browser = new Browser(world);
  const asked = await authorizePushed(browser, own, (JSON.parse(text) as { request_uri: string }).request_uri);
  return browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada') });
};

const bring = async (client: Name, uri: Name, key: Name | 'no') => {
  const headers = key === 'no' ? {} : await keys[key]('POST', '/token');
  return redeem(world, { ...clients[client], redirectUri: uris[uri] }, { ...(await stolen()), verifier }, 0, headers);
};

const use = async (headers: Record<string, string>): Promise<number> =>
  (await send(world, 'GET', '/me', { headers })).status;

describe('A75 a code', () => {
  test('A75 is redeemed by its client, from its address, with its key', async () => {
    expect(await bring('own', 'own', 'own')).toMatchObject({ status: 200, token_type: 'DPoP' });
  });

  const cells = names.flatMap(client =>
    names.flatMap(uri => ([...names, 'no'] as const).map(key => [client, uri, key] as const)),
  );
  test.each(cells.filter(cell => cell.some(each => each !== 'own')))(
    'A75 is refused to the %s client from the %s address with the %s key',
    async (client, uri, key) => {
      expect(await bring(client, uri, key)).toMatchObject({ status: 400, error: 'invalid_grant' });
    },
  );

  test('A75 brings tokens that no other key can use, and that no bearer is', async () => {
    const { access_token: token } = await bring('own', 'own', 'own');
    const withAth = async (key: Prover) => ({
      ...(await key('GET', '/me', { ath: createHash('sha256').update(String(token)).digest('base64url') })),
      authorization: `DPoP ${token}`,
    });
    expect(await use(await withAth(keys.own))).toBe(200);
    expect(await use(await withAth(keys.other))).toBe(401);
    expect(await use({ authorization: `Bearer ${token}` })).toBe(401);
  });

  test('A75 a proof of its key works once, also where twenty requests bring it at the same moment', async () => {
    const { access_token: token } = await bring('own', 'own', 'own');
    const ath = createHash('sha256').update(String(token)).digest('base64url');
    const headers = { ...(await keys.own('GET', '/me', { ath })), authorization: `DPoP ${token}` };
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(world, 'GET', '/me', { headers })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
  });
});
