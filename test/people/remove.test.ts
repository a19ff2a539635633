/** Tests the removal of a person on each store: nothing of them is left, and nobody else loses anything. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { removePerson, type RemovalDeps } from '../../src/people/remove.ts';
import {
  sessionRecordKind,
  failedAttemptsKind,
  notMeLinkKind,
  pushRequestsKind,
  oidcDocumentKind,
  clientMemberKind,
  rememberedBrowserKind,
  type OidcDocument,
  type SessionRecord,
} from '../../src/records.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';
import { openPeople, type People } from './support/people.ts';

const sessionOf = (accountId: string): SessionRecord => ({
  id: `s:${accountId}`,
  rev: 1,
  accountId,
  session: 's',
  startedAt: 0,
  signedInAt: 0,
  usedAt: 0,
  clients: [],
  expiresAt: Number.MAX_SAFE_INTEGER,
});

const refreshTokenOf = (accountId: string, name: string): OidcDocument => ({
  id: `RefreshToken:${name}`,
  rev: 1,
  model: 'RefreshToken',
  payload: {},
  grantId: 'g',
  accountId,
});

describe.each(stores.filter(({ name }) => name !== 'redis'))('a removal on $name', ({ open }) => {
  const clock = createClock();
  let store: OpenStore;
  let people: People;
  let deps: RemovalDeps;
  beforeEach(async () => {
    store = await open(clock);
    people = openPeople(store.durable, clock);
    deps = {
      accounts: people.accounts,
      users: people.users,
      records: people.records,
      failedAttempts: store.durable.collection(failedAttemptsKind),
      documents: store.durable.collection(oidcDocumentKind),
      links: store.durable.collection(notMeLinkKind),
      pushRequests: store.durable.collection(pushRequestsKind),
      rememberedBrowsers: store.durable.collection(rememberedBrowserKind),
      clientMembers: store.durable.collection(clientMemberKind),
      sessions: store.durable.collection(sessionRecordKind),
      audit: people.audit,
      types: ['totp', 'phone'],
    };
    const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const rows = ['ada', 'grace'].map(name => ({
      name,
      email: `${name}@example.com`,
      phones: ['+12025550143'],
      totp: seed,
    }));
    await people.importText(rows.map(row => JSON.stringify(row)).join('\n'));
    for (const { id } of await people.everybody()) {
      await deps.failedAttempts.insert({ id: `${id}:totp`, rev: 1, count: 3, notBefore: 0 });
      await deps.sessions.insert(sessionOf(id));
      await deps.links.insert({ id: `link of ${id}`, rev: 1, userId: id, kind: 'not-me', at: 0, expiresAt: 9e15 });
      for (let at = 0; at < 120; at += 1) {
        const document = { id: `RefreshToken:${id}${at}`, rev: 1, model: 'RefreshToken', payload: {}, accountId: id };
        await deps.documents.insert(document);
        await deps.documents.insert({ ...document, id: `Consent:${id}${at}`, model: 'Consent', clientId: 'foreign' });
      }
    }
  });
  afterEach(() => store.close());

  const idOf = async (name: string): Promise<string> => (await people.accounts.find(name))?.id ?? '';
  const belongings = async (id: string): Promise<readonly number[]> => [
    (await people.records.find({ userId: id })).length,
    (await deps.documents.find({ accountId: id }, { limit: 1000 })).length,
    (await deps.links.find({ userId: id })).length,
    (await deps.failedAttempts.get(`${id}:totp`)) === undefined ? 0 : 1,
    (await deps.sessions.find({ accountId: id })).length,
  ];

  test('removes the account with its methods, grants, tokens and counts, and nothing of other people', async () => {
    const [ada, grace] = [await idOf('ada'), await idOf('grace')];
    expect(await removePerson(deps, ada, 'cli')).toBe(true);
    expect(await people.users.get(ada)).toBeUndefined();
    expect(await belongings(ada)).toEqual([0, 0, 0, 0, 0]);
    expect(await belongings(grace)).toEqual([2, 240, 1, 1, 1]);
    expect(await people.accounts.find('ada@example.com')).toBeUndefined();
    expect((await people.events.find({ subject: ada })).map(({ event }) => event)).toContain('user.removed');
  });

  test('two concurrent removals remove it once, with one audit event', async () => {
    const ada = await idOf('ada');
    const outcomes = await Promise.all([removePerson(deps, ada, 'cli'), removePerson(deps, ada, 'cli')]);
    expect(outcomes.filter(Boolean)).toHaveLength(1);
    expect(await people.events.find({ subject: ada, event: 'user.removed' })).toHaveLength(1);
    expect(await removePerson(deps, ada, 'cli')).toBe(false);
  });

  test('one that was interrupted leaves a locked account, and can be repeated', async () => {
    const ada = await idOf('ada');
    const documents = { ...deps.documents, remove: () => Promise.reject(new Error('killed')) };
    await expect(removePerson({ ...deps, documents }, ada, 'cli')).rejects.toThrow('killed');
    expect(await people.users.get(ada)).toMatchObject({ lockedAt: clock() });
    expect(await removePerson(deps, ada, 'cli')).toBe(true);
    expect(await belongings(ada)).toEqual([0, 0, 0, 0, 0]);
  });

  test('a method that is bound meanwhile is removed too', async () => {
    const ada = await idOf('ada');
    const users = {
      ...deps.users,
      remove: async (id: string) => {
        await people.records.insert(
          people.authenticators.sealedRecord(ada, { type: 'totp', label: 'late', data: null }),
        );
        return deps.users.remove(id);
      },
    };
    expect(await removePerson({ ...deps, users }, ada, 'cli')).toBe(true);
    expect(await belongings(ada)).toEqual([0, 0, 0, 0, 0]);
  });

  test('a refresh token is removed with its grant, also one that a request under way stores meanwhile', async () => {
    const ada = await idOf('ada');
    await deps.documents.insert({ id: 'Grant:g', rev: 1, model: 'Grant', payload: {}, grantId: 'g', accountId: ada });
    await deps.documents.insert(refreshTokenOf(ada, 'early'));
    const users = {
      ...deps.users,
      remove: async (id: string) => {
        expect(await deps.documents.find({ grantId: 'g' })).toEqual([]);
        await deps.documents.insert(refreshTokenOf(ada, 'late'));
        return deps.users.remove(id);
      },
    };
    expect(await removePerson({ ...deps, users }, ada, 'cli')).toBe(true);
    expect(await deps.documents.find({ grantId: 'g' })).toEqual([]);
  });

  test('a later account of the same name and address is another person, with none of the methods', async () => {
    const ada = await idOf('ada');
    await removePerson(deps, ada, 'cli');
    expect(await people.importText(JSON.stringify({ name: 'ada', email: 'ada@example.com' }))).toMatchObject({
      added: 1,
    });
    const again = (await people.everybody()).find(({ name }) => name === 'ada');
    expect(again?.id).not.toBe(ada);
    expect(again && (await people.authenticators.of(again))).toEqual([]);
  });
});
