/**
 * Reads CSV (RFC 4180) so that a bad row does not affect other rows. `csv-parse` parses records; this file finds their boundaries.
 * Given a whole file, the library silently loses all rows after an unclosed quotation mark.
 */
import { parse } from 'csv-parse/sync';
import { Problem } from '../errors.ts';
import type { Line, LineOptions } from '../lines.ts';
import { memberNamed, members, type FileRow, type Member, type RowMistake } from './members.ts';

/** In UTF-16 units. A person with the most groups allowed needs 40,000. */
export const longestLine = 65_536;

/** How files of people and tokens are read. */
export const lineOptions: LineOptions = { longest: longestLine, expected: 'UTF-8; Excel writes it as "CSV UTF-8"' };

/** Longest record in lines, as cells may contain line ends. A quotation mark still open then is a mistake of the first line alone. */
const maxLines = 10;
/** Records parsed in one call. If one is malformed, they are parsed one by one. */
const together = 100;

/** A record before it is parsed. */
interface Framed {
  readonly line: number;
  readonly text: string;
}

/** `ignoreUnknown`: unknown columns are ignored instead of refused. */
export interface ReadOptions {
  readonly ignoreUnknown?: boolean;
}

/** Rows of a CSV whose first line names the columns. The delimiter is the comma, semicolon or tab that this line has most of. */
export async function* csvRows(lines: AsyncIterable<Line>, options: ReadOptions): AsyncGenerator<FileRow | RowMistake> {
  let columns: readonly (Member | undefined)[] | undefined;
  let delimiter = ',';
  let batch: Framed[] = [];
  for await (const framed of recordsOf(lines)) {
    if ('message' in framed) {
      if (columns === undefined) throw new Problem('bad-request', `line ${framed.line}: ${framed.message}`);
      yield* rowsOf(batch, columns, delimiter);
      batch = [];
      yield framed;
    } else if (columns === undefined) {
      // Excel states the delimiter in a line of its own.
      const stated = /^"?sep=([,;\t])"?$/.exec(framed.text)?.[1];
      delimiter = stated ?? delimiterOf(framed.text);
      if (stated === undefined) columns = columnsOf(framed, delimiter, options);
    } else {
      batch.push(framed);
      if (batch.length < together) continue;
      yield* rowsOf(batch, columns, delimiter);
      batch = [];
    }
  }
  yield* rowsOf(batch, columns ?? [], delimiter);
}

/** Cells of each record of a CSV with other columns than people have. The first record gives the delimiter. */
export async function* csvRecords(
  lines: AsyncIterable<Line>,
): AsyncGenerator<{ readonly line: number; readonly cells: readonly string[] } | RowMistake> {
  let delimiter: string | undefined;
  for await (const framed of recordsOf(lines)) {
    if ('message' in framed) {
      yield framed;
      continue;
    }
    delimiter ??= delimiterOf(framed.text);
    const [cells] = parsed([framed], delimiter) ?? [];
    yield cells === undefined ? { line: framed.line, message: misquoted } : { line: framed.line, cells };
  }
}

const delimiterOf = (header: string): string => {
  const count = (sign: string): number => header.split(sign).length;
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
};

/** @throws Problem 'bad-request' if a column is unknown or repeated, or if `name` is missing. */
const columnsOf = (header: Framed, delimiter: string, { ignoreUnknown = false }: ReadOptions) => {
  const [names = []] = parsed([header], delimiter) ?? [];
  const columns = names.map(memberNamed);
  // Do not print the cells: without a heading this line holds a person's data, secrets included.
  if (columns.every(column => column === undefined))
    throw new Problem('bad-request', `got no known column in line ${header.line}, expected ${members.join(', ')}`);
  const unknown = names.filter((_, at) => columns[at] === undefined);
  if (unknown.length > 0 && !ignoreUnknown) throw new Problem('bad-request', unknownMembers(unknown));
  const twice = columns.find((column, at) => column !== undefined && columns.indexOf(column) !== at);
  if (twice !== undefined) throw new Problem('bad-request', `got the column ${twice} twice, expected it once`);
  if (!columns.includes('name'))
    throw new Problem('bad-request', `got no column name in line ${header.line}, expected ${members.join(', ')}`);
  return columns;
};

/** Message that names the unknown members and lists the known ones. */
export const unknownMembers = (unknown: readonly string[]): string =>
  `got ${unknown.map(each => JSON.stringify(each.slice(0, 40))).join(', ')}, expected ${members.join(', ')}`;

/** Joins lines into records: a record ends where its count of quotation marks is even. */
async function* recordsOf(lines: AsyncIterable<Line>): AsyncGenerator<Framed | RowMistake> {
  let open: Line[] = [];
  for await (const line of lines) {
    open = [...open, line];
    for (;;) {
      const { record, rest } = firstRecord(open);
      if (record === undefined) break;
      if (!('text' in record) || record.text.trim() !== '') yield record;
      open = [...rest];
    }
  }
  while (open.length > 0) {
    const { record, rest } = firstRecord(open, true);
    if (record !== undefined) yield record;
    open = [...rest];
  }
}

/** The first record of these lines; none if it may continue in later lines. `isEnd`: there are no later lines. */
const firstRecord = (
  lines: readonly Line[],
  isEnd = false,
): { readonly record?: Framed | RowMistake; readonly rest: readonly Line[] } => {
  const [first, ...others] = lines;
  if (first === undefined) return { rest: [] };
  const { number: line } = first;
  if (first.text === undefined)
    return { record: { line, message: `got a line of more than ${longestLine} characters` }, rest: others };
  let text = first.text;
  for (let count = 1; ; count += 1) {
    if (text.split('"').length % 2 === 1) return { record: { line, text }, rest: lines.slice(count) };
    const next = lines[count]?.text;
    const isOver = count >= maxLines || text.length > longestLine || (lines[count] !== undefined && next === undefined);
    if (isOver || (next === undefined && isEnd)) return { record: { line, message: unclosed }, rest: others };
    if (next === undefined) return { rest: lines };
    text += `\n${next}`;
  }
};

const misquoted = 'got a quotation mark inside a cell, expected it doubled in a quoted cell';
const unclosed = 'got a quotation mark that is not closed, expected two around a cell';

const parsed = (records: readonly Framed[], delimiter: string): string[][] | undefined => {
  try {
    return parse(records.map(({ text }) => text).join('\n'), { delimiter, relax_column_count: true });
  } catch {
    return undefined;
  }
};

function* rowsOf(
  batch: readonly Framed[],
  columns: readonly (Member | undefined)[],
  delimiter: string,
): Generator<FileRow | RowMistake> {
  const all = parsed(batch, delimiter);
  for (const [at, framed] of batch.entries()) {
    const cells = all?.length === batch.length ? all[at] : parsed([framed], delimiter)?.[0];
    // Spreadsheets write empty rows after the last person.
    if (cells?.every(cell => cell.trim() === '') === true) continue;
    yield cells === undefined ? { line: framed.line, message: misquoted } : rowOf(framed.line, cells, columns);
  }
}

const rowOf = (
  line: number,
  cells: readonly string[],
  columns: readonly (Member | undefined)[],
): FileRow | RowMistake => {
  if (cells.length !== columns.length)
    return { line, message: `got ${cells.length} cells, expected ${columns.length} as in the first line` };
  const values = new Map<Member, unknown>();
  for (const [at, member] of columns.entries()) {
    const text = withoutMark(cells[at] ?? '');
    if (member !== undefined && text.trim() !== '') values.set(member, valueOf(member, text));
  }
  return { line, values };
};

/**
 * What a spreadsheet would run as a formula is marked with an apostrophe (CWE-1236): at the begin of a cell, and behind each sign at
 * which a spreadsheet of another language ends it. Text that already looks so gets one more, so that reading gives back what was written.
 */
const begin = String.raw`(?<=^|[,;\t\r\n])`;
const formula = String.raw`(?=[ '"]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20])`;
const unmarked = new RegExp(begin + formula, 'g');
const marked = new RegExp(`${begin}'${formula}`, 'g');
export const withMark = (text: string): string => text.replaceAll(unmarked, "'");
const withoutMark = (text: string): string => text.replaceAll(marked, '');

const separator = ';';
const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

/** The value as a JSON line would have it. Lists are separated by `;`, or written in JSON. */
const valueOf = (member: Member, text: string): unknown => {
  if (member === 'email_verified' || member === 'locked') return booleans.get(text.trim().toLowerCase()) ?? text;
  if (member !== 'groups' && member !== 'phones' && member !== 'totp') return text;
  if (text.trimStart().startsWith('[')) {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }
  // The label of a seed may hold a semicolon.
  if (member === 'totp') return [text];
  return text.split(separator).filter(each => each.trim() !== '');
};

/** The cell for a list of texts that `valueOf` reads back. */
export const listCell = (texts: readonly string[]): string =>
  texts.some(text => text.includes(separator) || text.trim() !== text) || texts[0]?.startsWith('[') === true
    ? JSON.stringify(texts)
    : texts.join(separator);
