/**
 * C43. An export of another system holds a hash that takes minutes and gigabytes to verify, by mistake or on purpose. From then on
 * anyone who types that name makes the server do so, and every other sign-in waits.
 * Guards: `src/users/passwords/foreign-hash.ts#readHash`, which bounds the work of each hash; `src/users/passwords/hash-works.ts#HashWorks`, which bounds
 * the kinds, because a wrong password pays for one of each.
 */
import { beforeEach, expect, test } from '@jest/globals';
import { openMemoryDurable } from '../../adapters/memory.ts';
import { createClock } from '../support/world/clock.ts';
import { openPeople, type People } from '../people/support/people.ts';

const hash = `c2FsdHNhbHRzYWx0$${'A'.repeat(43)}`;
const file = (...hashes: readonly string[]): string =>
  hashes.map((each, at) => JSON.stringify({ name: `person${at}`, password_hash: each })).join('\n');
let people: People;
beforeEach(() => {
  const clock = createClock();
  people = openPeople(openMemoryDurable({ clock }), clock);
});

test('C43 hashes at the limit are imported, those past it are refused with what was got, and nothing of them is stored', async () => {
  const dearest = [
    `$argon2id$v=19$m=262144,t=10,p=1$${hash}`,
    `$2b$14$${'a'.repeat(53)}`,
    `$pbkdf2-sha256$i=2000000,l=32$${hash}`,
    `$scrypt$ln=17,r=8,p=1$${hash}`,
  ];
  expect(await people.importText(file(...dearest))).toMatchObject({ added: 4, refused: 0 });
  const works = await people.hashWorks.most();
  const past = [
    `$argon2id$v=19$m=4194304,t=1,p=1$${hash}`,
    `$argon2id$v=19$m=1024,t=9999,p=1$${hash}`,
    `$2b$31$${'a'.repeat(53)}`,
    `$pbkdf2-sha512$i=99999999,l=64$c2FsdHNhbHQ$${'A'.repeat(86)}`,
    `$scrypt$ln=30,r=8,p=1$${hash}`,
    `$scrypt$ln=14,r=8,p=9999$${hash}`,
  ];
  const refused = await people.importText(file(...past.map(each => each)).replaceAll('person', 'costly'));
  expect(refused).toMatchObject({ added: 0, refused: past.length });
  for (const { message } of refused.mistakes) expect(message).toMatch(/^got .*\d+.*, expected at most \d+$/);
  expect(await people.everybody()).toHaveLength(4);
  expect(await people.hashWorks.most()).toEqual(works);
});

test('C43 a ninth kind of hash is refused, and people with one of the eight go on being imported', async () => {
  const kinds = Array.from({ length: 9 }, (_, at) => `$argon2id$v=19$m=${1024 + at},t=1,p=1$${hash}`);
  const result = await people.importText(file(...kinds, kinds[0] ?? ''));
  expect(result).toMatchObject({ added: 9, refused: 1 });
  expect(result.mistakes).toEqual([
    { line: 9, member: 'password_hash', message: expect.stringContaining('than the 8 kinds') },
  ]);
  expect((await people.hashWorks.most()).size).toBe(9);
});
