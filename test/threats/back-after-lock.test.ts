/**
 * C05. An account was taken over. The help desk locks it, sets another password and unlocks it for its owner. Or it
 * sets only the password. The session and refresh token that the attacker kept must not become valid again.
 * Guards: `src/users/users.ts#signedOutAt`; `src/oidc/ended-sessions.ts#isEnded`, asked there for tokens and in
 * `src/oidc/prompts/login-prompt.ts#changeLogin` for sessions.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import type { Browser } from '../support/browser/plain.ts';
import { atClient, enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';
import { hashOf } from '../support/hash-of.ts';

describe('C05 a stolen session and its tokens', () => {
  let world: World;
  let rp: RelyingParty;
  beforeEach(async () => {
    world = await startWorld();
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const signIn = async (browser: Browser, person: Pick<TestPerson, 'name' | 'password'>) => {
    const request = await rp.begin();
    const page = await enterPassword(browser, await browser.visit(request.url), person);
    return request.redeem(atClient(browser, page));
  };
  const holds = async (
    browser: Browser,
    { access_token: access, refresh_token: refresh = '' }: oidc.TokenEndpointResponse,
  ) => {
    const silent = await browser.visit((await rp.begin({ prompt: 'none' })).url);
    const me = await browser.go('/me', { headers: { authorization: `Bearer ${access}` } });
    const { active } = await oidc.tokenIntrospection(rp.config, access);
    const refreshed = await oidc.refreshTokenGrant(rp.config, refresh).catch(() => undefined);
    return {
      session: browser.next(silent)?.searchParams.has('code'),
      access: [me.status, active],
      refresh: refreshed !== undefined,
    };
  };

  const password = 'heron-walnut-canal';
  const changes = {
    'a lock that was lifted': async ({ users }, id) => {
      await users.lock(id, 'cli');
      await users.unlock(id, 'cli');
    },
    'another password': async (services, id) => {
      await services.users.setPassword(id, await hashOf(services, password), 'cli');
    },
  } as const satisfies Record<string, (services: World['services'], id: string) => Promise<void>>;

  test.each(Object.entries(changes))(
    'C05 a stolen session and its tokens are refused after %s, and the owner can sign in',
    async (title, change) => {
      const { linus } = world.people;
      const thief = world.browser();
      const tokens = await signIn(thief, linus);
      expect(await holds(thief, tokens)).toEqual({ session: true, access: [200, true], refresh: true });
      const stolen = await signIn(world.browser(), linus);

      world.clock.advance(5000);
      await change(world.services, linus.user.id);
      expect(await holds(thief, stolen)).toEqual({ session: false, access: [401, false], refresh: false });

      const owner = world.browser();
      const typed = title === 'another password' ? { ...linus, password } : linus;
      expect(await holds(owner, await signIn(owner, typed))).toEqual({
        session: true,
        access: [200, true],
        refresh: true,
      });
    },
  );
});
