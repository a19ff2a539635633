/** Checks that the file can be written, and is still the one that its path names. */
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { RunStep } from './lock-wait.ts';

/**
 * A check that writes one row, and that the path still leads to the open file. After a delete or a move, writes would
 * succeed into a file that cannot be found again.
 */
export const createProbe = (db: DatabaseSync, file: string, run: RunStep): (() => Promise<void>) => {
  const inode = statSync(file).ino;
  const write = db.prepare('UPDATE probe SET writes = writes + 1');
  return () =>
    run(() => {
      const now = statSync(file, { throwIfNoEntry: false })?.ino;
      if (now !== inode) {
        throw new Error(`${file} is ${now === undefined ? 'gone' : 'another file'} since it was opened`);
      }
      write.run();
    });
};
