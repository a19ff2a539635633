/** The layout of the file, one step per version. A step that was released is never changed; a new one follows it. */
import type { DatabaseSync } from 'node:sqlite';
import { Problem } from '../../src/errors.ts';
import { atOnce } from './file.ts';

/**
 * Tables of the kinds are made from their declarations (documents.ts) and need no step; what does: a changed form of
 * what is stored, and an index that is no longer declared.
 */
const steps: readonly string[] = [
  `CREATE TABLE probe (writes INTEGER NOT NULL) STRICT;
   INSERT INTO probe VALUES (0);
   CREATE TABLE ephemeral (
     realm TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, until REAL NOT NULL,
     PRIMARY KEY (realm, key)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX "ephemeral by until" ON ephemeral (until);
   CREATE TABLE ephemeral_tags (
     realm TEXT NOT NULL, tag TEXT NOT NULL, key TEXT NOT NULL,
     PRIMARY KEY (realm, tag, key),
     FOREIGN KEY (realm, key) REFERENCES ephemeral (realm, key) ON DELETE CASCADE
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX "ephemeral_tags by key" ON ephemeral_tags (realm, key);`,
];

const versionOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.['user_version']);

/** Brings the file to this version. @throws Problem 'unavailable' where a newer Sallyport has written it. */
export const migrate = (db: DatabaseSync, file: string): void => {
  if (versionOf(db) === steps.length) return;
  atOnce(db, () => {
    // Read again behind the lock: another process may have brought it up meanwhile.
    const version = versionOf(db);
    if (version > steps.length) {
      throw new Problem(
        'unavailable',
        `${file} has layout ${version}, expected at most ${steps.length}: a newer release has written it; start that one, or restore a backup`,
      );
    }
    for (const step of steps.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${steps.length}`);
  });
};
