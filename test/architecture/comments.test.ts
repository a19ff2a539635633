/** Keeps comments plain: each file has a header, each reference can be followed from the repository, and riddles are rare. */
import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { commentsOf, withoutComments } from './support/comments.ts';
import { otherFolders, pathsOf, product, productFolders, read, root, type Sources } from './support/sources.ts';

/** Everything with comments in JavaScript. */
const code: Sources = read(...[...productFolders, ...otherFolders].map(folder => `${folder}/**/*.{ts,tsx,js,mjs,cjs}`));

/** `path:line: text` of one comment. */
interface Place {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

const placesIn = (sources: Sources): readonly Place[] =>
  [...sources].flatMap(([path, source]) => commentsOf(source, path).map(({ line, text }) => ({ path, line, text })));

const comments = placesIn(code);

const withoutStrings = (source: string): string => source.replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, '');

/** A header: a `/**` comment at the top, of at least three words. */
const hasHeader = (source: string, path: string): boolean =>
  /^(?:#!.*\n)?\/\*\*/.test(source) && (commentsOf(source, path)[0]?.text.split(' ').length ?? 0) >= 3;

const withoutHeader = (sources: Sources): readonly string[] =>
  [...sources].flatMap(([path, source]) => (hasHeader(source, path) ? [] : [path]));

const texts =
  /\b(?:design|style|toolchain|reading|brief)\.md\b|\b(?:reference|findings|shared)\/|\bdesign,? (?:§|section)/i;
/** A number of an issue says nothing to a reader who does not know in which tracker; a link does. */
const issueNumbers = /\bissues? #?\d+|(?<![\w#&/]|UTS |UAX )#\d{2,}\b/i;
const placesOfMachines = /(?<![\w.])\/(?:home|root|work|tmp|farm)\//;
const standards =
  /\b(?:RFC \d|NIST|OIDC|OpenID|W3C|WebAuthn|OAuth|FAPI|U(?:TS|AX) #|URL Standard|3GPP|TS \d|GSM|XML|HTML|Unicode|ISO|ITU|PKCS|FIPS)/;

const withoutLinks = (text: string): string => text.replaceAll(/\bhttps?:\S+/g, '');

/** What a comment refers to that a reader of this repository cannot find; undefined where there is no such thing. */
const unfindable = (comment: string): string | undefined => {
  const text = withoutLinks(comment);
  const section = text.indexOf('§');
  if (section !== -1 && !standards.test(text.slice(0, section))) return text.slice(section).split(' ')[0];
  return [texts, issueNumbers, placesOfMachines].map(each => each.exec(text)?.[0]).find(each => each !== undefined);
};

const repository = pathsOf([
  '*',
  '.ci/*',
  'docs/**/*',
  ...[...productFolders, ...otherFolders].map(each => `${each}/**/*`),
]);

const named =
  /(?<![\w@/.:-])((?:[\w.-]+\/)*[\w.-]*\w\.(?:tsx?|mjs|cjs|md|css|svg)|(?:src|server|cli|interactions|portals|adapters|web|simulator|test|bench|tools|docs)\/[\w*./-]*[\w*])(?:#(#?[\w$]+))?/g;

/** Files that a name in a comment can mean: from the root, beside the comment, or the end of a path. */
const meant = (name: string, path: string): readonly string[] => {
  if (name.includes('*')) return globSync(name, { cwd: root });
  const beside = join(dirname(path), name);
  return repository.filter(each => each === name || each === beside || each.endsWith(`/${name}`));
};

/** Names in a comment, of files or of `file#symbol`, that lead nowhere. */
const leadingNowhere = ({ path, text }: Place): readonly string[] =>
  [...withoutLinks(text).matchAll(named)].flatMap(([whole, name = '', symbol]) => {
    const files = meant(name, path);
    const isThere =
      symbol === undefined
        ? files.length > 0
        : files.some(file => withoutComments(code.get(file) ?? '', file).includes(symbol));
    return isThere ? [] : [whole];
  });

/** Words that make a sentence a riddle: a plain one names the thing. */
const riddles =
  /\b(?:who|what|which)ever\b|\bwhose\b|\b(?:nobody|none|nothing)\b|\bof which\b|\bwhat (?:is|was|may|can|stands|comes|it|we|they)\b|\bwho (?:has|is|was|asks|does)\b|\banew\b|\bby itself\b/gi;

const said = ({ path, line, text }: Place): string => `${path}:${line}: ${text}`;

/** Comments with riddles; empty where there are at most six of them in a thousand words. */
const riddlesIn = (places: readonly Place[]): readonly string[] => {
  const words = places.reduce((sum, { text }) => sum + text.split(/\s+/).length, 0);
  const found = places.flatMap(place =>
    [...place.text.matchAll(riddles)].map(([riddle]) => `${riddle}: ${said(place)}`),
  );
  return found.length * 1000 > words * 6 ? [`${found.length} in ${words} words`, ...found] : [];
};

test('every file of the product begins with a header', () => {
  expect(withoutHeader(product)).toEqual([]);
});

test('no comment refers to a text that is not in the repository and not public', () => {
  const found = comments.flatMap(place => {
    const reference = unfindable(place.text);
    return reference === undefined ? [] : [`${reference}: ${said(place)}`];
  });
  expect(comments.length).toBeGreaterThan(3000);
  expect(found).toEqual([]);
});

test('every file and symbol that a comment names exists', () => {
  const found = comments.flatMap(place => leadingNowhere(place).map(name => `${name}: ${said(place)}`));
  expect(found).toEqual([]);
});

test.each([...productFolders, ...otherFolders].filter(folder => existsSync(join(root, folder))))(
  'comments in %s have at most 6 riddles in 1,000 words',
  folder => {
    expect(riddlesIn(comments.filter(({ path }) => path.startsWith(`${folder}/`)))).toEqual([]);
  },
);

test('files with JSX hold neither a template, nor a regular expression, nor an apostrophe that could hide a comment', () => {
  const jsx = [...code].filter(([path]) => path.endsWith('.tsx'));
  const rest = jsx.flatMap(([path, source]) => {
    const found = withoutStrings(withoutComments(source, path)).match(/\/\/.*|\/\*.*|['"].*/g) ?? [];
    return found.map(each => `${path}: ${each}`);
  });
  expect(rest).toEqual([]);
});

describe('comments are found', () => {
  test.each([
    ['a line', 'const a = 1; // one\n', ['one']],
    ['neighbouring lines as one', '// one\n  // two\n\n// three\n', ['one two', 'three']],
    ['a block without its stars', '/**\n * One,\n * two.\n */\nconst a = 1;\n', ['One, two.']],
    ['beside a type', `interface A {\n  /** One. */\n  readonly a: 'b' | "'";\n}\n`, ['One.']],
    ['in a template between its texts', 'const a = `x // no ${/* yes */ 1} // no`;\n', ['yes']],
    ['after a division', 'const a = 4 / 2; // one / two\n', ['one / two']],
  ])('%s', (_, source, expected) => {
    expect(commentsOf(source).map(({ text }) => text)).toEqual(expected);
  });

  test.each([
    ['a string', `const a = '// no';\n`],
    ['a template', 'const a = `/* no */ // no`;\n'],
    ['a regular expression', String.raw`const a = /\/\/ no "/; const b = /[/*] no *\//;` + '\n'],
    ['a type', `type A = '// no' | "/* no */";\n`],
  ])('not in %s', (_, source) => {
    expect(commentsOf(source)).toEqual([]);
  });
});

describe('a header', () => {
  test.each([
    ['/** Opens the store. */\nexport const a = 1;\n', true],
    ['#!/usr/bin/env node\n/**\n * Runs the command line.\n */\n', true],
    ["import { b } from './b.ts';\n/** Opens the store. */\n", false],
    ['// Opens the store.\n', false],
    ['/** Store. */\nexport const a = 1;\n', false],
    ['/** */\n/** Opens the store. */\n', false],
  ])('%j: %s', (source, has) => {
    expect(withoutHeader(new Map([['src/a.ts', source]]))).toEqual(has ? [] : ['src/a.ts']);
  });
});

describe('a reference that cannot be followed is printed', () => {
  test.each([
    'A keyed hash is kept (design §10).',
    'See design, section 3.',
    'As reference/performance measured.',
    'The words of style.md.',
    'Known since issue 8.',
    'Fixed for #123.',
    'At most 100 (§3.2.2).',
  ])('%s', text => {
    expect(unfindable(text)).toBeDefined();
  });

  test.each([
    'RFC 9110 §7.2 and §7.4.',
    'NIST SP 800-63B-4 §3.2.2 allows at most 100.',
    'OIDC Core §5.5.',
    'See https://redis.io/docs/reference/eviction/.',
    'See https://github.com/panva/node-oidc-provider/issues/123.',
    'Highly restrictive (UTS #39).',
    'Press # to approve.',
    'By design, a code is sent again.',
  ])('but not: %s', text => {
    expect(unfindable(text)).toBeUndefined();
  });
});

const inFactor = (text: string): Place => ({ path: 'src/mfa/factor.ts', line: 1, text });

describe('a name that leads nowhere is printed', () => {
  test.each([
    'Kept by `src/mfa/strikes.ts`.',
    'The rule is in house.ts.',
    'See src/rooms/ for more.',
    'Guard: src/errors.ts#thisIsNotThere.',
  ])('%s', text => {
    expect(leadingNowhere(inFactor(text))).toHaveLength(1);
  });

  test.each([
    'Kept by `src/errors.ts`.',
    'The rule is in authenticators.ts, `ports/stores.ts` and src/mfa.',
    'Every src/locales/*/problems.ts.',
    'Guard: src/errors.ts#Problem.',
    'See https://example.com/house.ts.',
  ])('but not: %s', text => {
    expect(leadingNowhere(inFactor(text))).toEqual([]);
  });
});

test('riddles are counted', () => {
  const text = `${'word '.repeat(160)}whoever`;
  const place = { path: 'src/a.ts', line: 1, text };
  expect(riddlesIn([place])).toEqual([`1 in 161 words`, `whoever: src/a.ts:1: ${text}`]);
  expect(riddlesIn([{ ...place, text: `word ${'word '.repeat(170)}nothing` }])).toEqual([]);
});
