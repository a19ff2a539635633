/**
 * Tests that relying parties learn of the end of a session (OpenID Connect Back-Channel Logout 1.0), over HTTP, with a token that
 * they check, also after an outage; and that nobody waits for them.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose';
import * as oidc from 'openid-client';
import { logoutKind } from '../../src/oidc/sign-out/back-channel-logout.ts';
import { clientSessionKind, outboxKind } from '../../src/records.ts';
import { formTo, heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { withFailures } from '../support/world/failing-store.ts';
import { openLogoutReceiver, type LogoutReceiver, type ReceivedLogout } from '../support/world/logout-receiver.ts';
import { openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const second = 1000;
/** Logout tokens that arrived at the relying party, by path. */
let arrived: ReceivedLogout[];
let answer: (response: ServerResponse) => void;
let failing: string | undefined;
let receiver: LogoutReceiver;
let world: World;
let origin: string;
let crm: RelyingParty;
let wiki: RelyingParty;
let plain: RelyingParty;

beforeAll(async () => {
  receiver = await openLogoutReceiver(response => answer(response));
  ({ origin, received: arrived } = receiver);
  world = await startWorld({
    env: { SALLYPORT_OUTBOUND_ORIGINS: origin },
    wrap: resources => ({ ...resources, ...withFailures(resources, call => call === failing) }),
  });
  const told = async (id: string, uri = `${origin}/${id}`): Promise<RelyingParty> =>
    openRelyingParty(
      world,
      await world.addClient({ id, backchannel_logout_uri: uri, backchannel_logout_session_required: true }),
    );
  [crm, wiki] = [await told('crm'), await told('wiki')];
  plain = await openRelyingParty(world, await world.addClient({ id: 'plain' }));
});
afterAll(async () => {
  await world.close();
  receiver.close();
});
beforeEach(async () => {
  await world.nextDay();
  await settle();
  arrived.length = 0;
  failing = undefined;
  answer = response => void response.writeHead(200).end();
});

/** Sends what is due after so much time. */
const settle = async (after = 0): Promise<void> => {
  world.clock.advance(after);
  await world.clock.fired();
};
const signOut = async (browser: Browser): Promise<Answer> => {
  const question = await browser.visit('/session/end');
  const { action, hidden } = formTo(question, /\/confirm$/);
  return browser.visit(action, { form: { ...hidden, logout: 'yes' } });
};
const waiting = async () => {
  const messages = await world.store.durable.collection(outboxKind).find({});
  return messages.filter(({ kind }) => kind === logoutKind);
};

/** Checks a token as a relying party must, at this moment. */
const verify = async (token: string, audience: string): Promise<JWTPayload> => {
  const jwks = createRemoteJWKSet(new URL('/jwks', world.issuer));
  const { payload } = await jwtVerify(token, jwks, {
    issuer: world.issuer.origin,
    audience,
    typ: 'logout+jwt',
    requiredClaims: ['iat', 'exp', 'jti', 'events', 'sid', 'sub'],
  });
  expect(payload).not.toHaveProperty('nonce');
  expect(payload['events']).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(120);
  return payload;
};

test('discovery announces back-channel logout with sid', () => {
  expect(crm.config.serverMetadata()).toMatchObject({
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  });
});

test('after a sign-out each client of the session gets a token for the session that its ID token names', async () => {
  const { linus } = world.people;
  const [browser, other] = [world.browser(), world.browser()];
  const ids = [await signIn(crm, browser, linus), await signIn(wiki, browser, linus, { prompt: 'login' })].map(tokens =>
    tokens.claims(),
  );
  const plainId = (await signIn(plain, browser, linus, { prompt: 'login' })).claims();
  await signIn(crm, other, linus);
  await signOut(browser);
  await settle();
  expect(arrived.map(({ path }) => path).toSorted()).toEqual(['/crm', '/wiki']);
  const seen = new Set<unknown>();
  for (const { path, token } of arrived) {
    const { sub, sid, jti } = await verify(token, path.slice(1));
    const own = ids.find(claims => claims?.aud === path.slice(1));
    expect([sub, sid]).toEqual([linus.user.id, own?.['sid']]);
    seen.add(sid).add(jti);
  }
  expect([seen.size, plainId?.['sid']]).toEqual([4, undefined]);
  expect(await waiting()).toEqual([]);
});

test('a client that was down for a minute gets a token that is valid then; the sign-out did not wait', async () => {
  const { linus } = world.people;
  const browser = world.browser();
  const tokens = await signIn(crm, browser, linus);
  const upAt = world.clock() + 60 * second;
  answer = response => (world.clock() < upAt ? void response.destroy() : void response.writeHead(204).end());
  expect(heading(await signOut(browser))).toBe('You’re signed out');
  expect(arrived).toEqual([]);
  // The wait after the last failure is 80 s at most.
  for (let passed = 0; passed < 150 && (await waiting()).length > 0; passed += 1) await settle(second);
  expect(await waiting()).toEqual([]);
  const all = arrived.map(({ token }) => token);
  // Attempts before it was up, and the one that arrived.
  expect(all.length).toBeGreaterThan(2);
  const last = await verify(all.at(-1) ?? '', 'crm');
  expect([last['sid'], (last.iat ?? 0) * second >= upAt]).toEqual([tokens.claims()?.['sid'], true]);
  // An attempt whose answer was lost must not make a client refuse the next one as a replay.
  const jtis = all.map(
    token => (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as JWTPayload).jti,
  );
  expect(new Set(jtis).size).toBe(jtis.length);
});

test.each(['lock', 'set-password'] as const)(
  'after %s by an operator the clients of all sessions are told',
  async act => {
    const { noor } = world.people;
    const sids: unknown[] = [];
    for (const browser of [world.browser(), world.browser()]) {
      sids.push((await signIn(crm, browser, noor)).claims()?.['sid']);
      world.clock.advance(60 * second);
    }
    const { users } = world.services;
    if (act === 'lock') await users.lock(noor.user.id, 'cli');
    else await users.setPassword(noor.user.id, (await users.get(noor.user.id))?.passwordHash ?? '', 'cli');
    await settle();
    const told = await Promise.all(arrived.map(({ token }) => verify(token, 'crm')));
    expect(told.map(({ sub }) => sub)).toEqual([noor.user.id, noor.user.id]);
    expect(new Set(told.map(({ sid }) => sid))).toEqual(new Set(sids));
    // Once: the act repeated tells nobody again.
    await users.lock(noor.user.id, 'cli');
    await settle();
    expect(arrived).toHaveLength(2);
    await users.unlock(noor.user.id, 'cli');
  },
);

test('a session does not end if its logout messages cannot be stored', async () => {
  const { linus } = world.people;
  const browser = world.browser();
  await signIn(crm, browser, linus);
  failing = 'insert outbox';
  expect((await signOut(browser)).status).toBe(503);
  failing = undefined;
  expect(heading(await signOut(browser))).toBe('You’re signed out');
  await settle();
  expect(arrived).toHaveLength(1);
});

test('a lock takes effect and is audited even if its logout messages cannot be stored; repeating it sends them', async () => {
  const { linus } = world.people;
  const { users } = world.services;
  const tokens = await signIn(crm, world.browser(), linus);
  const before = (await world.audited('user.locked')).length;
  failing = 'insert outbox';
  await expect(users.lock(linus.user.id, 'cli')).rejects.toMatchObject({ code: 'unavailable' });
  failing = undefined;
  expect((await world.audited('user.locked')).length).toBe(before + 1);
  await expect(oidc.refreshTokenGrant(crm.config, tokens.refresh_token ?? '')).rejects.toMatchObject({
    error: 'invalid_grant',
  });
  await users.lock(linus.user.id, 'cli');
  await settle();
  expect(arrived).toHaveLength(1);
  await users.unlock(linus.user.id, 'cli');
});

test('a client gets no code if its session cannot be recorded', async () => {
  const { linus } = world.people;
  failing = 'insert client-sessions';
  await expect(signIn(crm, world.browser(), linus)).rejects.toThrow('(503)');
  failing = undefined;
  await expect(signIn(crm, world.browser(), linus)).resolves.toBeDefined();
});

test('a removed client gets no more messages, and its sessions are removed', async () => {
  const { linus } = world.people;
  const browser = world.browser();
  const client = await world.addClient({ id: 'gone', backchannel_logout_uri: `${origin}/gone` });
  await signIn(await openRelyingParty(world, client), browser, linus);
  answer = response => void response.writeHead(500).end();
  await signOut(browser);
  await settle();
  expect([arrived.length, (await waiting()).length]).toEqual([1, 1]);
  const other = world.browser();
  await signIn(await openRelyingParty(world, client), other, linus);
  await (await world.services.clients()).remove('gone', 'cli');
  expect(await waiting()).toEqual([]);
  // A later client of the same id learns nothing of people who signed in at the removed one.
  await world.addClient({ id: 'gone', backchannel_logout_uri: `${origin}/gone` });
  await signOut(other);
  await settle(60 * second);
  expect([arrived.length, await waiting()]).toEqual([1, []]);
});

test('a sign-out needs no store operation for clients without back-channel logout', async () => {
  const { linus } = world.people;
  const browser = world.browser();
  await signIn(plain, browser, linus);
  await signOut(browser);
  const remembered = await world.store.durable.collection(clientSessionKind).find({ accountId: linus.user.id });
  expect([remembered.filter(({ clientId }) => clientId === 'plain'), await waiting()]).toEqual([[], []]);
});

test('a client whose address leads into our own network is not connected to, and the operator sees why', async () => {
  const { linus } = world.people;
  const browser = world.browser();
  const hidden = createServer();
  let connections = 0;
  hidden.on('connection', () => (connections += 1));
  await new Promise<void>(resolve => hidden.listen(0, '127.0.0.1', resolve));
  const uri = `http://127.0.0.1:${(hidden.address() as AddressInfo).port}/logout`;
  const client = await world.addClient({ id: 'inside', backchannel_logout_uri: uri });
  await signIn(await openRelyingParty(world, client), browser, linus);
  await signOut(browser);
  await settle();
  hidden.close();
  expect(connections).toBe(0);
  expect(await waiting()).toEqual([
    expect.objectContaining({
      recipient: 'client:inside',
      attempts: 1,
      lastError: expect.stringContaining('SALLYPORT_OUTBOUND_ORIGINS'),
    }),
  ]);
});
