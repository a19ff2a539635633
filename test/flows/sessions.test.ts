/** Tests what a session promises, over HTTP with the real pages: a new id, an end, and a level that was reached. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { oidcDocumentKind } from '../../src/records.ts';
import { Browser } from '../support/browser/plain.ts';
import { atClient, openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

/** The answer at the client of a sign-in without pages: `code`, or the error. */
const silently = async (browser: Browser): Promise<string> => {
  const { searchParams } = atClient(browser, await browser.visit((await rp.begin({ prompt: 'none' })).url));
  return searchParams.has('code') ? 'code' : String(searchParams.get('error'));
};

test('a new sign-in gives the session a new id, and the old one signs nobody in', async () => {
  const { noor } = world.people;
  const browser = world.browser();
  await signIn(rp, browser, noor);
  const before = new Browser(world.place, browser.jar.copy());
  expect(await silently(before)).toBe('code');
  world.clock.advance(60_000);
  await signIn(rp, browser, noor, { prompt: 'login' });
  expect(await silently(browser)).toBe('code');
  expect(await silently(before)).toBe('login_required');
});

test('a session in use ends a day after its password, and asks for it again', async () => {
  const browser = world.browser();
  await signIn(rp, browser, world.people.linus);
  const minute = 60_000;
  for (let minutes = 48; minutes < 24 * 60; minutes += 48) {
    world.clock.advance(48 * minute);
    expect([minutes, await silently(browser)]).toEqual([minutes, 'code']);
  }
  world.clock.advance(48 * minute - 1000);
  expect(await silently(browser)).toBe('code');
  world.clock.advance(1000);
  expect(await silently(browser)).toBe('login_required');
  await expect(signIn(rp, browser, world.people.linus)).resolves.toBeDefined();
});

test.each([
  ['linus', 'phr', 'sfa', ['pwd']],
  ['linus', 'aal2 mfa', 'sfa', ['pwd']],
  ['grace', 'phr', 'mfa', ['pwd', 'tel', 'mfa']],
  ['noor', 'phr aal2', 'aal2', ['pwd', 'otp', 'mfa']],
] as const)('%s, asked for %s, is told to have reached %s', async (name, asked, acr, amr) => {
  const tokens = await signIn(rp, world.browser(), world.people[name], { acr_values: asked });
  expect(tokens.claims()).toMatchObject({ acr, amr });
});

describe.each(stores)('on $name', store => {
  let own: World;
  beforeAll(async () => {
    own = await startWorld({ store, nodes: 2 });
  });
  afterAll(() => own.close());

  test('clients that ask for a code in one session at once all get one, and the session keeps them all', async () => {
    const { noor } = own.people;
    const browser = own.browser();
    await signIn(await openRelyingParty(own, await own.addClient({ id: 'contoso' })), browser, noor);
    const others = await Promise.all(
      Array.from({ length: 6 }, async (_, at) => openRelyingParty(own, await own.addClient({ id: `at-once-${at}` }))),
    );
    const ask = async (other: RelyingParty): Promise<string> => {
      const request = await other.begin({ prompt: 'none' });
      const answer = await new Browser(own.place, browser.jar.copy()).visit(request.url);
      return String((await request.redeem(atClient(browser, answer))).claims()?.sub);
    };
    const subject = noor.user.id;
    expect(await Promise.all(others.map(ask))).toEqual(others.map(() => subject));
    // Tabs that open at the same moment find the grant of the first one. Later only the session tells it.
    own.clock.advance(120_000);
    expect(await Promise.all(others.map(ask))).toEqual(others.map(() => subject));
    const grants = own.store.durable.collection(oidcDocumentKind);
    for (const [at] of others.entries()) {
      expect(await grants.find({ clientId: `at-once-${at}`, accountId: subject, model: 'Grant' })).toHaveLength(1);
    }
  });
});
