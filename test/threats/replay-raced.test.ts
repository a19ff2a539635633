/**
 * A77 and A78 as races. Two requests present one code or refresh token at the same time, and both read it as unused. The
 * loser is refused, but the winner may be the thief: so the grant ends before the loser is answered, and what the winner
 * stores afterwards is refused everywhere. Only a repeated refresh within seconds is honest: it gets the same successor.
 * Guards: `src/oidc/replay.ts#detectReplay`, `src/oidc/adapter/grants.ts#endGrant`,
 * `src/oidc/adapter/refresh-tokens.ts#createRefreshTokens`.
 * Takes some seconds: forty races on each store, by one and by two nodes. In half of them all readers wait for one another.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { authorize, introspect, redeem, refresh, signIn, userinfo, type Tokens } from '../oidc/support/flows.ts';
import { Browser } from '../oidc/support/http.ts';
import { createTurnstile, type Turnstile } from '../oidc/support/turnstile.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';
import { everyStore } from '../support/world/stores.ts';

/** Parallel requests of each of twenty races. */
const racers = Array.from({ length: 20 }, (_, round) => (round % 5 === 0 ? 20 : 2));
const deployments = everyStore.flatMap(store =>
  (store.name === 'memory' ? [1] : [1, 2]).map(nodes => ({ store, nodes, name: `${store.name}, nodes: ${nodes}` })),
);

describe.each(deployments)('A77 and A78 on $name', ({ store, nodes }) => {
  let world: World;
  let rp: Rp;
  let turnstile: Turnstile;
  let browser: Browser;

  const open = async (refreshReuse: number): Promise<void> => {
    turnstile = createTurnstile();
    world = await openWorld({ store, nodes, turnstile, lifetimes: { refreshReuse } });
    rp = await world.addClient({ client_id: 'contoso' });
    await world.addUser('ada');
    browser = new Browser(world);
    await signIn(browser, rp, 'ada', 'mfa');
  };
  const race = async (model: string, round: number, act: (node: number) => Promise<Tokens>) => {
    const many = racers[round] ?? 2;
    if (round % 2 === 1) turnstile.hold(model, many);
    const all = await Promise.all(Array.from({ length: many }, (_, at) => act(at % nodes)));
    return {
      all,
      winners: all.filter(({ status }) => status === 200),
      losers: all.filter(({ status }) => status !== 200),
    };
  };
  /** Ways in which these tokens are still accepted. */
  const alive = async ({ access_token: access = '', refresh_token: next = '' }: Tokens): Promise<readonly string[]> => {
    const said = {
      userinfo: (await userinfo(world, access)).status === 200,
      'introspection of the access token': (await introspect(world, rp, access))['active'],
      'introspection of the refresh token': (await introspect(world, rp, next))['active'],
      refresh: (await refresh(world, rp, next)).status === 200,
    };
    return Object.entries(said).flatMap(([way, is]) => (is === true ? [way] : []));
  };
  const endedGrants = () => world.audited.filter(({ event }) => event === 'grant.revoked').length;

  afterEach(() => world.close());

  describe('where every second use of a refresh token is reuse', () => {
    beforeEach(() => open(0));

    test('A77 a race for one code leaves no token of the winner alive', async () => {
      const legitimate = await redeem(world, rp, await authorize(browser, rp));
      expect(await alive(legitimate)).toHaveLength(4);

      for (const [round] of racers.entries()) {
        const code = await authorize(browser, rp);
        const before = endedGrants();
        const { winners, losers } = await race('AuthorizationCode', round, node => redeem(world, rp, code, node));

        expect([winners.length, new Set(losers.map(({ error }) => error))]).toEqual([1, new Set(['invalid_grant'])]);
        expect([round, ...(await Promise.all(winners.map(alive)))]).toEqual([round, []]);
        // A loser that already finds the code used is recorded by the library once more.
        expect(endedGrants()).toBeGreaterThan(before);
      }
      expect(await world.documents.find({ model: 'Grant' })).toEqual([]);
      expect(world.logged.filter(({ event }) => event === 'server_error')).toEqual([]);
    });

    test('A78 a race for one refresh token leaves no token of the winner alive', async () => {
      const legitimate = await redeem(world, rp, await authorize(browser, rp));
      expect(await alive(await refresh(world, rp, legitimate.refresh_token))).toHaveLength(4);

      for (const [round] of racers.entries()) {
        const first = await redeem(world, rp, await authorize(browser, rp));
        const { winners, losers } = await race('RefreshToken', round, node =>
          refresh(world, rp, first.refresh_token, node),
        );

        expect([winners.length, new Set(losers.map(({ error }) => error))]).toEqual([1, new Set(['invalid_grant'])]);
        expect([round, ...(await Promise.all(winners.map(alive)))]).toEqual([round, []]);
        expect(await alive(first)).toEqual([]);
      }
      expect(world.logged.filter(({ event }) => event === 'server_error')).toEqual([]);
    });
  });

  describe('where a refresh may be repeated for ten seconds', () => {
    beforeEach(() => open(10_000));

    test('A78 a race for one refresh token gives all the same successor, and the family lives', async () => {
      let { refresh_token: token } = await redeem(world, rp, await authorize(browser, rp));
      for (const [round] of racers.entries()) {
        const stored = (await world.documents.find({ model: 'RefreshToken' })).length;
        const { all, losers } = await race('RefreshToken', round, node => refresh(world, rp, token, node));

        expect(losers).toEqual([]);
        const successors = new Set(all.map(each => each.refresh_token));
        expect([successors.size, successors.has(token)]).toEqual([1, false]);
        expect(await world.documents.find({ model: 'RefreshToken' })).toHaveLength(stored + 1);
        expect(await Promise.all(all.map(async each => (await userinfo(world, each.access_token)).status))).toEqual(
          all.map(() => 200),
        );
        [token] = successors;
      }
      expect(endedGrants()).toBe(0);
      expect(world.logged.filter(({ event }) => event === 'server_error')).toEqual([]);
    });
  });
});
