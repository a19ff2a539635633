/** Where a setting's text comes from: the environment, a file that the environment names, or its default. */
import { readFileSync } from 'node:fs';
import { table, type Entry } from './table.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One thing wrong with the configuration. `got` never holds a secret. */
export interface Mistake {
  readonly name: string;
  readonly got: string;
  readonly expected: string;
  readonly example?: string;
}

export interface Given {
  /** undefined: not set anywhere, and no default. */
  readonly text: string | undefined;
  readonly source: 'environment' | 'default' | `file ${string}`;
}

/** Reads a text file. @throws what node:fs throws. */
export type ReadFile = (path: string) => string;
export const readText: ReadFile = path => readFileSync(path, 'utf8');

const longestSecretFile = 16_384;

/** What is given for one setting, or what is wrong with how it is given. An empty value counts as not set. */
export const given = (entry: Entry, env: Environment, readFile: ReadFile): Given | Mistake => {
  const text = blankAsUnset(env[entry.name]);
  const path = entry.secret ? blankAsUnset(env[`${entry.name}_FILE`]) : undefined;
  if (text !== undefined && path !== undefined) {
    return mistake(entry, `both ${entry.name} and ${entry.name}_FILE`, 'one of the two');
  }
  if (text !== undefined) return { text, source: 'environment' };
  if (path === undefined) return { text: entry.fallback, source: 'default' };
  try {
    const content = readFile(path).trim();
    if (content === '' || content.length > longestSecretFile) {
      return mistake(entry, `${path}, which holds ${content.length} characters`, `a file of 1 to ${longestSecretFile}`);
    }
    return { text: content, source: `file ${path}` };
  } catch (error) {
    return mistake(entry, `${path}, which cannot be read (${reason(error)})`, 'a readable file');
  }
};

const blankAsUnset = (text: string | undefined): string | undefined => (text?.trim() ? text : undefined);
const reason = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
const mistake = (entry: Entry, got: string, expected: string): Mistake => ({
  name: entry.name,
  got,
  expected,
  example: entry.example,
});

/** Every name that means something: the settings, and `…_FILE` for the secret ones. */
const knownNames: readonly string[] = Object.values<Entry>(table).flatMap(entry =>
  entry.secret ? [entry.name, `${entry.name}_FILE`] : [entry.name],
);

/** Names that look like ours and mean nothing: a typing error would otherwise leave a default in force unseen. */
export const unknownNames = (env: Environment): readonly Mistake[] =>
  Object.keys(env)
    .filter(name => /^sallyport_/i.test(name) && env[name] !== undefined && !knownNames.includes(name))
    .map(name => ({ name, got: 'an unknown setting', expected: suggestion(name) }));

const suggestion = (name: string): string => {
  const upper = name.toUpperCase();
  // also without the prefix, which not every one of them has
  const far = (known: string): number => Math.min(distance(upper, known), distance(upper.slice(10), known));
  const nearest = knownNames.map(known => ({ known, far: far(known) })).toSorted((a, b) => a.far - b.far)[0];
  return nearest !== undefined && nearest.far <= 4 ? `did you mean ${nearest.known}?` : 'one of docs/configuration.md';
};

/** Edits (insert, delete, replace) from one text to the other; Wagner and Fischer 1974. */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < Math.min(from.length, 64); i += 1) {
    const next = [i + 1];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (from[i] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
};
