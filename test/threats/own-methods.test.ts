/**
 * A61. What people, and thieves of their browser, do to methods on the security page. A61: two removals at once leave no method.
 * A29, A62: a number is replaced without proof, or half. A66: a session elsewhere outlives a removed method. A67: an id of another
 * person is accepted.
 * Guards: `src/mfa/removal.ts#removalRefusal`, asked in the one write of `src/mfa/authenticator-removal.ts#removeUnless`;
 * `portals/admission/portal.ts#createPortal`; `portals/account/methods.ts#remove`; `portals/account/own-authenticators.ts#readOwned`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { accountRoutes } from '../../portals/account/index.ts';
import { accountPortal } from '../../src/oidc/clients/built-in.ts';
import { person as atPhone } from '../../simulator/person.ts';
import * as oidc from 'openid-client';
import type { User } from '../../src/records.ts';
import { heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { newcomerAt } from '../support/human/newcomer.ts';
import { openRelyingParty, pickUp, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';
import { openAccount } from '../portals/support/portal.ts';

const newNumber = '+12025550171';
const policy = { requiredMethods: 0, needs: [] } as const;

let world: World;
let rp: RelyingParty;
let ada: TestPerson;
let grace: TestPerson;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld({
    nodes: 2,
    env: { SALLYPORT_FACTORS: 'call' },
    phones: [{ name: 'new phone', number: newNumber }],
  });
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  ({ ada, grace } = world.people);
  for (const { id, type } of await world.services.authenticators.of(ada.user))
    if (type === 'totp') await world.services.authenticatorRemoval.remove(ada.user.id, id);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
});

/** Uses a refresh token, and gives the next one. @throws the error of openid-client */
const refresh = async (token: string): Promise<string> =>
  (await oidc.refreshTokenGrant(rp.config, token)).refresh_token ?? '';
const userOf = async ({ user }: TestPerson): Promise<User> => (await world.services.users.get(user.id)) ?? user;
const idsOf = async (person: TestPerson): Promise<readonly string[]> => (await userOf(person)).authenticators;
const bind = async (person: TestPerson, number: string): Promise<string> =>
  (await world.services.authenticators.bind(person.user.id, { type: 'phone', label: 'alternate', data: { number } }))
    .id;

/** Enters the new number on the pages of the task, and stops before it is proven. */
const halfWay = async (): Promise<Answer> => {
  const person = newcomerAt(browser, world.clock);
  const list = await browser.visit('/account/add-method');
  return person.enterPhone(await person.choose(list, 'phone'), { number: newNumber, by: 'call', kind: 'alternate' });
};

/** The body without its address and reference. */
const shown = ({ text, path: at }: Answer): string =>
  text.replaceAll(at, '').replaceAll(/[0-9A-Z]{4}-[0-9A-Z]{4}/g, '');

describe('A61 the last method', () => {
  test('A61 of two removals at once one is refused, fifty times', async () => {
    const { ownMethods } = world.services;
    const [first = ''] = await idsOf(ada);
    const by = `user:${ada.user.id}`;
    const spare = await bind(ada, '+12025550150');
    expect(await ownMethods.remove(await userOf(ada), spare, by, { policy })).toBe('removed');
    const refused = { refused: 'last' };
    const outcomes: unknown[] = [];
    for (let round = 0; round < 50; round += 1) {
      const second = await bind(ada, `+1202555${2000 + round}`);
      const user = await userOf(ada);
      const both = await Promise.all(user.authenticators.map(async id => ownMethods.remove(user, id, by, { policy })));
      outcomes.push(both.toSorted((a, b) => Number(a === 'removed') - Number(b === 'removed')));
      const left = await idsOf(ada);
      expect(left).toHaveLength(1);
      // The phone that rings in the simulator stays for the other tests.
      if (left[0] === second) {
        await world.services.authenticators.bind(ada.user.id, {
          type: 'phone',
          label: 'mobile',
          data: { number: ada.number ?? '' },
        });
        await world.services.authenticatorRemoval.remove(ada.user.id, second);
      }
    }
    expect(outcomes).toEqual(Array.from({ length: 50 }, () => [refused, 'removed']));
    expect(first).not.toBe('');
    const audited = await world.audited('authenticator.removed');
    expect(audited.filter(({ outcome }) => outcome === 'refused')).toHaveLength(50);
  });

  test('A61 a removal that leaves fewer independent methods than the operator wants is refused', async () => {
    const [id = ''] = await idsOf(ada);
    const spare = await bind(ada, '+12025550151');
    const { ownMethods, authenticatorRemoval } = world.services;
    const wanted = { requiredMethods: 2, needs: [] } as const;
    const outcome = await ownMethods.remove(await userOf(ada), id, `user:${ada.user.id}`, { policy: wanted });
    expect(outcome).toEqual({ refused: 'required' });
    expect(await idsOf(ada)).toEqual([id, spare]);
    await authenticatorRemoval.remove(ada.user.id, spare);
  });
});

test('A62 a new number that was not proven changes nothing: the old one works, the new one does not', async () => {
  const before = await idsOf(ada);
  await openAccount(browser, ada);
  await halfWay();
  world.clock.advance(30 * 60_000);
  expect(await idsOf(ada)).toEqual(before);
  await world.restart();
  browser = world.browser();
  expect(heading(await openAccount(browser, ada))).toBe('Security');
  expect(await idsOf(ada)).toEqual(before);
});

test('A29 a new number needs a fresh sign-in, is added when it is proven, and the old one is told of its removal', async () => {
  await openAccount(browser, ada);
  const [old = ''] = await idsOf(ada);
  world.clock.advance(5 * 60_000 + 1000);
  const asked = await browser.visit('/account/add-method');
  expect(heading(asked)).toBe('Sign in to Sallyport');
  expect(await idsOf(ada)).toEqual([old]);
  // The twin: signs in, proves the new number, removes the old one.
  browser = world.browser();
  await world.nextDay();
  await openAccount(browser, ada);
  const person = newcomerAt(browser, world.clock);
  const waiting = await halfWay();
  expect(await idsOf(ada)).toEqual([old]);
  await pickUp({ phone: atPhone(world.simulator, newNumber) }, '#');
  const named = await person.name(await person.checkAgain(waiting));
  const [, added = ''] = await idsOf(ada);
  expect(added).not.toBe('');
  expect((await browser.visit('/account')).text).toContain('+1 ••• 71');
  expect(named.status).toBeLessThan(400);
  const removed = await browser.visit(`/account/methods/${old}/remove`, { form: {} });
  expect(removed.text).toContain('It was removed.');
  expect(await idsOf(ada)).toEqual([added]);
  const told = (await world.audited('notice.sent')).filter(({ facts }) => facts['notice'] === 'method-removed');
  expect(told.at(-1)?.subject).toBe(ada.user.id);
});

test('A66 a removal ends the sessions elsewhere on both nodes with their refresh tokens, and keeps this one', async () => {
  const elsewhere = world.browser();
  const { refresh_token: token = '' } = await signIn(rp, elsewhere, grace, { scope: 'openid offline_access' });
  await world.nextDay();
  await openAccount(browser, grace);
  const spare = await bind(grace, '+12025550152');
  const keep = await browser.visit(`/account/methods/${spare}/remove`, { form: {} });
  expect(keep.text).toContain('It was removed.');
  const refreshed = await refresh(token);
  const another = await bind(grace, '+12025550153');
  await browser.visit(`/account/methods/${another}/remove`, { form: { others: 'yes' } });
  await expect(refresh(refreshed)).rejects.toMatchObject({ error: 'invalid_grant' });
  for (const node of [0, 1]) {
    elsewhere.node = node;
    browser.node = node;
    expect(heading(await elsewhere.visit((await rp.begin()).url))).toBe('Sign in to Contoso Office');
    expect(heading(await browser.visit('/account'))).toBe('Security');
  }
});

test('A67 every page about a method answers for that of another person as for one that is not there', async () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the routes are listed, and no route is run
  const about = accountRoutes({ portal: accountPortal, issuer: world.issuer } as Parameters<
    typeof accountRoutes
  >[0]).stack.filter(({ path }) => String(path).includes(':id'));
  const reads = about.filter(({ methods }) => methods.includes('GET')).map(({ path }) => String(path));
  expect(reads.length).toBeGreaterThanOrEqual(3);
  const [own = ''] = await idsOf(grace);
  const [theirs = ''] = await idsOf(ada);
  await openAccount(browser, grace);
  for (const path of reads.filter(each => each.startsWith('/account/methods/'))) {
    const visit = async (id: string) => browser.go(path.replace(':id', id));
    expect((await visit(own)).status).toBeLessThan(400);
    const [foreign, missing] = [await visit(theirs), await visit('01a22703-0000-7000-8000-000000000000')];
    expect([foreign.status, missing.status]).toEqual([404, 404]);
    expect(shown(foreign)).toBe(shown(missing));
  }
});
