/** Prints lines, columns and JSON. Control characters are removed from cells, so that no name can move the cursor. */
import { Option } from 'commander';
import { plain } from '../src/masking.ts';

/** Prints a line. Values that people typed must have passed `plain`. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Rows under a heading, each column as wide as its widest cell. */
export const columns = (heading: readonly string[], rows: readonly (readonly string[])[]): string => {
  const cells = [heading, ...rows].map(row => row.map(plain));
  const widths = heading.map((_, column) => Math.max(...cells.map(row => row[column]?.length ?? 0)));
  return cells
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** What every listing can be asked for. */
export interface ListOptions {
  readonly json?: true;
}

/** The option of every listing. */
export const jsonOption = (): Option => new Option('--json', 'JSON, for other programs');

/** Prints items as columns, or as one array of JSON with all that is known of each. */
export const printList = <T>(
  items: readonly T[],
  { json }: ListOptions,
  table: { readonly heading: readonly string[]; readonly row: (item: T) => readonly string[] },
): void => (json ? printJson(items) : print(columns(table.heading, items.map(table.row))));

/** Prints JSON, with characters that could move the cursor escaped. */
export const printJson = (value: object): void => print(safeJson(value, 2));

/** Prints JSON on one line, for output that another program reads line by line. */
export const printJsonLine = (value: object): void => print(safeJson(value));

const safeJson = (value: object, indent?: number): string =>
  JSON.stringify(value, undefined, indent).replaceAll(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, escaped);
const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');

/** Time in UTC as in ISO 8601. `at` in milliseconds since 1970. */
export const isoTime = (at: number): string => new Date(at).toISOString();

/** The date of such a time, or a dash. */
export const isoDate = (time: string | undefined): string => time?.slice(0, 10) ?? '–';
