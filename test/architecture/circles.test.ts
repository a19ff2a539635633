/**
 * Keeps files and folders free of circles, and `src/mfa` shallow. An import of a type counts like any other.
 * The parts of a folder are the files directly in it and its folders, each with everything below. So
 * `adapters/sqlite.ts` and `adapters/sqlite/` are two parts of `adapters`, and only one of them may import the other.
 */
import { describe, expect, test } from '@jest/globals';
import { circlesIn, graphOf, longestChain, type Edge } from './support/graph.ts';
import { arrows, isLocal, type Arrow } from './support/imports.ts';
import { product, otherFolders, read } from './support/sources.ts';

const inProduct = arrows(product).filter(({ to }) => isLocal(to));
const outside = arrows(read(...otherFolders.map(folder => `${folder}/**/*.ts`))).filter(({ to }) => isLocal(to));

/** Part of a folder that a file belongs to; undefined for a file outside it. `''` is the root of the repository. */
const partOf = (folder: string, path: string): string | undefined =>
  path.startsWith(folder) ? path.slice(folder.length).split('/')[0] : undefined;

const partsEdge = (folder: string, { from, to }: Arrow): readonly Edge[] => {
  const [a, b] = [partOf(folder, from), partOf(folder, to)];
  return a === undefined || b === undefined ? [] : [[a, b]];
};

/** Every folder above one of these files, as a prefix of paths. */
const foldersOf = (paths: Iterable<string>): readonly string[] => {
  const all = [...paths].flatMap(path => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1)));
  return ['', ...new Set(all)].toSorted();
};

/** Circles of files and of parts, each with the imports that make it. */
const circles = (all: readonly Arrow[]): readonly string[] => {
  const ofFiles = circlesIn(graphOf(all.map(({ from, to }) => [from, to]))).map(circle => circle.join(' → '));
  const ofParts = foldersOf(all.map(({ from }) => from)).flatMap(folder =>
    circlesIn(graphOf(all.flatMap(arrow => partsEdge(folder, arrow)))).map(circle => {
      const imports = circle.slice(1).map((part, at) => {
        const made = all.find(({ from, to }) => partOf(folder, from) === circle[at] && partOf(folder, to) === part);
        return `${made?.from ?? ''} → ${made?.to ?? ''}`;
      });
      return `${folder}: ${circle.join(' → ')} (${imports.join(', ')})`;
    }),
  );
  return [...new Set([...ofFiles, ...ofParts])];
};

test('no file and no folder of the product imports itself through others', () => {
  expect(inProduct.length).toBeGreaterThan(1000);
  expect(circles(inProduct)).toEqual([]);
});

test('no file of the tests, the measurements and the tools imports itself through others', () => {
  const edges = outside.map(({ from, to }): Edge => [from, to]);
  expect(circlesIn(graphOf(edges)).map(circle => circle.join(' → '))).toEqual([]);
});

/** A chain of more levels, printed. */
const deeperThan = (levels: number, edges: readonly Edge[]): readonly string[] => {
  const chain = longestChain(graphOf(edges));
  return chain.length > levels ? [`${chain.length} levels: ${chain.join(' → ')}`] : [];
};

describe('src/mfa', () => {
  const mfa = inProduct.filter(({ from, to }) => from.startsWith('src/mfa/') && to.startsWith('src/mfa/'));
  const folders = [...new Set(mfa.map(({ from }) => partOf('src/mfa/', from) ?? ''))].filter(
    part => !part.endsWith('.ts'),
  );

  test('stands on at most 6 levels of parts', () => {
    const edges = mfa.flatMap(arrow => partsEdge('src/mfa/', arrow));
    expect(edges.length).toBeGreaterThan(20);
    expect(deeperThan(6, edges)).toEqual([]);
  });

  test.each(folders)('has at most 8 levels of files in %s', folder => {
    const inside = `src/mfa/${folder}/`;
    const edges = mfa.flatMap(({ from, to }): Edge[] =>
      from.startsWith(inside) && to.startsWith(inside) ? [[from, to]] : [],
    );
    expect(deeperThan(8, edges)).toEqual([]);
  });
});

const arrow = (from: string, to: string): Arrow => ({ from, to, typeOnly: true, names: [] });

describe('a circle is printed', () => {
  test('of two files of a folder', () => {
    expect(circles([arrow('src/a.ts', 'src/b.ts'), arrow('src/b.ts', 'src/a.ts')])).toEqual([
      'src/a.ts → src/b.ts → src/a.ts',
      'src/: a.ts → b.ts → a.ts (src/a.ts → src/b.ts, src/b.ts → src/a.ts)',
    ]);
  });

  test('of three folders, though no file is in a circle', () => {
    expect(
      circles([
        arrow('src/a/one.ts', 'src/b/deep/one.ts'),
        arrow('src/b/two.ts', 'src/c/one.ts'),
        arrow('src/c/two.ts', 'src/a/two.ts'),
      ]),
    ).toEqual([
      'src/: a → b → c → a (src/a/one.ts → src/b/deep/one.ts, src/b/two.ts → src/c/one.ts, src/c/two.ts → src/a/two.ts)',
    ]);
  });

  test('of a file and the folder of its name', () => {
    expect(circles([arrow('src/a.ts', 'src/a/one.ts'), arrow('src/a/two.ts', 'src/a.ts')])).toHaveLength(1);
  });

  test('but not an import into the own folder or from a folder to the one above', () => {
    expect(circles([arrow('src/a/one.ts', 'src/a/two.ts'), arrow('src/a/deep/three.ts', 'src/a/one.ts')])).toEqual([]);
  });
});

test('the longest chain of imports is found', () => {
  const graph = graphOf([
    ['a', 'b'],
    ['b', 'd'],
    ['a', 'c'],
    ['c', 'e'],
    ['e', 'd'],
  ]);
  expect(longestChain(graph)).toEqual(['a', 'c', 'e', 'd']);
});
