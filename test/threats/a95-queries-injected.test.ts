/**
 * A95. A text reaches a store as something else than a text. `[$ne]=` becomes an operator that matches all documents
 * (MongoDB behind qs). `' OR '1'='1` becomes a condition, a line feed a second Redis command, NUL the end of a name,
 * and `*` all keys. Each text is sent by every route that leads to a store, on every store.
 * Guards: `src/http/body.ts#parseForm` (maps of texts), bound parameters in
 * `adapters/sqlite/documents.ts#openDocuments`, JSON texts in `adapters/mongodb/layout.ts#layoutOf`, encoded keys in `src/ports/stores.ts#key`, `src/ports/stores.ts#named`,
 * `src/users/names/usernames.ts#canonicalName`, and ids by their hash in `src/oidc/adapter/short-lived.ts#shortLivedAdapter`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { isProblem } from '../../src/errors.ts';
import {
  key,
  type Collection,
  type Ephemeral,
  type EphemeralEntry,
  type EphemeralWrite,
  type Key,
  type Kind,
} from '../../src/ports/stores.ts';
import * as records from '../../src/records.ts';
import { answerClaims } from '../support/device-answer.ts';
import { createCostMeter } from '../support/hostile/costs.ts';
import { everyStore } from '../support/world/stores.ts';
import { uidOf } from '../support/browser/plain.ts';
import { expectSignedIn, startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

const hostile: readonly string[] = [
  '$ne',
  '{"$gt":""}',
  '{"$where":"sleep(1000)"}',
  '{"$regex":".*"}',
  '[$ne]=',
  "' OR '1'='1",
  "'; DROP TABLE users; --",
  '" OR ""="',
  "noor' --",
  'noor\0',
  'noor%00',
  '*',
  'sign-in:*',
  'noor\r\nFLUSHALL\r\n',
  '../../users',
  'x'.repeat(1000),
];

const cases = hostile.map(text => ({ text, name: JSON.stringify(text).slice(0, 40) }));

/** Every value at the leaves of the arguments of a store call. */
const leaves = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];

/** Documents of any kind, found by any member. */
type AnyDoc = records.User;
type Method = keyof Collection<AnyDoc> | keyof Ephemeral;

const byFirst = (args: readonly unknown[]): readonly unknown[] => args.slice(0, 1);
/** Arguments by which a call of a store chooses documents or keys. Typed, so that a renamed method is noticed here. */
const chosenBy: Readonly<Record<Method, (args: readonly unknown[]) => readonly unknown[]>> = {
  find: ([where]) => leaves(where),
  insert: ([doc]) => [(doc as AnyDoc).id],
  insertMany: ([docs]) => (docs as readonly AnyDoc[]).map(({ id }) => id),
  replace: ([doc]) => [(doc as AnyDoc).id],
  get: byFirst,
  remove: byFirst,
  put: ([first, , , tags = []]) => [first, ...(tags as readonly string[])],
  setIfAbsent: ([first, , , tags = []]) => [first, ...(tags as readonly string[])],
  compareAndSwap: byFirst,
  getAndDelete: byFirst,
  increment: byFirst,
  dropTagged: byFirst,
  getMany: args => args,
  counts: args => args,
  decrement: args => args,
  setWith: ([others, last]) => [...(others as readonly EphemeralEntry[]).map(each => each.key), last],
  writeMany: lists =>
    (lists as readonly (readonly EphemeralWrite[])[])
      .flat()
      .flatMap(write => [write.key, ...('tags' in write ? (write.tags ?? []) : [])]),
  incrementMany: ([counters]) => (counters as Parameters<Ephemeral['incrementMany']>[0]).map(([each]) => each),
};
const methodOf = (name: string): Method => name.slice(name.lastIndexOf('.') + 1) as Method;
const kinds = Object.values(records).filter(
  each => typeof each === 'object' && 'unique' in each,
) as unknown as readonly Kind<AnyDoc, 'signInNames'>[];
const asking = async <T>(ask: () => Promise<T>): Promise<T> => ask();

describe.each(everyStore)('A95 on $name', store => {
  const watched = createCostMeter();
  let world: ThreatWorld;
  let everything: string;
  /** The durable documents, without counters, the audit, and keys, which are replaced as days pass. */
  const rows = async (): Promise<string> => {
    const lasting = [records.userKind, records.authenticatorKind, records.oidcDocumentKind] as const;
    const found = await Promise.all(
      lasting.map(kind =>
        world.store.durable.collection(kind as Kind<records.User, 'signInNames'>).find({}, { limit: 1000 }),
      ),
    );
    return JSON.stringify(found);
  };
  beforeAll(async () => {
    world = await startThreatWorld({
      store,
      wrap(resources) {
        const { settings } = resources;
        // No rotation in the months that pass: it would change the secrets that are compared.
        return watched.wrap({ ...resources, settings: { ...settings, keys: { ...settings.keys, rotation: 0 } } });
      },
    });
  });
  afterAll(() => world.close());
  beforeEach(async () => {
    // A day later, so that failed attempts of the previous row do not count.
    world.clock.advance(86_400_000);
    everything = await rows();
    watched.reset();
  });

  /** Every query of a store chooses documents and keys by texts alone, so no value becomes an operator. */
  const asksAreTexts = (): void => {
    const asks = watched.calls.map(({ name, args }) => ({ name, by: chosenBy[methodOf(name)](args) }));
    expect(asks.filter(({ by }) => !by.every(value => typeof value === 'string'))).toEqual([]);
    expect(asks.filter(({ by }) => by.length > 0).length).toBeGreaterThan(0);
  };

  test('A95 a right name and password sign in', async () => {
    const browser = world.recordingBrowser();
    await world.beginAs(browser, world.people.linus);
    await expectSignedIn(world, browser, world.people.linus);
    asksAreTexts();
  });

  test.each(cases)('A95 $name does not sign in and is a text in every query', async ({ text }) => {
    const browser = world.recordingBrowser();
    const { page } = await world.beginAs(browser, world.people.noor);
    const uid = uidOf(page);
    const encoded = encodeURIComponent(text);
    watched.reset();

    const posted = await browser.go(`${page.path}/factor`, { form: { code: text } });
    const chosen = await browser.go(`${page.path}/options`, { form: { method: text } });
    expect([posted.status, chosen.status]).toEqual([422, text.length > 128 ? 413 : 403]);

    const stranger = world.recordingBrowser();
    const { page: first } = await world.begin(stranger);
    const asPerson = await stranger.go(`${first.path}/password`, {
      form: { name: text, password: world.people.noor.password },
    });
    const asPassword = await stranger.go(`${first.path}/password`, { form: { name: 'noor', password: text } });
    expect([asPerson.status, asPassword.status]).toEqual([422, 422]);
    expect(await world.outcome(stranger)).toMatchObject({ codes: [], accountId: undefined });

    const elsewhere = [
      `/interaction/${encoded}`,
      `/interaction/${uid}${encoded}`,
      `/auth/${encoded}`,
      `/auth?client_id=${encoded}`,
      `/auth?client_id=contoso&redirect_uri=${encoded}&response_type=code&scope=openid`,
      `/session/end?client_id=${encoded}&id_token_hint=${encoded}`,
      `/assets/${encoded}`,
    ];
    for (const path of elsewhere) {
      const { status } = await browser.go(path);
      expect({ path, refused: status >= 400 && status < 500 }).toEqual({ path, refused: true });
    }

    const client = `Basic ${Buffer.from(`contoso:${encodeURIComponent(world.rp.client.secret ?? '')}`).toString('base64')}`;
    const nobody = `Basic ${Buffer.from(`${encoded}:${encoded}`).toString('base64')}`;
    const asked = async (path: string, form: Readonly<Record<string, string>>, authorization: string) => {
      const body = new URLSearchParams(form).toString();
      const type = 'application/x-www-form-urlencoded';
      const headers = { accept: 'application/json', 'content-type': type, authorization };
      const { status, text: said } = await world.recordingBrowser().go(path, { method: 'POST', body, headers });
      return { status, said };
    };
    const grant = {
      grant_type: 'authorization_code',
      code: text,
      redirect_uri: world.rp.redirectUri,
      code_verifier: 'v'.repeat(43),
    };
    expect((await asked('/token', grant, client)).status).toBe(400);
    expect((await asked('/token', { grant_type: 'refresh_token', refresh_token: text }, client)).status).toBe(400);
    // Control characters cannot be in an id or a secret (RFC 6749 Appendix A).
    const refusal = /\p{Cc}/u.test(text) ? [400, 'invalid_request'] : [401, 'invalid_client'];
    const unknown = await asked('/token', grant, nobody);
    expect([unknown.status, (JSON.parse(unknown.said) as { readonly error: string }).error]).toEqual(refusal);
    expect((await asked('/token/introspection', { token: text }, client)).said).toBe('{"active":false}');
    expect((await asked('/token/revocation', { token: text }, client)).status).toBe(200);
    expect((await asked('/me', {}, `Bearer ${Buffer.from(text).toString('base64url')}`)).status).toBe(401);

    const cookies = ['session', 'interaction', 'resume', 'browser', 'start', 'language'].map(
      name => `sallyport-${name}=${encoded}`,
    );
    const fromCookies = await world.recordingBrowser().go(page.path, { headers: { cookie: cookies.join('; ') } });
    expect(fromCookies.status).toBe(403);

    asksAreTexts();
    expect(await rows()).toBe(everything);
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test.each(cases)('A95 $name as a call token or phone is unknown', async ({ text }) => {
    const { services } = world;
    const device = { userId: text, handle: text, authenticator: text };
    const claims = answerClaims({ iss: text, request: text });
    expect(await services.deviceAnswers.answer(text, device, claims)).toEqual({ result: 'refused' });
    expect(await services.deviceRequests.of(device)).toEqual([]);
    expect(await services.challenges.current(text)).toBeUndefined();
    expect(await services.challenges.redeem(text)).toBeUndefined();
    const answer = await world
      .recordingBrowser()
      .go(`/callbacks/twilio/call/${encodeURIComponent(text)}/keys`, { method: 'POST' });
    expect(answer.status).toBe(403);
    expect(await rows()).toBe(everything);
  });

  test.each(cases)(
    'A95 $name typed by an operator is stored unchanged and found only by the same text',
    async ({ text }) => {
      const { services } = world;
      const clients = await services.clients();
      const person = `person${hostile.indexOf(text)}`;
      // A line feed, NUL and a thousand letters are no display name.
      const displayName = /[\0\r]|x{1000}/.test(text) ? 'x' : text;
      const added = await services.users.add({ name: person, displayName, email: 'p@x.test' }, 'cli');
      if (!added.ok) throw new Error(added.reason);
      expect(await services.users.find(person)).toMatchObject({ displayName, email: 'p@x.test' });
      expect(await services.users.setEmail(added.user.id, text, 'cli')).toBe('email');
      expect(await services.users.find(text)).toBeUndefined();
      expect(await services.users.add({ name: text, displayName: 'x' }, 'cli')).toEqual({ ok: false, reason: 'name' });
      expect(await services.users.get(text)).toBeUndefined();
      expect(await clients.remove(text, 'cli')).toMatchObject({ ok: false, reason: 'unknown' });
      const client = await clients.add({ client_id: text, redirect_uris: ['https://a.test/cb'] }, 'cli');
      expect(client).toMatchObject({ ok: false, reason: 'invalid' });
      // Removed again, so that the next row starts with the same accounts.
      await world.store.durable.collection(records.userKind).remove(added.user.id);
      expect(await rows()).toBe(everything);
    },
  );

  test.each([{ $ne: null }, { $gt: '' }, { $regex: '.*' }, ['noor'], null, true, 0])(
    'A95 %j in place of a text matches no document in any collection',
    async value => {
      const { durable, shortLived } = world.store;
      for (const kind of kinds) {
        const collection = durable.collection(kind);
        for (const member of [...kind.index, ...kind.unique, ...(kind.uniqueEach ?? [])]) {
          expect(await collection.find({ [member]: value as never })).toEqual([]);
        }
        await expect(asking(() => collection.get(value as never))).rejects.toThrow(/isWellFormed/);
      }
      await expect(asking(() => shortLived.ephemeral.get(value as never))).rejects.toThrow(/isWellFormed/);
      await expect(asking(() => shortLived.ephemeral.getAndDelete(value as never))).rejects.toThrow(/isWellFormed/);
      expect(await rows()).toBe(everything);
    },
  );

  test('A95 a query by undefined is refused, because it would match all documents', async () => {
    const people = world.store.durable.collection(records.userKind);
    await expect(people.find({ signInNames: undefined as never })).rejects.toMatchObject({ code: 'internal' });
  });

  test.each(cases)(
    'A95 $name is one key of the short-lived store, and its tag drops only that key',
    async ({ text }) => {
      const { ephemeral } = world.store.shortLived;
      const [one, other] = [key<string>('a95', text), key<string>('a95', `${text}x`)];
      await ephemeral.put(one, text, 60_000, [text]);
      await ephemeral.put(other, 'other', 60_000, [`${text}x`]);
      expect(await ephemeral.get(one)).toBe(text);
      await ephemeral.dropTagged(text);
      expect([await ephemeral.get(one), await ephemeral.getAndDelete(other)]).toEqual([undefined, 'other']);
    },
  );

  /** What each method leaves at a key that held 1, and how it is called. Typed, so that a new method joins. */
  const methods: Readonly<
    Record<
      keyof Ephemeral,
      readonly [left: number | undefined, call: (of: Ephemeral, one: Key<number>, tag: string) => Promise<unknown>]
    >
  > = {
    get: [1, (of, one) => of.get(one)],
    getMany: [1, (of, one) => of.getMany(one)],
    put: [2, (of, one, tag) => of.put(one, 2, 60_000, [tag])],
    setIfAbsent: [1, (of, one, tag) => of.setIfAbsent(one, 2, 60_000, [tag])],
    setWith: [2, (of, one) => of.setWith([{ key: one, value: 2, ttl: 60_000 }], `${one}:first`, 2, 60_000)],
    writeMany: [2, (of, one, tag) => of.writeMany([{ method: 'put', key: one, value: 2, ttl: 60_000, tags: [tag] }])],
    compareAndSwap: [2, (of, one) => of.compareAndSwap(one, 1, 2)],
    getAndDelete: [undefined, (of, one) => of.getAndDelete(one)],
    increment: [2, (of, one) => of.increment(one, 60_000)],
    incrementMany: [2, (of, one) => of.incrementMany([[one, 60_000]])],
    counts: [1, (of, one) => of.counts(one)],
    decrement: [0, (of, one) => of.decrement(one)],
    dropTagged: [undefined, (of, _one, tag) => of.dropTagged(tag)],
  };

  test.each(cases)('A95 $name is one key and one tag for every method of the short-lived store', async ({ text }) => {
    const { ephemeral } = world.store.shortLived;
    const neighbours = [`${text}x`, text.slice(1), '*']
      .filter(each => each !== text)
      .map(each => [key<number>('a95', 'all', each), each] as const);
    for (const [method, [left, call]] of Object.entries(methods)) {
      const one = key<number>('a95', 'all', text);
      for (const [each, tag] of neighbours) await ephemeral.put(each, 7, 60_000, [tag]);
      await ephemeral.put(one, 1, 60_000, [text]);
      await call(ephemeral, one, text);
      expect([method, await ephemeral.get(one)]).toEqual([method, left]);
      for (const [each] of neighbours) expect([method, each, await ephemeral.get(each)]).toEqual([method, each, 7]);
    }
  });

  test.each(cases)('A95 $name is one id and one name for every method of a collection', async ({ text }) => {
    const people = world.store.durable.collection(records.userKind);
    const { linus } = world.people;
    const account = (id: string): AnyDoc => ({ ...linus.user, id, rev: 1, name: id, signInNames: [id] });
    const mine = (found: readonly AnyDoc[]) => found.map(({ id }) => id);
    // In this order; typed, so that a new method joins.
    const steps: Readonly<Record<keyof Collection<AnyDoc>, () => Promise<unknown>>> = {
      insert: () => people.insert(account(text)),
      insertMany: async () => expect(await people.insertMany([account(text)])).toEqual(['conflict']),
      get: async () => expect((await people.get(text))?.name).toBe(text),
      find: async () => expect(mine(await people.find({ signInNames: text }))).toEqual([text]),
      replace: async () => expect(await people.replace(account(text))).toMatchObject({ id: text, rev: 2 }),
      remove: async () => expect(await people.remove(text)).toBe(true),
    };
    await people.insert(account(`${text}x`));
    for (const step of Object.values(steps)) {
      await step();
      expect(await people.get(`${text}x`)).toEqual(account(`${text}x`));
    }
    expect(await people.remove(`${text}x`)).toBe(true);
    expect(await rows()).toBe(everything);
  });

  test('A95 a lone surrogate is refused before it reaches a store', async () => {
    const { ephemeral } = world.store.shortLived;
    const asked = await Promise.allSettled([
      asking(async () => key('a95', '\uD800')),
      ephemeral.get('a95\uD800'),
      world.store.durable.collection(records.userKind).get('\uDC00'),
    ]);
    expect(asked.map(each => each.status === 'rejected' && isProblem(each.reason, 'bad-request'))).toEqual([
      true,
      true,
      true,
    ]);
    expect(await world.services.users.find('noor\uD800')).toBeUndefined();
  });
});
