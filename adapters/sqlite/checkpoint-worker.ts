/**
 * Copies the log (`-wal`) into the database in a thread of its own: SQLite waits for the disk twice meanwhile. Each message asks for
 * one checkpoint and is answered by its error, if any. 'close' ends the thread.
 * https://sqlite.org/wal.html#checkpointing
 */
// oxlint-disable unicorn/require-post-message-target-origin -- threads have no origin
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/** Longest log, in pages of 4 KiB: 64 MiB. A longer one is copied while writers wait, because each commit makes it longer. */
const longest = 16_384;

const db = new DatabaseSync(String(workerData));
db.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA busy_timeout = 100');
const lengthOf = db.prepare('PRAGMA wal_checkpoint(NOOP)');
const length = (): { readonly log: number; readonly left: number } => {
  const { log, checkpointed } = lengthOf.get() ?? {};
  return { log: Number(log), left: Number(log) - Number(checkpointed) };
};

const checkpoint = (): void => {
  // Writers go on. The second copies what they have written during the first, which takes longer.
  db.exec('PRAGMA wal_checkpoint(PASSIVE); PRAGMA wal_checkpoint(PASSIVE)');
  if (length().log > longest) db.exec('PRAGMA wal_checkpoint(RESTART)');
  // The next commit begins a copied log from its start, and SQLite syncs its first page. Better here than on the thread of requests.
  if (length().left === 0) db.exec('UPDATE probe SET writes = writes + 1');
};

parentPort?.on('message', (message: 'checkpoint' | 'close') => {
  if (message === 'close') {
    db.close();
    parentPort?.close();
    return;
  }
  try {
    checkpoint();
    parentPort?.postMessage(undefined);
  } catch (error) {
    const { message: text, errcode } = error as Error & { readonly errcode?: number };
    parentPort?.postMessage({ message: text, errcode });
  }
});
