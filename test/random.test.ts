/** Tests random bytes. */
import { expect, test } from '@jest/globals';
import { random } from '../src/random.ts';

test('random bytes are given once, in any number', () => {
  const numbers = [...Array.from({ length: 2000 }, () => 12), 10_000, 1, 4096, 4095, 32];
  const given = numbers.map(bytes => random(bytes));
  expect(given.map(({ length }) => length)).toEqual(numbers);
  // Memory that two of them share would be random bytes that were given twice.
  const places = given.map(({ buffer, byteOffset, length }) => ({ buffer, from: byteOffset, to: byteOffset + length }));
  const shared = places.filter((one, at) =>
    places.slice(at + 1).some(({ buffer, from, to }) => buffer === one.buffer && from < one.to && one.from < to),
  );
  expect(shared).toEqual([]);
  expect(new Set(given.map(bytes => bytes.toString('hex')).filter(({ length }) => length >= 24)).size).toBe(2004);
});
