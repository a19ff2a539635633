/** Both halves of a store in one SQLite file, for one node: nothing to set up, and nothing acknowledged is lost. */
import { realpathSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../src/ports/time.ts';
import type { Collection, Doc, DurableStore, Kind, ShortLivedStore } from '../src/ports/stores.ts';
import { openNotifier } from './sqlite/notifier.ts';
import { openDocuments, type Purge } from './sqlite/documents.ts';
import { openEphemeral } from './sqlite/ephemeral.ts';
import { connect, createFile, createProbe, guarded } from './sqlite/file.ts';
import { purgeRegularly } from './sqlite/purge.ts';
import { migrate } from './sqlite/schema.ts';

interface SqliteOptions {
  /** Made, with its folder, where it is not there. */
  readonly file: string;
  readonly clock: Clock;
  /** Keeps several issuers apart in one file. */
  readonly realm?: string;
  readonly log?: { warn(event: string, fields?: object): void };
}

type Opening = SqliteOptions & { readonly realm: string };

/**
 * Opens the file; other processes (the command line) may have it open too. Each half is closed by itself.
 * @throws Problem 'unavailable' where the file cannot be used, or a newer release has written it.
 */
export const openSqlite = (
  deps: SqliteOptions,
): { readonly durable: DurableStore; readonly shortLived: ShortLivedStore } =>
  guarded(() => {
    createFile(deps.file);
    const at = { ...deps, file: realpathSync(deps.file), realm: deps.realm ?? '' };
    return connect(at.file, 'FULL', lasting => {
      migrate(lasting, at.file);
      // Nothing has begun yet that a failure of the other connection would have to end.
      return connect(at.file, 'NORMAL', passing => ({
        durable: openDurable(lasting, at),
        shortLived: openShortLived(passing, at),
      }));
    });
  });

const openDurable = (db: DatabaseSync, { file, clock, realm, log }: Opening): DurableStore => {
  const check = createProbe(db, file);
  const purges = new Map<string, Purge>();
  const stop = purgeRegularly(
    () => purges.values(),
    error => log?.warn('sqlite.purge-failed', { error }),
  );
  return {
    collection<D extends Doc, Index extends keyof D & string = never>(kind: Kind<D, Index>): Collection<D, Index> {
      const { collection, purge } = guarded(() => openDocuments(kind, { db, clock, realm }));
      if (purge !== undefined) purges.set(kind.name, purge);
      return collection;
    },
    check,
    async close() {
      stop();
      if (db.isOpen) db.close();
    },
  };
};

const openShortLived = (db: DatabaseSync, { file, clock, realm, log }: Opening): ShortLivedStore => {
  const check = createProbe(db, file);
  const { ephemeral, purge } = openEphemeral({ db, clock, realm });
  const stop = purgeRegularly(
    () => [purge],
    error => log?.warn('sqlite.purge-failed', { error }),
  );
  return {
    ephemeral,
    notifier: openNotifier(`${file}\0${realm}`),
    check,
    async close() {
      stop();
      if (db.isOpen) db.close();
    },
  };
};
