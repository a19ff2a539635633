/**
 * A77. An attacker reads an authorization code in a log, a referrer or a history, and redeems it after the client. The
 * second use must be refused, and the tokens of the first one must end. One of the two is an attacker, and the server
 * cannot tell which (RFC 6749 §4.1.2). `replay-raced.test.ts` has both at the same time.
 * Guard: `consume` in `src/oidc/adapter/short-lived.ts#shortLivedAdapter`, which marks in one step and does not delete.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { redeem, refresh, signIn, userinfo } from '../oidc/support/flows.ts';
import { Browser } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';
import { everyStore } from '../support/world/stores.ts';

describe.each(everyStore)('A77 on $name', store => {
  let world: World;
  let rp: Rp;
  beforeEach(async () => {
    world = await openWorld({ store, nodes: 2 });
    rp = await world.addClient({ client_id: 'contoso' });
    await world.addUser('ada');
  });
  afterEach(() => world.close());
  const kept = (model: string) => world.documents.find({ model });

  test('A77 a code used again on another node is refused and ends the first tokens', async () => {
    const done = await signIn(new Browser(world), rp, 'ada', 'mfa');
    const legitimate = await redeem(world, rp, done);
    expect(legitimate.status).toBe(200);
    expect((await userinfo(world, legitimate.access_token)).status).toBe(200);

    const replayed = await redeem(world, rp, done, 1);
    expect([replayed.status, replayed.error, replayed.access_token]).toEqual([400, 'invalid_grant', undefined]);

    expect((await userinfo(world, legitimate.access_token)).status).toBe(401);
    expect((await refresh(world, rp, legitimate.refresh_token)).error).toBe('invalid_grant');
    expect(await kept('Grant')).toEqual([]);
    expect(await kept('RefreshToken')).toEqual([]);
    expect(world.audited).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ event: 'grant.revoked', client: 'contoso' }),
        expect.objectContaining({ event: 'token.refused', reason: 'invalid_grant', client: 'contoso' }),
      ]),
    );
  });

  test('A77 a used code is also refused after its minute', async () => {
    const done = await signIn(new Browser(world), rp, 'ada', 'mfa');
    expect((await redeem(world, rp, done)).status).toBe(200);
    world.clock.advance(5 * 60_000);

    expect((await redeem(world, rp, done)).error).toBe('invalid_grant');

    expect(world.audited).toContainEqual(expect.objectContaining({ event: 'token.refused', reason: 'invalid_grant' }));
  });

  test('A77 a code that is not redeemed in a minute is refused', async () => {
    const [soon, late] = [
      await signIn(new Browser(world), rp, 'ada', 'mfa'),
      await signIn(new Browser(world), rp, 'ada', 'mfa'),
    ];
    world.clock.advance(59_000);
    expect((await redeem(world, rp, soon)).status).toBe(200);
    world.clock.advance(2_000);
    expect((await redeem(world, rp, late)).error).toBe('invalid_grant');
  });
});
