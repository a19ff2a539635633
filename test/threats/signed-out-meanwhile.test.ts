/**
 * C05. A thief with a session asks for codes of one client after the other. One of these requests has read the account just before its owner
 * sets another password, or the help desk locks it, and makes its grant and code just after. What ends the grants of the account
 * does not find that grant, and the code is younger than the change. Its tokens must not outlive the session.
 * Guard: `src/oidc/account.ts#findAccount`, for which a code is as old as the sign-in that it came from.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hashOf } from '../support/hash-of.ts';
import { withHook } from '../support/world/failing-store.ts';
import { atClient, openRelyingParty, signIn, type Request } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const another = 'heron-walnut-canal';

const isRedeemed = async (request: Request, at: URL): Promise<boolean> =>
  request.redeem(at).then(
    () => true,
    () => false,
  );

describe('C05 a code that is made while the account is signed out', () => {
  let world: World;
  /** Runs once, after the account was read and before a grant is stored. */
  let meanwhile: (() => Promise<void>) | undefined;
  beforeEach(async () => {
    meanwhile = undefined;
    world = await startWorld({
      wrap: resources => ({
        ...resources,
        ...withHook(resources, async call => {
          const run = meanwhile;
          if (call !== 'insert oidc-documents' || run === undefined) return;
          meanwhile = undefined;
          await run();
        }),
      }),
    });
  });
  afterEach(() => world.close());

  const opened = async (id: string) => openRelyingParty(world, await world.addClient({ id }));
  const changes = {
    'another password is set': async (services, id) => {
      await services.users.setPassword(id, await hashOf(services, another), 'cli');
    },
    'the account is locked and unlocked': async ({ users }, id) => {
      await users.lock(id, 'cli');
      await users.unlock(id, 'cli');
    },
  } as const satisfies Record<string, (services: World['services'], id: string) => Promise<void>>;

  test.each(Object.entries(changes))('C05 a code gives no tokens where meanwhile %s', async (_title, change) => {
    const { linus } = world.people;
    const [first, second, third] = [await opened('contoso'), await opened('fabrikam'), await opened('northwind')];
    const thief = world.browser();
    await signIn(first, thief, linus);

    const twin = await second.begin();
    meanwhile = async () => world.clock.advance(5_000);
    expect(await isRedeemed(twin, atClient(thief, await thief.visit(twin.url)))).toBe(true);

    const raced = await third.begin();
    meanwhile = async () => {
      world.clock.advance(5_000);
      await change(world.services, linus.user.id);
      world.clock.advance(5_000);
    };
    const code = atClient(thief, await thief.visit(raced.url));
    expect([meanwhile, code.searchParams.has('code')]).toEqual([undefined, true]);
    expect(await isRedeemed(raced, code)).toBe(false);
  });
});
