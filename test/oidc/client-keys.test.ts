/** Tests where the keys of a client come from: its registration, or an address that is read again when its keys are old. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import { createClientKey, type ClientKey } from './support/client-keys.ts';
import { send } from './support/http.ts';
import { openWorld, type World } from './support/world.ts';

const address = 'https://contoso.test/keys';
let world: World;
let key: ClientKey;
let next: ClientKey;
let fetched: string[];
let answer: () => Promise<Response>;
beforeEach(async () => {
  fetched = [];
  world = await openWorld({
    outbound: async asked => {
      fetched.push(asked instanceof Request ? asked.url : new URL(asked).href);
      return answer();
    },
  });
  [key, next] = [await createClientKey(world), await createClientKey(world)];
  answer = async () => Response.json({ keys: [key.jwk] });
});
afterEach(() => world.close());

const add = (more: Partial<NewClient>) =>
  world.clients.add(
    {
      client_id: 'contoso',
      redirect_uris: ['https://contoso.test/cb'],
      token_endpoint_auth_method: 'private_key_jwt',
      ...more,
    },
    'cli',
  );
const asked = async (by: ClientKey): Promise<number> =>
  (await send(world, 'POST', '/token/introspection', { form: { token: 'x', ...(await by.prove('contoso')) } })).status;

describe('keys at an address', () => {
  beforeEach(async () => {
    await add({ jwks_uri: address });
  });

  test('are read when they are first needed, and again after a minute at the earliest', async () => {
    expect(fetched).toEqual([]);
    for (let times = 0; times < 3; times += 1) expect(await asked(key)).toBe(200);
    expect(fetched).toEqual([address]);
    answer = async () => Response.json({ keys: [next.jwk] });
    expect(await asked(next)).toBe(401);
    expect(fetched).toHaveLength(1);
    world.clock.advance(61_000);
    expect(await asked(next)).toBe(200);
    expect(await asked(key)).toBe(401);
    expect(fetched).toHaveLength(2);
  });

  test.each<[string, () => Promise<Response>]>([
    ['cannot be reached', () => Promise.reject(new Error('unreached'))],
    ['are no keys', async () => new Response('<html>')],
    ['are not there', async () => new Response('', { status: 404 })],
    ['are private', async () => Response.json({ keys: [{ ...key.jwk, d: 'x' }] })],
    ['are secrets', async () => Response.json({ keys: [{ kty: 'oct', k: 'x' }] })],
  ])('that %s refuse the client, which is known again when they are there', async (_title, answered) => {
    answer = answered;
    expect(await asked(key)).toBe(401);
    world.clock.advance(61_000);
    answer = async () => Response.json({ keys: [key.jwk] });
    expect(await asked(key)).toBe(200);
  });
});

test.each<[string, unknown, RegExp]>([
  ['no list', {}, /^jwks: got no list of keys/],
  ['an empty list', { keys: [] }, /^jwks: got 0 keys/],
  ['more keys than a client needs', { keys: Array.from({ length: 21 }, () => ({ kty: 'EC' })) }, /^jwks: got 21 keys/],
  ['a private key', { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', d: 'd' }] }, /^jwks: got the private member d/],
  ['a secret', { keys: [{ kty: 'oct', k: 'k' }] }, /^jwks: got the private member k/],
  ['a text', 'keys', /^jwks: got no list of keys/],
])('a client is not registered with %s for keys', async (_title, jwks, message) => {
  const refused = { ok: false, message: expect.stringMatching(message) };
  expect(await add({ jwks: jwks as NonNullable<NewClient['jwks']> })).toMatchObject(refused);
});

test('a client without a key cannot be registered to prove one, nor with keys in two places', async () => {
  expect(await add({})).toMatchObject({ ok: false, message: expect.stringContaining('jwks') });
  const both = await add({ jwks: { keys: [key.jwk] }, jwks_uri: address });
  expect(both).toMatchObject({ ok: false, message: expect.stringContaining('jwks_uri') });
});

describe('a client that changes', () => {
  test('from a secret to a key loses the secret at once', async () => {
    const rp = await world.addClient({ client_id: 'contoso' });
    const change = { set: { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key.jwk] } } };
    expect(await world.clients.change('contoso', change, 'cli')).toMatchObject({ ok: true });
    const basic = `Basic ${Buffer.from(`contoso:${rp.secret}`).toString('base64')}`;
    const form = { token: 'x' };
    const answered = await send(world, 'POST', '/token/introspection', { form, headers: { authorization: basic } });
    expect([answered.status, await asked(key)]).toEqual([401, 200]);
    const [stored] = await world.documents.find({ model: 'Client' });
    expect(stored?.payload).not.toHaveProperty('client_secret');
    expect(await world.clients.secrets.add('contoso', 0, 'cli')).toMatchObject({ ok: false });
  });

  test('cannot go back from a key to a secret, or to none', async () => {
    await add({ jwks: { keys: [key.jwk] } });
    for (const method of ['client_secret_basic', 'none']) {
      const change = { set: { token_endpoint_auth_method: method } };
      expect(await world.clients.change('contoso', change, 'cli')).toMatchObject({ ok: false });
    }
    expect(await asked(key)).toBe(200);
  });
});
