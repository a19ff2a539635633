/** Tests that the examples of docs/people.md are files that an import takes as they stand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openMemoryDurable } from '../../adapters/memory.ts';
import { members } from '../../src/people/members.ts';
import { createClock } from '../support/world/clock.ts';
import { openPeople } from './support/people.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/people.md'), 'utf8');
const example = (language: string): string => new RegExp(`\`\`\`${language}\n([^\`]*)\`\`\``).exec(text)?.[1] ?? '';

test.each([
  ['csv', 3, ['emmy', 'lise', 'guest_fabrikam.example#EXT#@contoso.example']],
  ['jsonl', 2, ['alan', 'mary']],
])('the example in %s is imported whole', async (language, added, names) => {
  const clock = createClock();
  const people = openPeople(openMemoryDurable({ clock }), clock);
  expect(await people.importText(example(language))).toMatchObject({ added, mistakes: [] });
  expect((await people.everybody()).map(({ name }) => name)).toEqual(names);
});

test('every member is explained', () => {
  const explained = [...text.matchAll(/^\| `(\w+)` +\|/gm)].map(([, member]) => member);
  expect(new Set(explained)).toEqual(new Set(members));
});
