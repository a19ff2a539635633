/** Creates and opens the database file, runs transactions, and turns SQLite's errors into Problems. */
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';

/** How long opening waits while another process writes. This process is blocked meanwhile, and serves nobody yet. */
const openingTimeout: Millis = 2000;

/**
 * Creates the file and its folder, readable by their owner only. SQLite gives its side files the same mode.
 *
 * A file that exists is not opened here: the system drops all locks of a process on a file when it closes one descriptor of it, those
 * of SQLite too (https://sqlite.org/howtocorrupt.html, 2.2). Another program could then delete the log (`-wal`) of this process.
 */
export const createFile = (file: string): void => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600));
};

/**
 * Runs `open`, which may wait for the lock of another process by blocking this one. Afterwards a locked file is refused at
 * once: `lock-wait.ts` waits from then on.
 */
export const whileOpening = <T>(db: DatabaseSync, open: () => T): T => {
  db.exec(`PRAGMA busy_timeout = ${openingTimeout}`);
  try {
    return open();
  } finally {
    db.exec('PRAGMA busy_timeout = 0');
  }
};

/**
 * Opens one connection and returns the result of `use`. Closes the connection again where `use` throws. Where the file is locked both
 * are tried once more, so `use` must be able to run again.
 */
export const connect = <T>(file: string, use: (db: DatabaseSync) => T): T => {
  try {
    return connectOnce(file, use);
  } catch (error) {
    // The busy timeout does not cover every lock, such as that of recovery after a kill: https://sqlite.org/c3ref/busy_handler.html
    if (!isLocked(error)) throw error;
    return connectOnce(file, use);
  }
};

/**
 * NORMAL: a commit survives the end of the process; `log-sync.ts` waits until it survives a power cut. Checkpoints, which wait for the
 * disk, are those of `checkpoints.ts`. https://sqlite.org/pragma.html#pragma_synchronous
 */
const connectOnce = <T>(file: string, use: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(file);
  try {
    return whileOpening(db, () => {
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0');
      return use(db);
    });
  } catch (error) {
    db.close();
    throw error;
  }
};

/**
 * Runs `steps` in one transaction. It holds the write lock from the start, so that values it has read stay true. All is undone where
 * `steps` throws, or `isKept` is false for its result.
 */
export const inTransaction = <T>(db: DatabaseSync, steps: () => T, isKept: (result: T) => boolean = () => true): T => {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = steps();
    db.exec(isKept(result) ? 'COMMIT' : 'ROLLBACK');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
};

/**
 * Prepares a statement that reads one text. Most statements are such reads: with values by place and rows as lists they cost less than
 * with names.
 */
export const readingText = (
  db: DatabaseSync,
  sql: string,
): ((...values: readonly SQLInputValue[]) => string | undefined) => {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return (...values) => {
    const row = statement.get(...values);
    // The types know rows by name only.
    return row === undefined ? undefined : String(Reflect.get(row, 0));
  };
};

/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE (https://sqlite.org/rescode.html). */
const takenCodes: ReadonlySet<unknown> = new Set([1555, 2067]);

/** SQLITE_BUSY, with its extended codes: another process holds the lock, and the statement has done nothing. */
const lockedCode = 5;
const isLockedCode = (code: unknown): boolean => typeof code === 'number' && (code & 0xff) === lockedCode;

/** True for the error of SQLite, and for the Problem made from it. */
export const isLocked = (error: unknown): boolean => {
  const thrown = error instanceof Problem ? error.cause : error;
  return Error.isError(thrown) && 'errcode' in thrown && isLockedCode(thrown.errcode);
};

/** SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC (https://sqlite.org/rescode.html). */
const syncCodes: ReadonlySet<unknown> = new Set([1034, 1290]);

/** True where SQLite itself could not sync a file to the disk. */
export const isFailedSync = (error: unknown): boolean => {
  const thrown = error instanceof Problem ? error.cause : error;
  return Error.isError(thrown) && 'errcode' in thrown && syncCodes.has(thrown.errcode);
};

/** Problem 'conflict' for a taken value, 'unavailable' for SQLite's other errors. Anything else is given back as it is. */
export const asProblem = (error: unknown): unknown => {
  if (!Error.isError(error) || error instanceof Problem) return error;
  if ('errcode' in error && takenCodes.has(error.errcode)) {
    return new Problem('conflict', `got a value that is taken, expected a new one: ${error.message}`, { cause: error });
  }
  return new Problem('unavailable', `the database cannot be used: ${error.message}`, { cause: error });
};

/** Returns the result of `step`, which is not tried again. @throws as `asProblem` says. */
export const guarded = <T>(step: () => T): T => {
  try {
    return step();
  } catch (error) {
    throw asProblem(error);
  }
};
