/** Reads the documents of a file. Order, counts and digests are checked, so that a cut or changed file is refused. */
import { Problem } from '../errors.ts';
import { linesOf, type Line } from '../lines.ts';
import { dataKinds, type StoredDoc } from '../records.ts';
import { canonicalJson, startSum, type Summing } from './digest.ts';
import { formatVersion, type Header, type KindDocument, type Sum } from './format.ts';

/** In UTF-16 units. MongoDB's largest document has 16 MiB. */
const longestLine = 17 * 1024 * 1024;

/** An opened file. */
export interface DataFile {
  readonly header: Header;
  /** Can be read once. @throws Problem 'bad-request', also after the last document, where the file is not whole */
  readonly documents: AsyncIterable<KindDocument>;
}

/**
 * Reads the header of a file, and has it checked by `accept`, which may throw.
 * @throws Problem 'bad-request' where it is no file of this form
 */
export const readData = async (
  bytes: AsyncIterable<Uint8Array>,
  accept: (header: Header) => void,
): Promise<DataFile> => {
  const lines = linesOf(bytes, { longest: longestLine, expected: 'a file of data export' });
  try {
    const first = await lines.next();
    if (first.done === true) throw wrong(1, 'an empty file', 'a file of data export');
    const header = objectIn(first.value);
    if (!isHeader(header)) throw wrong(1, 'another first line', `the header of data export, format ${formatVersion}`);
    accept(header);
    return { header, documents: documentsIn(lines) };
  } catch (error) {
    // Closes the file.
    await lines.return(undefined);
    throw error;
  }
};

async function* documentsIn(lines: AsyncIterable<Line>): AsyncGenerator<KindDocument> {
  const sums = new Map<string, Summing>(dataKinds.map(({ name }) => [name, startSum()]));
  let isWhole = false;
  let last: KindDocument | undefined;
  for await (const line of lines) {
    if (isWhole) throw wrong(line.number, 'a line after the trailer', 'the end of the file');
    const object = objectIn(line);
    if (isTrailer(object)) {
      refuseOtherSums(line.number, object.kinds, sums);
      isWhole = true;
    } else if (isDocument(object)) {
      const sum = sums.get(object.kind);
      if (sum === undefined) throw wrong(line.number, `the unknown kind ${JSON.stringify(object.kind)}`, 'a known one');
      if (last !== undefined && !follows(object, last))
        throw wrong(line.number, 'a document out of order', 'rising ids');
      sum.add(canonicalOf(line.number, object.doc));
      last = object;
      yield object;
    } else {
      throw wrong(line.number, 'another object', 'a document or the trailer');
    }
  }
  if (!isWhole)
    throw new Problem('bad-request', 'got a file without its last line, expected a whole one: export again');
}

const objectIn = ({ number, text }: Line): object => {
  let value: unknown;
  try {
    value = text === undefined ? undefined : JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null) throw wrong(number, 'a line that is no JSON object', 'one object');
  return value;
};

const canonicalOf = (line: number, doc: StoredDoc): string => {
  try {
    return canonicalJson(doc);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw wrong(line, 'a document that is nested too deeply', 'one that a store has given');
  }
};

const wrong = (line: number, got: string, expected: string): Problem =>
  new Problem('bad-request', `line ${line}: got ${got}, expected ${expected}`);

const isHeader = (object: object): object is Header =>
  'sallyport' in object &&
  object.sallyport === 'data' &&
  'format' in object &&
  object.format === formatVersion &&
  'issuer' in object &&
  'schema' in object &&
  isSchema(object.schema);

const isSchema = (schema: unknown): schema is Header['schema'] =>
  typeof schema === 'object' &&
  schema !== null &&
  'finished' in schema &&
  Number.isSafeInteger(schema.finished) &&
  'readableFrom' in schema &&
  Number.isSafeInteger(schema.readableFrom) &&
  'release' in schema &&
  typeof schema.release === 'string';

const isTrailer = (object: object): object is { readonly kinds: object } =>
  'kinds' in object && typeof object.kinds === 'object' && object.kinds !== null;

const isDocument = (object: object): object is KindDocument =>
  'kind' in object && typeof object.kind === 'string' && 'doc' in object && isStoredDoc(object.doc);

const isStoredDoc = (doc: unknown): doc is StoredDoc =>
  typeof doc === 'object' &&
  doc !== null &&
  'id' in doc &&
  typeof doc.id === 'string' &&
  'rev' in doc &&
  Number.isSafeInteger(doc.rev);

const refuseOtherSums = (line: number, stated: object, sums: ReadonlyMap<string, Summing>): void => {
  const by = new Map<string, Partial<Sum>>(Object.entries(stated));
  for (const [kind, summing] of sums) {
    const { count, sha256 } = summing.sum();
    const { count: statedCount = 0, sha256: statedDigest = startSum().sum().sha256 } = by.get(kind) ?? {};
    if (count !== statedCount || sha256 !== statedDigest)
      throw wrong(
        line,
        `${count} documents of ${kind} with the digest ${sha256}`,
        `${statedCount} with ${statedDigest}`,
      );
  }
};

const placeOf = new Map(dataKinds.map(({ name }, at) => [name, at]));

/** Whether a document comes after another one in the order of a file. */
const follows = (next: KindDocument, { kind, doc }: KindDocument): boolean =>
  next.kind === kind ? comesBefore(doc.id, next.doc.id) : (placeOf.get(next.kind) ?? 0) > (placeOf.get(kind) ?? 0);

/** Order of ids by code point, which is that of their bytes in UTF-8. Stores list documents in it. */
export const comesBefore = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
