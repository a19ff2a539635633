/** Reads the command line of the bench. */
import { parseArgs } from 'node:util';
import type { Size } from './lab.ts';
import { usualPeople, works, type WorkName } from './profile/works.ts';
import { scenarios } from './scenarios/index.ts';
import type { Scenario } from './scenario.ts';
import { storeNames, type StoreName } from './stores.ts';

/** What to do. */
export interface Options {
  readonly size: Size;
  readonly chosen: readonly Scenario[];
  /** Time of the measurements, without starts and stores. */
  readonly seconds: number;
  /** People in S10. */
  readonly people: number;
  readonly json: string;
  /** Print the file of the last run as Markdown, and measure nothing. */
  readonly markdown: boolean;
  /** Measure the import of people. */
  readonly import: boolean;
  /** Profile this work at this store, and measure nothing else. */
  readonly profile?: ProfileOptions;
}

interface ProfileOptions {
  readonly name: WorkName;
  readonly store: StoreName;
  readonly seconds: number;
  /** People in the store. */
  readonly people: number;
  /** Profile the bare library too, and print what the product costs more. */
  readonly bare: boolean;
}

export const usage = `Usage: npm run bench -- [smoke] [S1 … S13] [options]

Measures all scenarios, or the named ones, and prints one table. Smoke: 90 seconds, each response checked, few rounds.

  --seconds N    time of the measurements (smoke: as short as possible; otherwise 540)
  --people N     people in S10 (smoke 3000, otherwise 20000) or in the store of a profile (2000); a million need 15 GB of disk
  --json PATH    file of the results (.bench/results.json, smoke .bench/smoke.json)
  --markdown     print the file as Markdown, and measure nothing
  --import       measure an import of people instead

npm run bench -- profile WORK [--store SQLite|Redis+SQLite|Redis+MongoDB] [--people N] [--seconds N] [--bare]

Prints where the CPU of the server's process goes, for ${Object.keys(works).join(', ')}.
Seconds: 10 with the profiler, and as many before it without. --bare: beside the same for oidc-provider alone.
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
      store: { type: 'string' },
      bare: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const profile = positionals[0] === 'profile' ? profileIn(positionals, values) : undefined;
  const isSmoke = positionals.includes('smoke');
  const names = profile ? [] : positionals.filter(name => name !== 'smoke').map(name => name.toUpperCase());
  const unknown = names.find(name => scenarios.every(({ id }) => id !== name));
  if (unknown !== undefined) throw new RangeError(`got the scenario ${unknown}, expected S1 to S13`);
  return {
    size: isSmoke ? 'smoke' : 'full',
    chosen: names.length === 0 ? scenarios : scenarios.filter(({ id }) => names.includes(id)),
    seconds: numberIn('--seconds', values.seconds, { usual: isSmoke ? 0 : 540, least: 0, most: 3600 }),
    people: numberIn('--people', values.people, { usual: isSmoke ? 3000 : 20_000, least: 1000, most: 10_000_000 }),
    json: values.json ?? (isSmoke ? '.bench/smoke.json' : '.bench/results.json'),
    markdown: values.markdown,
    import: values.import,
    ...(profile !== undefined && { profile }),
  };
};

const isIn = <Name extends string>(list: readonly Name[], text: string): text is Name =>
  list.some(each => each === text);
const workNames = Object.keys(works).filter((name): name is WorkName => name in works);

const profileIn = (
  [, name = '', ...more]: readonly string[],
  {
    store = 'SQLite',
    seconds,
    people,
    bare,
  }: { readonly store?: string; readonly seconds?: string; readonly people?: string; readonly bare: boolean },
): ProfileOptions => {
  if (!isIn(workNames, name) || more.length > 0)
    throw new RangeError(`profile: got ${[name, ...more].join(' ')}, expected one of ${workNames.join(', ')}`);
  const found = storeNames.find(
    each => each.replaceAll(' ', '').toLowerCase() === store.replaceAll(' ', '').toLowerCase(),
  );
  if (found === undefined) throw new RangeError(`--store: got ${store}, expected one of ${storeNames.join(', ')}`);
  return {
    name,
    store: found,
    seconds: numberIn('--seconds', seconds, { usual: 10, least: 1, most: 600 }),
    people: numberIn('--people', people, { usual: usualPeople, least: 1000, most: 10_000_000 }),
    bare,
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
