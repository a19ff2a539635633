/** Reads the rows of a file of people: CSV, or JSON lines (one object a line). The first character decides which. */
import { Problem } from '../errors.ts';
import { linesOf, type Line } from '../lines.ts';
import { csvRows, lineOptions, longestLine, unknownMembers, type ReadOptions } from './csv.ts';
import { memberNamed, type FileRow, type Member, type RowMistake } from './members.ts';

/**
 * Yields rows and mistakes in the order of the file, with bounded memory.
 * @throws Problem 'bad-request' if the file has another format or encoding, or unknown columns.
 */
export async function* rowsIn(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadOptions = {},
): AsyncGenerator<FileRow | RowMistake> {
  const lines = linesOf(bytes, lineOptions);
  try {
    let first: Line;
    do {
      const next = await lines.next();
      if (next.done === true) throw new Problem('bad-request', 'got a file without a row, expected CSV or JSON lines');
      first = next.value;
    } while (first.text?.trim() === '');
    const start = first.text?.trimStart() ?? '';
    if (start.startsWith('['))
      throw new Problem('bad-request', "got one JSON list, expected JSON lines, one object a line (jq -c '.[]')");
    const all = startingWith(first, lines);
    yield* start.startsWith('{') ? jsonRows(all, options) : csvRows(all, options);
  } finally {
    // Ends the source of the bytes, which may be an open file.
    await lines.return(undefined);
  }
}

async function* startingWith(first: Line, rest: AsyncIterable<Line>): AsyncGenerator<Line> {
  yield first;
  yield* rest;
}

async function* jsonRows(lines: AsyncIterable<Line>, options: ReadOptions): AsyncGenerator<FileRow | RowMistake> {
  for await (const line of lines) {
    if (line.text?.trim() !== '') yield jsonRow(line, options);
  }
}

const jsonRow = ({ number: line, text }: Line, { ignoreUnknown = false }: ReadOptions): FileRow | RowMistake => {
  if (text === undefined) return { line, message: `got a line of more than ${longestLine} characters` };
  let object: unknown;
  try {
    object = JSON.parse(text);
  } catch {
    return { line, message: 'got a line that is no JSON, expected one object' };
  }
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    return { line, message: 'got another JSON value, expected one object' };
  const values = new Map<Member, unknown>();
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(object)) {
    const member = memberNamed(name);
    if (member === undefined) unknown.push(name);
    else if (values.has(member)) return { line, member, message: 'got it twice, expected it once' };
    else if (value !== null && value !== '') values.set(member, value);
  }
  if (unknown.length > 0 && !ignoreUnknown) return { line, message: unknownMembers(unknown) };
  return { line, values };
};
