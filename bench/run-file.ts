/** Reads and writes the JSON file of a run. A run of some scenarios replaces theirs and keeps the others. */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { dirname } from 'node:path';
import { z } from 'zod';

const spread = z.strictObject({ low: z.number(), median: z.number(), high: z.number() });
const goal = z.strictObject({ id: z.string(), atMost: z.number(), outcome: z.enum(['met', 'open', 'missed']) });
const comparison = z.strictObject({
  kind: z.literal('ratio'),
  name: z.string(),
  ratio: spread.exactOptional(),
  rounds: z.number().int(),
  band: spread.omit({ median: true }).exactOptional(),
  verdict: z.enum(['within', 'outside: costs more', 'outside: costs less', 'too few rounds']),
  goal: goal.exactOptional(),
});
const figure = z.strictObject({
  kind: z.literal('figure'),
  name: z.string(),
  value: z.number(),
  unit: z.enum(['ms', 'MB', 'KiB', '%', 'requests', 'ratio', 'a second']),
  goal: goal.extend({ outcome: z.enum(['met', 'missed']) }).exactOptional(),
});
const measured = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** When it was measured, ISO 8601. */
  at: z.string(),
  commit: z.string(),
  /** How long it took. */
  seconds: z.number(),
  /** Load average of the minute before. */
  load: z.number(),
  results: z.array(z.discriminatedUnion('kind', [comparison, figure])),
});
const machine = z.strictObject({
  cpu: z.string(),
  cores: z.number().int(),
  memoryGiB: z.number(),
  system: z.string(),
  node: z.string(),
  pinned: z.boolean(),
});
const run = z.strictObject({ version: z.literal(1), machine, scenarios: z.array(measured) });

/** A scenario as it was measured. */
export type Measured = z.infer<typeof measured>;
/** The file. */
export type Run = z.infer<typeof run>;

/** The machine, as a reader of figures must know it. */
export const thisMachine = (cores: number, pinned: boolean): Run['machine'] => ({
  cpu: cpus()[0]?.model ?? arch(),
  cores,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
  node: process.version.slice(1),
  pinned,
});

const git = (...args: readonly string[]): string => spawnSync('git', args, { encoding: 'utf8' }).stdout?.trim() ?? '';

/** The commit of this checkout, with `+` where it has changes. */
export const thisCommit = (): string => {
  const commit = git('rev-parse', '--short', 'HEAD');
  return commit === '' ? 'unknown' : `${commit}${git('status', '--porcelain') === '' ? '' : '+'}`;
};

/** Reads the file of an earlier run. undefined: there is none. @throws ZodError for another shape */
export const readRun = async (path: string): Promise<Run | undefined> => {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (Error.isError(error) && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : run.parse(JSON.parse(text));
};

const numberOf = ({ id }: Measured): number => Number(id.slice(1));

/** Both together, by number; `later` replaces scenarios of `earlier`, and all of another machine. */
export const merged = (earlier: Run | undefined, later: Run): Run => {
  if (earlier === undefined || JSON.stringify(earlier.machine) !== JSON.stringify(later.machine)) return later;
  const kept = earlier.scenarios.filter(({ id }) => later.scenarios.every(each => each.id !== id));
  return { ...later, scenarios: [...kept, ...later.scenarios].toSorted((a, b) => numberOf(a) - numberOf(b)) };
};

/** Writes the file, after a check of its shape. @throws ZodError where a figure is no number */
export const writeRun = async (path: string, content: Run): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(run.parse(content), undefined, 2)}\n`);
};
