/**
 * Opens the durable store in a replica set of MongoDB 6.0 or newer. Any number of nodes may share it. No write that was
 * acknowledged is lost while a majority of the servers keeps its disks. docs/adr/0036-mongodb.md has the reasons.
 */
import type { Collection, Doc, DurableStore, Kind } from '../src/ports/stores.ts';
import type { Clock, Millis } from '../src/ports/time.ts';
import { answered, connect } from './mongodb/connection.ts';
import { openDocuments } from './mongodb/documents.ts';
import { createIndexes } from './mongodb/indexes.ts';
import { layoutOf, type Stored } from './mongodb/layout.ts';
import { createProbe } from './mongodb/probe.ts';

/**
 * Connects. Collections create their indexes when they are opened.
 * @throws Problem 'unavailable' where the server cannot be reached, is too old, or is no replica set with sessions.
 */
export const openMongoDurable = async (deps: {
  /** mongodb: or mongodb+srv:. Without the name of a database it is `sallyport`. */
  readonly url: string;
  readonly clock: Clock;
  /** Keeps several issuers apart in one database. */
  readonly realm: string;
  readonly log?: { error(event: string, fields?: object): void };
}): Promise<DurableStore> => {
  const { url, clock, realm, log } = deps;
  const client = await connect(url);
  const db = client.db(databaseIn(url));
  const opened = new Map<string, { readonly collection: unknown; readonly ready: () => Promise<void> }>();
  const check = createProbe(db, realm);
  const state = { isClosed: false };
  return {
    collection<D extends Doc, Index extends keyof D & string = never>(kind: Kind<D, Index>): Collection<D, Index> {
      const known = opened.get(kind.name);
      if (known !== undefined) return known.collection as Collection<D, Index>;
      const layout = layoutOf(kind, realm);
      const documents = db.collection<Stored>(layout.collection);
      const ready = untilItSucceeds(async () => createIndexes(documents, layout.indexes));
      ready().catch((error: unknown) => {
        // A short command ends before all are there; the next one creates them.
        if (!state.isClosed) log?.error('mongodb.indexes-failed', { collection: layout.collection, error });
      });
      const collection = openDocuments(kind, layout, { documents, clock, ready });
      opened.set(kind.name, { collection, ready });
      return collection;
    },
    async check() {
      const everything = [check(), ...[...opened.values()].map(({ ready }) => ready())];
      await answered(Promise.all(everything), readinessTime);
    },
    async close() {
      state.isClosed = true;
      await client.close();
    },
  };
};

/** How long `check` may take: a probe of Kubernetes waits for it. */
const readinessTime: Millis = 500;

/** The path of a connection string names the database. */
const databaseIn = (url: string): string => {
  const [address = ''] = url.slice(url.indexOf('//') + 2).split('?');
  const name = address.slice(address.lastIndexOf('@') + 1).split('/')[1];
  return name === undefined || name === '' ? 'sallyport' : decodeURIComponent(name);
};

/** Runs `step` once; again with the next call where it failed. */
const untilItSucceeds = (step: () => Promise<void>): (() => Promise<void>) => {
  let running: Promise<void> | undefined;
  return async () => {
    running ??= step();
    const current = running;
    try {
      await current;
    } catch (error) {
      if (running === current) running = undefined;
      throw error;
    }
  };
};
