/**
 * Waits until commits are on the disk, while the process goes on. SQLite's own wait (`synchronous=FULL`) stops the thread. Here SQLite
 * commits without a wait (`NORMAL`), and an acknowledgement waits for a sync of the log (`-wal`) on the thread pool.
 * docs/adr/0044-sqlite-commits-without-standing-still.md has the measurements.
 */
import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';
import { Problem } from '../../src/errors.ts';

/** Resolves once what was written to the file of this descriptor is on the disk. */
export type Sync = (descriptor: number) => Promise<void>;

export const syncToDisk: Sync = promisify(fdatasync);

/** The syncs of one log. */
export interface LogSync {
  /**
   * Resolves once everything that is committed now, by any process, is on the disk.
   * @throws Problem 'unavailable' after a failed sync
   */
  synced(): Promise<void>;
  /** @throws Problem 'unavailable' after a failed sync */
  refuseAfterFailure(): void;
  /** Tells of a sync that SQLite itself has done and that failed. */
  fail(error: unknown): void;
  /** Resolves once no sync is running. */
  settled(): Promise<void>;
  /** Later calls are refused. */
  close(): void;
}

/**
 * Opens the log of a database that is open. Only SQLite's locks of the database and of `-shm` count, so that closing a descriptor of
 * the log drops none. `onFailure` is called once.
 */
export const openLogSync = (deps: {
  readonly file: string;
  readonly sync: Sync;
  readonly onFailure: (error: unknown) => void;
}): LogSync => {
  const { file, sync, onFailure } = deps;
  const descriptor = openSync(`${file}-wal`, 'r+');
  let failure: Problem | undefined;
  let next: PromiseWithResolvers<void> | undefined;
  let running: Promise<void> | undefined;

  const fail = (error: unknown): Problem => {
    if (failure !== undefined) return failure;
    onFailure(error);
    // The system may take pages that it could not write for written. Later syncs would then succeed without them.
    failure = new Problem('unavailable', `${file}-wal could not be synced to the disk: restart this process`, {
      cause: error,
    });
    return failure;
  };
  /** Syncs until no caller waits. One that comes during a sync waits for the next: its commit may not be in the running one. */
  const run = async (): Promise<void> => {
    for (let group = next; group !== undefined; group = next) {
      next = undefined;
      try {
        if (failure !== undefined) throw failure;
        await sync(descriptor);
        group.resolve();
      } catch (error) {
        group.reject(fail(error));
      }
    }
    running = undefined;
  };
  const settled = async (): Promise<void> => {
    if (running === undefined) return;
    await running;
    await settled();
  };
  return {
    async synced() {
      if (failure !== undefined) throw failure;
      next ??= Promise.withResolvers();
      const { promise } = next;
      running ??= run();
      return promise;
    },
    refuseAfterFailure() {
      if (failure !== undefined) throw failure;
    },
    fail,
    settled,
    close() {
      failure ??= new Problem('unavailable', `${file} is closed`);
      closeSync(descriptor);
    },
  };
};
