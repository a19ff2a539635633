/**
 * C05. An account is locked while its access token is valid. The provider's own endpoints refuse it at once. A resource
 * server that asks by introspection must also get a refusal. Otherwise the attacker continues there for the rest of the
 * hour.
 * Guard: `src/oidc/resource-servers.ts#introspection`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import { userKind } from '../../src/records.ts';
import { atClient, enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe('C05 tokens of a locked account', () => {
  let world: World;
  let rp: RelyingParty;
  beforeEach(async () => {
    world = await startWorld();
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  test('C05 access and refresh tokens of a locked account are not active', async () => {
    const { linus } = world.people;
    const browser = world.browser();
    const request = await rp.begin();
    const page = await enterPassword(browser, await browser.visit(request.url), linus);
    const { access_token: access, refresh_token: refresh = '' } = await request.redeem(atClient(browser, page));
    const active = async (token: string) => (await oidc.tokenIntrospection(rp.config, token)).active;
    expect([await active(access), await active(refresh)]).toEqual([true, true]);

    await world.services.users.lock(linus.user.id, 'cli');
    expect([await active(access), await active(refresh)]).toEqual([false, false]);
    await expect(oidc.refreshTokenGrant(rp.config, refresh)).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  test('C05 they are not active either where the process ended between the lock and the end of the tokens', async () => {
    const { linus } = world.people;
    const browser = world.browser();
    const request = await rp.begin();
    const page = await enterPassword(browser, await browser.visit(request.url), linus);
    const { access_token: access } = await request.redeem(atClient(browser, page));
    const users = world.store.durable.collection(userKind);
    const stored = await users.get(linus.user.id);
    if (stored === undefined) throw new Error('the account is gone');
    await users.replace({ ...stored, lockedAt: world.clock() });
    expect((await oidc.tokenIntrospection(rp.config, access)).active).toBe(false);
  });
});
