/** Reads and checks every setting. Collects all mistakes first, so that operators see them together. */
import { mistakesIn } from './rules.ts';
import {
  findText,
  readText,
  unknownNames,
  type Environment,
  type FoundText,
  type Mistake,
  type ReadFile,
} from './sources.ts';
import { entryOf, keys, table, type SettingKey, type Values } from './table.ts';

/** Reports an unusable configuration with all its mistakes. The process exits with 78 (EX_CONFIG of sysexits.h). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    const lines = mistakes.map(
      ({ name, got, expected, example }) =>
        `  ${name}\n    got       ${got}\n    expected  ${expected}${example === undefined ? '' : `\n    example   ${name}=${example}`}`,
    );
    super(
      `The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n${lines.join('\n')}`,
    );
    this.mistakes = mistakes;
  }
}

/** Checked settings and the source of each, before development fills in its own sealing key and addresses. */
export interface Reading {
  readonly values: Values;
  readonly found: ReadonlyMap<SettingKey, FoundText>;
}

/** Reads and checks all settings. Opens no files except those that `…_FILE` names. @throws ConfigError with every mistake. */
export const readSettings = (env: Environment, readFile: ReadFile = readText): Reading => {
  const mistakes: Mistake[] = [...unknownNames(env)];
  const invalid = new Set<SettingKey>();
  const values: Record<string, unknown> = {};
  const foundTexts = new Map<SettingKey, FoundText>();
  for (const key of keys) {
    const entry = entryOf(key);
    const found = findText(entry, impliedMode(env, key), readFile);
    if ('got' in found) {
      invalid.add(key);
      mistakes.push(found);
      continue;
    }
    foundTexts.set(key, found);
    if (found.text === undefined) continue;
    const read = entry.check.safeParse(found.text);
    if (read.success) {
      values[key] = read.data;
    } else {
      invalid.add(key);
      const { name, expected, example, mask = unchanged } = entry;
      const faults = faultsIn(read.error.issues);
      // A long text with parts is told part by part.
      for (const fault of faults) mistakes.push({ ...fault, name: `${name}: ${fault.at}` });
      if (faults.length > 0) continue;
      mistakes.push({ name, got: entry.secret ? hidden(found.text) : quoted(mask(found.text)), expected, example });
    }
  }
  if (env['NODE_ENV'] === 'production' && values['mode'] === 'development') {
    values['mode'] = 'production';
    mistakes.push({
      name: entryOf('mode').name,
      got: 'development beside NODE_ENV=production',
      expected: 'one of the two',
      example: 'production',
    });
  }
  if (!isChecked(values)) throw new TypeError('got a value without an entry in the table, expected an entry for each');
  mistakes.push(...mistakesIn(values, invalid));
  if (mistakes.length > 0 || !isComplete(values)) throw new ConfigError(mistakes);
  return { values, found: foundTexts };
};

/** Narrows the type: each value is the result of the check of its own entry. */
const isChecked = (values: object): values is Partial<Values> => Object.keys(values).every(name => name in table);
/** Narrows the type: only settings without a default may be absent. */
const isComplete = (values: Partial<Values>): values is Values =>
  keys.every(key => values[key] !== undefined || entryOf(key).fallback === undefined);

/** `NODE_ENV=production` implies production where SALLYPORT_MODE is not set. */
const impliedMode = (env: Environment, key: SettingKey): Environment =>
  key === 'mode' && env['NODE_ENV'] === 'production' && !env['SALLYPORT_MODE']
    ? { ...env, SALLYPORT_MODE: 'production' }
    : env;

/** The mistakes in the parts of a value, where its check names them. */
const faultsIn = (issues: readonly object[]): readonly { at: string; got: string; expected: string }[] =>
  issues.flatMap(issue => {
    const params: unknown = Reflect.get(issue, 'params');
    const fault: unknown = typeof params === 'object' && params !== null ? Reflect.get(params, 'fault') : undefined;
    return isFault(fault) ? [fault] : [];
  });
const isFault = (value: unknown): value is { at: string; got: string; expected: string } =>
  typeof value === 'object' && value !== null && 'at' in value && 'got' in value && 'expected' in value;

const unchanged = (text: string): string => text;
const hidden = (secret: string): string => `a secret of ${secret.length} characters`;
/** Quotes a value on one line, shortened, with the credentials of an address hidden. */
const quoted = (text: string): string => {
  const shown = text.replaceAll(/\/\/[^/@]*@/g, '//[hidden]@');
  return JSON.stringify(shown.length > 80 ? `${shown.slice(0, 80)}…` : shown);
};
