/**
 * A78. A refresh token is copied from a backup or a disk, and used beside its owner. Every use gives a new token, so
 * that one of the two comes with an old one. Then the whole family ends, in either order (RFC 9700 §4.14.2). This must
 * hold after a restart, and after the short-lived store was emptied; `replay-raced.test.ts` has parallel uses. A client
 * whose answer was lost repeats its request: for ten seconds that is no reuse, until the new token was used.
 * Guards: `src/oidc/adapter/refresh-tokens.ts#createRefreshTokens`, `src/oidc/replay.ts#isSameClient`,
 * `src/oidc/configuration.ts#rotateRefreshToken`, `src/oidc/models.ts#models`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { documentId } from '../../src/oidc/adapter/durable.ts';
import { createProver } from '../oidc/support/dpop.ts';
import { credentials, introspect, redeem, refresh, signIn, userinfo, type Tokens } from '../oidc/support/flows.ts';
import { Browser, send } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';
import { everyStore } from '../support/world/stores.ts';

describe.each(everyStore)('A78 on $name', store => {
  let world: World;
  let rp: Rp;
  beforeEach(async () => {
    world = await openWorld({ store, nodes: 2 });
    rp = await world.addClient({ client_id: 'contoso' });
    await world.addUser('ada');
  });
  afterEach(() => world.close());
  /** The grant is gone, and with it every token of the family. */
  const expectEnded = async ({ access_token: access, refresh_token: next }: Tokens): Promise<void> => {
    expect((await refresh(world, rp, next)).error).toBe('invalid_grant');
    expect((await userinfo(world, access)).status).toBe(401);
    expect(await world.documents.find({ model: 'Grant' })).toEqual([]);
    expect(world.audited).toContainEqual(expect.objectContaining({ event: 'grant.revoked' }));
  };
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

  test('A78 a refresh repeated within ten seconds gets the same successor on every node, until that was used', async () => {
    const first = await signedIn();
    const second = await refresh(world, rp, first.refresh_token);
    world.clock.advance(9_999);
    const repeated = await refresh(world, rp, first.refresh_token, 1);
    expect([repeated.status, repeated.refresh_token]).toEqual([200, second.refresh_token]);
    expect(repeated.access_token).not.toBe(second.access_token);
    // Only a refresh is repeated: for everybody else the token is used up.
    expect(await introspect(world, rp, first.refresh_token)).toEqual({ active: false });
    expect((await userinfo(world, repeated.access_token)).status).toBe(200);
    const third = await refresh(world, rp, repeated.refresh_token, 1);
    expect(third.status).toBe(200);

    expect((await refresh(world, rp, first.refresh_token, 1)).error).toBe('invalid_grant');

    await expectEnded(third);
  });

  test('A78 a refresh repeated after ten seconds ends the family', async () => {
    const first = await signedIn();
    const second = await refresh(world, rp, first.refresh_token);
    world.clock.advance(10_000);

    expect((await refresh(world, rp, first.refresh_token, 1)).error).toBe('invalid_grant');

    await expectEnded(second);
  });

  test('A78 a used refresh token that another client presents ends the family, also within ten seconds', async () => {
    const other = await world.addClient({ client_id: 'other' });
    const first = await signedIn();
    const second = await refresh(world, rp, first.refresh_token);
    expect((await refresh(world, other, second.refresh_token)).error).toBe('invalid_grant');
    expect((await userinfo(world, second.access_token)).status).toBe(200);

    expect((await refresh(world, other, first.refresh_token)).error).toBe('invalid_grant');

    await expectEnded(second);
  });

  test('A78 a used refresh token that comes with another key ends the family, also within ten seconds', async () => {
    const open = await world.addClient({ client_id: 'open', token_endpoint_auth_method: 'none' });
    const [owner, thief] = [await createProver(world), await createProver(world)];
    const done = await signIn(new Browser(world), open, 'ada', 'mfa');
    const first = await redeem(world, open, done, 0, await owner('POST', '/token'));
    const second = await refresh(world, open, first.refresh_token, 0, await owner('POST', '/token'));
    const repeated = await refresh(world, open, first.refresh_token, 1, await owner('POST', '/token'));
    expect([second.status, repeated.status, repeated.refresh_token]).toEqual([200, 200, second.refresh_token]);

    expect((await refresh(world, open, first.refresh_token, 0, await thief('POST', '/token'))).error).toBe(
      'invalid_grant',
    );

    const next = await refresh(world, open, second.refresh_token, 0, await owner('POST', '/token'));
    expect(next.error).toBe('invalid_grant');
    expect(await world.documents.find({ model: 'Grant' })).toEqual([]);
  });

  test('A78 the successor that a dying node did not store is stored by the repetition', async () => {
    const first = await signedIn();
    const second = await refresh(world, rp, first.refresh_token);
    // As if the node had died between the two writes of the first refresh.
    await world.documents.remove(documentId('RefreshToken', second.refresh_token ?? ''));

    const repeated = await refresh(world, rp, first.refresh_token, 1);

    expect([repeated.status, repeated.refresh_token]).toEqual([200, second.refresh_token]);
    expect((await refresh(world, rp, repeated.refresh_token)).status).toBe(200);
  });

  test('A78 a successor is stored sealed, and its family ends with it', async () => {
    const first = await signedIn();
    const second = await refresh(world, rp, first.refresh_token);
    const stored = await world.documents.find({ model: 'RefreshToken' });
    expect(stored.filter(({ successor }) => successor !== undefined)).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain(second.refresh_token);
    await send(world, 'POST', '/token/revocation', {
      form: { token: second.refresh_token ?? '' },
      headers: credentials(rp),
    });

    expect((await refresh(world, rp, first.refresh_token, 1)).error).toBe('invalid_grant');

    await expectEnded(second);
  });
});

describe.each(everyStore.filter(({ name }) => name !== 'memory'))('A78 after a restart on $name', store => {
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
