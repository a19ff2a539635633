/** Reads the command line of the bench. */
import { parseArgs } from 'node:util';
import type { Size } from './lab.ts';
import { scenarios } from './scenarios/index.ts';
import type { Scenario } from './scenario.ts';

/** What to do. */
export interface Options {
  readonly size: Size;
  readonly chosen: readonly Scenario[];
  /** Time of the measurements, without starts and stores. */
  readonly seconds: number;
  /** People in the growth scenario. */
  readonly people: number;
  readonly json: string;
  /** Print the file of the last run as Markdown, and measure nothing. */
  readonly markdown: boolean;
  /** Measure the import of people. */
  readonly import: boolean;
}

export const usage = `Usage: npm run bench -- [smoke] [S1 … S12] [options]

Measures all scenarios, or the named ones, and prints one table. Smoke: 90 seconds, each response checked, few rounds.

  --seconds N    time of the measurements (smoke: as short as possible; otherwise 840)
  --people N     people in S10 (smoke 3000, otherwise 20000); a million take half an hour to store
  --json PATH    file of the results (.bench/results.json, smoke .bench/smoke.json)
  --markdown     print the file as Markdown, and measure nothing
  --import       measure an import of people instead
`;

/** @throws RangeError for an option or a name that does not exist, or a number out of range */
export const readOptions = (args: readonly string[]): Options | undefined => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: 'string' },
      people: { type: 'string' },
      json: { type: 'string' },
      markdown: { type: 'boolean', default: false },
      import: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const isSmoke = positionals.includes('smoke');
  const names = positionals.filter(name => name !== 'smoke').map(name => name.toUpperCase());
  const unknown = names.find(name => scenarios.every(({ id }) => id !== name));
  if (unknown !== undefined) throw new RangeError(`got the scenario ${unknown}, expected S1 to S12`);
  return {
    size: isSmoke ? 'smoke' : 'full',
    chosen: names.length === 0 ? scenarios : scenarios.filter(({ id }) => names.includes(id)),
    seconds: numberIn('--seconds', values.seconds, { usual: isSmoke ? 0 : 840, least: 0, most: 3600 }),
    people: numberIn('--people', values.people, { usual: isSmoke ? 3000 : 20_000, least: 1000, most: 10_000_000 }),
    json: values.json ?? (isSmoke ? '.bench/smoke.json' : '.bench/results.json'),
    markdown: values.markdown,
    import: values.import,
  };
};

const numberIn = (
  name: string,
  text: string | undefined,
  { usual, least, most }: { readonly usual: number; readonly least: number; readonly most: number },
): number => {
  const number = text === undefined ? usual : Number(text);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new RangeError(`${name}: got ${text}, expected ${least} to ${most}`);
};
