/** Tests what a session promises, over HTTP with the real pages: a new id, an end, and a level that was reached. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import * as oidc from 'openid-client';
import { Browser } from '../support/browser/plain.ts';
import { atClient, openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
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

test('clients that ask for a code in one session at once all get one, and the session has them all', async () => {
  const browser = world.browser();
  await signIn(rp, browser, world.people.noor);
  const others = await Promise.all(
    Array.from({ length: 6 }, async (_, at) => openRelyingParty(world, await world.addClient({ id: `at-once-${at}` }))),
  );
  const tokens = await Promise.all(
    others.map(async other => {
      const request = await other.begin();
      const answer = await new Browser(world.place, browser.jar.copy()).visit(request.url);
      return { other, got: await request.redeem(atClient(browser, answer)) };
    }),
  );
  // A client that the session had lost would be refused: its tokens count with the session.
  for (const { other, got } of tokens) {
    const info = await oidc.fetchUserInfo(other.config, got.access_token, world.people.noor.user.id);
    expect(info.sub).toBe(world.people.noor.user.id);
    await expect(oidc.refreshTokenGrant(other.config, got.refresh_token ?? '')).resolves.toBeDefined();
  }
  expect(await silently(browser)).toBe('code');
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
