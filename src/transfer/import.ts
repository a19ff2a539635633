/**
 * Fills a store from a file, and verifies that it has the same data. After an interruption run the import again: it inserts the
 * missing documents.
 */
import type { Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import { lastOf, storedSchema, writeSchema } from '../migrations/schema.ts';
import { migrations } from '../migrations/steps.ts';
import type { DurableStore } from '../ports/stores.ts';
import type { Clock } from '../ports/time.ts';
import { dataKinds, secretKind, type SchemaRecord, type StoredDoc, type StoredKind } from '../records.ts';
import { openSecret } from '../secrets.ts';
import { compareData, hasEnded, type Compared, type Outcome } from './compare.ts';
import type { Header, KindDocument } from './format.ts';
import { readData, type DataFile } from './read.ts';

/** Dependencies of import and comparison. */
export interface TransferDeps {
  readonly durable: DurableStore;
  readonly sealer: Sealer;
  readonly issuer: URL;
  readonly clock: Clock;
  /** Opens the file from its beginning: it is read several times. */
  readonly openFile: () => Promise<AsyncIterable<Uint8Array>>;
  /** Told after each document that was compared or inserted. */
  readonly onProgress?: (step: 'comparing' | 'inserting' | 'verifying', documents: number) => void;
}

/** Number of documents of each kind by outcome, and the first ones that differ. */
export interface Tally {
  readonly kinds: ReadonlyMap<string, { readonly [O in Outcome]: number }>;
  readonly examples: readonly Compared[];
}

/** Documents that are inserted at a time. */
const pageSize = 500;
const maxExamples = 20;

/** True if the store has the documents of the file and no others. Expired documents may be absent. */
export const isSame = ({ examples }: Tally): boolean => examples.length === 0;

/**
 * Inserts the documents that the store lacks, then compares every document again. The result has the differences, for example if
 * a server has written meanwhile.
 * @throws Problem 'conflict' where the store holds other data, before it inserts any
 * @throws Problem 'bad-request' for a file that is damaged, of another issuer, or of a later release
 * @throws Problem 'unreadable' where the sealing keys are not those of the file
 */
export const importData = async (deps: TransferDeps): Promise<Tally> => {
  const { durable, clock } = deps;
  const { header, documents } = await openData(deps);
  refuseOther(await tally(deps, 'comparing', withSecretsOpened(documents, deps.sealer)));
  await beginImport(durable, header);
  const inserting = await openData(deps);
  let inserted = 0;
  for await (const { kind, docs } of pagesOf(inserting.documents)) {
    const now = clock();
    // An interrupted import has inserted some of them. The comparison afterwards finds those that differ.
    await durable.collection(kind).insertMany(docs.filter(doc => !hasEnded(kind, doc, now)));
    inserted += docs.length;
    deps.onProgress?.('inserting', inserted);
  }
  const verified = await verifyData(deps);
  if (isSame(verified)) await endImport(durable);
  return verified;
};

/** Compares file and store. @throws as `importData` for a file that cannot be used */
export const verifyData = async (deps: TransferDeps): Promise<Tally> =>
  tally(deps, 'verifying', (await openData(deps)).documents);

const openData = async ({ openFile, issuer }: TransferDeps): Promise<DataFile> =>
  readData(await openFile(), header => {
    refuseOtherIssuer(header, issuer);
    refuseLaterSchema(header);
  });

const refuseOtherIssuer = (header: Header, issuer: URL): void => {
  if (header.issuer === issuer.origin) return;
  throw new Problem('bad-request', `got data of the issuer ${header.issuer}, expected that of ${issuer.origin}`);
};

const refuseLaterSchema = ({ schema: { finished, readableFrom, release } }: Header): void => {
  if (readableFrom <= lastOf(migrations)) return;
  throw new Problem(
    'bad-request',
    `got data of schema ${finished}, which release ${release} wrote, expected at most ${lastOf(migrations)}: ` +
      `import it with release ${release} or a later one`,
  );
};

/** The same documents. Opens each secret, and throws at the first one that no sealing key opens. */
async function* withSecretsOpened(
  documents: AsyncIterable<KindDocument>,
  sealer: Sealer,
): AsyncGenerator<KindDocument> {
  for await (const each of documents) {
    const { sealed } = each.doc;
    if (each.kind === secretKind.name && typeof sealed === 'string') openSecret(sealer, each.doc.id, sealed);
    yield each;
  }
}

const tally = async (
  deps: TransferDeps,
  step: 'comparing' | 'verifying',
  documents: AsyncIterable<KindDocument>,
): Promise<Tally> => {
  const kinds = new Map(
    dataKinds.map(({ name }) => [name, { equal: 0, ended: 0, missing: 0, foreign: 0, different: 0 }]),
  );
  const examples: Compared[] = [];
  let count = 0;
  for await (const each of compareData(documents, deps)) {
    const counts = kinds.get(each.kind);
    if (counts !== undefined) counts[each.outcome] += 1;
    const isExpected = each.outcome === 'equal' || each.outcome === 'ended';
    if (!isExpected && (step === 'verifying' || each.outcome !== 'missing') && examples.length < maxExamples) {
      examples.push(each);
    }
    count += 1;
    deps.onProgress?.(step, count);
  }
  return { kinds, examples };
};

/** An empty store, or a part of the file, may be filled. */
const refuseOther = ({ kinds, examples }: Tally): void => {
  if (examples.length === 0) return;
  const others = [...kinds].flatMap(([kind, { foreign, different }]) =>
    foreign + different > 0 ? [`${foreign + different} of ${kind}`] : [],
  );
  throw new Problem(
    'conflict',
    `got a store with documents that the file does not have (${others.join(', ')}), expected an empty store: start no server on it before`,
  );
};

/**
 * The documents are in the form of their own schema; the next start, or `migrate`, brings them to this release. No process starts on
 * the store before the import has ended.
 */
const beginImport = async (durable: DurableStore, { schema }: Header): Promise<void> => {
  const { running: _running, ...stored } = await storedSchema(durable);
  await writeOwn(durable, { ...stored, ...schema, isImporting: true });
};

const endImport = async (durable: DurableStore): Promise<void> => {
  const { isImporting: _isImporting, ...schema } = await storedSchema(durable);
  await writeOwn(durable, schema);
};

const writeOwn = async (durable: DurableStore, schema: SchemaRecord): Promise<void> => {
  if ((await writeSchema(durable, schema)) === undefined)
    throw new Problem('conflict', 'another process migrates the store: start no server on it before the import');
};

async function* pagesOf(
  documents: AsyncIterable<KindDocument>,
): AsyncGenerator<{ readonly kind: StoredKind; readonly docs: readonly StoredDoc[] }> {
  const kinds = new Map(dataKinds.map(kind => [kind.name, kind]));
  let page: { readonly kind: StoredKind; readonly docs: StoredDoc[] } | undefined;
  for await (const { kind: name, doc } of documents) {
    const kind = kinds.get(name);
    if (kind === undefined) throw new Problem('internal', `got the unknown kind ${name}`);
    if (page !== undefined && (page.kind !== kind || page.docs.length === pageSize)) {
      yield page;
      page = undefined;
    }
    page ??= { kind, docs: [] };
    page.docs.push(doc);
  }
  if (page !== undefined) yield page;
}
