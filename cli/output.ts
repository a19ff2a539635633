/** Prints lines and columns. Control characters are removed from cells, so that no name can move the cursor. */
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

/** Date in UTC as in ISO 8601, or a dash. `at` in milliseconds since 1970. */
export const isoDate = (at: number | undefined): string =>
  at === undefined ? '–' : new Date(at).toISOString().slice(0, 10);
