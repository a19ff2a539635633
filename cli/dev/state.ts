/** Files of the state folder: JSON, read whole and written whole. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { randomToken } from '../../src/crypto.ts';
import { Problem } from '../../src/errors.ts';

/** undefined: there is no such file. @throws Problem 'unreadable' where it is no JSON. */
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
    throw new Problem('unreadable', `${path} is not JSON: npm start -- --reset starts anew`, { cause });
  }
};

/** Whole or not at all, and for its owner's eyes. */
export const writeState = (path: string, state: object): void => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomToken(6)}`;
  writeFileSync(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(draft, path);
};
