/** Tests adding, finding, locking and changing accounts. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { openMemoryDurable } from '../../adapters/memory.ts';
import { createAudit } from '../../src/audit.ts';
import { silentLog } from '../../src/log.ts';
import type { Collection } from '../../src/ports/stores.ts';
import { auditEventKind, userKind, type User } from '../../src/records.ts';
import { Users } from '../../src/users/users.ts';

const now = Date.UTC(2026, 10, 22);
let users: Users;
let records: Collection<User, 'canonical'>;
let events: () => Promise<readonly string[]>;

beforeEach(() => {
  const durable = openMemoryDurable({ clock: () => now });
  const audits = durable.collection(auditEventKind);
  records = durable.collection(userKind);
  users = new Users({
    users: records,
    clock: () => now,
    audit: createAudit({ events: audits, clock: () => now, log: silentLog }),
  });
  events = async () => (await audits.find({})).map(({ event, actor, subject }) => `${event} ${actor} ${subject}`);
});

const added = async (name: string): Promise<User> => {
  const outcome = await users.add({ name, displayName: name }, 'cli');
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.user;
};

describe('an account', () => {
  test('is found by every spelling of its name, and shown as it was written', async () => {
    const { id } = await added(' André ');
    for (const spelling of ['andré', 'ANDRÉ', 'Andre\u0301', 'ａｎｄｒé', ' andré ']) {
      expect(await users.find(spelling)).toMatchObject({ id, name: 'André', createdAt: now, authenticators: [] });
    }
    expect(await users.find('andre')).toBeUndefined();
    expect(await users.find('an\u200Bdré')).toBeUndefined();
    expect(await users.get(id)).toMatchObject({ id });
  });

  test('is not added twice in any spelling, or with a malformed name', async () => {
    await added('Alice');
    expect(await users.add({ name: 'ＡＬＩＣＥ', displayName: 'Another' }, 'cli')).toEqual({
      ok: false,
      reason: 'taken',
    });
    expect(await users.add({ name: '\u0430lice', displayName: 'Cyrillic' }, 'cli')).toEqual({
      ok: false,
      reason: 'name',
    });
    expect(await users.list()).toHaveLength(1);
  });

  test('is added once by sixteen parallel callers with one name', async () => {
    const all = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        users.add({ name: index % 2 === 0 ? 'Alice' : 'ALICE', displayName: `${index}` }, 'cli'),
      ),
    );
    expect(all.filter(each => each.ok)).toHaveLength(1);
    expect(await users.list()).toHaveLength(1);
  });

  test('can be locked and unlocked, and keeps the time of the first lock', async () => {
    const { id } = await added('alice');
    await users.lock(id, 'cli');
    expect((await users.lock(id, 'cli')).lockedAt).toBe(now);
    expect(await users.get(id)).toMatchObject({ lockedAt: now });
    expect(await users.unlock(id, 'cli')).not.toHaveProperty('lockedAt');
    expect((await events()).toSorted()).toEqual([
      `user.added cli ${id}`,
      `user.locked cli ${id}`,
      `user.locked cli ${id}`,
      `user.unlocked cli ${id}`,
    ]);
  });

  test('keeps all of several parallel changes', async () => {
    const { id } = await added('alice');
    await Promise.all([users.lock(id, 'cli'), users.setPassword(id, 'a hash', 'cli'), users.lock(id, 'cli')]);
    expect(await users.get(id)).toMatchObject({ passwordHash: 'a hash', lockedAt: now, rev: 4 });
  });

  test('cannot be changed after it was removed', async () => {
    const { id } = await added('alice');
    await records.remove(id);
    await expect(users.lock(id, 'cli')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('is listed once across all pages', async () => {
    const ids: string[] = [];
    for (const name of ['c', 'a', 'b']) ids.push((await added(name)).id);
    ids.sort();
    const [first, second] = await users.list({ limit: 2 });
    expect([first?.id, second?.id]).toEqual(ids.slice(0, 2));
    expect((await users.list({ after: second?.id ?? '' })).map(each => each.id)).toEqual(ids.slice(2));
  });
});

test('rehashing an old password does not overwrite a newer one', async () => {
  const { id } = await added('alice');
  await users.setPassword(id, 'old', 'cli');
  await users.setPassword(id, 'new', 'cli');
  await users.rehash(id, 'old', 'old at a higher cost');
  expect(await users.get(id)).toMatchObject({ passwordHash: 'new' });
});
