/**
 * Reads hardware tokens from the CSV that makers deliver: upn, serial number, secret key, time interval, manufacturer, model. A bad row
 * does not affect the others.
 */
import { Problem } from '../errors.ts';
import type { HardwareToken } from '../mfa/hardware-tokens.ts';
import { minSeedBytes, maxSeedBytes } from '../mfa/factors/totp.ts';
import { csvRecords, lineOptions } from './csv.ts';
import { linesOf } from '../lines.ts';
import type { RowMistake } from './members.ts';

const columns = ['upn', 'serial number', 'secret key', 'time interval', 'manufacturer', 'model'] as const;
type Column = (typeof columns)[number];

/** A token, and the name of the person who gets it. */
export interface TokenRow extends HardwareToken {
  readonly line: number;
  readonly upn: string;
}

/** Characters of base32, which holds five bits in each. */
const maxSecret = Math.ceil((maxSeedBytes * 8) / 5);
const minSecret = Math.ceil((minSeedBytes * 8) / 5);
const maxText = 64;

/**
 * Yields tokens and mistakes in the order of the file, with bounded memory. No message contains a secret.
 * @throws Problem 'bad-request' where the first line does not name these columns.
 */
export async function* tokenRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TokenRow | RowMistake> {
  let order: readonly Column[] | undefined;
  for await (const record of csvRecords(linesOf(bytes, lineOptions))) {
    if (!('cells' in record)) yield record;
    else if (order === undefined) order = orderOf(record.cells);
    else if (record.cells.some(cell => cell.trim() !== '')) yield rowOf(record, order);
  }
  if (order === undefined)
    throw new Problem('bad-request', `got an empty file, expected a first line ${columns.join(',')}`);
}

const orderOf = (cells: readonly string[]): readonly Column[] => {
  const named = cells.map(cell => columns.find(column => column === cell.trim().toLowerCase()));
  const known = named.flatMap(column => column ?? []);
  // The cells are not printed: without a heading this line holds a secret.
  if (known.length !== columns.length || cells.length !== columns.length || new Set(known).size !== columns.length)
    throw new Problem('bad-request', `got other columns in line 1, expected ${columns.join(',')}`);
  return known;
};

const rowOf = (
  { line, cells }: { readonly line: number; readonly cells: readonly string[] },
  order: readonly Column[],
): TokenRow | RowMistake => {
  if (cells.length !== order.length) return { line, message: `got ${cells.length} cells, expected ${order.length}` };
  const text = (column: Column): string => (cells[order.indexOf(column)] ?? '').trim();
  const refused = (column: Column, expected: string): RowMistake => ({
    line,
    message: `${column}: expected ${expected}`,
  });
  for (const column of ['serial number', 'manufacturer', 'model'] as const) {
    const isPlain = /^[^\p{C}\p{Zl}\p{Zp}:]+$/u.test(text(column)) && text(column).length <= maxText;
    if (!isPlain) return refused(column, `1 to ${maxText} characters, no colon`);
  }
  if (text('upn') === '') return refused('upn', 'the name of an account');
  const [, secret = ''] = /^([A-Z2-7]+)={0,8}$/.exec(text('secret key').toUpperCase()) ?? [];
  if (secret.length > maxSecret || secret.length < minSecret)
    return refused('secret key', `${minSecret} to ${maxSecret} characters of base32`);
  const period = text('time interval');
  if (period !== '30' && period !== '60') return refused('time interval', '30 or 60');
  return {
    line,
    upn: text('upn'),
    serial: text('serial number'),
    secret,
    period: Number(period),
    manufacturer: text('manufacturer'),
    model: text('model'),
  };
};
