/** Brings the layout of the file to this release, one step per version. A released step is never changed; new ones follow. */
import type { DatabaseSync } from 'node:sqlite';
import { Problem } from '../../src/errors.ts';
import { inTransaction } from './file.ts';

/**
 * Needed where the form of stored data changes, or an index is no longer declared. Tables of the kinds need no step:
 * `layout.ts` creates them from their declarations.
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

/** Applies the missing steps. @throws Problem 'unavailable' where a newer release has written the file. */
export const migrate = (db: DatabaseSync, file: string): void => {
  if (versionOf(db) === steps.length) return;
  inTransaction(db, () => {
    // Read again behind the lock: another process may have applied them meanwhile.
    const version = versionOf(db);
    if (version > steps.length) {
      throw new Problem(
        'unavailable',
        `${file}: got layout ${version}, expected at most ${steps.length}: start the newer release that wrote it, or restore a backup`,
      );
    }
    for (const step of steps.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${steps.length}`);
  });
};
