/** Reads forms that are written as they should be, and refuses every other one. */
import { expect, test } from '@jest/globals';
import { readForm } from '../src/strict-form.ts';

const names = ['a', 'b', 'c d'] as const;
const read = (body: string | Uint8Array) => [...readForm(Buffer.from(body), { fields: names, maxFields: 2 })];

test.each([
  ['', []],
  ['a', [['a', '']]],
  ['a=', [['a', '']]],
  [
    'a=1&b=2',
    [
      ['a', '1'],
      ['b', '2'],
    ],
  ],
  ['a=b=c', [['a', 'b=c']]],
  ['c+d=p+q%20r%2B', [['c d', 'p q r+']]],
  ['a=%C3%A4', [['a', 'ä']]],
  ['a=ä', [['a', 'ä']]],
])('%j is read', (text, fields) => {
  expect(read(text)).toEqual(fields);
});

test.each([
  ['a field that is not expected', 'x=1'],
  ['a repeated field', 'a=1&a=1'],
  ['more fields than there may be', 'a=1&b=2&c+d=3'],
  ['an empty field', 'a=1&'],
  ['a broken escape', 'a=%'],
  ['an escape that is not UTF-8', 'a=%ff'],
  ['bytes that are not UTF-8', Uint8Array.of(0x61, 0x3d, 0xc3, 0x28)],
  ['a name that every object has', '__proto__=1'],
])('%s is refused', (_name, body) => {
  expect(() => read(body)).toThrow(expect.objectContaining({ code: 'bad-request' }));
});
