/** Tests adding, finding, locking and changing accounts. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { openMemoryDurable } from '../../adapters/memory.ts';
import { createAudit } from '../../src/audit.ts';
import { silentLog } from '../../src/log.ts';
import type { Collection } from '../../src/ports/stores.ts';
import { auditEventKind, userKind, type User } from '../../src/records.ts';
import type { ProfileChanges } from '../../src/users/profile.ts';
import type { NewUser } from '../../src/users/new-user.ts';
import { Users } from '../../src/users/users.ts';
import { unobserved } from '../support/unobserved-accounts.ts';

let now: number;
let users: Users;
let records: Collection<User, 'signInNames'>;
let events: () => Promise<readonly string[]>;

beforeEach(() => {
  now = Date.UTC(2026, 10, 22);
  const durable = openMemoryDurable({ clock: () => now });
  const audits = durable.collection(auditEventKind);
  records = durable.collection(userKind);
  users = new Users({
    ...unobserved,
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

describe('groups and verified addresses', () => {
  test('concurrent changes of different groups are all kept, and a name is checked as in a profile', async () => {
    const { id } = await added('ada');
    await users.setProfile(id, { groups: ['staff', 'guests'] }, 'cli');
    await Promise.all([
      users.changeGroups(id, { add: [' admins '] }, 'cli'),
      users.changeGroups(id, { add: ['team'], remove: ['guests'] }, 'cli'),
    ]);
    expect((await users.get(id))?.groups).toEqual(['admins', 'staff', 'team']);
    expect(await users.changeGroups(id, { add: ['a\nb'] }, 'cli')).toBe('groups');
    expect((await users.get(id))?.groups).toEqual(['admins', 'staff', 'team']);
    expect(await users.changeGroups(id, { remove: ['admins', 'staff', 'team'] }, 'cli')).toBe('set');
    expect(await users.get(id)).not.toHaveProperty('groups');
  });

  test('verification applies to the current address, never to a later one', async () => {
    const { id } = await added('ada');
    expect(await users.setEmailVerified(id, true, 'cli')).toBe('none');
    await users.setEmail(id, 'a@example.com', 'cli');
    expect(await users.setEmailVerified(id, true, 'cli')).toBe('set');
    expect(await users.get(id)).toMatchObject({ email: 'a@example.com', emailVerified: true });
    await users.setEmail(id, 'b@example.com', 'cli');
    expect(await users.get(id)).toMatchObject({ email: 'b@example.com', emailVerified: false });
  });
});

describe('an account', () => {
  test('is found by every spelling of its name, and shown as it was written', async () => {
    const { id } = await added(' André ');
    for (const spelling of ['andré', 'ANDRÉ', 'Andre\u0301', 'ａｎｄｒé', ' andré ']) {
      expect(await users.find(spelling)).toMatchObject({ id, name: 'André', createdAt: now, authenticators: [] });
    }
    expect(await users.find('andre')).toBeUndefined();
    expect(await users.find('an\u200Bdré')).toBeUndefined();
    expect((await users.find('\u200Bandré\u200B'))?.id).toBe(id);
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

  test('is found by its e-mail address as by its name', async () => {
    const outcome = await users.add({ name: 'ada', displayName: 'Ada', email: ' Ada@Example.com\u200B' }, 'cli');
    expect(outcome).toMatchObject({ ok: true, user: { email: 'Ada@Example.com' } });
    for (const typed of ['ada', 'ADA@EXAMPLE.COM', '\u200Bada@example.com ', 'ａｄａ＠example.com']) {
      expect(await users.find(typed)).toMatchObject({ name: 'ada' });
    }
    expect(await users.find('ada@example.org')).toBeUndefined();
  });

  test('of a guest of Entra ID is found by its name and by its address', async () => {
    const guest = 'ada_contoso.com#EXT#@fabrikam.onmicrosoft.com';
    expect(await users.add({ name: guest, displayName: 'Ada', email: 'ada@contoso.com' }, 'cli')).toMatchObject({
      ok: true,
      user: { name: guest, email: 'ada@contoso.com' },
    });
    for (const typed of [guest, guest.toLowerCase(), 'ada@contoso.com']) {
      expect(await users.find(typed)).toMatchObject({ name: guest });
    }
  });

  test('may have its address as its name', async () => {
    await users.add({ name: 'ada@example.com', displayName: 'Ada', email: 'ADA@example.com' }, 'cli');
    expect(await users.find('ada@example.com')).toMatchObject({ email: 'ADA@example.com' });
  });

  test.each([
    ['not-an-address', 'email'],
    ['x@y.zz, q@r.ss', 'email'],
    ['', 'email'],
  ])('is not added, nor changed, with the address %j', async (email, reason) => {
    expect(await users.add({ name: 'ada', displayName: 'Ada', email }, 'cli')).toEqual({ ok: false, reason });
    const { id } = await added('bob');
    expect(await users.setEmail(id, email, 'cli')).toBe(reason);
    expect(await users.list()).toEqual([expect.not.objectContaining({ email })]);
    expect(await events()).toEqual([`user.added cli ${id}`]);
  });

  test.each([
    ['no character', '', undefined],
    ['spaces alone', ' \u200B\u3000', undefined],
    ['a line feed', 'Ada\nLovelace', undefined],
    ['a line separator', 'Ada\u2028Lovelace', undefined],
    ['an escape sequence', 'Ada\u001B[2J', undefined],
    ['201 characters', 'x'.repeat(201), undefined],
    ['200 characters', '𠮷'.repeat(200), '𠮷'.repeat(200)],
    ['one character', 'A', 'A'],
    ['spaces around', ' Ada Lovelace ', 'Ada Lovelace'],
    ['a joiner that its script needs', 'क्\u200Dष', 'क्\u200Dष'],
  ])('with a display name of %s is told as it may be shown, or refused', async (_, displayName, shown) => {
    const outcome = await users.add({ name: 'ada', displayName }, 'cli');
    expect(outcome).toMatchObject(shown === undefined ? { reason: 'display-name' } : { user: { displayName: shown } });
    expect(await users.list()).toHaveLength(shown === undefined ? 0 : 1);
  });

  test('can get, change and lose its address, and the old one is free', async () => {
    const [ada, bob] = [await added('ada'), await added('bob@example.com')];
    expect(await users.setEmail(ada.id, 'ada@example.com', 'cli')).toBe('set');
    expect(await users.setEmail(ada.id, 'ada@example.org', 'cli')).toBe('set');
    expect((await users.find('ada@example.org'))?.id).toBe(ada.id);
    expect(await users.find('ada@example.com')).toBeUndefined();
    expect(await users.setEmail(bob.id, 'ADA@example.org', 'cli')).toBe('taken');
    expect(await users.setEmail(ada.id, 'Bob@example.com', 'cli')).toBe('taken');
    expect((await users.find('ada@example.org'))?.id).toBe(ada.id);
    expect(await users.setEmail(ada.id, undefined, 'cli')).toBe('set');
    expect(await users.get(ada.id)).not.toHaveProperty('email');
    expect(await users.setEmail(bob.id, 'ada@example.org', 'cli')).toBe('set');
    expect((await users.find('ada'))?.id).toBe(ada.id);
    expect((await events()).filter(each => each.startsWith('user.email-set'))).toHaveLength(4);
  });

  test('keeps its address as verified only as long as it is that address', async () => {
    const outcome = await users.add(
      { name: 'ada', displayName: 'Ada', email: 'ada@example.com', emailVerified: true },
      'cli',
    );
    if (!outcome.ok) throw new Error(outcome.reason);
    const { id } = outcome.user;
    expect(outcome.user).toMatchObject({ emailVerified: true });
    await users.setEmail(id, 'ada@example.org', 'cli');
    expect(await users.get(id)).toMatchObject({ email: 'ada@example.org', emailVerified: false });
    await users.setEmail(id, 'ada@example.org', 'cli', { verified: true });
    expect(await users.get(id)).toMatchObject({ email: 'ada@example.org', emailVerified: true });
    await users.setEmail(id, undefined, 'cli');
    expect(await users.get(id)).not.toHaveProperty('emailVerified');
  });

  const given = {
    displayName: ' Ada ',
    language: 'pt-br',
    zoneinfo: 'europe/berlin',
    groups: ['staff', ' admins ', 'staff'],
  };
  const kept = { displayName: 'Ada', language: 'pt-BR', zoneinfo: 'Europe/Berlin', groups: ['admins', 'staff'] };

  test('keeps language, time zone and groups in one spelling', async () => {
    expect(await users.add({ name: 'ada', ...given }, 'cli')).toMatchObject({ ok: true, user: kept });
    const { id } = await added('bob');
    now += 60_000;
    expect(await users.setProfile(id, given, 'cli')).toBe('set');
    expect(await users.get(id)).toMatchObject({ ...kept, name: 'bob', updatedAt: now });
    expect(await events()).toContainEqual(`user.profile-set cli ${id}`);
  });

  test('loses the members of a profile that are set to undefined, and keeps those that are not named', async () => {
    const outcome = await users.add({ name: 'ada', ...given }, 'cli');
    if (!outcome.ok) throw new Error(outcome.reason);
    await users.setProfile(outcome.user.id, { language: undefined, groups: undefined }, 'cli');
    const user = await users.get(outcome.user.id);
    expect(user).toMatchObject({ displayName: 'Ada', zoneinfo: 'Europe/Berlin' });
    expect(user).not.toHaveProperty('language');
    expect(user).not.toHaveProperty('groups');
  });

  test.each<[string, ProfileChanges, string]>([
    ['a display name of spaces', { displayName: ' ' }, 'display-name'],
    ['a language with an underscore', { language: 'de_DE' }, 'language'],
    ['an offset for a time zone', { zoneinfo: '+01:00' }, 'zoneinfo'],
    ['an unknown time zone', { zoneinfo: 'Europe/Bielefeld' }, 'zoneinfo'],
    ['an empty group', { groups: ['staff', ''] }, 'groups'],
    ['a group over two lines', { groups: ['a\nb'] }, 'groups'],
    ['a group of 201 characters', { groups: ['x'.repeat(201)] }, 'groups'],
    ['201 groups', { groups: Array.from({ length: 201 }, (_, at) => `${at}`) }, 'groups'],
  ])('is not added, nor changed, with %s', async (_, wrong, reason) => {
    expect(await users.add({ name: 'ada', ...given, ...wrong } as NewUser, 'cli')).toEqual({ ok: false, reason });
    const { id } = await added('bob');
    expect(await users.setProfile(id, wrong, 'cli')).toBe(reason);
    expect(await users.get(id)).toMatchObject({ displayName: 'bob', rev: 1 });
  });

  test.each([['Asia/Kolkata'], ['Asia/Calcutta'], ['UTC'], ['America/Argentina/Ushuaia']])(
    'may have the time zone %s',
    async zoneinfo => {
      expect(await users.add({ name: 'ada', displayName: 'Ada', zoneinfo }, 'cli')).toMatchObject({
        user: { zoneinfo },
      });
    },
  );

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
