/** Tests how a run is judged, written to its file, and read from the command line. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readOptions } from '../../bench/options.ts';
import { markdownOf, tableOf } from '../../bench/report.ts';
import { comparisonOf, figure, isFarFromGoal } from '../../bench/results.ts';
import { merged, readRun, writeRun, type Run } from '../../bench/run-file.ts';

const row = {
  subject: 'ours',
  baseline: 'theirs',
  aaPair: ['theirs', 'theirs again'] as const,
  goal: { id: 'G7', atMost: 1.15 },
};
/** Rounds in which we cost `ratio` times as much, and two equal servers the same. */
const rounds = (ratio: number, count = 5) =>
  Array.from({ length: count }, () => ({ ours: ratio * 10, theirs: 10, 'theirs again': 10 }));

const lost = (value: number) => figure('lost', value, 'requests', { id: 'G18', atMost: 0 }).goal?.outcome;
describe('a goal', () => {
  test.each([
    [1.1, 5, 'met'],
    [1.3, 5, 'missed'],
    [1.1, 4, 'open'],
    [9, 4, 'open'],
  ])('with the ratio %d in %d rounds is %s', (ratio, count, outcome) => {
    expect(comparisonOf(rounds(ratio, count), row)).toMatchObject({ rounds: count, goal: { id: 'G7', outcome } });
  });

  test('to be like noise is met within the band, and missed outside', () => {
    const { goal: _goal, ...bare } = row;
    const outcome = (ratio: number) => comparisonOf(rounds(ratio), { ...bare, withinBand: 'G17' }).goal?.outcome;
    expect([outcome(1), outcome(1.2)]).toEqual(['met', 'missed']);
  });

  test('of a figure is met up to its limit', () => {
    expect([lost(0), lost(1)]).toEqual(['met', 'missed']);
  });
});

test('a ratio without a steady round has no figure', () => {
  expect(comparisonOf([{ ours: 1 }], row)).toEqual({
    kind: 'ratio',
    name: 'ours / theirs',
    rounds: 0,
    verdict: 'too few rounds',
  });
});

describe('a short run is judged coarsely', () => {
  test.each([
    ['a ratio near its goal', comparisonOf(rounds(1.7), row), false],
    ['a ratio above one and a half times its goal', comparisonOf(rounds(1.8), row), true],
    ['a goal that is not reached yet', comparisonOf(rounds(9), { ...row, goal: { id: 'G4', atMost: 2.5 } }), false],
    ['too few rounds', comparisonOf(rounds(9, 4), row), false],
    ['a lost request', figure('lost', 1, 'requests', { id: 'G18', atMost: 0 }), true],
    ['milliseconds of a busy machine', figure('p99', 900, 'ms', { id: 'G3', atMost: 30 }), false],
  ])('%s', (_, result, isFar) => {
    expect(isFarFromGoal(result)).toBe(isFar);
  });
});

const machine = { cpu: 'Any', cores: 2, memoryGiB: 4, system: 'Linux 6', node: '24.0.0', pinned: true };
const measured = (id: string, commit: string): Run['scenarios'][number] => ({
  id,
  title: 'Anything',
  at: '2026-11-29T00:00:00.000Z',
  commit,
  seconds: 2,
  load: 0.5,
  results: [comparisonOf(rounds(1.1), row), figure('start', 12.3, 'ms')],
});
const run = (...scenarios: Run['scenarios']): Run => ({ version: 1, machine, scenarios });

describe('the file of a run', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('is read as it was written, and refused in another shape', async () => {
    const path = join(folder, 'new', 'run.json');
    expect(await readRun(path)).toBeUndefined();
    await writeRun(path, run(measured('S1', 'a')));
    expect(await readRun(path)).toEqual(run(measured('S1', 'a')));
    await writeFile(path, '{"version":1}');
    await expect(readRun(path)).rejects.toThrow(/machine/);
  });

  test('refuses a figure that is no number', async () => {
    const broken = { ...measured('S1', 'a'), results: [figure('start', NaN, 'ms')] };
    await expect(writeRun(join(folder, 'run.json'), run(broken))).rejects.toThrow(/number/);
  });
});

const commits = (of: Run) => of.scenarios.map(({ id, commit }) => `${id} ${commit}`);
describe('a later run', () => {
  test('replaces its scenarios and keeps the others, by number', () => {
    const earlier = run(measured('S2', 'old'), measured('S9', 'old'));
    const later = run(measured('S10', 'new'), measured('S9', 'new'));
    expect(commits(merged(earlier, later))).toEqual(['S2 old', 'S9 new', 'S10 new']);
  });

  test('on another machine replaces all', () => {
    const earlier = { ...run(measured('S2', 'old')), machine: { ...machine, cores: 8 } };
    expect(commits(merged(earlier, run(measured('S9', 'new'))))).toEqual(['S9 new']);
  });
});

test('the table and its Markdown show ratio, quartiles, rounds, band, verdict and goal', () => {
  const cells = ['ours / theirs', '1.10', '1.10–1.10', '5', '1.00–1.00', 'outside: costs more', 'G7 ≤ 1.15: met'];
  const pattern = (between: string) => new RegExp(cells.map(cell => cell.replaceAll('.', '\\.')).join(between));
  expect(tableOf(run(measured('S3', 'a')))).toMatch(pattern(' +'));
  const markdown = markdownOf(run(measured('S3', 'a')));
  expect(markdown).toMatch(pattern(' \\| '));
  expect(markdown).toContain('Commit a, 2026-11-29T00:00:00.000Z, 2 s, load average 0.5');
  expect(markdown).toContain('| start | 12.3 ms |');
});

const ids = (...args: readonly string[]) => readOptions(args)?.chosen.map(({ id }) => id);
describe('the command line', () => {
  test('runs all scenarios unless some are named', () => {
    expect(ids()).toHaveLength(13);
    expect(ids('S9', 's4')).toEqual(['S4', 'S9']);
  });

  test('knows a short run', () => {
    expect(readOptions(['smoke'])).toMatchObject({ size: 'smoke', json: '.bench/smoke.json', seconds: 0 });
    expect(readOptions([])).toMatchObject({ size: 'full', json: '.bench/results.json', seconds: 540, people: 20_000 });
  });

  test.each([
    [['S14'], /S14.*S1 to S13/],
    [['--people', '10'], /--people: got 10, expected 1000/],
    [['--waiting'], /--waiting/],
  ])('%j is refused', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
