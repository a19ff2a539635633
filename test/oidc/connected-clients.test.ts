/** Tests the list of clients that may act for a person, and that one loses everything when it is revoked. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ConnectedClients } from '../../src/oidc/connected-clients.ts';
import { Consents } from '../../src/oidc/consent/consents.ts';
import { createClientDirectory, type ClientDirectory } from '../../src/oidc/clients/directory.ts';
import { userKind, type User } from '../../src/records.ts';
import { authorize, introspect, redeem, refresh, signedIn, signIn, userinfo, type Tokens } from './support/flows.ts';
import { Browser } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';
import { noScopes } from '../../src/scopes/scopes.ts';

const by = { actor: 'user:ada' };
const code = { grant_types: ['authorization_code', 'refresh_token'] } as const;
const everything = { scope: 'openid email offline_access', prompt: 'consent' };

let world: World;
let own: Rp;
let foreign: Rp;
let directory: ClientDirectory;
let apps: ConnectedClients;
beforeEach(async () => {
  world = await openWorld({ nodes: 2 });
  own = await world.addClient({ client_id: 'own', client_name: 'Own Mail', ...code });
  foreign = await world.addClient({ client_id: 'foreign', client_name: 'Foreign', first_party: false, ...code });
  await world.addUser('ada');
  const { documents, clock, store } = world;
  const { ephemeral, notifier } = store.shortLived;
  directory = await createClientDirectory({ documents, notifier, clock });
  const [accountSessions] = world.accountSessions;
  if (accountSessions === undefined) throw new Error('the world has no node');
  apps = new ConnectedClients({
    documents,
    ephemeral,
    clients: directory,
    consents: new Consents({ documents, clock }),
    scopes: noScopes,
    detailTypes: new Map(),
    accountSessions,
    backChannelLogout: { end: async ({ clientId }) => void told.push(clientId) },
    notices: { tell: async (_userId, { kind, app }) => void told.push(`${kind} ${app}`) },
    audit: async event => void world.audited.push(event),
  });
  told.length = 0;
});
afterEach(async () => {
  directory.close();
  await world.close();
});

const told: string[] = [];
const ada = async (): Promise<User> => {
  const user = await world.store.durable.collection(userKind).get('ada');
  if (user === undefined) throw new Error('Ada is gone');
  return user;
};
const list = async () => apps.list(await ada());

/** Signs in at a client that asks for consent, and agrees. */
const agree = async (browser: Browser, rp: Rp, params: Record<string, string>): Promise<Tokens> => {
  const asked = await authorize(browser, rp, params);
  let page = asked;
  if (browser.cookies.every(({ name }) => !name.endsWith('session'))) {
    const done = await browser.open('POST', page.url.pathname, { json: signedIn(world, 'ada', 'mfa') });
    page = { ...done, verifier: asked.verifier };
  }
  const agreed = await browser.open('POST', page.url.pathname, { json: { consent: true } });
  return redeem(world, rp, { ...agreed, verifier: asked.verifier });
};
const signOut = async (browser: Browser): Promise<void> => {
  const { answer } = await browser.open('GET', '/session/end');
  const xsrf = /name="xsrf" value="([^"]*)"/.exec(answer.text)?.[1] ?? '';
  await browser.open('POST', '/session/end/confirm', { form: { xsrf, logout: 'yes' } });
};

test('names what each client may see, since when, and whether it keeps its access', async () => {
  const began = world.clock();
  const browser = new Browser(world);
  await agree(browser, foreign, everything);
  world.clock.advance(60_000);
  await redeem(world, own, await authorize(browser, own));
  expect(await list()).toEqual([
    {
      clientId: 'foreign',
      name: 'Foreign',
      isFirstParty: false,
      scopes: [{ name: 'openid' }, { name: 'email' }, { name: 'offline_access' }],
      since: Math.floor(began / 1000) * 1000,
      details: [],
      isOffline: true,
    },
    {
      clientId: 'own',
      name: 'Own Mail',
      isFirstParty: true,
      scopes: [{ name: 'openid' }, { name: 'profile' }],
      since: Math.floor(world.clock() / 1000) * 1000,
      details: [],
      isOffline: false,
    },
  ]);
});

test('lists after a sign-out only what keeps its access', async () => {
  const browser = new Browser(world);
  await agree(browser, foreign, everything);
  await redeem(world, own, await authorize(browser, own));
  await signOut(browser);
  expect((await list()).map(({ clientId }) => clientId)).toEqual(['foreign']);
});

test('revoked, a client loses its tokens of all sessions on every node, and others keep theirs', async () => {
  const [here, there] = [new Browser(world), new Browser(world, 1)];
  const lost = [await agree(here, foreign, everything), await agree(there, foreign, everything)];
  const kept = await redeem(world, own, await authorize(here, own));
  const [first] = lost;
  expect((await userinfo(world, first?.access_token)).status).toBe(200);

  expect(await apps.revoke(await ada(), 'foreign', by)).toBe('revoked');
  for (const node of [0, 1]) {
    for (const { access_token, refresh_token } of lost) {
      expect((await userinfo(world, access_token, node)).status).toBe(401);
      expect((await introspect(world, foreign, access_token, node))['active']).toBe(false);
      expect((await refresh(world, foreign, refresh_token, node)).status).toBe(400);
    }
    expect((await userinfo(world, kept.access_token, node)).status).toBe(200);
  }
  expect((await list()).map(({ clientId }) => clientId)).toEqual(['own']);
  expect((await authorize(here, foreign, { scope: 'openid email' })).at).toBe('interaction');
  expect(told).toEqual(['app-access-revoked Foreign', 'foreign', 'foreign']);
  expect(world.audited.filter(({ event }) => event === 'grant.revoked')).toEqual([
    {
      event: 'grant.revoked',
      actor: 'user:ada',
      subject: 'ada',
      outcome: 'success',
      reason: 'page',
      client: 'foreign',
      count: 2,
    },
  ]);
});

test('of another person is neither listed nor revoked', async () => {
  const bob = await world.addUser('bob');
  await signIn(new Browser(world), own, 'ada');
  expect(await apps.list(bob)).toEqual([]);
  expect(await apps.revoke(bob, 'own', { actor: 'user:bob' })).toBe('unknown');
  expect(await list()).toHaveLength(1);
  expect(told).toEqual([]);
});
