/** Reads the imports of source files. By a regular expression, because the compiler has no interface for JavaScript. */
import { join } from 'node:path';
import { withoutComments } from './comments.ts';
import { productFolders, otherFolders, type Sources } from './sources.ts';

/** One file imports another file or a package. */
export interface Arrow {
  readonly from: string;
  /** A path from the root of the repository, or the name of a package. */
  readonly to: string;
  readonly typeOnly: boolean;
  /** Imported names; `*` for a whole module. */
  readonly names: readonly string[];
}

const statement =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?([^'";]*?)\s*from\s*'([^']+)'|(?:^|\n)\s*import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;

/** Every import, export-from and import() with a literal in a file. */
const arrowsOf = (from: string, source: string): readonly Arrow[] =>
  [...withoutComments(source, from).matchAll(statement)].map(([, typeKeyword, clause = '', ...targets]) => {
    const target = targets.find(each => each !== undefined) ?? '';
    const whole = clause.includes('*') ? ['*'] : [];
    const names = [...clause.matchAll(/(?:^|[{,\s])(type\s+)?([A-Za-z_$][\w$]*)(?:\s+as\s+\w+)?\s*(?=[,}]|$)/g)];
    return {
      from,
      to: target.startsWith('.') ? join(from, '..', target) : target,
      typeOnly: typeKeyword !== undefined || (names.length > 0 && names.every(([, type]) => type !== undefined)),
      names: [...whole, ...names.flatMap(([, , name]) => name ?? [])],
    };
  });

/** The imports of all these files. */
export const arrows = (sources: Sources): readonly Arrow[] =>
  [...sources].flatMap(([from, source]) => arrowsOf(from, source));

const local = new RegExp(`^(?:${[...productFolders, ...otherFolders].join('|')})/`);

/** Whether a target is a file of this repository. */
export const isLocal = (to: string): boolean => local.test(to);
