/** Tells whether several processes have the database file open. */
import { DatabaseSync } from 'node:sqlite';
import type { Millis } from '../../src/ports/time.ts';
import { createFile, isLocked } from './file.ts';

/** Shows other processes that this one has the database open. */
export interface OpenMark {
  /** Whether another opening of the file, also one of this process, had set its mark before. */
  readonly wasShared: boolean;
  close(): void;
}

/** Another process holds the file for itself alone for an instant only. */
const longestWait: Millis = 2000;
/** The answer to `isShared` is kept for this time. */
const freshFor: Millis = 5000;

/** The lock of this process on one file. */
interface Lock {
  readonly db: DatabaseSync;
  openings: number;
  isShared: boolean;
  askedAt: number;
}

const locks = new Map<string, Lock>();

/**
 * Sets the mark: a shared lock on an empty file beside the database, one for each process. A process that is alone can lock that file
 * exclusively. The system releases the lock of a process that was killed. Node has no file locks, so these are SQLite's
 * (https://sqlite.org/lockingv3.html).
 */
export const setOpenMark = (file: string): OpenMark => {
  const known = locks.get(file);
  const lock = known ?? lockOn(file);
  locks.set(file, lock);
  lock.openings += 1;
  let isClosed = false;
  return {
    wasShared: known !== undefined || lock.isShared,
    close() {
      if (isClosed) return;
      isClosed = true;
      lock.openings -= 1;
      if (lock.openings > 0) return;
      locks.delete(file);
      lock.db.close();
    },
  };
};

/** Whether another process has the file open, as it was some seconds ago. Also true where it is not known. */
export const isShared = (file: string): boolean => {
  const lock = locks.get(file);
  if (lock === undefined) return true;
  const now = performance.now();
  if (now - lock.askedAt < freshFor) return lock.isShared;
  lock.askedAt = now;
  try {
    if (lock.db.isTransaction) lock.db.exec('COMMIT');
    lock.isShared = !isAlone(lock.db);
    // At once or not at all, so that nothing waits for a process that was stopped here. The next question sets the lock again.
    share(lock.db, 0);
  } catch {
    lock.isShared = true;
  }
  return lock.isShared;
};

const lockOn = (file: string): Lock => {
  const lockFile = `${file}-lock`;
  createFile(lockFile);
  const db = new DatabaseSync(lockFile);
  try {
    const lock = { db, openings: 0, isShared: !isAlone(db), askedAt: performance.now() };
    share(db, longestWait);
    return lock;
  } catch (error) {
    db.close();
    throw error;
  }
};

const share = (db: DatabaseSync, wait: Millis): void => {
  db.exec(`PRAGMA busy_timeout = ${wait}; BEGIN`);
  db.prepare('SELECT count(*) FROM sqlite_schema').get();
};

/** Whether the file can be locked exclusively now. Holds no lock afterwards. */
const isAlone = (db: DatabaseSync): boolean => {
  try {
    db.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE; COMMIT');
    return true;
  } catch (error) {
    if (isLocked(error)) return false;
    throw error;
  }
};
