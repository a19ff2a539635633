/** Creates and opens the database file, runs transactions, and turns SQLite's errors into Problems. */
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';

/** How long a statement waits while another process (the command line, a backup) writes. This process is blocked meanwhile. */
const busyTimeout: Millis = 2000;

/** Creates the file and its folder, readable by their owner only. SQLite gives its side files the same mode. */
export const createFile = (file: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
};

/**
 * FULL: a commit is on the disk when it returns. NORMAL: a power cut may lose the last commits, the end of the process does
 * not. https://sqlite.org/pragma.html#pragma_synchronous
 */
export type Durability = 'FULL' | 'NORMAL';

/** Opens one connection and returns the result of `use`. Closes the connection again where `use` throws. */
export const connect = <T>(file: string, durability: Durability, use: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(file, { timeout: busyTimeout });
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability}`);
    return use(db);
  } catch (error) {
    db.close();
    throw error;
  }
};

/** Runs `steps` in one transaction. It holds the write lock from the start, so that values it has read stay true. */
export const inTransaction = <T>(db: DatabaseSync, steps: () => T): T => {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = steps();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
};

/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE (https://sqlite.org/rescode.html). */
const takenCodes: ReadonlySet<unknown> = new Set([1555, 2067]);

const asProblem = (error: unknown): unknown => {
  if (!Error.isError(error) || error instanceof Problem) return error;
  if ('errcode' in error && takenCodes.has(error.errcode)) {
    return new Problem('conflict', `got a value that is taken, expected a new one: ${error.message}`, { cause: error });
  }
  return new Problem('unavailable', `the database cannot be used: ${error.message}`, { cause: error });
};

/** Returns the result of `step`. @throws Problem 'conflict' for a taken value, 'unavailable' for SQLite's other errors. */
export const guarded = <T>(step: () => T): T => {
  try {
    return step();
  } catch (error) {
    throw asProblem(error);
  }
};

/**
 * A check that writes one row, and that the path still leads to the open file. After a delete or a move, writes would
 * succeed into a file that cannot be found again.
 */
export const createProbe = (db: DatabaseSync, file: string): (() => Promise<void>) => {
  const inode = statSync(file).ino;
  const write = db.prepare('UPDATE probe SET writes = writes + 1');
  return async () =>
    guarded(() => {
      const now = statSync(file, { throwIfNoEntry: false })?.ino;
      if (now !== inode) {
        throw new Error(`${file} is ${now === undefined ? 'gone' : 'another file'} since it was opened`);
      }
      write.run();
    });
};
