/**
 * Opens durable and short-lived stores in an SQLite file, for one node: both together, or one of them alone.
 * There is no server to run, and no write that was acknowledged as durable is lost.
 */
import { realpathSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { carryOut, type Doc, type DurableStore, type Kind, type ShortLivedStore } from '../src/ports/stores.ts';
import type { StoredDoc } from '../src/records.ts';
import type { Clock } from '../src/ports/time.ts';
import { createCheckpoints } from './sqlite/checkpoints.ts';
import { openDocuments, type Documents, type Purge } from './sqlite/documents.ts';
import { openEphemeral } from './sqlite/ephemeral.ts';
import { connect, createFile, guarded, inTransaction, isFailedSync, whileOpening } from './sqlite/file.ts';
import { createLockWait, type RunStep } from './sqlite/lock-wait.ts';
import { openLogSync, syncToDisk, type Sync } from './sqlite/log-sync.ts';
import { notifierFor } from './sqlite/notifier.ts';
import { setOpenMark } from './sqlite/open-mark.ts';
import { createProbe } from './sqlite/probe.ts';
import { purgeRegularly } from './sqlite/purge.ts';
import { migrate } from './sqlite/schema.ts';

/** Where and how the file is opened. */
export interface SqliteOptions {
  /** Created, with its folder, where it does not exist. */
  readonly file: string;
  readonly clock: Clock;
  /** Keeps several issuers apart in one file. */
  readonly realm?: string;
  readonly log?: Readonly<Record<'info' | 'warn' | 'error', (event: string, fields?: object) => void>>;
  /** How the log of durable writes gets to the disk; `fdatasync` unless told. */
  readonly sync?: Sync;
}

/**
 * Opens the file for documents and short-lived values, over one connection. With two, each commit of one would empty the other's
 * cache of pages. The connection ends with the second store that is closed.
 * @throws Problem 'unavailable' as `openSqliteDurable`.
 */
export const openSqlite = (
  options: SqliteOptions,
): { readonly durable: DurableStore; readonly shortLived: ShortLivedStore } =>
  openFile(options, ({ db, file }) => {
    let open = 2;
    const close = (): void => {
      open -= 1;
      if (open === 0) db.close();
    };
    return {
      durable: durableStore({ db, file, close }, options),
      shortLived: shortLivedStore({ db, file, close }, options),
    };
  });

/**
 * Opens the file for documents. Other processes (the command line) may have it open too.
 * @throws Problem 'unavailable' where the file cannot be used, or a newer release has written it.
 */
export const openSqliteDurable = (options: SqliteOptions): DurableStore =>
  openFile(options, ({ db, file }) => durableStore({ db, file, close: () => db.close() }, options));

/** Opens the file for short-lived values. @throws Problem 'unavailable' as `openSqliteDurable`. */
export const openSqliteShortLived = (options: SqliteOptions): ShortLivedStore =>
  openFile(options, ({ db, file }) => shortLivedStore({ db, file, close: () => db.close() }, options));

/** An open file. `close` is called once by each store over it. */
interface Connection {
  readonly db: DatabaseSync;
  readonly file: string;
  readonly close: () => void;
}

const durableStore = ({ db, file, close }: Connection, options: SqliteOptions): DurableStore => {
  const { clock, realm = '', log, sync = syncToDisk } = options;
  const mark = setOpenMark(file);
  if (mark.wasShared) log?.info('sqlite.shared', { file });
  else rewriteLog(db);
  const disk = openLogSync({ file, sync, onFailure: error => log?.error('sqlite.sync-failed', { file, error }) });
  const checkpoints = createCheckpoints(db, file, error => {
    log?.warn('sqlite.checkpoint-failed', { file, error });
    if (isFailedSync(error)) disk.fail(error);
  });
  const [read, locked] = [createLockWait(), createLockWait()];
  const write: RunStep = async step => {
    disk.refuseAfterFailure();
    try {
      return await locked(step);
    } catch (error) {
      if (isFailedSync(error)) disk.fail(error);
      throw error;
    } finally {
      checkpoints.written();
      // A refusal waits too: what it rests on may have been committed a moment ago.
      await disk.synced();
    }
  };
  const check = createProbe(db, file, write);
  const opened = new Map<string, { readonly kind: object; readonly documents: unknown; readonly purge?: Purge }>();
  const open = <D extends Doc, Index extends keyof D & string>(kind: Kind<D, Index>): Documents<D, Index> => {
    const known = opened.get(kind.name);
    if (known?.kind === kind) return known.documents as Documents<D, Index>;
    const documents = guarded(() => whileOpening(db, () => openDocuments(kind, { db, read, write, clock, realm })));
    const { purge } = documents;
    opened.set(kind.name, { kind, documents, ...(purge !== undefined && { purge }) });
    return documents;
  };
  const stop = purgeInBackground(() => [...opened.values()].flatMap(({ purge }) => purge ?? []), options);
  return {
    collection: kind => open(kind).collection,
    async batch(writes) {
      const all = writes.map(each => [each, open<StoredDoc, string>(each.kind).writer] as const);
      return write(() =>
        inTransaction(
          db,
          () => carryOut(all),
          ({ ok }) => ok,
        ),
      );
    },
    check,
    close: atMostOnce(async () => {
      stop();
      await checkpoints.close();
      await disk.settled();
      close();
      disk.close();
      mark.close();
    }),
  };
};

const shortLivedStore = ({ db, file, close }: Connection, options: SqliteOptions): ShortLivedStore => {
  const { clock, realm = '' } = options;
  const checkpoints = createCheckpoints(db, file, () => {});
  const [read, locked] = [createLockWait(), createLockWait()];
  const write: RunStep = async step => {
    try {
      return await locked(step);
    } finally {
      checkpoints.written();
    }
  };
  const check = createProbe(db, file, write);
  const { ephemeral, purge } = openEphemeral({ db, read, write, clock, realm });
  const stop = purgeInBackground(() => [purge], options);
  return {
    ephemeral,
    notifier: notifierFor(file, realm),
    check,
    close: atMostOnce(async () => {
      stop();
      await checkpoints.close();
      close();
    }),
  };
};

const openFile = <T>(
  options: SqliteOptions,
  use: (opened: { readonly db: DatabaseSync; readonly file: string }) => T,
): T =>
  guarded(() => {
    createFile(options.file);
    const file = realpathSync(options.file);
    return connect(file, db => {
      migrate(db, file);
      return use({ db, file });
    });
  });

const purgeInBackground = (purges: () => Iterable<Purge>, { log }: SqliteOptions): (() => void) =>
  purgeRegularly(purges, error => log?.warn('sqlite.purge-failed', { error }));

/**
 * Copies the log of an earlier process into the database, page by page. Where one of its syncs failed, the pages may be in memory
 * only, and marked as written. A log in use by another process stays.
 */
const rewriteLog = (db: DatabaseSync): void => db.exec('PRAGMA wal_checkpoint(TRUNCATE)');

/** Runs `step` with the first call. Later calls wait for the same run, also where it failed. */
const atMostOnce = (step: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  return async () => (running ??= step());
};
