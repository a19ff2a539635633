/**
 * C26. A client is removed because its tokens were stolen, and registered again under its id. A stolen refresh token of
 * the old client must not be valid for the new one.
 * Guard: `src/oidc/clients.ts#remove`, which also removes the grants and tokens of a client.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import { oidcDocumentKind } from '../../src/records.ts';
import { writeClient } from '../support/world/clients.ts';
import { atClient, enterPassword, openRelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe('C26 a client that was removed and added again', () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.close());

  const client = {
    id: 'shop',
    name: 'Shop',
    redirectUris: ['https://shop.test/callback'],
    postLogoutRedirectUris: [],
    first_party: true,
  };

  test('C26 a client added again does not inherit the tokens of the removed one', async () => {
    await writeClient(world.services, client);
    const rp = await openRelyingParty(world, client);
    const request = await rp.begin();
    const browser = world.browser();
    const page = await enterPassword(browser, await browser.visit(request.url), world.people.linus);
    const tokens = await request.redeem(atClient(browser, page));
    const { refresh_token: stolen = '', access_token: access } = await oidc.refreshTokenGrant(
      rp.config,
      tokens.refresh_token ?? '',
    );

    expect(await (await world.services.clients()).remove(client.id, 'cli')).toEqual({ ok: true });
    await writeClient(world.services, client);
    await expect(oidc.refreshTokenGrant(rp.config, stolen)).rejects.toMatchObject({ error: 'invalid_grant' });
    const told = await browser.go('/me', { headers: { authorization: `Bearer ${access}` } });
    expect(told.status).toBe(401);
    const kept = await world.store.durable.collection(oidcDocumentKind).find({ clientId: client.id });
    expect(kept.map(({ model }) => model)).toEqual(['Client']);
  });
});
