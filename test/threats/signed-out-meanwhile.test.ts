/**
 * C05. A thief with a session asks for codes of one client after the other. One of these requests has read the account just before its owner
 * sets another password, or the help desk locks it, and makes its grant and code just after. What ends the grants of the account
 * does not find that grant, and the code is younger than the change. Its tokens must not outlive the session.
 * Or the thief has signed in, or has just not opened the last address of a sign-in, in the very second of that change.
 * Guards: `src/oidc/account.ts#findAccount`, for which a code is as old as the sign-in that it came from;
 * `src/oidc/prompts/login-prompt.ts#changeLogin`, which compares the time of the proof.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo, type Browser } from '../support/browser/plain.ts';
import { hashOf } from '../support/hash-of.ts';
import { withHook } from '../support/world/failing-store.ts';
import { atClient, openRelyingParty, signIn, type RelyingParty, type Request } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const another = 'heron-walnut-canal';

const isRedeemed = async (request: Request, at: URL): Promise<boolean> =>
  request.redeem(at).then(
    () => true,
    () => false,
  );

const changes = {
  'another password is set': async (services, id) => {
    await services.users.setPassword(id, await hashOf(services, another), 'cli');
  },
  'the account is locked and unlocked': async ({ users }, id) => {
    await users.lock(id, 'cli');
    await users.unlock(id, 'cli');
  },
} as const satisfies Record<string, (services: World['services'], id: string) => Promise<void>>;

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

describe('C05 a sign-in in the second of the change', () => {
  let world: World;
  let rp: RelyingParty;
  beforeEach(async () => {
    world = await startWorld();
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const change = async (): Promise<void> => {
    world.clock.advance(400);
    await changes['another password is set'](world.services, world.people.linus.user.id);
    world.clock.advance(400);
  };
  const isSignedIn = async (browser: Browser): Promise<boolean> =>
    atClient(browser, await browser.visit((await rp.begin({ prompt: 'none' })).url)).searchParams.has('code');

  test('C05 a session that began before the change is over, and one that begins after it counts', async () => {
    const { linus } = world.people;
    const thief = world.browser();
    await signIn(rp, thief, linus);
    expect(await isSignedIn(thief)).toBe(true);
    await change();
    expect(await isSignedIn(thief)).toBe(false);

    const owner = world.browser();
    await signIn(rp, owner, { ...linus, password: another });
    expect(await isSignedIn(owner)).toBe(true);
  });

  test('C05 a sign-in that was finished before the change begins no session after it', async () => {
    const { linus } = world.people;
    const finished = async (browser: Browser): Promise<string> => {
      const page = await browser.visit((await rp.begin()).url);
      const { action } = formTo(page, /\/password$/);
      const { text } = await browser.go(action, { form: { name: linus.name, password: linus.password } });
      return /href="([^"]*\/auth\/[^"]*)"/.exec(text)?.[1] ?? '';
    };
    const twin = world.browser();
    await twin.visit(await finished(twin));
    expect(await isSignedIn(twin)).toBe(true);

    const thief = world.browser();
    const resume = await finished(thief);
    await change();
    expect(thief.next(await thief.visit(resume))).toBeUndefined();
    expect(await isSignedIn(thief)).toBe(false);
  });
});
