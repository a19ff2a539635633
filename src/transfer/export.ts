/** Exports all durable data of a store as the lines of a file, with bounded memory. */
import { eachOf } from '../all-pages.ts';
import { wholeSchema } from '../migrations/schema.ts';
import type { Collection, DurableStore } from '../ports/stores.ts';
import type { Clock } from '../ports/time.ts';
import { dataKinds, type StoredDoc } from '../records.ts';
import { canonicalJson, startSum } from './digest.ts';
import { formatVersion, type Header, type Sum, type Trailer } from './format.ts';

/** Dependencies of an export. */
export interface ExportDeps {
  readonly durable: DurableStore;
  readonly issuer: URL;
  /** Version of this program. */
  readonly release: string;
  readonly clock: Clock;
}

/** Documents that are read at a time. */
const pageSize = 500;

/**
 * The lines of the file, each with its line end.
 * Each document is read at some moment of the export. Documents that change together are consistent only if no server writes
 * meanwhile.
 * @throws Problem 'unavailable' where an import into the store has not ended
 */
export async function* exportData({ durable, issuer, release, clock }: ExportDeps): AsyncGenerator<string> {
  const { finished, readableFrom, release: writtenBy } = await wholeSchema(durable);
  const header: Header = {
    sallyport: 'data',
    format: formatVersion,
    issuer: issuer.origin,
    schema: { finished, readableFrom, release: writtenBy },
    release,
    at: new Date(clock()).toISOString(),
  };
  yield lineOf(header);
  const kinds: Record<string, Sum> = {};
  for (const kind of dataKinds) {
    const summing = startSum();
    for await (const doc of documentsOf(durable.collection(kind))) {
      summing.add(canonicalJson(doc));
      yield lineOf({ kind: kind.name, doc });
    }
    kinds[kind.name] = summing.sum();
  }
  yield lineOf({ kinds } satisfies Trailer);
}

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

/** All documents in the order of their ids, read in pages. */
export const documentsOf = (collection: Collection<StoredDoc, string>): AsyncGenerator<StoredDoc> =>
  eachOf(page => collection.find({}, { ...page, limit: pageSize }));
