/**
 * Measures scenarios and prints one table of ratios. `options.ts` has the command line, `scenarios/` what is measured, `lab.ts` starts
 * servers and stores, `profile/` prints where the CPU of one kind of work goes, `rounds.ts` and `statistics.ts` separate differences from noise, `report.ts` and `run-file.ts` write results.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pinProcesses } from './children.ts';
import { openLab, type Lab } from './lab.ts';
import { readOptions, usage, type Options } from './options.ts';
import { measureImport } from './people-import.ts';
import { profileBare, profileWork } from './profile/index.ts';
import { comparisonOf, textOf } from './profile/text.ts';
import { markdownOf, tableOf } from './report.ts';
import { isFarFromGoal } from './results.ts';
import { merged, readRun, thisCommit, thisMachine, writeRun, type Measured, type Run } from './run-file.ts';
import type { Scenario } from './scenario.ts';

/** No run takes longer, however busy the machine: a million people are stored meanwhile. */
const longestRun = 4 * 3_600_000;

const measure = async (lab: Lab, { id, title, run }: Scenario, time: number): Promise<Measured> => {
  const [began, at, [load = 0]] = [performance.now(), new Date().toISOString(), loadavg()];
  const results = [...(await run(lab, time))];
  return { id, title, at, commit: thisCommit(), seconds: (performance.now() - began) / 1000, load, results };
};

/** Measures the chosen scenarios and writes their file. Gives the exit code. */
const runAll = async ({ size, chosen, seconds, people, json }: Options): Promise<number> => {
  const cores = availableParallelism();
  // A short run is for its checks: on one core it would take twice as long.
  const pinned = size === 'full' && pinProcesses();
  const machine = thisMachine(cores, pinned);
  const { lab, close } = await openLab(size, people);
  process.stderr.write(
    `Stores: ${lab.stores.join(', ')}.${pinned ? '' : ' Processes are not bound to cores: the bands are wide.'}\n`,
  );
  const weights = chosen.reduce((sum, { weight }) => sum + weight, 0);
  const scenarios: Measured[] = [];
  try {
    for (const scenario of chosen) {
      const measured = await measure(lab, scenario, (seconds * 1000 * scenario.weight) / Math.max(1, weights));
      process.stderr.write(`${scenario.id}: ${measured.seconds.toFixed(0)} s\n`);
      scenarios.push(measured);
      // After each: a scenario that fails later, or Ctrl-C, loses no figure.
      await writeRun(json, merged(await readRun(json).catch(() => undefined), { version: 1, machine, scenarios }));
    }
  } finally {
    await close();
  }
  const run: Run = { version: 1, machine, scenarios };
  process.stdout.write(`${tableOf(run)}\nWritten to ${json}.\n`);
  if (size === 'full') return 0;
  const far = scenarios.flatMap(({ id, results }) => results.filter(isFarFromGoal).map(({ name }) => `${id} ${name}`));
  for (const each of far) process.stderr.write(`FAR FROM ITS GOAL, even for a short run: ${each}\n`);
  return far.length === 0 ? 0 : 1;
};

const printMarkdown = async ({ json }: Options): Promise<number> => {
  const run = await readRun(json);
  if (run === undefined) throw new Error(`${json}: there is no such file; run the bench first`);
  process.stdout.write(markdownOf(run));
  return 0;
};

/** Not pinned: the time of a profile counts, not how it compares, and on one core of two a profile takes longer. */
const runProfile = async ({ profile }: Options): Promise<number> => {
  if (profile === undefined) return 1;
  const { name, store, seconds, people, bare } = profile;
  const { lab, close } = await openLab('full', people, [store]);
  try {
    if (!lab.stores.includes(store))
      throw new Error(`${store}: a program of it is missing, expected redis-server or mongod`);
    const [path, millis] = [`.bench/${name}.cpuprofile`, seconds * 1000];
    const ours = await profileWork(lab, { name, store, people, millis, path });
    process.stdout.write(textOf(ours));
    process.stdout.write(`Written to ${path}; the developer tools of Chromium open it.\n`);
    if (!bare) return 0;
    const library = await profileBare(lab, { name, millis, path: `.bench/${name}-bare.cpuprofile` });
    if (library === undefined) throw new Error(`--bare: oidc-provider alone has no ${name}`);
    process.stdout.write(`\n${comparisonOf(ours, library)}`);
    return 0;
  } finally {
    await close();
  }
};

const runImport = async (): Promise<number> => {
  pinProcesses();
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'));
  try {
    process.stdout.write(await measureImport(folder));
    return 0;
  } finally {
    await rm(folder, { recursive: true });
  }
};

setTimeout(() => {
  throw new Error('the bench is not finished after 4 hours');
}, longestRun).unref();
const options = readOptions(process.argv.slice(2));
if (options === undefined) process.stdout.write(usage);
else {
  const act = options.profile ? runProfile : options.markdown ? printMarkdown : options.import ? runImport : runAll;
  process.exit(await act(options));
}
