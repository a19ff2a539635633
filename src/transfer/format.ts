/**
 * Moves all durable data from one store to another by a file: between SQLite and MongoDB, or to another host.
 *
 *   format.ts    the form of the file
 *   digest.ts    digests of documents, the same for every store
 *   export.ts    store → file
 *   read.ts      file → documents, each checked
 *   compare.ts   file against store, document by document
 *   import.ts    file → store: compares, inserts, compares again
 *
 * The file has one JSON object a line: a header, the documents, a trailer. Kinds come in the order of `dataKinds`, documents of a
 * kind in the order of their ids by code point, as stores list them. Sealed values stay sealed.
 *
 *   { "sallyport": "data", "format": 1, "issuer": "https://login.example.com", "schema": { … }, "release": "0.1.0", "at": "…" }
 *   { "kind": "users", "doc": { "id": "…", "rev": 3, … } }
 *   { "kinds": { "users": { "count": 1, "sha256": "…" }, … } }
 */
import type { SchemaRecord, StoredDoc } from '../records.ts';

/** Version of the form. A change that older programs cannot read raises it. */
export const formatVersion = 1;

/** First line of a file. */
export interface Header {
  readonly sallyport: 'data';
  readonly format: typeof formatVersion;
  /** Origin of the issuer. */
  readonly issuer: string;
  /** The schema of the store. */
  readonly schema: Pick<SchemaRecord, 'finished' | 'readableFrom' | 'release'>;
  /** Version of the program that wrote the file. */
  readonly release: string;
  /** When the file was begun, as in ISO 8601. */
  readonly at: string;
}

/** A document of a file or a store. `kind` is the name of its kind. */
export interface KindDocument {
  readonly kind: string;
  readonly doc: StoredDoc;
}

/** Number of documents of a kind, and SHA-256 over their canonical JSON, a line each (base64url). */
export interface Sum {
  readonly count: number;
  readonly sha256: string;
}

/** Last line of a file. A kind without documents has a sum too. */
export interface Trailer {
  readonly kinds: { readonly [kind: string]: Sum };
}
