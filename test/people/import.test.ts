/** Tests the import of people on each store: all or none of a row, nothing twice, nothing changed, every mistake told. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { importPeople } from '../../src/people/import.ts';
import type { FileRow, RowMistake } from '../../src/people/members.ts';
import { rowsIn } from '../../src/people/read-file.ts';
import type { User } from '../../src/records.ts';
import { createClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';
import { bytesOf, openPeople, type Imported, type People } from './support/people.ts';

const bcrypt = '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';
const seed = 'otpauth://totp/ACME:ada?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=8&period=60&algorithm=SHA256';
const json = (...people: readonly object[]): string => people.map(each => `${JSON.stringify(each)}\n`).join('');

/** So many people with everything that a file can have. */
const manyPeople = (count: number, change: (at: number) => object = () => ({})): readonly object[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `person${at}`,
    display_name: `Person ${at}`,
    email: `person${at}@example.com`,
    email_verified: true,
    language: 'de',
    groups: ['staff', `team-${at % 20}`],
    phones: [`mobile: +1202555${1000 + (at % 9000)}`],
    password_hash: bcrypt,
    totp: [seed],
    ...change(at),
  }));

/** Redis holds nothing durable. */
const durableStores = stores.filter(({ name }) => name !== 'redis');
const lastStore = durableStores.at(-1);

describe.each(durableStores)('an import on $name', ({ open }) => {
  const clock = createClock();
  let store: OpenStore;
  let people: People;
  beforeEach(async () => {
    store = await open(clock);
    people = openPeople(store.durable, clock);
  });
  afterEach(() => store.close());

  test('adds people with their methods, and audits each', async () => {
    const result = await people.importText(
      json({
        name: ' Ada ',
        display_name: 'Ada Lovelace',
        email: ' ada@example.com',
        email_verified: true,
        language: 'EN-us',
        zoneinfo: 'europe/berlin',
        groups: ['staff', 'admins', 'staff'],
        phones: ['+1 202 555 0143', { number: '+1 202 555 0150', extension: 421, wait: 4, confirm_key: true }],
        password_hash: bcrypt,
        totp: seed,
      }),
    );
    expect(result).toEqual({
      added: 1,
      unchanged: 0,
      different: 0,
      refused: 0,
      weak: 1,
      mistakes: [],
      differences: [],
    });
    const [ada] = await people.everybody();
    expect(ada).toMatchObject({
      name: 'Ada',
      displayName: 'Ada Lovelace',
      email: 'ada@example.com',
      emailVerified: true,
      signInNames: ['ada', 'ada@example.com'],
      language: 'en-US',
      zoneinfo: 'Europe/Berlin',
      groups: ['admins', 'staff'],
      passwordHash: bcrypt.replace('$2a', '$2b'),
      createdAt: clock(),
      firstMethodAt: clock(),
    });
    expect(await people.accounts.find('ADA@example.com')).toEqual(ada);
    expect(ada && (await people.authenticators.of(ada))).toMatchObject([
      { type: 'phone', label: 'mobile', data: { number: '+12025550143' } },
      {
        type: 'phone',
        label: 'office',
        data: { number: '+12025550150', extension: '421', dialling: { wait: 4000, confirmKey: true } },
      },
      {
        type: 'totp',
        label: 'Authenticator app',
        data: {
          secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
          algorithm: 'sha256',
          digits: 8,
          period: 60,
          lastStep: -1,
        },
      },
    ]);
    const events = await people.events.find({ subject: ada?.id ?? '' });
    expect(events.map(({ event, actor, facts }) => [event, actor, facts['factor']])).toEqual([
      ['user.added', 'cli', undefined],
      ['authenticator.bound', 'cli', 'phone'],
      ['authenticator.bound', 'cli', 'phone'],
      ['authenticator.bound', 'cli', 'totp'],
    ]);
    expect((await people.hashWorks.most()).get('$2b$*')).toBe(32);
    expect(await people.events.find({ event: 'users.import-begun' })).toMatchObject([{ actor: 'cli' }]);
  });

  test('differences are reported in the order of the file', async () => {
    await people.importText('name,phones\nada,+12025550143\ngrace,\n');
    const changed = 'name,display_name,phones\nada,Other,+12025550143\ngrace,Other,\n';
    const { differences } = await people.importText(changed);
    expect(differences.map(({ line }) => line)).toEqual([2, 3]);
  });

  test('a name alone is enough, and no member is invented', async () => {
    expect(await people.importText('name\nada\nada_example.com#EXT#@contoso.onmicrosoft.com\n')).toMatchObject({
      added: 2,
    });
    const [ada, guest] = await people.everybody();
    expect(ada).toEqual({
      id: expect.any(String),
      rev: 1,
      name: 'ada',
      displayName: 'ada',
      signInNames: ['ada'],
      createdAt: clock(),
      authenticators: [],
    });
    expect(guest?.signInNames).toEqual(['ada_example.com#ext#@contoso.onmicrosoft.com']);
  });

  test('a locked person stays locked', async () => {
    await people.importText(json({ name: 'ada', locked: true }));
    expect(await people.accounts.find('ada')).toMatchObject({ lockedAt: clock(), signedOutAt: clock() });
  });

  test('a second run changes nothing, and reports differences', async () => {
    const file = json(...manyPeople(250));
    expect(await people.importText(file)).toMatchObject({ added: 250, refused: 0 });
    const before = await people.everybody();
    expect(await people.importText(file)).toMatchObject({ added: 0, unchanged: 250, different: 0, refused: 0 });
    const [first, second] = before;
    await people.accounts.setPassword(
      first?.id ?? '',
      '$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA',
      'cli',
    );
    await people.accounts.setProfile(second?.id ?? '', { displayName: 'Renamed', groups: undefined }, 'user:2');
    await people.authenticatorRemoval.remove(second?.id ?? '', second?.authenticators[0] ?? '');
    const changed = await people.everybody();
    expect(await people.importText(file)).toMatchObject({
      added: 0,
      unchanged: 249,
      different: 1,
      differences: [{ line: 2, name: 'person1', members: ['display_name', 'groups', 'phones'] }],
    });
    expect(await people.everybody()).toEqual(changed);
  });

  test('a run that was killed is continued by the next one: each person is there once, with all methods', async () => {
    const file = json(...manyPeople(250));
    async function* untilKilled(): AsyncGenerator<FileRow | RowMistake> {
      let count = 0;
      for await (const row of rowsIn(bytesOf(file))) {
        count += 1;
        if (count > 230) throw new Error('killed');
        yield row;
      }
    }
    await expect(people.importRows(untilKilled())).rejects.toThrow('killed');
    expect(await people.everybody()).toHaveLength(200);
    expect(await people.importText(file)).toMatchObject({ added: 50, unchanged: 200, refused: 0 });
    const all = await people.everybody();
    expect(new Set(all.map(({ name }) => name)).size).toBe(250);
    for (const user of all) expect(await people.authenticators.of(user)).toHaveLength(2);
  });

  test('a run killed while it writes leaves no account with half of its methods', async () => {
    const file = json(...manyPeople(150));
    const { users } = people.deps;
    const killed = {
      ...users,
      insertMany: async (all: readonly User[]) => {
        await users.insertMany(all.slice(0, 100));
        throw new Error('killed');
      },
    };
    const run = importPeople({ ...people.deps, users: killed }, rowsIn(bytesOf(file)), {
      actor: 'cli',
      onMistake: () => {},
      onDifference: () => {},
    });
    await expect(run).rejects.toThrow('killed');
    expect(await people.importText(file)).toMatchObject({ added: 50, unchanged: 100, refused: 0 });
    const all = await people.everybody();
    expect(new Set(all.map(({ name }) => name)).size).toBe(150);
    for (const user of all) expect(await people.authenticators.of(user)).toHaveLength(2);
  });

  test('an account that another process adds between two reads is that account, not one that has the address', async () => {
    const file = json({ name: 'ada', email: 'ada@example.com' });
    const { users } = people.deps;
    const racing = {
      ...users,
      async find(...[where, page]: Parameters<typeof users.find>) {
        const found = await users.find(where, page);
        if (where.signInNames === 'ada') added.resolve(await people.importText(file));
        else if (found.length === 0) await added.promise;
        return where.signInNames === 'ada' ? found : users.find(where, page);
      },
    };
    const added = Promise.withResolvers<Imported>();
    const refused: RowMistake[] = [];
    const run = importPeople({ ...people.deps, users: racing }, rowsIn(bytesOf(file)), {
      actor: 'cli',
      onMistake: each => void refused.push(each),
      onDifference: () => {},
    });
    expect(await run).toMatchObject({ added: 0, unchanged: 1 });
    expect(await added.promise).toMatchObject({ added: 1 });
    expect(refused).toEqual([]);
  });

  test('two imports at the same time add each person once, and leave no method without a person', async () => {
    const file = json(...manyPeople(300));
    const reversed = json(...manyPeople(300).toReversed());
    const other = openPeople((await store.reopen()).durable, clock);
    const results = await Promise.all([people.importText(file), other.importText(reversed)]);
    expect(results.map(({ refused, different }) => [refused, different])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(results.reduce((sum, { added }) => sum + added, 0)).toBe(300);
    expect(results.reduce((sum, { unchanged }) => sum + unchanged, 0)).toBe(300);
    const all = await people.everybody();
    expect(all).toHaveLength(300);
    const listed = all.flatMap(({ authenticators }) => authenticators);
    const kept: string[] = [];
    for (const user of all) kept.push(...(await people.records.find({ userId: user.id })).map(({ id }) => id));
    expect(kept.toSorted()).toEqual(listed.toSorted());
    let count = 0;
    for (let after = ''; ;) {
      const page = await people.records.find({}, { after });
      count += page.length;
      after = page.at(-1)?.id ?? '';
      if (page.length === 0) break;
    }
    expect(count).toBe(listed.length);
  });

  test('names and addresses are one namespace, in the file and against the store', async () => {
    await people.accounts.add({ name: 'grace', displayName: 'Grace', email: 'g@example.com' }, 'cli');
    await people.accounts.add({ name: 'grace@example.com', displayName: 'Another' }, 'cli');
    const result = await people.importText(
      json(
        { name: 'ada', email: 'a@example.com' },
        { name: 'ＡＤＡ' },
        { name: 'A@EXAMPLE.com' },
        { name: 'linus', email: 'ada@example.com' },
        { name: 'noor', email: 'a@example.com' },
        { name: 'G@example.com' },
        { name: 'mary', email: 'Grace@example.com' },
        { name: 'grace', email: 'other@example.com' },
      ),
    );
    expect(result.mistakes).toEqual([
      { line: 2, member: 'name', message: 'got the one of line 1 again' },
      { line: 3, member: 'name', message: 'got the one of line 1 again' },
      { line: 5, member: 'email', message: 'got the one of line 1 again' },
      { line: 6, member: 'name', message: 'got the address of another account' },
      { line: 7, member: 'email', message: 'got the one of another account' },
    ]);
    expect(result).toMatchObject({ added: 2, different: 1, refused: 5 });
    expect((await people.everybody()).map(({ name }) => name)).toEqual(['grace', 'grace@example.com', 'ada', 'linus']);
  });

  test('a dry run reports the same and stores nothing', async () => {
    await people.importText(json({ name: 'person0', display_name: 'Another' }));
    const stored = await people.everybody();
    const file = json(...manyPeople(3), { name: 'a b' }, { name: 'person2' });
    const dry = await people.importText(file, { dryRun: true });
    expect(dry).toMatchObject({ added: 2, different: 1, refused: 2, weak: 2 });
    expect(await people.everybody()).toEqual(stored);
    expect(await people.records.find({})).toEqual([]);
    expect((await people.hashWorks.most()).get('$2b$*')).toBeUndefined();
    expect(await people.events.find({ event: 'users.import-begun' })).toHaveLength(1);
    expect(await people.importText(file)).toEqual(dry);
  });

  test('the most phones and apps of one person are accepted, one more is refused', async () => {
    const phones = Array.from({ length: 11 }, (_, at) => `+1202555${1000 + at}`);
    const totp = Array.from({ length: 6 }, (_, at) => `${'A'.repeat(30)}${'BCDEFG'[at]}A`);
    expect(await people.importText(json({ name: 'ada', phones: phones.slice(1), totp: totp.slice(1) }))).toMatchObject({
      added: 1,
    });
    const { mistakes } = await people.importText(json({ name: 'grace', phones, totp }));
    expect(mistakes.map(({ member, message }) => `${member}: ${message}`)).toEqual([
      'phones: got 11, expected at most 10',
      'totp: got 6, expected at most 5',
    ]);
  });

  test('a name that looks like the one of another account is that account, not a second one', async () => {
    await people.accounts.add({ name: 'capa', displayName: 'Capa' }, 'cli');
    const twin = '\u0441\u0430\u0440\u0430';
    expect(await people.importText(json({ name: twin, display_name: 'Capa' }))).toMatchObject({ added: 0 });
    expect(await people.everybody()).toHaveLength(1);
  });

  test('all mistakes of a row are reported', async () => {
    const { mistakes, refused } = await people.importText(
      json({ name: '', email: 'x', phones: ['1'], totp: ['x'], password_hash: 'x', locked: 'x', groups: [1, {}] }),
    );
    expect(new Set(mistakes.map(({ member }) => member))).toEqual(
      new Set(['email', 'groups', 'locked', 'name', 'password_hash', 'phones', 'totp']),
    );
    expect(mistakes).toHaveLength(7);
    expect(refused).toBe(1);
  });
});

// Ten batches. Each name and address is brought into its canonical form, which takes the time.
const isBad = (at: number): boolean => at % 100 === 99;

test('in a file of 2,000 people each mistake is reported with its line, and all other people are added', async () => {
  const count = 2_000;
  const clock = createClock();
  const store = await lastStore?.open(clock);
  if (store === undefined) throw new Error('there is no store');
  const people = openPeople(store.durable, clock);
  const faults: readonly (readonly [object, string, RegExp])[] = [
    [{ name: 'a b' }, 'name', /got "a b", expected letters/],
    [{ email: 'nobody' }, 'email', /got "nobody", expected one address/],
    [{ display_name: ' ' }, 'display_name', /expected 1 to 200 characters/],
    [{ language: 'no language' }, 'language', /BCP 47/],
    [{ phones: ['+1 900 555 0100'] }, 'phones', /premium/],
    [{ password_hash: 'hunter2hunter2' }, 'password_hash', /got no hash that is known/],
    [{ password_hash: '$2b$15$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW' }, 'password_hash', /at most 14/],
    [{ totp: ['otpauth://hotp/ada?secret=GEZDGNBVGY3TQOJQ&counter=1'] }, 'totp', /HOTP/],
    [{ groups: 'staff' }, 'groups', /a list of texts/],
    [{ email_verified: 'perhaps' }, 'email_verified', /expected true or false/],
  ];
  const faultAt = (at: number) => faults[Math.floor(at / 100) % faults.length];
  const result = await people.importText(json(...manyPeople(count, at => (isBad(at) ? (faultAt(at)?.[0] ?? {}) : {}))));
  expect(result).toMatchObject({ added: count * 0.99, refused: count / 100 });
  expect(result.mistakes.map(({ line, member }) => [line, member])).toEqual(
    Array.from({ length: count / 100 }, (_, at) => [(at + 1) * 100, faultAt(at * 100)?.[1]]),
  );
  for (const [at, { message }] of result.mistakes.entries()) expect(message).toMatch(faultAt(at * 100)?.[2] ?? /^$/);
  expect(JSON.stringify(result.mistakes)).not.toMatch(/hunter2|GEZDGN|CCCCCC/);
  expect(new Set((await people.everybody()).map(({ name }) => name)).size).toBe(count * 0.99);
  await store.close();
}, 60_000);
