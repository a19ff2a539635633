/** Tests the list of a person's sessions, and that an ended one is over at the next request on every node. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sha256 } from '../../src/crypto.ts';
import { documentId, toDocument } from '../../src/oidc/adapter/durable.ts';
import { maxMarks } from '../../src/oidc/ended-sessions.ts';
import { maxSessions, type SessionRecords } from '../../src/oidc/sessions/session-records.ts';
import { key } from '../../src/ports/stores.ts';
import { sessionRecordKind, userKind, type SessionRecord, type User } from '../../src/records.ts';
import { memory, stores } from '../support/world/stores.ts';
import { authorize, introspect, redeem, refresh, signedIn, signIn, userinfo, type Tokens } from './support/flows.ts';
import { Browser } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

const minute = 60_000;
const both = [0, 1];
const by = { actor: 'user:ada' };
const offline = { scope: 'openid offline_access', prompt: 'consent' };

let world: World;
let rp: Rp;
let keeper: Rp;
const open = async (store: (typeof stores)[number]): Promise<void> => {
  world = await openWorld({ store, nodes: 2 });
  rp = await world.addClient({ client_id: 'contoso', grant_types: ['authorization_code', 'refresh_token'] });
  keeper = await world.addClient({ client_id: 'keeper', grant_types: ['authorization_code', 'refresh_token'] });
  await world.addUser('ada');
};
afterEach(() => world.close());

const sessions = () => {
  const [first] = world.accountSessions;
  if (first === undefined) throw new Error('the world has no node');
  return first;
};
const recorder = (): SessionRecords => {
  const [first] = world.sessionRecords;
  if (first === undefined) throw new Error('the world has no node');
  return first;
};
const ada = async (): Promise<User> => {
  const user = await world.store.durable.collection(userKind).get('ada');
  if (user === undefined) throw new Error('Ada is gone');
  return user;
};
const list = async () => sessions().list(await ada());
const records = (): Promise<readonly SessionRecord[]> =>
  world.store.durable.collection(sessionRecordKind).find({ accountId: 'ada' }, { limit: 1000 });

interface OfBrowser {
  readonly browser: Browser;
  readonly id: string;
  readonly got: Tokens;
  readonly kept: Tokens;
}
/** A browser that is signed in at both clients; the second one may act while the person is away. */
const signedInBrowser = async (node = 0): Promise<OfBrowser> => {
  const before = new Set((await list()).map(({ id }) => id));
  const browser = new Browser(world, node);
  const got = await redeem(world, rp, await signIn(browser, rp, 'ada', 'mfa'));
  const asked = await authorize(browser, keeper, offline);
  const agreed = await browser.open('POST', asked.url.pathname, { json: { consent: true } });
  const kept = await redeem(world, keeper, { ...agreed, verifier: asked.verifier });
  const id = (await list()).find(session => !before.has(session.id))?.id ?? '';
  return { browser, id, got, kept };
};
const isSignedIn = async ({ browser }: OfBrowser): Promise<boolean> =>
  (await authorize(browser, rp, { prompt: 'none' })).params['code'] !== undefined;
const signOut = async ({ browser }: OfBrowser): Promise<void> => {
  const question = await browser.open('GET', '/session/end');
  const xsrf = /name="xsrf" value="([^"]*)"/.exec(question.answer.text)?.[1] ?? '';
  await browser.open('POST', '/session/end/confirm', { form: { xsrf, logout: 'yes' } });
};
/** What the tokens of a browser still open on a node. */
const opened = async ({ got, kept }: OfBrowser, node: number) => ({
  userinfo: (await userinfo(world, got.access_token, node)).status,
  active: (await introspect(world, rp, got.access_token, node))['active'],
  offline: (await introspect(world, keeper, kept.access_token, node))['active'],
});
const refreshed = async ({ got, kept }: OfBrowser, node: number): Promise<readonly number[]> => [
  (await refresh(world, rp, got.refresh_token, node)).status,
  (await refresh(world, keeper, kept.refresh_token, node)).status,
];
const expectOver = async (one: OfBrowser): Promise<void> => {
  for (const node of both) {
    expect(await opened(one, node)).toEqual({ userinfo: 401, active: false, offline: false });
    expect(await refreshed(one, node)).toEqual([400, 400]);
  }
  expect(await isSignedIn(one)).toBe(false);
};

describe.each(stores)('the sessions of a person on $name', store => {
  beforeEach(() => open(store));

  test('after a session was ended its opaque tokens answer 401 and 400 on every node at the next request', async () => {
    const [here, there] = [await signedInBrowser(0), await signedInBrowser(1)];
    for (const node of both) expect(await opened(there, node)).toEqual({ userinfo: 200, active: true, offline: true });

    expect(await sessions().end('ada', there.id, by)).toBe('ended');
    await expectOver(there);
    expect(new Set(world.told.map(line => line.split(' ')[0]))).toEqual(new Set(['ada', 'contoso', 'keeper']));
    expect((await list()).map(({ id }) => id)).toEqual([here.id]);
    expect(await opened(here, 1)).toEqual({ userinfo: 200, active: true, offline: true });
    expect(await refreshed(here, 1)).toEqual([200, 200]);
    expect(await isSignedIn(here)).toBe(true);
  });

  test('after a lock its opaque tokens answer 401 and 400 on every node at the next request', async () => {
    const one = await signedInBrowser(1);
    for (const node of both) expect(await opened(one, node)).toEqual({ userinfo: 200, active: true, offline: true });
    await world.changeUser('ada', { lockedAt: world.clock() });
    await expectOver(one);
  });

  test('after a plain sign-out those of its session end on every node at the next request', async () => {
    const one = await signedInBrowser(1);
    for (const node of both) expect(await opened(one, node)).toEqual({ userinfo: 200, active: true, offline: true });
    await signOut(one);
    for (const node of both) expect(await opened(one, node)).toEqual({ userinfo: 401, active: false, offline: true });
    expect((await refresh(world, rp, one.got.refresh_token, 0)).status).toBe(400);
  });

  test('"end all others" keeps the one session with its tokens, "end all" none', async () => {
    const [here, there, third] = [await signedInBrowser(0), await signedInBrowser(1), await signedInBrowser(1)];
    expect(await sessions().endOthers('ada', here.id, by)).toBe(2);
    await expectOver(there);
    await expectOver(third);
    expect(await opened(here, 1)).toEqual({ userinfo: 200, active: true, offline: true });
    expect(await isSignedIn(here)).toBe(true);

    expect(await sessions().endAll('ada', by)).toBe(1);
    await expectOver(here);
    expect(await list()).toEqual([]);
  });
});

describe('a session of a person', () => {
  beforeEach(() => open(memory));

  test('is listed with its begin, its last use, its place, its level, its method and its clients', async () => {
    const began = world.clock();
    const { id } = await signedInBrowser();
    expect(await list()).toEqual([
      {
        id,
        startedAt: Math.floor(began / 1000) * 1000,
        signedInAt: Math.floor(began / 1000) * 1000,
        usedAt: began,
        address: '127.0.0.1',
        acr: 'mfa',
        method: 'call',
        clients: [
          { clientId: 'contoso', sid: expect.any(String), grantId: expect.any(String) },
          { clientId: 'keeper', sid: expect.any(String), grantId: expect.any(String) },
        ],
        expiresAt: expect.any(Number),
      },
    ]);
  });

  test('is listed also where the person left before a client got anything', async () => {
    const asked = await authorize(
      new Browser(world),
      await world.addClient({ client_id: 'third', first_party: false }),
    );
    expect(asked.at).toBe('interaction');
    const browser = new Browser(world);
    const consent = await signIn(browser, await world.addClient({ client_id: 'fourth', first_party: false }), 'ada');
    expect(consent.at).toBe('interaction');
    expect(await list()).toMatchObject([{ clients: [] }]);
  });

  test('is recorded again after a quarter of an hour, and not at each use before', async () => {
    const one = await signedInBrowser();
    const [before] = await records();
    world.clock.advance(14 * minute);
    await isSignedIn(one);
    expect(await records()).toEqual([before]);
    world.clock.advance(minute);
    await isSignedIn(one);
    expect(await records()).toMatchObject([{ rev: (before?.rev ?? 0) + 1, usedAt: world.clock() }]);
  });

  test('keeps offline access at a plain sign-out, and loses everything else', async () => {
    const one = await signedInBrowser();
    await signOut(one);
    expect(await opened(one, 1)).toEqual({ userinfo: 401, active: false, offline: true });
    expect(await refreshed(one, 1)).toEqual([400, 200]);
    expect(await records()).toEqual([]);
  });

  test('that no record knows ends with all others', async () => {
    const [here, there] = [await signedInBrowser(0), await signedInBrowser(1)];
    const lost = (await records()).find(({ session }) => session === there.id);
    await world.store.durable.collection(sessionRecordKind).remove(lost?.id ?? '');
    world.clock.advance(1000);
    expect(await sessions().endOthers('ada', here.id, by)).toBe(0);
    await expectOver(there);
    expect(await isSignedIn(here)).toBe(true);
  });

  test('is not listed after it was idle for too long', async () => {
    await signedInBrowser();
    world.clock.advance(61 * minute);
    expect(await list()).toEqual([]);
  });

  test('is not ended for another person', async () => {
    await world.addUser('bob');
    const one = await signedInBrowser();
    expect(await sessions().end('bob', one.id, { actor: 'user:bob' })).toBe('unknown');
    expect(await isSignedIn(one)).toBe(true);
    expect(world.audited.filter(({ event }) => event === 'session.ended')).toEqual([]);
  });

  test('is ended once, and audited with its count', async () => {
    const { id } = await signedInBrowser();
    const outcomes = await Promise.all([1, 2].map(() => sessions().end('ada', id, by)));
    expect(outcomes).toContain('ended');
    expect(await sessions().end('ada', id, by)).toBe('unknown');
    expect(world.audited.find(({ event }) => event === 'session.ended')).toEqual({
      event: 'session.ended',
      subject: 'ada',
      actor: 'user:ada',
      outcome: 'success',
      reason: 'one',
      count: 1,
    });
  });

  test('stays ended where the short-lived store brings it back, and its browser can sign in anew', async () => {
    const one = await signedInBrowser();
    const { ephemeral } = world.store.shortLived;
    const cookie = one.browser.cookies.find(({ name }) => name.endsWith('session'))?.value ?? '';
    const keys = [key('oidc', 'Session', one.id), key('oidc', 'Session', 'id', sha256(cookie))];
    const copies = await ephemeral.getMany(...keys);
    expect(copies).not.toContain(undefined);
    await sessions().end('ada', one.id, by);
    for (const [at, copy] of copies.entries()) await ephemeral.put(keys[at] ?? '', copy, 60 * minute);

    await expectOver(one);
    expect(await list()).toEqual([]);
    for (const [at, copy] of copies.entries()) await ephemeral.put(keys[at] ?? '', copy, 60 * minute);
    const again = await redeem(world, rp, await signIn(one.browser, rp, 'ada', 'mfa'));
    expect((await userinfo(world, again.access_token)).status).toBe(200);
    expect(await list()).toHaveLength(1);
  });

  test('is not recorded or stored by a request that was under way when it ended', async () => {
    const one = await signedInBrowser();
    const { ephemeral } = world.store.shortLived;
    const stored = await ephemeral.get(key('oidc', 'Session', one.id));
    await sessions().end('ada', one.id, by);
    const [ended] = await records();
    const isKept = await recorder().record(
      { accountId: 'ada', session: one.id, loginTs: 0, clients: [{ clientId: 'late', grantId: 'late' }] },
      { isNew: false },
    );
    expect({ isKept, stored: stored !== undefined }).toEqual({ isKept: false, stored: true });
    expect(await records()).toEqual([ended]);
  });

  test('ends with what a client gets while it is ended', async () => {
    const { id } = await signedInBrowser();
    await world.documents.insert(toDocument('Grant', 'late', { accountId: 'ada', clientId: 'keeper' }));
    const seen = {
      accountId: 'ada',
      session: id,
      loginTs: Math.floor(world.clock() / 1000),
      clients: [{ clientId: 'keeper', sid: 'late', grantId: 'late' }],
    };
    const [outcome, isKept] = await Promise.all([
      sessions().end('ada', id, by),
      recorder().record(seen, { isNew: false }),
    ]);
    expect({ outcome, isKept }).toEqual({ outcome: 'ended', isKept: true });
    expect(await world.documents.get(documentId('Grant', 'late'))).toMatchObject({ model: 'EndedGrant' });
    expect(world.told).toContain('keeper late');
  });

  test.each<[string, (one: OfBrowser) => Promise<unknown>]>([
    ['alone', one => sessions().end('ada', one.id, by)],
    ['with all others', async () => sessions().endOthers('ada', (await signedInBrowser()).id, by)],
    ['with all', () => sessions().endAll('ada', by)],
  ])('ended %s leaves nothing that a mark must refuse: its tokens stay ended when the mark is over', async (_, end) => {
    const one = await signedInBrowser();
    await end(one);
    const { othersSignedOut: _others, signedOutAt: _at, endedSessions: _marks, ...unmarked } = await ada();
    await world.store.durable.collection(userKind).replace(unmarked);
    expect(await opened(one, 1)).toEqual({ userinfo: 401, active: false, offline: false });
    expect(await refreshed(one, 1)).toEqual([400, 400]);
  });

  test('whose end was interrupted is listed, and can be ended again', async () => {
    const one = await signedInBrowser();
    const [record] = await records();
    const users = world.store.durable.collection(userKind);
    // As after a crash behind the first write.
    await users.replace({ ...(await ada()), endedSessions: [{ session: one.id, until: world.clock() + minute }] });
    await expectOver(one);
    expect(record?.endedAt).toBeUndefined();
    expect((await list()).map(({ id }) => id)).toEqual([one.id]);
    expect(await sessions().end('ada', one.id, by)).toBe('ended');
    expect((await records())[0]?.endedAt).toBe(world.clock());
  });

  test('ends at a lock or a new password, its tokens in the same second', async () => {
    const one = await signedInBrowser();
    await world.changeUser('ada', { signedOutAt: world.clock() });
    await sessions().afterSignedOut('ada');
    expect(await opened(one, 1)).toEqual({ userinfo: 401, active: false, offline: false });
    world.clock.advance(1000);
    await world.changeUser('ada', { signedOutAt: world.clock() });
    await expectOver(one);
    expect(await list()).toEqual([]);
  });

  test('takes a sign-in that was under way when the account was signed out everywhere', async () => {
    const { browser } = await signedInBrowser();
    const asked = await authorize(browser, rp, { prompt: 'login' });
    world.clock.advance(1000);
    await world.changeUser('ada', { signedOutAt: world.clock() });
    await sessions().afterSignedOut('ada');
    const done = await browser.open('POST', asked.url.pathname, { json: signedIn(world, 'ada', 'mfa') });
    const got = await redeem(world, rp, { ...done, verifier: asked.verifier });
    expect((await userinfo(world, got.access_token)).status).toBe(200);
    expect(await list()).toHaveLength(1);
  });

  test('the marks of an account are limited, and leave it when they are over', async () => {
    for (let at = 0; at < maxMarks + 2; at += 1) {
      await recorder().record(
        { accountId: 'ada', session: `s${at}`, loginTs: Math.floor(world.clock() / 1000), clients: [] },
        { isNew: false },
      );
      await sessions().end('ada', `s${at}`, by);
    }
    expect((await ada()).endedSessions).toHaveLength(maxMarks);
    world.clock.advance(25 * 60 * minute);
    const { id } = await signedInBrowser();
    await sessions().end('ada', id, by);
    expect((await ada()).endedSessions).toHaveLength(1);
  });

  test('the sessions of an account are limited: the one that was used longest ago goes', async () => {
    const first = await signedInBrowser();
    for (let at = 0; at < maxSessions + 49; at += 1) {
      world.clock.advance(1);
      await recorder().record(
        { accountId: 'ada', session: `s${at}`, loginTs: Math.floor(world.clock() / 1000), clients: [] },
        { isNew: true },
      );
    }
    expect((await records()).length).toBe(maxSessions);
    expect(await isSignedIn(first)).toBe(false);
  });
});
