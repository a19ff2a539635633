/** Finds the text of a setting: in the environment, in a file that the environment names, or in its default. */
import { readFileSync } from 'node:fs';
import { maxFileLength } from './checks/values.ts';
import { table } from './table.ts';
import type { Setting } from './setting.ts';

/** Environment variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One error in the configuration. `got` never contains a secret. */
export interface Mistake {
  readonly name: string;
  readonly got: string;
  readonly expected: string;
  readonly example?: string;
}

/** Text of one setting, and where it was found. */
export interface FoundText {
  /** undefined: not set, and without a default. */
  readonly text: string | undefined;
  readonly source: 'environment' | 'default' | `file ${string}`;
}

/** Reads a text file. @throws the errors of node:fs. */
export type ReadFile = (path: string) => string;
/** Reads a UTF-8 file from disk, without its byte order mark. @throws TypeError for another encoding, also as node:fs. */
export const readText: ReadFile = path => new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));

/** Characters. */
const maxSecretLength = 16_384;

/** True where `NAME_FILE` may name a file that holds the value. */
export const acceptsFile = ({ secret, isLong, mask }: Setting): boolean =>
  secret === true || isLong === true || mask !== undefined;

/** Gives the text of one setting and its source, or the mistake in how it is set. An empty value counts as not set. */
export const findText = (entry: Setting, env: Environment, readFile: ReadFile): FoundText | Mistake => {
  const text = blankAsUnset(env[entry.name]);
  const path = acceptsFile(entry) ? blankAsUnset(env[`${entry.name}_FILE`]) : undefined;
  if (text !== undefined && path !== undefined) {
    return toMistake(entry, `both ${entry.name} and ${entry.name}_FILE`, 'one of the two');
  }
  if (text !== undefined) return { text, source: 'environment' };
  if (path === undefined) return { text: entry.fallback, source: 'default' };
  try {
    const content = readFile(path).trim();
    const most = entry.secret ? maxSecretLength : maxFileLength;
    if (content === '' || content.length > most) {
      return toMistake(entry, `${path}, which holds ${content.length} characters`, `a file of 1 to ${most}`);
    }
    return { text: content, source: `file ${path}` };
  } catch (error) {
    return toMistake(entry, `${path}, which cannot be read (${codeOf(error)})`, 'a readable file in UTF-8');
  }
};

const blankAsUnset = (text: string | undefined): string | undefined => (text?.trim() ? text : undefined);
const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
const toMistake = (entry: Setting, got: string, expected: string): Mistake => ({
  name: entry.name,
  got,
  expected,
  example: entry.example,
});

/** Names of all settings, and `…_FILE` for those that accept a file. */
const knownNames: ReadonlySet<string> = new Set(
  Object.values<Setting>(table).flatMap(entry =>
    acceptsFile(entry) ? [entry.name, `${entry.name}_FILE`] : [entry.name],
  ),
);

/** Reports unknown names with our prefix. Otherwise a typing error would leave a default in force unnoticed. */
export const unknownNames = (env: Environment): readonly Mistake[] =>
  Object.keys(env)
    .filter(name => /^sallyport_/i.test(name) && env[name] !== undefined && !knownNames.has(name))
    .map(name => ({ name, got: 'an unknown setting', expected: 'a name from docs/configuration.md' }));
