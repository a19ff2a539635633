/** Keeps development's sealing key in a file beside the database, so that the next start can decrypt the same data. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SealingKey } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { DatabaseUrl } from './checks/stores.ts';

const id = 'development';
const keyLength = 32;

/**
 * Reads the key; creates it on first use. A store in memory gets a new key each time.
 * @throws Problem 'unreadable' where the file holds no key: a new key could not decrypt the existing data.
 */
export const developmentSealingKey = (database: DatabaseUrl): SealingKey => {
  // Never with MongoDB: `rules.ts` demands a key then.
  if (database.store !== 'sqlite') return { id, key: createSecretKey(randomBytes(keyLength)) };
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

/** Writes the key under a temporary name and links it. Two processes that start together so use the same key. */
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
