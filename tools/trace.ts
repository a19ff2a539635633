/**
 * Counts how often control passes from file to file in one sign-in by call. A file that is left and entered again costs its
 * reader. `--sequence 'POST password'` prints the files that one request enters, in order; `--leaves` adds the leaves to it.
 */
import { parseArgs } from 'node:util';
import { pathOf, staysOf } from './trace/count.ts';
import { placeProbes } from './trace/probes.ts';
import type { TracedRequest } from './trace/sign-in.ts';

const line = (name: string, numbers: readonly (number | string)[]): string =>
  name.padEnd(24) + numbers.map(number => String(number).padStart(11)).join('');

const filesOf = (places: readonly { readonly file: string }[]): number => new Set(places.map(({ file }) => file)).size;

/** One row a request: files with leaves, then files, stays and returns without. */
const table = (requests: readonly TracedRequest[]): readonly string[] => {
  const rows = requests.map(({ name, entries }) => {
    const path = pathOf(entries);
    const returns = path.filter(({ isReturn }) => isReturn).length;
    return { name, withLeaves: filesOf(entries), stays: path.length, returns };
  });
  const sum = (column: 'stays' | 'returns') => rows.reduce((total, row) => total + row[column], 0);
  const every = requests.flatMap(({ entries }) => entries);
  return [
    line('request', ['with leaves', 'files', 'stays', 'returns']),
    ...rows.map(row => line(row.name, [row.withLeaves, row.stays - row.returns, row.stays, row.returns])),
    line('together', [filesOf(every), filesOf(pathOf(every)), sum('stays'), sum('returns')]),
    `Entries between requests: ${requests.reduce((total, { strays }) => total + strays, 0)}`,
  ];
};

/** `begin, tally ×3`: each name once. */
const counted = (names: readonly string[]): string =>
  Object.entries(Object.groupBy(names, name => name))
    .map(([name, same = []]) => (same.length === 1 ? name : `${name} ×${same.length}`))
    .join(', ');

/** One line a stay: number, `<` for a return, file, functions. */
const sequence = (requests: readonly TracedRequest[], wanted: string, withLeaves: boolean): readonly string[] => {
  const request = requests.find(({ name }) => name === wanted);
  if (request === undefined) {
    throw new Error(`no request ${wanted}: expected ${requests.map(({ name }) => name).join(', ')}`);
  }
  const stays = (withLeaves ? staysOf : pathOf)(request.entries);
  return stays.map(
    ({ file, names, isReturn }, at) =>
      `${String(at + 1).padStart(4)} ${isReturn ? '<' : ' '} ${file.padEnd(36)} ${counted(names)}`,
  );
};

const { values } = parseArgs({
  options: { sequence: { type: 'string' }, leaves: { type: 'boolean', default: false } },
});
placeProbes();
// Imported after the probes are placed, so that the product's files get them.
const { traceSignIn } = await import('./trace/sign-in.ts');
const requests = await traceSignIn();
const { sequence: wanted, leaves } = values;
const lines = wanted === undefined ? table(requests) : sequence(requests, wanted, leaves);
process.stdout.write(`${lines.join('\n')}\n`);
