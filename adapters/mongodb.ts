/**
 * Opens the durable store in a replica set of MongoDB 6.0 or newer. Any number of nodes may share it. No write that was
 * acknowledged is lost while a majority of the servers keeps its disks. docs/adr/0036-mongodb.md has the reasons.
 */
import type { Collection, Doc, DurableStore, Kind } from '../src/ports/stores.ts';
import { once } from '../src/once.ts';
import type { StoredDoc } from '../src/records.ts';
import type { Clock, Millis } from '../src/ports/time.ts';
import { runBatch } from './mongodb/batch.ts';
import { answered, connect } from './mongodb/connection.ts';
import { openDocuments, type Rows } from './mongodb/documents.ts';
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
  const opened = new Map<string, { readonly documents: unknown; readonly ready: () => Promise<void> }>();
  const check = createProbe(db, realm);
  const state = { isClosed: false };
  const open = <D extends Doc, Index extends keyof D & string>(kind: Kind<D, Index>): Opened<D, Index> => {
    const known = opened.get(kind.name);
    if (known !== undefined) return known.documents as Opened<D, Index>;
    const layout = layoutOf(kind, realm);
    const stored = db.collection<Stored>(layout.collection);
    const ready = once(async () => createIndexes(stored, layout.indexes));
    ready().catch((error: unknown) => {
      // A short command ends before all are there; the next one creates them.
      if (!state.isClosed) log?.error('mongodb.indexes-failed', { collection: layout.collection, error });
    });
    const documents = openDocuments(kind, layout, { documents: stored, clock, ready });
    opened.set(kind.name, { documents, ready });
    return documents;
  };
  return {
    collection: kind => open(kind).collection,
    async batch(writes) {
      const all = writes.map(write => [write, open<StoredDoc, string>(write.kind).rows] as const);
      return answered(runBatch(all, () => client.startSession()));
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

interface Opened<D extends Doc, Index extends keyof D> {
  readonly collection: Collection<D, Index>;
  readonly rows: Rows<D>;
}

/** How long `check` may take: a probe of Kubernetes waits for it. */
const readinessTime: Millis = 500;

/** The path of a connection string names the database. */
const databaseIn = (url: string): string => {
  const [address = ''] = url.slice(url.indexOf('//') + 2).split('?');
  const name = address.slice(address.lastIndexOf('@') + 1).split('/')[1];
  return name === undefined || name === '' ? 'sallyport' : decodeURIComponent(name);
};
