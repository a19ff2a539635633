/** Keeps the lists of paths in `tools` true: an entry whose files were moved would have no effect, and no test would fail. */
import { expect, test } from '@jest/globals';
import { leftOut } from '../../tools/jest/left-out.mjs';
import { slow, timed } from '../../tools/jest/slowest-first.mjs';
import { leaves } from '../../tools/trace/count.ts';
import { pathsOf, product } from './support/sources.ts';

const tests = pathsOf(['test/**/*.test.ts']).map(path => path.slice('test/'.length));
const withoutTest = (beginnings: readonly string[]): readonly string[] =>
  beginnings.filter(each => !tests.some(path => path.startsWith(each)));

test('every test file that the fast lane leaves out or keeps is there', () => {
  expect(withoutTest(leftOut.map(([path]) => path))).toEqual([]);
  expect(withoutTest(leftOut.flatMap(([path, , kept = []]) => kept.map(name => `${path}${name}.`)))).toEqual([]);
});

test('every test file that is ordered by its time is there', () => {
  expect(withoutTest([...slow, ...timed])).toEqual([]);
});

test('every leaf of a trace is there', () => {
  const unknown = Object.entries(leaves).filter(([, files]) => ![...product.keys()].some(path => files.test(path)));
  expect(unknown.map(([name]) => name)).toEqual([]);
});
