/**
 * A78. A refresh token is copied from a backup or a disk, and used beside its owner. Every use gives a new token, so
 * that one of the two comes with an old one. Then the whole family ends, in either order (RFC 9700 §4.14.2). This must
 * hold for parallel uses, after a restart, and after the short-lived store was emptied.
 * Guards: `consume` in `src/oidc/adapter/durable.ts#durableAdapter`, `src/oidc/configuration.ts#rotateRefreshToken`,
 * `src/oidc/models.ts#models`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { redeem, refresh, signIn, userinfo } from '../oidc/support/flows.ts';
import { Browser } from '../oidc/support/http.ts';
import { createTurnstile, type Turnstile } from '../oidc/support/turnstile.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';
import { stores } from '../support/world/stores.ts';

describe.each(stores)('A78 on $name', store => {
  let world: World;
  let rp: Rp;
  let turnstile: Turnstile;
  beforeEach(async () => {
    turnstile = createTurnstile();
    world = await openWorld({ store, nodes: 2, turnstile });
    rp = await world.addClient({ client_id: 'contoso' });
    await world.addUser('ada');
  });
  afterEach(() => world.close());
  const signedIn = async () => redeem(world, rp, await signIn(new Browser(world), rp, 'ada', 'mfa'));

  test('A78 each use gives a new token, and use of an old one ends all on every node', async () => {
    const first = await signedIn();
    const second = await refresh(world, rp, first.refresh_token, 1);
    const third = await refresh(world, rp, second.refresh_token, 0);
    expect([second.status, third.status]).toEqual([200, 200]);
    expect((await userinfo(world, third.access_token)).status).toBe(200);

    const replayed = await refresh(world, rp, first.refresh_token, 1);
    expect([replayed.status, replayed.error, replayed.access_token]).toEqual([400, 'invalid_grant', undefined]);

    expect((await refresh(world, rp, third.refresh_token)).error).toBe('invalid_grant');
    expect((await userinfo(world, third.access_token)).status).toBe(401);
    expect(await world.documents.find({ model: 'Grant' })).toEqual([]);
    expect(world.audited).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: 'grant.revoked', client: 'contoso' }),
        expect.objectContaining({ event: 'token.refused', reason: 'invalid_grant', client: 'contoso' }),
      ]),
    );
  });

  test('A78 one of twenty parallel uses on two nodes succeeds', async () => {
    const alone = await signedIn();
    expect((await refresh(world, rp, alone.refresh_token)).status).toBe(200);

    const first = await signedIn();
    turnstile.hold('RefreshToken', 20);
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, at) => refresh(world, rp, first.refresh_token, at % 2)),
    );

    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(all.filter(({ status }) => status !== 200).map(({ error }) => error))).toEqual(
      new Set(['invalid_grant']),
    );
    expect(world.audited.filter(({ event }) => event === 'token.refused')).toHaveLength(19);
    expect(world.logged.filter(({ event }) => event === 'server_error')).toEqual([]);
  });
});

describe.each(stores.filter(({ name }) => name !== 'memory'))('A78 after a restart on $name', store => {
  test('A78 a replay is detected by restarted nodes, also after the session has ended', async () => {
    const world = await openWorld({ store });
    const rp = await world.addClient({ client_id: 'contoso' });
    await world.addUser('ada');
    const browser = new Browser(world);
    const asked = await signIn(browser, rp, 'ada', 'mfa', { scope: 'openid offline_access', prompt: 'consent' });
    const done = await browser.open('POST', asked.url.pathname, { json: { consent: true } });
    const first = await redeem(world, rp, { ...done, verifier: asked.verifier });
    const second = await refresh(world, rp, first.refresh_token);

    const restarted = await world.restart();
    const third = await refresh(restarted, rp, second.refresh_token);
    expect(third.status).toBe(200);
    restarted.clock.advance(2 * 24 * 3_600_000);

    expect((await refresh(restarted, rp, second.refresh_token)).error).toBe('invalid_grant');

    expect((await refresh(restarted, rp, third.refresh_token)).error).toBe('invalid_grant');
    expect(await restarted.documents.find({ model: 'RefreshToken' })).toEqual([]);
    await restarted.close();
  });
});
