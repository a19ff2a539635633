/** Asks for a checkpoint when the log (`-wal`) has grown, by a thread that all connections of this process to one file share. */
// oxlint-disable unicorn/require-post-message-target-origin -- threads have no origin
import { once } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { isLocked } from './file.ts';

/** Pages in the log that are not in the database yet, from which on they are copied: 16 MiB. */
const most = 4096;
/** Commits between two looks at the log. A look takes some microseconds. */
const between = 16;

/** The checkpoints that one connection needs. */
export interface Checkpoints {
  /** To be called after each write. */
  written(): void;
  close(): Promise<void>;
}

/** The thread of one file. It starts with the first checkpoint, so that small commands and idle servers have none. */
interface Thread {
  readonly users: Set<(error: unknown) => void>;
  worker?: Worker;
  isBusy: boolean;
}
const threads = new Map<string, Thread>();

/** `onProblem` gets the error of a failed checkpoint. The log then grows, and the next write tries again. */
export const createCheckpoints = (db: DatabaseSync, file: string, onProblem: (error: unknown) => void): Checkpoints => {
  const length = db.prepare('PRAGMA wal_checkpoint(NOOP)');
  const thread = threads.get(file) ?? { users: new Set(), isBusy: false };
  threads.set(file, thread);
  thread.users.add(onProblem);
  let writes = 0;
  return {
    written() {
      writes += 1;
      if (writes % between !== 0 || thread.isBusy || !thread.users.has(onProblem)) return;
      const { log, checkpointed } = length.get() ?? {};
      if (Number(log) - Number(checkpointed) >= most) ask(thread, file);
    },
    async close() {
      if (!thread.users.delete(onProblem) || thread.users.size > 0) return;
      threads.delete(file);
      if (thread.worker === undefined) return;
      const ended = once(thread.worker, 'exit');
      thread.worker.ref();
      thread.worker.postMessage('close');
      await ended;
    },
  };
};

const ask = (thread: Thread, file: string): void => {
  thread.worker ??= startWorker(thread, file);
  thread.isBusy = true;
  thread.worker.postMessage('checkpoint');
};

const startWorker = (thread: Thread, file: string): Worker => {
  const worker = new Worker(new URL('checkpoint-worker.ts', import.meta.url), { workerData: file });
  // It keeps no process alive. A close waits for it.
  worker.unref();
  const tell = (error: unknown): void => {
    if (error !== undefined && !isLocked(error)) thread.users.forEach(onProblem => onProblem(error));
  };
  worker.on('message', (error: { readonly message: string; readonly errcode?: number } | undefined) => {
    thread.isBusy = false;
    tell(error && Object.assign(new Error(error.message), { errcode: error.errcode }));
  });
  worker.on('error', tell);
  worker.on('exit', () => {
    // Another one is started by the next checkpoint.
    thread.isBusy = false;
    delete thread.worker;
  });
  return worker;
};
