/** Tests the registry of clients, which the command line, the development world and the tests share. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { newClientSecret } from '../../src/oidc/clients/secrets.ts';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import type { ClientChange } from '../../src/oidc/clients/change.ts';
import { documentId } from '../../src/oidc/adapter/durable.ts';
import { clientTag } from '../../src/oidc/adapter/short-lived.ts';
import { clientsTopic, createClientDirectory } from '../../src/oidc/clients/directory.ts';
import { changesOfClients } from '../../src/oidc/clients/version.ts';
import { authorize, redeem, refresh, signIn } from './support/flows.ts';
import { key } from '../../src/ports/stores.ts';
import { Browser } from './support/http.ts';
import { openWorld, type World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());
const add = (client: Partial<NewClient>) =>
  world.clients.add({ redirect_uris: ['https://rp.test/cb'], ...client }, 'cli');
const metadataOf = async (id: string) => (await world.provider.Client.find(id))?.metadata();
const auditedOf = (name: string) => world.audited.filter(({ event }) => event === name);

/** Redirect addresses that are refused: they could be read on the way, or lead to another host than they seem to. */
const unsafeAddresses = [
  ['plain http to another machine', 'http://contoso.example/cb'],
  ['a host that only begins like this machine', 'http://127.0.0.1.contoso.example/cb'],
  ['a fragment', 'https://contoso.example/cb#a'],
  ['credentials', 'https://user:password@contoso.example/cb'],
  ['script', 'javascript:alert(1)'],
  ['a scheme without a dot', 'contoso:/cb'],
  ['no address', 'contoso'],
] as const;

describe('Clients.add', () => {
  test('creates an id and a 256-bit secret and stores only a keyed hash', async () => {
    const added = await add({ client_name: 'Contoso' });
    if (!added.ok) throw new Error(added.message);
    expect(Buffer.from(added.secret ?? '', 'base64url')).toHaveLength(32);
    const kept = JSON.stringify(await world.documents.find({ model: 'Client' }));
    expect(kept).toContain('Contoso');
    expect(kept).not.toContain(added.secret);
    expect(world.audited).toEqual([{ event: 'client.added', actor: 'cli', outcome: 'success', client: added.id }]);
  });

  test('stores addresses without the white space that a clipboard brought along', async () => {
    const [redirect, logout] = [' https://rp.test/cb\n', '\uFEFFhttps://rp.test/'];
    await add({ client_id: 'contoso', redirect_uris: [redirect], post_logout_redirect_uris: [logout] });
    expect((await world.clients.find('contoso'))?.metadata).toMatchObject({
      redirect_uris: ['https://rp.test/cb'],
      post_logout_redirect_uris: ['https://rp.test/'],
    });
  });

  test('gives no secret to a public client', async () => {
    expect(await add({ client_id: 'spa', token_endpoint_auth_method: 'none' })).toEqual({ ok: true, id: 'spa' });
  });

  test.each<[string, object, RegExp]>([
    ['no redirect URI', { redirect_uris: [] }, /redirect_uris/],
    ['a redirect URI that is not an address', { redirect_uris: ['nowhere'] }, /redirect_uris/],
    ['a script for a redirect URI', { redirect_uris: ['javascript:alert(1)'] }, /redirect_uris/],
    ['a fragment', { redirect_uris: ['https://rp.test/#x'] }, /fragment/],
    ['a text for a list', { redirect_uris: 'https://rp.test/cb' }, /redirect_uris must be an array/],
    ['a signature by the secret', { id_token_signed_response_alg: 'HS256' }, /id_token_signed_response_alg/],
    ['no signature', { id_token_signed_response_alg: 'none' }, /id_token_signed_response_alg/],
    ['an implicit grant', { grant_types: ['implicit'] }, /grant_types/],
    ['an assertion for a secret', { token_endpoint_auth_method: 'client_secret_jwt' }, /client_secret/],
    ['an unknown scope', { scope: 'openid everything' }, /scope/],
    ['an unknown level', { min_acr: 'gold' }, /min_acr must be sfa, mfa, aal2 or phr/],
    ['a word for a truth', { require_mfa: 'yes' }, /require_mfa must be true or false/],
    ['a negative age', { mfa_max_age: -1 }, /mfa_max_age must be a number of seconds/],
    ['an empty id', { client_id: '' }, /client_id/],
    ['an id that cannot stand in an address', { client_id: 'a/b' }, /client_id: got "a\/b", expected 1 to 128/],
    ['an id without end', { client_id: 'a'.repeat(129) }, /client_id/],
  ])('refuses %s and names the expectation', async (_title, client, message) => {
    expect(await add(client as Partial<NewClient>)).toEqual({
      ok: false,
      reason: 'invalid',
      message: expect.stringMatching(message),
    });
    expect(await world.clients.list()).toEqual([]);
    expect(world.audited).toEqual([]);
  });

  test.each(unsafeAddresses)('refuses %s as a redirect address before and after a sign-in', async (_title, uri) => {
    const wrongs: [string, Partial<NewClient>][] = [
      ['redirect_uris', { redirect_uris: ['https://rp.test/cb', uri] }],
      ['post_logout_redirect_uris', { post_logout_redirect_uris: [uri] }],
    ];
    for (const [member, wrong] of wrongs) {
      for (const application_type of ['web', 'native'] as const) {
        const message = expect.stringContaining(member);
        expect(await add({ application_type, ...wrong })).toEqual({ ok: false, reason: 'invalid', message });
      }
    }
    expect(await world.clients.list()).toEqual([]);
  });

  test.each(['http://127.0.0.1:3002/cb', 'http://[::1]:3002/cb', 'http://localhost:3002/cb'])(
    'accepts the loopback address %s',
    async uri => {
      const addresses = { redirect_uris: [uri], post_logout_redirect_uris: [uri] };
      expect(await add({ client_id: 'contoso', ...addresses })).toMatchObject({ ok: true });
      expect((await world.provider.Client.find('contoso'))?.metadata()).toMatchObject(addresses);
    },
  );

  test('accepts one of eight parallel clients with the same id', async () => {
    const added = await Promise.all(Array.from({ length: 8 }, () => add({ client_id: 'contoso' })));
    expect(added.filter(({ ok }) => ok)).toHaveLength(1);
    expect(added.find(({ ok }) => !ok)).toMatchObject({ reason: 'taken', message: 'the client id contoso is taken' });
  });
});

describe('Clients.write', () => {
  const contoso = { client_id: 'contoso', redirect_uris: ['http://127.0.0.1:3002/callback'] };

  test('adds or replaces a client, and notifies running servers of this and of a removal', async () => {
    let rings = 0;
    const silence = await world.store.shortLived.notifier.subscribe(clientsTopic, () => void (rings += 1));
    const secret = newClientSecret();
    expect(await world.clients.list()).toEqual([]);
    await world.clients.write({ ...contoso, client_name: 'Contoso', client_secret: secret });
    await world.clients.write({ ...contoso, client_secret: secret, redirect_uris: ['https://contoso.example/cb'] });
    const anew = { id: 'contoso', name: 'contoso', redirectUris: ['https://contoso.example/cb'], public: false };
    expect(await world.clients.list()).toEqual([anew]);
    expect(JSON.stringify(await world.documents.find({ model: 'Client' }))).not.toContain(secret);
    expect(rings).toBe(2);
    expect(await world.clients.remove('contoso', 'cli')).toEqual({ ok: true });
    expect(await world.clients.remove('contoso', 'cli')).toMatchObject({ ok: false, reason: 'unknown' });
    expect(await world.clients.list()).toEqual([]);
    expect(rings).toBe(4);
    await add({ client_id: 'contoso' });
    expect(rings).toBe(5);
    silence();
  });

  test('with a given secret stores a client that signs in and refreshes', async () => {
    const redirectUri = 'https://contoso.example/cb';
    const known = { client_id: 'contoso', client_secret: 'agreed on before', first_party: true };
    await world.clients.write({ ...known, redirect_uris: [redirectUri] });
    await world.addUser('ada');
    const rp = { id: 'contoso', secret: 'agreed on before', redirectUri };
    const got = await redeem(world, rp, await signIn(new Browser(world), rp, 'ada'));
    expect((await refresh(world, rp, got.refresh_token)).status).toBe(200);
    const other = await refresh(world, { ...rp, secret: 'another' }, got.refresh_token);
    expect(other).toMatchObject({ status: 401, error: 'invalid_client' });
  });

  test('the stored digest of a secret is not the secret', async () => {
    const redirectUri = 'https://contoso.example/cb';
    const known = { client_id: 'contoso', client_secret: 'agreed on before', first_party: true };
    await world.clients.write({ ...known, redirect_uris: [redirectUri] });
    await world.addUser('ada');
    const rp = { id: 'contoso', secret: 'agreed on before', redirectUri };
    const got = await redeem(world, rp, await signIn(new Browser(world), rp, 'ada'));
    const [stored] = await world.documents.find({ model: 'Client' });
    const digest = String(stored && Reflect.get(stored.payload, 'client_secret'));
    expect(digest).toMatch(/^[\w-]{43}$/);
    const byDigest = await refresh(world, { ...rp, secret: digest }, got.refresh_token);
    expect(byDigest).toMatchObject({ status: 401, error: 'invalid_client' });
    expect((await refresh(world, rp, got.refresh_token)).status).toBe(200);
  });

  test('without a secret stores a public client', async () => {
    await world.clients.write(contoso);
    expect(await world.clients.list()).toMatchObject([{ id: 'contoso', public: true }]);
  });

  test.each(unsafeAddresses)('refuses %s and writes no client', async (_title, uri) => {
    for (const wrong of [{ redirect_uris: [uri] }, { post_logout_redirect_uris: [uri] }]) {
      await expect(world.clients.write({ ...contoso, ...wrong })).rejects.toMatchObject({ code: 'bad-request' });
    }
    expect(await world.clients.list()).toEqual([]);
  });
});

describe('Clients.change', () => {
  const uri = 'https://rp.test/cb';
  test('sets members, gives defaults again, and adds and removes addresses one by one', async () => {
    await add({ client_id: 'contoso', first_party: true, pkce: 'required' });
    const changed = await world.clients.change(
      'contoso',
      {
        set: { id_token_signed_response_alg: 'RS256' },
        unset: ['pkce'],
        add: { redirect_uris: ['https://b.test/cb', uri] },
        remove: { redirect_uris: [uri] },
      },
      'cli',
    );
    const members = ['id_token_signed_response_alg', 'pkce', 'redirect_uris'];
    expect(changed).toEqual({ ok: true, members });
    const metadata = await metadataOf('contoso');
    expect(metadata).toMatchObject({
      id_token_signed_response_alg: 'RS256',
      redirect_uris: ['https://b.test/cb'],
      first_party: true,
      grant_types: ['authorization_code', 'refresh_token'],
    });
    expect(metadata?.['pkce']).toBeUndefined();
    expect(auditedOf('client.changed')).toEqual([
      { event: 'client.changed', actor: 'cli', outcome: 'success', client: 'contoso', members: members.join(' ') },
    ]);
  });

  test('of ten changes at the same moment loses none', async () => {
    await add({ client_id: 'contoso' });
    const added = Array.from({ length: 10 }, (_, at) => `https://rp${at}.test/cb`);
    const changes = await Promise.all([
      ...added.map(each => world.clients.change('contoso', { add: { redirect_uris: [each] } }, 'cli')),
      world.clients.change('contoso', { set: { require_mfa: true } }, 'cli'),
    ]);
    expect(changes.every(({ ok }) => ok)).toBe(true);
    const metadata = await metadataOf('contoso');
    expect(metadata).toMatchObject({ require_mfa: true });
    expect(metadata?.redirect_uris?.toSorted()).toEqual([uri, ...added].toSorted());
    expect(auditedOf('client.changed')).toHaveLength(11);
  });

  test('reaches a running server at once, which had read the client before', async () => {
    await add({ client_id: 'contoso' });
    await metadataOf('contoso');
    await world.clients.change('contoso', { set: { client_name: 'Fabrikam' } }, 'cli');
    expect(await metadataOf('contoso')).toMatchObject({ client_name: 'Fabrikam' });
  });

  test.each<[string, ClientChange, RegExp]>([
    ['a mistake in a value', { set: { min_acr: 'gold' } }, /min_acr must be/],
    ['the last redirect address removed', { remove: { redirect_uris: [uri] } }, /redirect_uris/],
    [
      'an address to remove that is not registered',
      { remove: { redirect_uris: [`${uri}/`] } },
      /got "https:\/\/rp.test\/cb\/" to remove, registered: https:\/\/rp.test\/cb/,
    ],
    ['a client with a secret made public', { set: { token_endpoint_auth_method: 'none' } }, /has a secret/],
  ])('refuses %s, and the client stays as it was', async (_title, change, message) => {
    await add({ client_id: 'contoso' });
    const before = await world.clients.find('contoso');
    expect(await world.clients.change('contoso', change, 'cli')).toEqual({
      ok: false,
      reason: 'invalid',
      message: expect.stringMatching(message),
    });
    expect(await world.clients.find('contoso')).toEqual(before);
    expect(auditedOf('client.changed')).toEqual([]);
  });

  test('refuses to give a secret to a public client, and a client that does not exist', async () => {
    await add({ client_id: 'spa', token_endpoint_auth_method: 'none' });
    const change = { set: { token_endpoint_auth_method: 'client_secret_basic' } };
    const [spa, absent] = [world.clients.change('spa', change, 'cli'), world.clients.change('absent', change, 'cli')];
    expect(await spa).toMatchObject({ reason: 'invalid', message: expect.stringContaining('is public') });
    expect(await absent).toEqual({ ok: false, reason: 'unknown', message: 'no client "absent"' });
  });

  test('that changes nothing is not audited', async () => {
    await add({ client_id: 'contoso' });
    const change = { add: { redirect_uris: [uri] }, unset: ['pkce' as const] };
    expect(await world.clients.change('contoso', change, 'cli')).toEqual({ ok: true, members: [] });
    expect(auditedOf('client.changed')).toEqual([]);
  });
});

test('the metadata of our policy is returned by the provider', async () => {
  await add({ client_id: 'bank', require_mfa: true, min_acr: 'aal2', mfa_max_age: 60, first_party: true });
  const client = await world.provider.Client.find('bank');
  expect(client?.metadata()).toMatchObject({ require_mfa: true, min_acr: 'aal2', mfa_max_age: 60, first_party: true });
});

test('Clients.list returns every client without secrets', async () => {
  for (let at = 0; at < 230; at += 1) await add({ client_id: `client-${at}`, client_name: `Client ${at}` });
  const listed = await world.clients.list();
  expect(listed).toHaveLength(230);
  expect(listed.find(({ id }) => id === 'client-7')).toEqual({
    id: 'client-7',
    name: 'Client 7',
    redirectUris: ['https://rp.test/cb'],
    public: false,
  });
});

describe('Clients.remove', () => {
  test('returns whether the client existed', async () => {
    await add({ client_id: 'contoso' });
    const removals = [await world.clients.remove('contoso', 'cli'), await world.clients.remove('contoso', 'cli')];
    expect(removals.map(({ ok }) => ok)).toEqual([true, false]);
    expect(auditedOf('client.removed')).toEqual([
      { event: 'client.removed', actor: 'cli', outcome: 'success', client: 'contoso' },
    ]);
  });

  test('reports an interrupted removal, and the next one removes the rest', async () => {
    const rp = await world.addClient({ client_id: 'contoso' });
    await world.addUser('ada');
    await redeem(world, rp, await signIn(new Browser(world), rp, 'ada'));
    const { ephemeral } = world.store.shortLived;
    const token = key<string>('token-of-a-service');
    await ephemeral.put(token, 'kept', 60_000, [clientTag('contoso')]);
    jest.spyOn(ephemeral, 'dropTagged').mockRejectedValueOnce(new Error('gone'));
    await expect(world.clients.remove('contoso', 'cli')).rejects.toThrow('gone');
    expect(auditedOf('client.removed')).toHaveLength(1);
    expect(await ephemeral.get(token)).toBe('kept');
    expect(await world.clients.remove('contoso', 'cli')).toMatchObject({ ok: false, reason: 'unknown' });
    expect(await ephemeral.get(token)).toBeUndefined();
    expect(await world.documents.find({ clientId: 'contoso' })).toEqual([]);
  });

  test('ends the sign-ins in progress', async () => {
    const rp = await world.addClient({ client_id: 'contoso' });
    await world.addUser('ada');
    const done = await signIn(new Browser(world), rp, 'ada');
    await world.clients.remove('contoso', 'cli');
    expect((await redeem(world, rp, done)).error).toBe('invalid_client');
    expect((await authorize(new Browser(world), rp)).answer).toMatchObject({
      status: 400,
      text: expect.stringContaining('invalid_client'),
    });
  });
});

/** A directory that counts what it reads. */
const openCounted = async () => {
  const reads: string[] = [];
  const documents = { ...world.documents, get: (id: string) => (reads.push(id), world.documents.get(id)) };
  const { notifier } = world.store.shortLived;
  const directory = await createClientDirectory({ documents, notifier, clock: world.clock });
  return { directory, reads };
};

describe('the client directory', () => {
  test('sees a change at once by its message, and within a second without one', async () => {
    await add({ client_id: 'contoso' });
    const { directory } = await openCounted();
    expect(await directory.find('contoso')).toMatchObject({ client_id: 'contoso' });
    await world.clients.change('contoso', { set: { client_name: 'Contoso' } }, 'cli');
    await Promise.resolve();
    expect(await directory.find('contoso')).toMatchObject({ client_name: 'Contoso' });

    directory.close();
    await world.clients.remove('contoso', 'cli');
    world.clock.advance(1_000);
    expect(await directory.find('contoso')).toBeUndefined();
  });

  test('reads each client once while none is changed, and only the count of changes every second', async () => {
    const ids = Array.from({ length: 50 }, (_, at) => `client-${at}`);
    for (const id of ids) await add({ client_id: id });
    const { directory, reads } = await openCounted();
    const findAll = () => Promise.all(ids.map(id => directory.find(id)));
    const first = await findAll();
    expect(reads).toHaveLength(ids.length + 1);
    for (let second = 0; second < 10; second += 1) {
      world.clock.advance(1_000);
      const again = await findAll();
      expect(again.every((found, at) => found === first[at])).toBe(true);
    }
    expect(reads).toHaveLength(ids.length + 11);
  });

  test('sees a change that was not counted, by a node of an earlier release, within ten minutes', async () => {
    await add({ client_id: 'contoso' });
    const { directory } = await openCounted();
    await directory.find('contoso');
    await world.documents.remove(documentId('Client', 'contoso'));
    world.clock.advance(600_000);
    expect(await directory.find('contoso')).toBeUndefined();
  });

  test('twenty clients that are added at the same moment are all counted', async () => {
    const { directory } = await openCounted();
    const ids = Array.from({ length: 20 }, (_, at) => `client-${at}`);
    await Promise.all(ids.map(async id => add({ client_id: id })));
    expect(await changesOfClients(world.documents)).toBe(ids.length);
    for (const id of ids) expect(await directory.find(id)).toBeDefined();
  });

  test('checks the metadata of a client once, also with more clients than oidc-provider keeps, and again after a change', async () => {
    const { Client } = world.provider;
    const ids = Array.from({ length: 150 }, (_, at) => `client-${at}`);
    for (const id of ids) await add({ client_id: id });
    const made = await Promise.all(ids.map(id => Client.find(id)));
    // Longer than metadata is kept: it is read again, and is the same.
    world.clock.advance(600_000);
    for (const [at, id] of ids.entries()) expect(await Client.find(id)).toBe(made[at]);

    await world.clients.change('client-7', { set: { client_name: 'Contoso' } }, 'cli');
    await Promise.resolve();
    const changed = await Client.find('client-7');
    expect([changed === made[7], changed?.clientName]).toEqual([false, 'Contoso']);
    await world.clients.remove('client-8', 'cli');
    await Promise.resolve();
    expect(await Client.find('client-8')).toBeUndefined();
  });
});
