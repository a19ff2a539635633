/** Reads and writes JSON files in the state folder. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { randomToken } from '../../src/crypto.ts';
import { Problem } from '../../src/errors.ts';

/** Gives the parsed content, or undefined if there is no file. @throws Problem 'unreadable' if it is not JSON. */
export const readState = (path: string): unknown => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('unreadable', `${path} is not JSON: delete it with npm start -- --reset`, { cause });
  }
};

/** Writes the file atomically, readable by its owner only. */
export const writeState = (path: string, state: object): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomToken(6)}`;
  writeFileSync(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(draft, path);
};
