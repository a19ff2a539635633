/** Tells whether several processes have the database file open. */
import { DatabaseSync } from 'node:sqlite';
import { createFile, isLocked } from './file.ts';

/** The part that one opening of the file has in a lock. */
export interface Share {
  /** Whether others had the file open when this one opened it. */
  readonly isShared: boolean;
  close(): void;
}

/**
 * Locks an empty file beside the database, for as long as the database is open. Each opening holds a shared lock; the first of
 * them could lock the file for itself alone. The system releases the lock of a process that was killed. The locks are SQLite's
 * (https://sqlite.org/lockingv3.html), because Node has none of its own.
 */
export const openShare = (file: string): Share => {
  const lockFile = `${file}-lock`;
  createFile(lockFile);
  const db = new DatabaseSync(lockFile);
  const isShared = !locksAlone(db);
  db.exec('BEGIN');
  db.prepare('SELECT count(*) FROM sqlite_schema').get();
  return {
    isShared,
    close() {
      if (db.isOpen) db.close();
    },
  };
};

const locksAlone = (db: DatabaseSync): boolean => {
  try {
    db.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE; COMMIT; PRAGMA busy_timeout = 2000');
    return true;
  } catch (error) {
    if (!isLocked(error)) throw error;
    db.exec('PRAGMA busy_timeout = 2000');
    return false;
  }
};
