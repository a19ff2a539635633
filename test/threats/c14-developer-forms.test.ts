/**
 * C14. Every form of the developer portal, taken from its router, sent from another site, without a session, by a person who is no
 * developer, and by a developer of another client. No client changes. A new route needs an entry in `forms`.
 * Guards: `portals/admission/portal.ts#createPortal`, `src/oidc/developers/own-clients.ts#OwnClients`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { developerRoutes } from '../../portals/developer/index.ts';
import { developerPortal } from '../../src/oidc/clients/built-in.ts';
import type { Browser } from '../support/browser/plain.ts';
import { startWorld, type TestPerson, type World } from '../support/world/world.ts';
import { openAccount } from '../portals/support/portal.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the routes are listed, and no route is run
const deps = { portal: developerPortal } as Parameters<typeof developerRoutes>[0];
const paths = developerRoutes(deps)
  .stack.filter(({ methods }) => methods.includes('POST'))
  .map(({ path }) => String(path));

const address = 'http://localhost:3000/callback';
const newClient = { client_name: 'Contoso', redirect_uris: address };
const forms: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/developer/new/:choice': newClient,
  '/developer/new/:choice/check': newClient,
  '/developer/clients/:id/edit': { client_name: 'Changed', redirect_uris: address, second_step: 'request' },
  '/developer/clients/:id/check': { client_name: 'Changed', redirect_uris: address },
  '/developer/clients/:id/secret': { old: 'end' },
  '/developer/clients/:id/secret/end-old': {},
  '/developer/clients/:id/delete': {},
  '/developer/clients/:id/team': { name: 'grace', role: 'owner' },
  '/developer/clients/:id/team/remove': { person: 'ada' },
  '/developer/playground': { client: 'any', scope: 'openid' },
};

let world: World;
let ada: TestPerson;
let id: string;
let own: Browser;
let foreign: Browser;
let outsider: Browser;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_FACTORS: 'call', SALLYPORT_DEVELOPERS: 'developers' } });
  const { grace, linus } = world.people;
  ({ ada } = world.people);
  for (const { user } of [ada, grace])
    await world.services.users.setProfile(user.id, { groups: ['developers'] }, 'cli');
  [own, foreign, outsider] = [world.browser(), world.browser(), world.browser()];
  await openAccount(own, ada, '/developer');
  const page = await own.visit('/developer/new/web', { form: newClient });
  id = /\/clients\/([^/?]+)/.exec(page.path)?.[1] ?? '';
  await openAccount(foreign, grace, '/developer');
  await openAccount(outsider, linus, '/developer');
});
afterAll(() => world.close());

/** All clients with their teams. */
const stateNow = async (): Promise<unknown> => {
  const clients = await world.services.clients();
  const all = await clients.list();
  return Promise.all(
    all.map(async each => [each, await clients.stored(each.id), await world.services.teams.of(each.id)]),
  );
};

test('C14 the router has forms, and each has an entry', () => {
  expect(paths.length).toBeGreaterThanOrEqual(9);
  expect(paths.filter(path => !(path in forms))).toEqual([]);
});

describe.each(paths)('C14 POST %s', path => {
  const send = async (browser: Browser, headers: Record<string, string> = {}) => {
    const before = await stateNow();
    const to = path.replace(':choice', 'web').replace(':id', id);
    const { status, headers: answered } = await browser.go(to, { form: forms[path] ?? {}, headers });
    expect(await stateNow()).toEqual(before);
    return { status, leadsToSignIn: String(answered['location']).startsWith('/auth?') };
  };

  test('C14 changes nothing from another site, without a session, or for a person who is no developer', async () => {
    const evil = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' };
    expect((await send(own, evil)).status).toBe(403);
    expect(await send(world.browser())).toEqual({ status: 303, leadsToSignIn: true });
    expect((await send(outsider)).status).toBe(403);
  });
});

/** Each answer has a reference of its own. */
const withoutReference = (text: string): string => text.replaceAll(/[0-9A-Z]{4}-[0-9A-Z]{4}/g, '');

const aboutClient = paths.filter(path => path.includes(':id'));
test.each(aboutClient)('C14 POST %s answers another developer as for a client that does not exist', async path => {
  const before = await stateNow();
  const form = forms[path] ?? {};
  const theirs = await foreign.go(path.replace(':id', id), { form });
  const missing = await foreign.go(path.replace(':id', '01a22703-0000-7000-8000-000000000000'), { form });
  expect([theirs.status, missing.status]).toEqual([404, 404]);
  expect(withoutReference(theirs.text)).toBe(withoutReference(missing.text));
  expect(await stateNow()).toEqual(before);
});

test('C14 the owner’s own forms do change the client', async () => {
  const before = await stateNow();
  const done = await own.go(`/developer/clients/${id}/team`, { form: { name: 'grace', role: 'member' } });
  expect(done.status).toBe(303);
  expect(await stateNow()).not.toEqual(before);
});
