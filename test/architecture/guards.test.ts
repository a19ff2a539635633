/**
 * Keeps the tests of threats and faults and docs/threats.md together. Each of these tests names its guard as
 * `path#symbol` in its header, and begins its titles with the id of its row.
 */
import { describe, expect, test } from '@jest/globals';
import { commentsOf } from './support/comments.ts';
import { product, read, type Sources } from './support/sources.ts';
import { declaredIn, outermostTitles } from './support/syntax.ts';

const tests = read('test/**/*.test.ts');
const isAboutThreats = (path: string): boolean => /^test\/(?:threats|faults)\//.test(path);
const aboutThreats: Sources = new Map([...tests].filter(([path]) => isAboutThreats(path)));
const threats = read('docs/threats.md').get('docs/threats.md') ?? '';

/** The comment at the top of a file. */
const headerOf = (source: string): string => commentsOf(source).find(({ line }) => line === 1)?.text ?? '';

interface Guard {
  readonly path: string;
  readonly symbol: string;
}

const guardsIn = (header: string): readonly Guard[] =>
  [...header.matchAll(/`([\w./-]+\.ts)#([\w$]+)`/g)].map(([, path = '', symbol = '']) => ({ path, symbol }));

/** Files that can hold a guard: most are in the product. */
const guarding: Sources = new Map([...product, ...read('tools/*.ts')]);

const declared = new Map<string, ReadonlySet<string>>();
const isDeclared = ({ path, symbol }: Guard): boolean => {
  const source = guarding.get(path);
  if (source === undefined) return false;
  const names = declared.get(path) ?? declaredIn(source);
  declared.set(path, names);
  return names.has(symbol);
};

/** Guards of a header that do not exist, as `path#symbol`. */
const missing = (header: string): readonly string[] =>
  guardsIn(header).flatMap(guard => (isDeclared(guard) ? [] : [`${guard.path}#${guard.symbol}`]));

/** Ids in the first column of the tables. */
const idsOf = (document: string): readonly string[] =>
  [...document.matchAll(/^\| ([A-Z][\w.]*(?: [\w.]+)*) +\|/gm)].map(([, id = '']) => id);

const ids = idsOf(threats);

/** The id that a title or a header begins with; of ids that begin alike the longest. */
const idOf = (text: string, known: readonly string[] = ids): string | undefined =>
  known
    .filter(id => [' ', '.', ',', ':'].some(end => `${text} `.startsWith(id + end)))
    .toSorted((a, b) => b.length - a.length)[0];

/** Headers and outermost titles that begin with no id. */
const withoutId = (sources: Sources): readonly string[] =>
  [...sources].flatMap(([path, source]) =>
    [headerOf(source), ...outermostTitles(source)].flatMap(text =>
      idOf(text) === undefined ? [`${path}: ${text}`] : [],
    ),
  );

test('every test of a threat or a fault names its guard', () => {
  expect(aboutThreats.size).toBeGreaterThan(80);
  const without = [...aboutThreats].filter(([, source]) => guardsIn(headerOf(source)).length === 0);
  expect(without.map(([path]) => path)).toEqual([]);
});

test('every guard that the header of a test names is declared where it says', () => {
  const found = [...tests].flatMap(([path, source]) => missing(headerOf(source)).map(guard => `${path}: ${guard}`));
  expect(found).toEqual([]);
});

test('every test of a threat or a fault begins with the id of a row in docs/threats.md', () => {
  expect(withoutId(aboutThreats)).toEqual([]);
});

test('an id at the beginning of any other title has a row too', () => {
  const others = [...tests].filter(([path]) => !isAboutThreats(path));
  const titles = others.flatMap(([, source]) => outermostTitles(source));
  expect(titles.filter(title => /^[ARC]\d{2}\b/.test(title) && idOf(title) === undefined)).toEqual([]);
});

test('every row of docs/threats.md has an id of its own and a test', () => {
  expect(ids.length).toBeGreaterThan(60);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  const carried = new Set([...aboutThreats.values()].flatMap(outermostTitles).map(title => idOf(title)));
  expect(ids.filter(id => !carried.has(id))).toEqual([]);
});

describe('a guard', () => {
  test.each([
    ['Guard: `src/mfa/challenge/challenges.ts#begin`.', []],
    ['Guards: `src/audit.ts#AuditFacts`, `src/errors.ts#Problem`.', []],
    ['Guard: `src/mfa/challenge/challenges.ts#strikes`.', ['src/mfa/challenge/challenges.ts#strikes']],
    ['Guard: `src/mfa/house.ts#begin`.', ['src/mfa/house.ts#begin']],
  ])('%s misses %j', (header, expected) => {
    expect(missing(header)).toEqual(expected);
  });

  test.each([
    ['function one() {}', true],
    ['const one = 1;', true],
    ['const { two: one } = {};', true],
    ['interface one {}', true],
    ['class A { #one() {} }', true],
    ['class A { one = 1; }', true],
    ['const a = { one: 1 };', true],
    ['const a = () => { const one = 1; };', true],
    ['one();', false],
    ['const { one: two } = {};', false],
    ['const a = { one };', false],
    ['const a = (one: number) => one;', false],
    ['// const one = 1;', false],
    ["const a = 'one';", false],
  ])('is declared by %j: %s', (source, expected) => {
    expect(declaredIn(source).has('one')).toBe(expected);
  });
});

test('outermost titles are read from tables too, and not from inside', () => {
  const source = `
    test('one', () => {});
    describe.each([1])('two %s', () => { test('inside', () => {}); });
    for (const a of [1]) it(\`three \${a}\`, () => {});
    other('none');
  `;
  expect(outermostTitles(source)).toEqual(['one', 'two %s', 'three …']);
});

test('of ids that begin alike the longest is found', () => {
  const known = ['A1', 'ASVS 10', 'ASVS 10.7'];
  const texts = ['A1 works', 'A1. Somebody', 'A12 works', 'ASVS 10.7 works', 'ASVS 10.7.'];
  expect(texts.map(text => idOf(text, known))).toEqual(['A1', 'A1', undefined, 'ASVS 10.7', 'ASVS 10.7']);
});
