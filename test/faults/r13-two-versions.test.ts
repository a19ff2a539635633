/**
 * R13. Nodes of two releases share stores while an installation is upgraded. What the previous release wrote is read: records of
 * every kind, sessions and tokens, and sign-ins that were begun there are finished here, by every factor. What this release writes
 * has the members that the previous release requires, and members that this release does not know are kept.
 * The records under test/data/n-1 were written by the program of the previous release.
 * Guards: `src/migrations/schema.ts#readSchema`; `src/oidc/adapter/durable.ts#inPlaceOf`, and each `replace` that spreads what was
 * read.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { dataKinds, failedAttemptsKind, type StoredDoc } from '../../src/records.ts';
import { heading } from '../support/browser/plain.ts';
import { authorize, postAsClient } from '../support/earlier-release/authorization.ts';
import { claimsAt, typePassword } from '../support/earlier-release/sign-in.ts';
import {
  browserWith,
  kept,
  openRecords,
  recordsFile,
  startWorldOver,
  takeSecondStep,
} from '../support/earlier-release/open-records.ts';
import { enterCode } from '../support/world/relying-party.ts';
import type { Node } from '../support/world/stores.ts';
import type { World } from '../support/world/world.ts';

/** A member that a later release might add. */
const laterMember = { laterMember: { list: [1, 'two'], text: 'kept' } };

type Documents = ReadonlyMap<string, ReadonlyMap<string, StoredDoc>>;
const documentsIn = async ({ durable }: Pick<Node, 'durable'>): Promise<Documents> =>
  new Map(
    await Promise.all(
      dataKinds.map(async kind => {
        const docs = await durable.collection(kind).find({}, { limit: 1000 });
        return [kind.name, new Map(docs.map(doc => [doc.id, doc]))] as const;
      }),
    ),
  );

/** Number of the layout of an SQLite file. */
const layoutOf = (path: string): unknown => {
  const db = new DatabaseSync(path, { readOnly: true });
  const layout = db.prepare('PRAGMA user_version').get();
  db.close();
  return layout;
};

/** Documents of one kind differ by these members. */
const groupOf = (kind: string, doc: StoredDoc): string =>
  [kind, ...['model', 'type', 'event'].map(member => JSON.stringify(doc[member]))].join(' ');
const typeOf = (value: unknown): string => (Array.isArray(value) ? 'list' : typeof value);
const members = (doc: object): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(doc).flatMap(([name, value]) => [
      [name, typeOf(value)] as const,
      ...(name === 'payload'
        ? [...members(value as object)].map(([inner, type]) => [`payload.${inner}`, type] as const)
        : []),
    ]),
  );

/** Members that the previous release did not require, although all of its records here have them. */
const optional: Readonly<Record<string, readonly string[]>> = {
  'account-sessions': ['method', 'acr', 'address', 'browser'],
};

/** Members that all documents of a group have, with their types. */
const requiredMembers = (all: Documents): ReadonlyMap<string, ReadonlyMap<string, string>> => {
  const required = new Map<string, ReadonlyMap<string, string>>();
  for (const [kind, docs] of all) {
    for (const { laterMember: _later, ...doc } of docs.values()) {
      const group = groupOf(kind, doc);
      const has = members(doc);
      const before = required.get(group) ?? has;
      required.set(group, new Map([...before].filter(([name, type]) => has.get(name) === type)));
    }
  }
  return required;
};

describe.each([
  ['records as the previous release wrote them', {}],
  ['records with members of a later release', laterMember],
])('R13 %s', (_name, added) => {
  let world: World;
  let file: string;
  let before: Documents;
  beforeAll(async () => {
    world = await startWorldOver(async clock => {
      const records = await openRecords(clock, async ({ durable }) => {
        for (const kind of dataKinds) {
          const documents = durable.collection(kind);
          for (const doc of await documents.find({}, { limit: 1000 })) await documents.replace({ ...doc, ...added });
        }
        before = await documentsIn({ durable });
      });
      ({ file } = records);
      return records;
    });
  });
  afterAll(() => world.close());

  const signInAnew = (name: string, browser = browserWith(world)) => typePassword(browser, name);

  test('R13 two wrong codes that were typed there and a third one here lead to a wait', async () => {
    const { cookies = [], path = '' } = kept.signIns['totp'] ?? {};
    const browser = browserWith(world, cookies);
    await enterCode(browser, await browser.visit(path), '000002');
    const attempts = await world.store.durable.collection(failedAttemptsKind).get(`${kept.people['noor'] ?? ''}:totp`);
    expect(attempts).toMatchObject({ count: 3 });
    expect(attempts?.notBefore).toBeGreaterThan(world.clock());
    world.clock.advance(3000);
  });

  test.each(Object.entries(kept.signIns))(
    'R13 a sign-in by %s that was begun there is finished here',
    async (factor, begun) => {
      const browser = browserWith(world, begun.cookies);
      const page = await browser.visit(begun.path);
      const step = takeSecondStep[factor];
      if (step === undefined) throw new Error(`no way to answer by ${factor}`);
      const claims = await claimsAt(browser, await step(world, browser, page, begun.code), begun.authorization);
      expect(claims).toMatchObject({ sub: kept.people[begun.person], nonce: begun.authorization.nonce });
    },
  );

  test('R13 its sessions, tokens, client secrets and remembered browsers count', async () => {
    const browser = browserWith(world, kept.session);
    const { url, authorization } = authorize({ prompt: 'none' });
    expect(await claimsAt(browser, await browser.visit(url), authorization)).toMatchObject({ sub: kept.people['ada'] });

    const { access, unused } = kept.tokens;
    const introspected = await postAsClient(browser, '/token/introspection', kept.clientSecret, { token: access });
    expect(introspected).toMatchObject({ active: true, sub: kept.people['ada'] });
    const renewed = await postAsClient(browser, '/token', kept.clientSecret, {
      grant_type: 'refresh_token',
      refresh_token: unused,
    });
    expect(renewed).toMatchObject({ status: 200, refresh_token: expect.any(String) as unknown });

    const remembered = await signInAnew('noor', browserWith(world, kept.remembered));
    expect(await claimsAt(remembered.browser, remembered.page, remembered.authorization)).toMatchObject({ acr: 'sfa' });
  });

  test('R13 a foreign hash, an account that must choose a password, a locked and an unknown one are as they were', async () => {
    const bob = await signInAnew('bob');
    expect(await claimsAt(bob.browser, bob.page, bob.authorization)).toMatchObject({ sub: kept.people['bob'] });
    expect(heading((await signInAnew('may')).page)).toBe('Choose a new password');
    expect((await signInAnew('lou')).page.status).toBe((await signInAnew('nobody-of-this-name')).page.status);
  });

  test('R13 a code, a recovery code and a refresh token that were used there are used up here', async () => {
    world.clock.set(kept.at);
    const noor = await signInAnew('noor');
    const again = await enterCode(noor.browser, noor.page, kept.usedCode);
    expect(again.status).toBe(422);
    const { recoveryCodes } = world.services;
    const user = await world.services.users.get(kept.people['rex'] ?? '');
    // One was used there, one here.
    expect(user && (await recoveryCodes.left(user))).toBe(kept.recoveryCodes.unused.length - 1);
    const reused = await postAsClient(world.browser(), '/token', kept.clientSecret, {
      grant_type: 'refresh_token',
      refresh_token: kept.tokens.used,
    });
    expect(reused).toMatchObject({ status: 400, error: 'invalid_grant' });
  });

  test('R13 what is written here has the members that the previous release requires, and the members that it does not know', async () => {
    const required = requiredMembers(before);
    const wrong: string[] = [];
    let written = 0;
    for (const [kind, docs] of await documentsIn(world.store)) {
      for (const [id, doc] of docs) {
        const old = before.get(kind)?.get(id);
        if (old?.rev === doc.rev) continue;
        written += 1;
        const group = groupOf(kind, doc);
        const has = members(doc);
        for (const [member, type] of required.get(group) ?? [])
          if (!optional[kind]?.includes(member) && has.get(member) !== type) wrong.push(`${group} lacks ${member}`);
        // A mark in the place of a document has none of its members.
        const isReplaced = old !== undefined && groupOf(kind, old) === group;
        if (isReplaced && 'laterMember' in added && doc['laterMember'] === undefined)
          wrong.push(`${group} lost a member`);
      }
    }
    expect(wrong).toEqual([]);
    expect(written).toBeGreaterThan(50);
  });

  test('R13 the file can still be opened by the previous release: the number of its layout has not changed', () => {
    expect(layoutOf(file)).toEqual(layoutOf(recordsFile));
  });
});
