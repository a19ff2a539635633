/** Clients as the operator keeps them. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addClient, listClients, removeClient, type NewClient } from '../../src/oidc/clients.ts';
import { createClientDirectory } from '../../src/oidc/client-directory.ts';
import { authorize, redeem, signIn } from './flows.ts';
import { Browser } from './http.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());
const add = (client: Partial<NewClient>) =>
  addClient(world.clients, { redirect_uris: ['https://rp.test/cb'], ...client });

describe('adding', () => {
  test('makes up an id and a secret of 256 bits, and keeps only a keyed hash of it', async () => {
    const added = await add({ client_name: 'Contoso' });
    if (!added.ok) throw new Error(added.message);
    expect(Buffer.from(added.secret ?? '', 'base64url')).toHaveLength(32);
    const kept = JSON.stringify(await world.clients.documents.find({ model: 'Client' }));
    expect(kept).toContain('Contoso');
    expect(kept).not.toContain(added.secret);
    expect(world.audited).toEqual([{ event: 'client.added', actor: 'cli', outcome: 'success', client: added.id }]);
  });

  test('gives no secret to a client that cannot keep one', async () => {
    expect(await add({ client_id: 'spa', token_endpoint_auth_method: 'none' })).toEqual({ ok: true, id: 'spa' });
  });

  test.each<[string, object, RegExp]>([
    ['no redirect URI', { redirect_uris: [] }, /redirect_uris/],
    ['a redirect URI that is none', { redirect_uris: ['nowhere'] }, /redirect_uris/],
    ['a script for a redirect URI', { redirect_uris: ['javascript:alert(1)'] }, /redirect_uris/],
    ['a fragment', { redirect_uris: ['https://rp.test/#x'] }, /fragment/],
    ['a signature by the secret', { id_token_signed_response_alg: 'HS256' }, /id_token_signed_response_alg/],
    ['no signature', { id_token_signed_response_alg: 'none' }, /id_token_signed_response_alg/],
    ['an implicit grant', { grant_types: ['implicit'] }, /grant_types/],
    ['an assertion for a secret', { token_endpoint_auth_method: 'client_secret_jwt' }, /token_endpoint_auth_method/],
    ['an unknown scope', { scope: 'openid everything' }, /scope/],
    ['an unknown level', { min_acr: 'gold' }, /min_acr must be sfa, mfa, aal2 or phr/],
    ['a word for a truth', { require_mfa: 'yes' }, /require_mfa must be true or false/],
    ['a negative age', { mfa_max_age: -1 }, /mfa_max_age must be a number of seconds/],
  ])('refuses %s, and says what was expected', async (_title, client, message) => {
    expect(await add(client as Partial<NewClient>)).toEqual({
      ok: false,
      why: 'invalid',
      message: expect.stringMatching(message),
    });
    expect(await listClients(world.clients.documents)).toEqual([]);
  });

  test('refuses an id that is taken: of eight at once, one', async () => {
    const added = await Promise.all(Array.from({ length: 8 }, () => add({ client_id: 'contoso' })));
    expect(added.filter(({ ok }) => ok)).toHaveLength(1);
    expect(added.find(({ ok }) => !ok)).toMatchObject({ why: 'taken', message: 'the client id contoso is taken' });
  });
});

test('what our policy reads comes back from the provider', async () => {
  await add({ client_id: 'bank', require_mfa: true, min_acr: 'aal2', mfa_max_age: 60, first_party: true });
  const client = await world.provider.Client.find('bank');
  expect(client?.metadata()).toMatchObject({ require_mfa: true, min_acr: 'aal2', mfa_max_age: 60, first_party: true });
});

test('a list holds every client, without secrets', async () => {
  for (let at = 0; at < 230; at += 1) await add({ client_id: `client-${at}`, client_name: `Client ${at}` });
  const listed = await listClients(world.clients.documents);
  expect(listed).toHaveLength(230);
  expect(listed.find(({ id }) => id === 'client-7')).toEqual({
    id: 'client-7',
    name: 'Client 7',
    redirectUris: ['https://rp.test/cb'],
    public: false,
  });
});

describe('removing', () => {
  test('tells whether there was one', async () => {
    await add({ client_id: 'contoso' });
    expect([await removeClient(world.clients, 'contoso'), await removeClient(world.clients, 'contoso')]).toEqual([
      true,
      false,
    ]);
    expect(world.audited.filter(({ event }) => event === 'client.removed')).toHaveLength(1);
  });

  test('ends the sign-ins that were under way', async () => {
    const rp = await world.addClient({ client_id: 'contoso' });
    await world.addUser('ada');
    const done = await signIn(new Browser(world), rp, 'ada');
    await removeClient(world.clients, 'contoso');
    expect((await redeem(world, rp, done)).error).toBe('invalid_client');
    expect((await authorize(new Browser(world), rp)).answer).toMatchObject({
      status: 400,
      text: expect.stringContaining('invalid_client'),
    });
  });
});

describe('the directory', () => {
  test('remembers a client for seconds, forgets it at a ring, and does without one', async () => {
    const { documents, bell } = world.clients;
    await add({ client_id: 'contoso' });
    let reads = 0;
    const counted: typeof documents = { ...documents, get: id => ((reads += 1), documents.get(id)) };
    const directory = await createClientDirectory({ documents: counted, bell, clock: world.clock });
    for (let at = 0; at < 5; at += 1) expect(await directory.find('contoso')).toMatchObject({ client_id: 'contoso' });
    expect(reads).toBe(1);
    await removeClient(world.clients, 'contoso');
    await Promise.resolve();
    expect(await directory.find('contoso')).toBeUndefined();

    await add({ client_id: 'contoso' });
    await directory.find('contoso');
    directory.close();
    await removeClient(world.clients, 'contoso');
    world.clock.advance(5_000);
    expect(await directory.find('contoso')).toBeUndefined();
  });
});
