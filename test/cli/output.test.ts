/** Tests tables and dates of the command line, and that a name cannot control the terminal. */
import { expect, test } from '@jest/globals';
import { columns, isoDate } from '../../cli/output.ts';
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
  expect([isoDate(Date.UTC(2026, 10, 22, 23, 59)), isoDate(undefined)]).toEqual(['2026-11-22', '–']);
});
