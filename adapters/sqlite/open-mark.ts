/** Tells whether several processes have the database file open. */
import { DatabaseSync } from 'node:sqlite';
import type { Millis } from '../../src/ports/time.ts';
import { createFile, isLocked } from './file.ts';

/** A lock that shows other processes that this one has the database open. */
export interface OpenMark {
  /** Whether another opening of the file had set its mark before. */
  readonly isShared: boolean;
  close(): void;
}

/** Another process holds the file for itself alone for an instant only. */
const longestWait: Millis = 2000;

/**
 * Sets the mark: a shared lock on an empty file beside the database. The first opening can lock that file exclusively, later ones
 * cannot. The system releases the lock of a process that was killed. Node has no file locks, so these are SQLite's
 * (https://sqlite.org/lockingv3.html).
 */
export const setOpenMark = (file: string): OpenMark => {
  const lockFile = `${file}-lock`;
  createFile(lockFile);
  const db = new DatabaseSync(lockFile);
  const close = (): void => {
    if (db.isOpen) db.close();
  };
  try {
    const isShared = !isAlone(db);
    db.exec(`PRAGMA busy_timeout = ${longestWait}; BEGIN`);
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return { isShared, close };
  } catch (error) {
    close();
    throw error;
  }
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
