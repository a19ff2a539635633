/** Tests parallel requests of one session: no change is lost, and an ended session stays ended. */
import { randomBytes, createSecretKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { createSealer } from '../../src/crypto.ts';
import { sessionAdapter } from '../../src/oidc/adapter/sessions.ts';
import { mergeSession } from '../../src/oidc/adapter/session-merge.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const sealer = createSealer([{ id: 'k1', key: createSecretKey(randomBytes(32)) }]);

const withClient = (session: AdapterPayload, client: string): AdapterPayload => ({
  ...session,
  authorizations: { ...session.authorizations, [client]: { sid: `s-${client}`, grantId: `g-${client}` } },
});

describe.each(stores)('a session on $name', ({ open }) => {
  let store: OpenStore;
  let sessions: Adapter;
  beforeEach(async () => {
    store = await open(createClock());
    sessions = sessionAdapter({ ephemeral: store.shortLived.ephemeral, sealer });
    await sessions.upsert('id-1', { jti: 'id-1', uid: 'u1', accountId: 'ada', loginTs: 100, acr: 'mfa' }, 3600);
  });
  afterEach(() => store.close());

  /** Reads the session as a request does, ready to be changed and saved. */
  const read = async (id: string): Promise<AdapterPayload> => {
    const found = await sessions.find(id);
    if (!found) throw new Error(`no session ${id}`);
    return found;
  };

  test('keeps the clients of fifty parallel writers', async () => {
    const read50 = await Promise.all(Array.from({ length: 50 }, () => read('id-1')));
    await Promise.all(read50.map((session, at) => sessions.upsert('id-1', withClient(session, `client-${at}`), 3600)));
    expect(Object.keys((await read('id-1')).authorizations ?? {})).toHaveLength(50);
  });

  test('is found by its id and by its uid', async () => {
    expect(await sessions.find('id-1')).toMatchObject({ jti: 'id-1', uid: 'u1', accountId: 'ada' });
    expect(await sessions.findByUid('u1')).toMatchObject({ uid: 'u1', accountId: 'ada' });
    expect(await sessions.find('u1')).toBeUndefined();
    expect(await sessions.findByUid('id-1')).toBeUndefined();
  });

  test('is not found by its old id after a change', async () => {
    await sessions.upsert('id-2', { ...(await read('id-1')), jti: 'id-2', acr: 'aal2' }, 3600);
    expect(await sessions.find('id-1')).toBeUndefined();
    expect(await read('id-2')).toMatchObject({ uid: 'u1', acr: 'aal2' });
  });

  test('is found by both ids of two parallel changes, with the clients of both', async () => {
    const [one, two] = [await read('id-1'), await read('id-1')];
    await sessions.upsert('id-2', { ...withClient(one, 'a'), jti: 'id-2' }, 3600);
    await sessions.upsert('id-3', { ...withClient(two, 'b'), jti: 'id-3' }, 3600);
    for (const id of ['id-2', 'id-3'])
      expect(Object.keys((await read(id)).authorizations ?? {}).toSorted()).toEqual(['a', 'b']);
    expect(await sessions.find('id-1')).toBeUndefined();
    await sessions.upsert('id-2', withClient(await read('id-2'), 'c'), 3600);
    expect(await sessions.find('id-3')).toBeDefined();
  });

  test('is not revived by a request in progress during sign-out', async () => {
    const late = await read('id-1');
    await sessions.destroy('id-1');
    await sessions.upsert('id-1', withClient(late, 'late'), 3600);
    await sessions.upsert('id-2', { ...withClient(late, 'late'), jti: 'id-2' }, 3600);
    expect(await Promise.all([sessions.find('id-1'), sessions.find('id-2'), sessions.findByUid('u1')])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('can be ended after it was found by its uid', async () => {
    const found = await sessions.findByUid('u1');
    await sessions.destroy(found?.jti ?? '');
    expect(await sessions.findByUid('u1')).toBeUndefined();
  });
});

describe('mergeSession:', () => {
  const base: AdapterPayload = {
    uid: 'u1',
    accountId: 'ada',
    loginTs: 100,
    acr: 'mfa',
    mfa: { ts: 100, method: 'call' },
    authorizations: { a: { sid: '1', grantId: 'g1' } },
  };
  test.each<[string, AdapterPayload, AdapterPayload, AdapterPayload]>([
    [
      'a step-up is kept when a request that read before it is saved',
      base,
      { ...base, acr: 'aal2', mfa: { ts: 160 } },
      { acr: 'aal2', mfa: { ts: 160 } },
    ],
    ['a step-up replaces an unchanged session', { ...base, acr: 'aal2' }, base, { acr: 'aal2' }],
    ['a client signed out by us stays signed out', { ...base, authorizations: {} }, base, { authorizations: {} }],
    ['a client signed out by them stays signed out', base, { ...base, authorizations: {} }, { authorizations: {} }],
    [
      'a grant of one request is kept beside a sid of the other',
      { ...base, authorizations: { a: { sid: '1', grantId: 'g2' } } },
      { ...base, authorizations: { a: { sid: '2', grantId: 'g1' } } },
      { authorizations: { a: { sid: '2', grantId: 'g2' } } },
    ],
    [
      'another person gets no member of the stored session',
      { ...base, accountId: 'bob', authorizations: {} },
      { ...base, authorizations: { a: { sid: '1' }, b: { sid: '2' } } },
      { accountId: 'bob', authorizations: {} },
    ],
  ])('%s', (_title, ours, theirs, expected) => {
    expect(mergeSession(base, ours, theirs)).toMatchObject(expected);
  });

  test('a password alone does not keep the second step of another request', () => {
    const { mfa: _, ...again } = base;
    const merged = mergeSession(
      base,
      { ...again, loginTs: 200, acr: 'sfa' },
      { ...base, acr: 'aal2', mfa: { ts: 160 } },
    );
    expect(merged).toMatchObject({ loginTs: 200, acr: 'sfa' });
    expect(merged).not.toHaveProperty('mfa');
  });
});
