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
): void => print(json ? JSON.stringify(items, undefined, 2) : columns(table.heading, items.map(table.row)));

/** Date in UTC as in ISO 8601, or a dash. `at` in milliseconds since 1970. */
export const isoDate = (at: number | undefined): string =>
  at === undefined ? '–' : new Date(at).toISOString().slice(0, 10);
