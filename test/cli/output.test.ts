/** Tests tables and dates of the command line, and that a name cannot control the terminal. */
import { expect, jest, test } from '@jest/globals';
import { columns, isoDate, isoTime, printList } from '../../cli/output.ts';
import { span } from '../../src/time-span.ts';
import { plain } from '../../src/masking.ts';

test('columns are as wide as their widest cell, without spaces after the last', () => {
  expect(
    columns(
      ['NAME', 'STATE'],
      [
        ['ada', 'active'],
        ['grace hopper', 'locked'],
      ],
    ),
  ).toBe(['NAME          STATE', 'ada           active', 'grace hopper  locked'].join('\n'));
});

test.each([
  ['an escape sequence', 'Ada\u001B[2J\u001B]0;title\u0007'],
  ['a C1 control', 'Ada\u009B2J'],
  ['a line feed', 'Ada\nroot'],
  ['a carriage return', 'Ada\rroot'],
  ['a right-to-left override', 'Ada\u202Etoor'],
  ['a zero-width space', 'A\u200Bda'],
  ['a line separator', 'Ada\u2028root'],
])('%s in a name is not printed to the terminal', (_, name) => {
  const shown = columns(['NAME'], [[name]]);
  expect(shown.split('\n')).toHaveLength(2);
  expect(shown.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(plain(name)).not.toBe(name);
});

test('a date is written as in ISO 8601, and a missing date as a dash', () => {
  expect([isoDate(isoTime(Date.UTC(2026, 10, 22, 23, 59))), isoDate(undefined)]).toEqual(['2026-11-22', '–']);
});

test('a listing as JSON has all members, and escapes what could control the terminal', () => {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation(text => written.push(String(text)) > 0);
  const items = [{ name: 'A\u009B2J\u202Eda\u2028\u001B', note: 'not in a column' }];
  printList(items, { json: true }, { heading: ['NAME'], row: ({ name }) => [name] });
  spy.mockRestore();
  expect(written.join('').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(written.join(''))).toEqual(items);
});

test.each([
  [3_600_000, '1h'],
  [14 * 86_400_000, '14d'],
  [90_000, '90s'],
  [1500, '1500ms'],
])('a span of %i ms is written as settings are: %s', (millis, text) => {
  expect(span(millis)).toBe(text);
});
