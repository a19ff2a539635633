/**
 * A92. Two accounts have names that look the same. `аda` with a Cyrillic а asks the help desk for a new phone, and
 * `ada` loses hers. Or a store compares other bytes than we do, so that two people have one name. It happened in
 * GitHub's password reset for `ı` and with Spotify's `ᴮᴵᴳᴮᴵᴿᴰ`. Names are compared in one form, which is equal for all
 * names that look the same. A name without such a form is refused. Passwords are compared as bytes of their normal
 * form, because they are never shown.
 * Guards: `src/users/names/usernames.ts#canonicalName` with `src/users/names/confusables.ts#skeleton`; the unique `signInNames`
 * in `src/records/accounts.ts#userKind`; `src/users/passwords/password-text.ts#normalizedPassword`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { openMemoryDurable } from '../../adapters/memory.ts';
import type { Audit } from '../../src/audit.ts';
import type { Collection } from '../../src/ports/stores.ts';
import { userKind, type User } from '../../src/records.ts';
import { canonicalName } from '../../src/users/names/usernames.ts';
import { Users } from '../../src/users/users.ts';
import { createClock } from '../support/world/clock.ts';
import { lookAlikes, realNames } from '../support/hostile/look-alikes.ts';
import { start } from '../support/world/programs.ts';
import { enterPassword } from '../support/world/relying-party.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';
import { startThreatWorld } from './support/threat-world.ts';
import { hashOf } from '../support/hash-of.ts';
import { unobserved } from '../support/unobserved-accounts.ts';

describe.each(stores)('A92 names on $name', ({ open }) => {
  let store: OpenStore;
  let people: Collection<User, 'signInNames'>;
  let users: Users;
  let added = 0;
  const count: Audit = async ({ event }) => {
    if (event === 'user.added') added += 1;
  };
  beforeAll(async () => {
    const clock = createClock();
    store = await open(clock);
    people = store.durable.collection(userKind);
    users = new Users({ ...unobserved, users: people, audit: count, clock });
  });
  beforeEach(() => {
    added = 0;
  });
  afterEach(async () => {
    for (const { id } of await people.find({})) await people.remove(id);
  });
  afterAll(() => store.close());

  test('A92 names of all scripts are accepted and found by every spelling', async () => {
    for (const name of realNames) {
      expect({ name, ok: (await users.add({ name, displayName: name }, 'cli')).ok }).toEqual({ name, ok: true });
      const spellings = [name, name.toUpperCase(), name.normalize('NFC'), name.normalize('NFD'), ` ${name}\u3000`];
      for (const spelling of spellings) expect((await users.find(spelling))?.name).toBe(name);
    }
    expect(added).toBe(realNames.length);
  });

  test.each(lookAlikes)('A92 $reason gives no second account beside $first', async ({ first, second }) => {
    expect(await users.add({ name: first, displayName: 'First' }, 'cli')).toMatchObject({ ok: true });

    const again = await users.add({ name: second, displayName: 'Second' }, 'cli');

    expect(again).toEqual({ ok: false, reason: canonicalName(second) === undefined ? 'name' : 'taken' });
    expect((await people.find({})).map(({ displayName }) => displayName)).toEqual(['First']);
    expect(added).toBe(1);
    // The second spelling finds the same account or no account.
    expect([undefined, 'First']).toContain((await users.find(second))?.displayName);
  });

  test.each([
    ['its name', 'ada@example.com', 'ADA@Example.com'],
    ['its name at a look-alike domain', 'ada@ехсо.com', 'ada@exco.com'],
    ['its name in Punycode', 'ada@bücher.example', 'ada@xn--bcher-kva.example'],
  ])('A92 an address that another account has as %s is refused, in either order', async (_, first, second) => {
    const byName = async (name: string) => users.add({ name, displayName: 'By name' }, 'cli');
    const byAddress = async (email: string) => users.add({ name: 'bob', displayName: 'By address', email }, 'cli');
    expect(await byName(first)).toMatchObject({ ok: true });
    expect(await byAddress(second)).toEqual({ ok: false, reason: 'taken' });
    for (const { id } of await people.find({})) await people.remove(id);
    expect(await byAddress(first)).toMatchObject({ ok: true });
    expect(await byName(second)).toEqual({ ok: false, reason: 'taken' });
    expect((await users.find(second))?.displayName).toBe('By address');
    expect(await people.find({})).toHaveLength(1);
  });

  test.each([0, 1, 2])(
    'A92 of sixteen that write one text at once, as a name, a first or a new address, one wins (round %i)',
    async () => {
      const nodes = [people, (await store.reopen()).durable.collection(userKind)];
      const accounts = nodes.map(node => new Users({ ...unobserved, users: node, audit: count, clock: createClock() }));
      const has = await users.add({ name: 'cy', displayName: 'Cy' }, 'cli');
      if (!has.ok) throw new Error(has.reason);
      const email = 'team@example.com';
      const wins = await Promise.all(
        Array.from({ length: 16 }, async (_, caller) => {
          const node = accounts[caller % 2] ?? users;
          if (caller % 5 === 4) return (await node.setEmail(has.user.id, email, 'cli')) === 'set';
          const account = caller % 3 === 0 ? { name: email.toUpperCase() } : { name: `p${caller}`, email };
          return (await node.add({ ...account, displayName: `${caller}` }, 'cli')).ok;
        }),
      );
      const holders = (await people.find({})).filter(each => each.signInNames.includes(email));
      expect(holders).toHaveLength(1);
      // An account that already has the address may set it again.
      const isCy = holders[0]?.id === has.user.id;
      expect(wins.filter((won, caller) => won && !(isCy && caller % 5 === 4))).toHaveLength(isCy ? 0 : 1);
      expect(await users.find(email)).toEqual(holders[0]);
    },
  );
});

test('A92 a name is shown in plain letters and compared as shown', async () => {
  const durable = openMemoryDurable({ clock: createClock() });
  const users = new Users({
    ...unobserved,
    users: durable.collection(userKind),
    audit: async () => {},
    clock: createClock(),
  });
  for (const [typed, shown] of [
    ['ſred', 'sred'],
    ['𝒶𝓁𝒾𝒸ℯ', 'alice'],
    ['Andre\u0301', 'André'],
    ['ＢＯＢ', 'BOB'],
  ] as const) {
    const outcome = await users.add({ name: typed, displayName: 'A' }, 'cli');
    expect(outcome).toMatchObject({ ok: true, user: { name: shown, signInNames: [canonicalName(shown)] } });
  }
});

/** Names of these characters. */
const namesOf = (characters: readonly string[]) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 12 });

describe('A92 any name', () => {
  /** Look-alikes of Latin letters: from one other script each, or Latin variants. */
  const twins: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    cyrillic: { a: 'а', c: 'с', e: 'е', i: 'і', j: 'ј', o: 'о', p: 'р', s: 'ѕ', x: 'х', y: 'у', h: 'һ', d: 'ԁ' },
    capitals: { a: 'А', b: 'В', e: 'Е', h: 'Н', k: 'К', m: 'М', o: 'О', p: 'Р', c: 'С', t: 'Т', x: 'Х', y: 'У' },
    greek: { a: 'Α', b: 'Β', e: 'Ε', z: 'Ζ', h: 'Η', i: 'Ι', k: 'Κ', m: 'Μ', n: 'Ν', o: 'Ο', p: 'Ρ', t: 'Τ', y: 'Υ' },
    latin: { a: 'ɑ', g: 'ɡ', i: 'ı', s: 'ſ', k: '\u212A', o: 'ｏ', m: 'ⅿ', x: '𝐱', "'": '’' },
  };
  test.each(Object.entries(twins))(
    'A92 all letters replaced by look-alikes (%s) give the same name, and some of them that name or none',
    (_kind, table) => {
      const seen = { compared: 0, mixed: 0 };
      // Only letters with a twin: in a name with others the scripts are mixed, and it is refused uncompared.
      fc.assert(
        fc.property(
          namesOf(Object.keys(table).filter(each => each !== "'")),
          fc.integer({ min: 1, max: 2 ** 12 - 1 }),
          (original, some) => {
            const letters = Array.from(original);
            const canonical = canonicalName(original);
            if (canonical === undefined) return;
            expect(canonicalName(letters.map(each => table[each] ?? each).join(''))).toBe(canonical);
            seen.compared += 1;
            const mixed = letters.map((each, at) => ((some >> at) & 1 ? (table[each] ?? each) : each)).join('');
            if (mixed === original) return;
            expect([undefined, canonical]).toContain(canonicalName(mixed));
            seen.mixed += 1;
          },
        ),
        { numRuns: 1000 },
      );
      expect(seen.compared).toBeGreaterThan(950);
      expect(seen.mixed).toBeGreaterThan(600);
    },
  );

  test('A92 an invisible character at any place gives no other name, and at an end the same name', () => {
    const unseen = Array.from(
      '\0 \u2028\u200B\u200C\u200D\uFEFF\u2060\u200E\u200F\u061C\u202A\u202E\u2066\u2069\u00AD\u034F\u115F\u1160\u17B4\u180E\u3164\uFFA0\uFE0F\u{E0001}\u{E0061}',
    );
    const seen = { inside: 0, same: 0 };
    fc.assert(
      fc.property(
        namesOf(Array.from("abcdeghijkmnopstxyz'1.")),
        fc.constantFrom(...unseen),
        fc.nat(12),
        (original, each, at) => {
          const expected = canonicalName(original);
          if (expected === undefined) return;
          const canonical = canonicalName(`${original.slice(0, at)}${each}${original.slice(at)}`);
          // A refusal is right too.
          expect([undefined, expected]).toContain(canonical);
          if (at > 0 && at < original.length) seen.inside += 1;
          else if (canonical === expected) seen.same += 1;
        },
      ),
      { numRuns: 2000 },
    );
    expect(seen.inside).toBeGreaterThan(400);
    expect(seen.same).toBeGreaterThan(400);
  });

  test('A92 the canonical form of any name is its own canonical form', () => {
    const scripts = 'aäæɡİıſß1\u0307\u0301’ʻбгёйїўαάώςυ\u0345ցօالیيك١۵ـदि८ก๓이ㅣ金力カヘ一ーノ々𠮷ﬁ㌔';
    let accepted = 0;
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from(scripts)), minLength: 1, maxLength: 6 }), typed => {
        const canonical = canonicalName(typed);
        if (canonical === undefined) return;
        accepted += 1;
        const spellings = ['NFC', 'NFD', 'NFKC', 'NFKD'].map(form => typed.normalize(form));
        for (const each of [canonical, ...spellings, typed.toUpperCase(), typed.toLowerCase()]) {
          expect(canonicalName(each)).toBe(canonical);
        }
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(400);
  });
});

describe('A92 a password', () => {
  /** A password with characters that normalisation would change. */
  const chosen = 'ﬁancé Straße 密码';
  const others = [
    ['in its compatibility form', chosen.normalize('NFKC')],
    ['in full width', chosen.replace('S', '\uFF33')],
    ['with ss for ß', chosen.replace('ß', 'ss')],
    ['in capitals', chosen.toUpperCase()],
    ['with a space after', `${chosen} `],
    ['with a zero-width space', `${chosen}\u200B`],
    ['without its spaces', chosen.replaceAll(' ', '')],
    ['with a look-alike', chosen.replace('a', '\u0430')],
  ] as const;
  let world: Awaited<ReturnType<typeof startThreatWorld>>;
  beforeAll(async () => {
    world = await startThreatWorld();
    const { services, people } = world;
    await services.users.setPassword(people.linus.user.id, await hashOf(services, chosen), 'cli');
  });
  afterAll(() => world.close());

  test.each([
    ['as it was set', chosen],
    ['in decomposed form', chosen.normalize('NFD')],
  ])('A92 a password signs in %s', async (_desc, password) => {
    const browser = world.recordingBrowser();
    await world.beginAs(browser, { ...world.people.linus, password });
    expect(await world.outcome(browser)).toMatchObject({ accountId: world.people.linus.user.id });
  });

  test.each(others)('A92 the password %s is a different password', async (_desc, password) => {
    expect(password).not.toBe(chosen);
    const browser = world.recordingBrowser();
    const { page } = await world.begin(browser);
    const refused = await enterPassword(browser, page, { name: 'linus', password });
    expect(refused.status).toBe(422);
    expect(await world.outcome(browser)).toMatchObject({ codes: [], accountId: undefined });
  });
});

describe('A92 adding a user by the command line', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-a92-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const add = async (name: string) => {
    const { child, ended, said } = start(
      'cli/index.ts',
      ['users', 'add', name, '--display-name', 'A', '--no-password'],
      {
        cwd: folder,
      },
    );
    child.stdin.end();
    return { code: await ended, ...said };
  };

  test('A92 an operator gets one sentence about allowed names, without control characters of the name', async () => {
    expect(await add('Наталья')).toMatchObject({ code: 0, err: expect.stringMatching(/^\S+ did not exist.*\n$/) });
    expect(await add('\u0430da\u202E')).toEqual({
      code: 1,
      out: '',
      err: `got the name "\u0430da", expected letters of one script, digits and . _ @ + ' - ! # ^ ~, beginning with a letter, digit or _ (IDP-1400)\n`,
    });
    expect(await add('НАТАЛЬЯ')).toMatchObject({ code: 1, out: '', err: expect.stringContaining('(IDP-1409)') });
  });
});
