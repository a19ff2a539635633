/**
 * C26. The secret of a service was stolen, so the service is removed, and added again under its id. A token that the thief has, or gets
 * from a node that has not noticed the removal, must not count as one of the new service. The same holds for the identifier of a resource
 * server that another client takes over. No clean-up helps here: it finds no token that is stored after it, and a store may forget tags.
 * Guard: `src/oidc/issued-under.ts#countUnderRegistration`.
 */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { introspect, tokens } from '../oidc/support/flows.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';
import { stores } from '../support/world/stores.ts';

const filesUri = 'https://files.test/api';
const api = (client_id: string) => ({
  client_id,
  grant_types: [],
  resource: filesUri,
  resource_scopes: ['files:read'],
});
const service = {
  client_id: 'nightly',
  grant_types: ['client_credentials'],
  service_scopes: ['files:read'],
  default_resource: filesUri,
} as const;

describe.each(stores)('C26 on $name', store => {
  let world: World;
  let files: Rp;
  let nightly: Rp;
  beforeEach(async () => {
    world = await openWorld({ store, nodes: 2 });
    files = await world.addClient(api('files'));
    nightly = await world.addClient(service);
    // The clean-up of tokens fails without a word, and messages between nodes are lost.
    jest.spyOn(world.store.shortLived.ephemeral, 'dropTagged').mockResolvedValue();
    jest.spyOn(world.store.shortLived.notifier, 'publish').mockResolvedValue();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await world.close();
  });

  const issued = async (node = 0): Promise<string | undefined> =>
    (await tokens(world, nightly, { grant_type: 'client_credentials' }, { node })).access_token;
  const isActive = async (token: string | undefined, asking = files): Promise<unknown> =>
    (await introspect(world, asking, token))['active'];
  /** Each node has noticed changes after a second. */
  const noticed = (): void => world.clock.advance(1000);

  test('a token of a service counts after changes of both clients, and not for a service that was added again', async () => {
    const token = await issued();
    expect(await isActive(token)).toBe(true);
    await world.clients.change('nightly', { set: { client_name: 'Every night' } }, 'cli');
    await world.clients.change('files', { set: { client_name: 'Files' } }, 'cli');
    noticed();
    expect(await isActive(token)).toBe(true);

    await world.clients.remove('nightly', 'cli');
    nightly = await world.addClient(service);
    noticed();
    expect(await isActive(token)).toBe(false);
    expect(await isActive(await issued())).toBe(true);
  });

  test('a token from a node that has not noticed the removal does not count for the service that was added again', async () => {
    expect(await isActive(await issued(1))).toBe(true);
    await world.clients.remove('nightly', 'cli');
    const late = await issued(1);
    expect(late).toBeDefined();
    nightly = await world.addClient(service);
    noticed();
    expect(await isActive(late)).toBe(false);
    expect(await isActive(await issued(1))).toBe(true);
  });

  test.each(['removed', 'moved'])(
    'C26 a token for a resource server that was %s does not count for the next one',
    async how => {
      const token = await issued();
      expect(await isActive(token)).toBe(true);
      if (how === 'removed') await world.clients.remove('files', 'cli');
      else await world.clients.change('files', { set: { resource: 'https://elsewhere.test/' } }, 'cli');
      const next = await world.addClient(api('next'));
      noticed();
      expect(await isActive(token, next)).toBe(false);
      expect(await isActive(token, nightly)).toBe(false);
      expect(await isActive(await issued(), next)).toBe(true);
    },
  );
});
