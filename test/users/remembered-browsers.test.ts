/** Tests the rules of remembered browsers: which token counts, what ends it, and how many there are. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAudit } from '../../src/audit.ts';
import { silentLog } from '../../src/log.ts';
import type { Notices } from '../../src/notice.ts';
import { auditEventKind, rememberedBrowserKind, userKind, type User } from '../../src/records.ts';
import { maxRemembered, RememberedBrowsers, type BrowserToken } from '../../src/users/remembered-browsers.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type Node, type OpenStore } from '../support/world/stores.ts';

const day = 86_400_000;
const lifetime = 14 * day;
const source = { actor: 'user:ada', address: '192.0.2.7', browser: 'Firefox on Linux' };

describe.each(stores)('remembered browsers on $name', stored => {
  let clock: TestClock;
  let store: OpenStore;
  let told: string[];
  let ended: (readonly [userId: string, id: string])[];
  let browsers: RememberedBrowsers;
  const over = ({ durable }: Node, forSoLong = lifetime): RememberedBrowsers => {
    const notices: Pick<Notices, 'changeAndTell'> = {
      async changeAndTell(userId, { kind }, _source, change, isMade = () => true) {
        const result = await change();
        if (isMade(result)) told.push(`${userId} ${kind}`);
        return result;
      },
    };
    return new RememberedBrowsers({
      records: durable.collection(rememberedBrowserKind),
      users: durable.collection(userKind),
      notices,
      audit: createAudit({ events: durable.collection(auditEventKind), clock, log: silentLog }),
      clock,
      lifetime: forSoLong,
      endSessions: async (userId, id) => ended.push([userId, id]),
    });
  };
  const person = async (id: string): Promise<User> => {
    const user: User = {
      id,
      rev: 1,
      name: id,
      signInNames: [id],
      displayName: id,
      createdAt: clock(),
      passwordHash: '$hash',
      authenticators: ['phone', 'app'],
    };
    await store.durable.collection(userKind).insert(user);
    return user;
  };
  const current = async (id: string): Promise<User> => {
    const user = await store.durable.collection(userKind).get(id);
    if (user === undefined) throw new Error(`no ${id}`);
    return user;
  };
  const change = async (id: string, members: Partial<User>): Promise<void> => {
    await store.durable.collection(userKind).replace({ ...(await current(id)), ...members });
  };
  const remembered = async (id: string) => {
    const found = await browsers.remember(await current(id), source);
    if (found === undefined) throw new Error(`not remembered for ${id}`);
    return found;
  };
  const recognised = async (userId: string, token: BrowserToken) => browsers.recognise(userId, token, source);
  const events = async (): Promise<readonly string[]> =>
    (await store.durable.collection(auditEventKind).find({})).map(({ event, subject }) => `${event} ${subject}`);

  beforeEach(async () => {
    clock = createClock();
    store = await stored.open(clock);
    told = [];
    ended = [];
    browsers = over(store);
    await person('ada');
  });
  afterEach(async () => store.close());

  test('a token counts once, is replaced by the next, and is told to the audit', async () => {
    const { id, token } = await remembered('ada');
    clock.advance(day);
    const next = await recognised('ada', token);
    expect(next).toEqual({ id, token: { secret: token.secret, counter: 1 } });
    clock.advance(day);
    expect(await recognised('ada', { ...token, counter: 1 })).toMatchObject({ token: { counter: 2 } });
    expect(told).toEqual([]);
    expect(await events()).toEqual([
      'remembered-browser.added ada',
      'remembered-browser.used ada',
      'remembered-browser.used ada',
    ]);
  });

  test('the store holds neither the secret nor anything that names it', async () => {
    const { token } = await remembered('ada');
    const [record] = await store.durable.collection(rememberedBrowserKind).find({ userId: 'ada' });
    expect(JSON.stringify(record)).not.toContain(token.secret);
    expect(Buffer.from(token.secret, 'base64url')).toHaveLength(16);
    expect(record).toMatchObject({ counter: 0, address: '192.0.2.7', browser: 'Firefox on Linux' });
  });

  test('twenty requests with one token at once are all recognised, with one and the same next token', async () => {
    const { id, token } = await remembered('ada');
    const second = over(await store.reopen());
    const all = await Promise.all(
      Array.from({ length: 20 }, async (_, at) => (at % 2 === 0 ? browsers : second).recognise('ada', token, source)),
    );
    expect(new Set(all.map(each => each?.token.counter))).toEqual(new Set([1]));
    expect(await store.durable.collection(rememberedBrowserKind).get(id)).toMatchObject({ counter: 1 });
    expect(told).toEqual([]);
  });

  test('the token before the newest counts for less than 10 seconds after its use, and makes no newer one', async () => {
    const { token } = await remembered('ada');
    await recognised('ada', token);
    clock.advance(9_999);
    expect(await recognised('ada', token)).toMatchObject({ token: { counter: 1 } });
    clock.advance(1);
    expect(await recognised('ada', token)).toBeUndefined();
    expect(told).toEqual(['ada remembered-browser-copied']);
  });

  test('an older token ends the browser for whoever holds the newest, and tells the person once', async () => {
    const { id, token } = await remembered('ada');
    await recognised('ada', token);
    await recognised('ada', { ...token, counter: 1 });
    expect(ended).toEqual([]);
    const copies = await Promise.all(Array.from({ length: 10 }, async () => recognised('ada', token)));
    expect(copies.every(each => each === undefined)).toBe(true);
    expect(await recognised('ada', { ...token, counter: 2 })).toBeUndefined();
    expect(await browsers.list(await current('ada'))).toEqual([]);
    expect(told).toEqual(['ada remembered-browser-copied']);
    expect(ended).toEqual([['ada', id]]);
    expect((await events()).filter(each => each === 'remembered-browser.copied ada')).toHaveLength(1);
  });

  test('a token ahead of its record, as after a restored copy of the store, ends the browser without an alarm', async () => {
    const { token } = await remembered('ada');
    expect(await recognised('ada', { ...token, counter: 1 })).toBeUndefined();
    expect(await recognised('ada', token)).toBeUndefined();
    expect(told).toEqual([]);
  });

  test('a token of one person is nothing for another, and stays valid for the first', async () => {
    await person('grace');
    const { id, token } = await remembered('ada');
    expect(await recognised('grace', token)).toBeUndefined();
    expect(await browsers.isValid(await current('grace'), id)).toBe(false);
    expect(await browsers.forget('grace', id, 'user:grace')).toBe(false);
    expect(await recognised('ada', { ...token, secret: 'A'.repeat(22) })).toBeUndefined();
    expect(await recognised('ada', token)).toBeDefined();
  });

  const changes = {
    'another password': { passwordHash: '$other' },
    'a method more': { authenticators: ['phone', 'app', 'key'] },
    'a method less': { authenticators: ['phone'] },
    'a method in place of another': { authenticators: ['phone', 'key'] },
    'a sign-out everywhere': { signedOutAt: 1 },
    'a sign-out of all other sessions': { othersSignedOut: { at: 1, except: 'session' } },
    'a lock': { lockedAt: 1 },
    'a stop of changes': { changesFrozenUntil: 9e15 },
  } satisfies Readonly<Record<string, Partial<User>>>;
  test.each(Object.entries(changes))('%s ends it', async (_what, members) => {
    const { id, token } = await remembered('ada');
    expect(await browsers.isValid(await current('ada'), id)).toBe(true);
    await change('ada', members);
    expect(await browsers.isValid(await current('ada'), id)).toBe(false);
    expect(await recognised('ada', token)).toBeUndefined();
    expect(told).toEqual([]);
  });

  test('it ends after its time, however often it is used, and at once where the setting is lowered or turned off', async () => {
    const { id, token } = await remembered('ada');
    clock.advance(lifetime - 1);
    expect(await recognised('ada', token)).toBeDefined();
    for (const shorter of [day, 0]) {
      expect(await over(store, shorter).isValid(await current('ada'), id)).toBe(false);
      expect(await over(store, shorter).recognise('ada', { ...token, counter: 1 }, source)).toBeUndefined();
    }
    const other = await remembered('ada');
    clock.advance(lifetime);
    expect(await browsers.isValid(await current('ada'), other.id)).toBe(false);
    expect(await recognised('ada', other.token)).toBeUndefined();
  });

  test('is not remembered where the setting is off, or for an account that has no method, is locked or frozen', async () => {
    expect(await over(store, 0).remember(await current('ada'), source)).toBeUndefined();
    for (const members of [
      { authenticators: [] },
      { authenticators: ['phone'], lockedAt: 1 },
      { changesFrozenUntil: clock() + 1 },
    ]) {
      const { lockedAt: _locked, ...was } = await current('ada');
      await store.durable.collection(userKind).replace({ ...was, authenticators: ['phone'], ...members });
      expect(await browsers.remember(await current('ada'), source)).toBeUndefined();
    }
  });

  test('A46 a method that was removed while it was proven leaves no browser remembered', async () => {
    const judged = await current('ada');
    await change('ada', { authenticators: ['app'] });
    const late = await browsers.remember(judged, source);
    expect(late && (await recognised('ada', late.token))).toBeUndefined();
    expect(await browsers.list(await current('ada'))).toEqual([]);
    const { token } = await remembered('ada');
    expect(await recognised('ada', token)).toBeDefined();
  });

  test('of one person ten stay: the one that was used longest ago goes', async () => {
    const first = await remembered('ada');
    const second = await remembered('ada');
    clock.advance(1000);
    for (let made = 2; made < maxRemembered; made += 1) await remembered('ada');
    const { token = first.token } = (await recognised('ada', first.token)) ?? {};
    clock.advance(1000);
    await remembered('ada');
    expect(await browsers.list(await current('ada'))).toHaveLength(maxRemembered);
    expect(await recognised('ada', second.token)).toBeUndefined();
    expect(await recognised('ada', token)).toBeDefined();
  });

  test('remembered again, a browser takes the place of its earlier entry', async () => {
    const { token } = await remembered('ada');
    await browsers.remember(await current('ada'), source, token);
    expect(await browsers.list(await current('ada'))).toHaveLength(1);
    expect(await recognised('ada', token)).toBeUndefined();
  });

  test('one or all of a person are forgotten, with an audit of how many', async () => {
    await person('grace');
    const [one, grace] = [await remembered('ada'), await remembered('grace')];
    for (let made = 0; made < 3; made += 1) await remembered('ada');
    expect(await browsers.forget('ada', one.id, source)).toBe(true);
    expect(await recognised('ada', one.token)).toBeUndefined();
    expect(await browsers.forgetAll('ada', source)).toBe(3);
    expect(await browsers.forgetAll('ada', source)).toBe(0);
    expect(await browsers.isValid(await current('grace'), grace.id)).toBe(true);
    const removed = await store.durable.collection(auditEventKind).find({ event: 'remembered-browser.removed' });
    expect(removed.map(({ subject, facts }) => [subject, facts['count']])).toEqual([
      ['ada', 1],
      ['ada', 3],
    ]);
  });
});
