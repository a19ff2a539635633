/** Development's sealing key: a file beside the database, so that a second start opens what the first one sealed. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SealingKey } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { DatabaseUrl } from './checks.ts';

const id = 'development';
const keyLength = 32;

/**
 * Reads the key, making it on first use; for a store in memory a fresh one each time.
 * @throws Problem 'unreadable' where the file does not hold a key: making a new one would orphan what is sealed.
 */
export const developmentSealingKey = (database: DatabaseUrl): SealingKey => {
  if (database.store === 'memory') return { id, key: createSecretKey(randomBytes(keyLength)) };
  const path = `${database.path}.sealing-key`;
  return { id, key: createSecretKey(existing(path) ?? created(path)) };
};

const existing = (path: string): Buffer | undefined => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length === keyLength) return key;
  throw new Problem('unreadable', `${path} holds ${key.length} bytes: expected ${keyLength} as base64`);
};

/** Written whole under another name and then linked: of two processes that start at once, both use the first one's key. */
const created = (path: string): Buffer => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  const key = randomBytes(keyLength);
  writeFileSync(draft, `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, path);
    return key;
  } catch (error) {
    const winner = isCode(error, 'EEXIST') ? existing(path) : undefined;
    if (winner !== undefined) return winner;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
};

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
