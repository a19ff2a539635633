/**
 * C05. Passwords wait to be checked, for seconds when many arrive at once. The attacker's password is checked against
 * the account as it was. Then the help desk sets another password, or locks the account, and only then the check ends.
 * A sign-in based on the earlier state must end with that change, as if it had finished before.
 * Guard: `src/users/passwords/password.ts#verify`, where the time of the proof is the time at which the account was read.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Browser } from '../support/browser/plain.ts';
import { enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';
import { hashOf } from '../support/hash-of.ts';

describe('C05 a password that is being checked', () => {
  let world: World;
  let rp: RelyingParty;
  /** Runs after the account was read and before the password check answers. */
  let meanwhile: () => Promise<void>;
  beforeEach(async () => {
    meanwhile = async () => {};
    world = await startWorld({
      wrap: resources => ({
        ...resources,
        passwords: {
          ...resources.passwords,
          async verify(password, phc) {
            const isRight = await resources.passwords.verify(password, phc);
            await meanwhile();
            return isRight;
          },
        },
      }),
    });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const enter = async (browser: Browser) => {
    const request = await rp.begin();
    const end = await enterPassword(browser, await browser.visit(request.url), world.people.linus);
    return browser.next(end)?.searchParams.has('code') === true;
  };
  const isSignedIn = async (browser: Browser): Promise<boolean> => {
    const silent = await browser.visit((await rp.begin({ prompt: 'none' })).url);
    return browser.next(silent)?.searchParams.has('code') === true;
  };

  const changes = {
    'another one is set': async (services, id) => {
      await services.users.setPassword(id, await hashOf(services, 'heron-walnut-canal'), 'cli');
    },
    'the account is locked': async ({ users }, id) => {
      await users.lock(id, 'cli');
    },
  } as const satisfies Record<string, (services: World['services'], id: string) => Promise<void>>;

  test.each(Object.entries(changes))(
    'C05 a password checked before a change does not sign in when meanwhile %s',
    async (_title, change) => {
      const owner = world.browser();
      meanwhile = async () => world.clock.advance(5_000);
      expect([await enter(owner), await isSignedIn(owner)]).toEqual([true, true]);

      const { id } = world.people.linus.user;
      const thief = world.browser();
      meanwhile = async () => {
        world.clock.advance(5_000);
        await change(world.services, id);
        world.clock.advance(5_000);
      };
      expect(await enter(thief)).toBe(false);
      await world.services.users.unlock(id, 'cli');
      expect(await isSignedIn(thief)).toBe(false);
      expect(await world.audited('sign-in.finished')).toHaveLength(2);
    },
  );
});
