/** The database file: who may read it, how it is opened, and what its refusals mean. */
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';

/** How long one statement waits while another process (the command line, a backup) writes. The whole process waits with it. */
const patience: Millis = 2000;

/** Makes the file, and the folder it is in, for their owner alone; SQLite gives its side files the same mode. */
export const createFile = (file: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
};

/**
 * Opens one connection. FULL: a commit is on the disk when it returns, whatever happens next. NORMAL: a power cut may
 * take the last commits, a killed process takes none. The setting belongs to the connection, so that there are two.
 * Gives what `use` makes of it; where that throws, it is closed again.
 */
export const connect = <T>(file: string, synchronous: 'FULL' | 'NORMAL', use: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(file, { timeout: patience });
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`);
    return use(db);
  } catch (error) {
    db.close();
    throw error;
  }
};

/** Runs `steps` as one transaction that holds the write lock from its first statement, so that what it read stays true. */
export const atOnce = <T>(db: DatabaseSync, steps: () => T): T => {
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
const taken: ReadonlySet<unknown> = new Set([1555, 2067]);

const asProblem = (error: unknown): unknown => {
  if (!Error.isError(error) || error instanceof Problem) return error;
  if ('errcode' in error && taken.has(error.errcode)) {
    return new Problem('conflict', `taken already: ${error.message}`, { cause: error });
  }
  return new Problem('unavailable', `the database cannot be used: ${error.message}`, { cause: error });
};

/** What `step` gives; what SQLite refuses is thrown as Problem 'conflict' (taken) or 'unavailable' (all else). */
export const guarded = <T>(step: () => T): T => {
  try {
    return step();
  } catch (error) {
    throw asProblem(error);
  }
};

/**
 * Writes one row and looks whether the name still leads to the file that is open: after a delete or a move, writes
 * succeed into a file that nobody will find again.
 */
export const createProbe = (db: DatabaseSync, file: string): (() => Promise<void>) => {
  const opened = statSync(file).ino;
  const write = db.prepare('UPDATE probe SET writes = writes + 1');
  return async () =>
    guarded(() => {
      const now = statSync(file, { throwIfNoEntry: false })?.ino;
      if (now !== opened)
        throw new Error(`${file} is ${now === undefined ? 'gone' : 'another file'} since it was opened`);
      write.run();
    });
};
