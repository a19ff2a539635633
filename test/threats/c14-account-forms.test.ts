/**
 * C14. Every form of the security page, taken from its router, sent with too little: without a session, with a session that proved
 * the password alone, five minutes and a second too late, from another site, for what is another person's. It changes nothing. Then it
 * is sent as it should be, and does. A new route joins by itself; it needs an entry in `forms`.
 * Guard: `portals/admission/portal.ts#createPortal`.
 */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { accountRoutes } from '../../portals/account/index.ts';
import { accountPortal } from '../../src/oidc/clients/built-in.ts';
import type { Answer, Browser } from '../support/browser/plain.ts';
import { createStateReader } from '../support/surface/state.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';
import { openAccount } from '../portals/support/portal.ts';
import { forms, type PreparedForm } from '../portals/support/forms.ts';

const late = 5 * 60_000 + 1000;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the routes are listed, and no route is run
const deps = { portal: accountPortal, issuer: new URL('https://login.example') } as Parameters<typeof accountRoutes>[0];
const paths = accountRoutes(deps)
  .stack.filter(({ methods, path }) => methods.includes('POST') && String(path).startsWith('/account'))
  .map(({ path }) => String(path));

const kept = createStateReader();
let world: World;
let ada: TestPerson;
let grace: TestPerson;
beforeAll(async () => {
  world = await startWorld({
    store: kept.store,
    env: { SALLYPORT_FACTORS: 'call', SALLYPORT_REMEMBER_BROWSER: '14d' },
  });
  ({ ada, grace } = world.people);
});
afterAll(() => world.close());

/** The body without its reference, which each answer has of its own. */
const bodyOf = ({ text }: Answer, { to }: Pick<PreparedForm, 'to'>): string =>
  text.replaceAll(to, '').replaceAll(/[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}/g, '');

/** Undoes earlier forms, so that the person's own password and phone are asked for. */
const keepAsAdded = async ({ user }: TestPerson): Promise<void> => {
  const { id } = user;
  const { users, authenticators, authenticatorRemoval } = world.services;
  const { authenticators: [first, ...others] = [], passwordHash } = (await users.get(id)) ?? {};
  if (passwordHash !== user.passwordHash) await users.setPassword(id, user.passwordHash ?? '', 'cli');
  for (const each of others) await authenticatorRemoval.remove(id, each);
  if (first !== undefined) await authenticators.prefer(id, first, 'call');
};

/** Signs this person in at a time when nobody has been called, and prepares the form that would change something. */
const fresh = async (path: string, person: TestPerson): Promise<PreparedForm & { readonly browser: Browser }> => {
  await world.nextDay();
  await keepAsAdded(person);
  const browser = world.browser();
  await openAccount(browser, person);
  const prepare = forms[path];
  if (prepare === undefined) throw new Error(`${path} has no entry in test/portals/support/forms.ts`);
  return { browser, ...(await prepare({ world, browser, person })) };
};

const isDelivery = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Reflect.get(value, 'event') === 'notice.sent';

/** The state without deliveries of notices: the outbox tells of the sign-in while the form is sent. */
const stateNow = async (): Promise<unknown> =>
  JSON.parse(await kept.snapshot(world), (_, value: unknown) =>
    Array.isArray(value) ? value.filter(each => !isDelivery(each)) : value,
  );

/** Sends the form, and tells what came of it. */
const send = async (browser: Browser, { to, form }: PreparedForm, headers: Record<string, string> = {}) => {
  const before = await stateNow();
  const answer = await browser.go(to, { form, headers });
  return { answer, status: answer.status, isChanged: !isDeepStrictEqual(await stateNow(), before) };
};

test('C14 the router has forms, and each has an entry', () => {
  expect(paths.length).toBeGreaterThanOrEqual(4);
  expect(paths.filter(path => !(path in forms))).toEqual([]);
});

const isLeadToSignIn = ({ headers }: Answer): boolean => String(headers['location']).startsWith('/auth?');

describe.each(paths)('C14 POST %s', path => {
  test('C14 changes nothing without a session, from another site, or a second too late', async () => {
    const action = await fresh(path, ada);
    const stranger = await send(world.browser(), action);
    expect([stranger.status, stranger.isChanged, isLeadToSignIn(stranger.answer)]).toEqual([303, false, true]);
    const foreign = await send(action.browser, action, {
      'sec-fetch-site': 'cross-site',
      origin: 'https://evil.example',
    });
    expect([foreign.status, foreign.isChanged]).toEqual([403, false]);
    world.clock.advance(late);
    const stale = await send(action.browser, action);
    expect([stale.status, stale.isChanged, isLeadToSignIn(stale.answer)]).toEqual([303, false, true]);
    expect(String(stale.answer.headers['location'])).toContain('max_age=300');
  });

  test('C14 changes nothing with the password alone, where the account has a method', async () => {
    const { linus } = world.people;
    const { services } = world;
    const action = await fresh(path, linus);
    if (action.needsMethod !== true) {
      const bound = { type: 'phone', label: 'mobile', data: { number: '+12025550166' } };
      await services.authenticators.bind(linus.user.id, bound);
    }
    const refused = await send(action.browser, action);
    expect([refused.status, refused.isChanged]).toEqual([303, false]);
    await services.authenticatorRemoval.reset(linus.user.id);
  });

  test('C14 answers for what is another person’s as for what is not there, and changes nothing', async () => {
    const action = await fresh(path, ada);
    const theirs = await fresh(path, grace);
    if (action.missing === undefined) return;
    const foreign = await send(theirs.browser, action);
    const missing = await send(theirs.browser, action.missing);
    expect([foreign.isChanged, missing.isChanged]).toEqual([false, false]);
    // The list of sessions says that the session is not there any more.
    expect([path.startsWith('/account/sessions/') ? 303 : 404, missing.status]).toEqual([
      foreign.status,
      foreign.status,
    ]);
    expect(bodyOf(foreign.answer, action)).toBe(bodyOf(missing.answer, action.missing));
  });

  test('C14 changes something with a fresh sign-in', async () => {
    const action = await fresh(path, ada);
    if (action.twin !== undefined) return;
    const done = await send(action.browser, action);
    expect([done.status, done.isChanged]).toEqual([303, true]);
    expect(isLeadToSignIn(done.answer)).toBe(false);
  });
});
