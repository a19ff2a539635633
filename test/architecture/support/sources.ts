/** Reads the files of this repository as text, by path from its root. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');

/** Text by path. */
export type Sources = ReadonlyMap<string, string>;

/** Folders of the product. A folder that does not exist yet has no files, and its rules apply from its first file on. */
export const productFolders = ['src', 'server', 'cli', 'interactions', 'portals', 'adapters', 'web', 'simulator'];

/** Folders that hold code but are not shipped. */
export const otherFolders = ['test', 'bench', 'tools', 'examples'];

/** Paths of the files that match, sorted. */
export const pathsOf = (patterns: readonly string[]): readonly string[] =>
  globSync(patterns, { cwd: root, exclude: path => path === 'node_modules' }).toSorted();

/** The files that match. */
export const read = (...patterns: readonly string[]): Sources =>
  new Map(pathsOf(patterns).map(path => [path, readFileSync(join(root, path), 'utf8')]));

/** Every file of the product's code. The hashing process is JavaScript. */
export const product = read(...productFolders.map(folder => `${folder}/**/*.{ts,tsx,js}`));
