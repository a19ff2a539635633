/** Formats a profile as text. */
import type { FunctionTime } from './groups.ts';
import type { ProfileReport } from './index.ts';

const micros = (value: number): string => value.toFixed(value < 100 ? 1 : 0).padStart(9);

const line = (value: number, whole: number, name: string): string =>
  `${micros(value)} ${((100 * value) / whole).toFixed(1).padStart(6)} %  ${name}`;

const descending = (times: ReadonlyMap<string, number>): readonly (readonly [string, number])[] =>
  [...times].toSorted(([, a], [, b]) => b - a);

/** Functions of each list that are printed. */
const mostFunctions = 30;

/** The report as lines of text. Times are microseconds of one unit of work. */
export const textOf = ({ title, own, children, threads, sum, mainThread, units }: ProfileReport): string => {
  // Other programs on the machine interrupt all functions alike.
  const share = mainThread / sum.busy;
  const lines = (times: Iterable<readonly [string, number]>): readonly string[] =>
    [...times].map(([name, time]) => line(time * share, mainThread, name));
  const functions = (list: readonly FunctionTime[]): readonly string[] =>
    lines(list.slice(0, mostFunctions).map(({ at, micros: time }) => [at, time] as const));
  return [
    `${title}: ${own.toFixed(0)} µs of CPU in the server's process, ${children.toFixed(0)} µs in its children`,
    '',
    'Its threads, without the profiler (µs):',
    ...descending(threads)
      .filter(([, time]) => time >= 1)
      .map(([name, time]) => line(time, own, name)),
    '',
    `The main thread with the profiler, ${units} units: ${mainThread.toFixed(0)} µs of CPU in ${(sum.busy / units).toFixed(0)} µs.`,
    '',
    'By group of code (µs of CPU, part of the main thread):',
    ...lines(descending(sum.groups)),
    '',
    'Functions, by the time in themselves:',
    ...functions(sum.own),
    '',
    'Functions of this repository, by the time in themselves and in what they called until they first awaited:',
    ...functions(sum.inclusive),
    '',
  ].join('\n');
};

/** Microseconds of one unit, by name. */
const perUnit = (
  { sum, mainThread }: ProfileReport,
  times: Iterable<readonly [string, number]>,
): ReadonlyMap<string, number> =>
  new Map([...times].map(([name, time]) => [name, (time * mainThread) / sum.busy] as const));

const ownTimes = ({ sum }: ProfileReport) => sum.own.map(({ at, micros: time }) => [at, time] as const);

const threeColumns = (ours: ReadonlyMap<string, number>, bare: ReadonlyMap<string, number>): readonly string[] => {
  const rows = [...new Set([...ours.keys(), ...bare.keys()])].map(name => {
    const [a, b] = [ours.get(name) ?? 0, bare.get(name) ?? 0];
    return { more: a - b, text: `${micros(a)} ${micros(b)} ${micros(a - b)}  ${name}` };
  });
  return rows.toSorted((a, b) => b.more - a.more).map(({ text }) => text);
};

/** What the product costs beyond the bare library, by group of code and by function. */
export const comparisonOf = (ours: ProfileReport, bare: ProfileReport): string =>
  [
    `${ours.title} and ${bare.title}: ${ours.own.toFixed(0)} and ${bare.own.toFixed(0)} µs of CPU in the server's process,`,
    `${ours.mainThread.toFixed(0)} and ${bare.mainThread.toFixed(0)} µs of it in the main thread, with the profiler`,
    '',
    '     ours      bare      more  by group of code (µs of CPU)',
    ...threeColumns(perUnit(ours, ours.sum.groups), perUnit(bare, bare.sum.groups)),
    '',
    '     ours      bare      more  functions, by the time in themselves',
    ...threeColumns(perUnit(ours, ownTimes(ours)), perUnit(bare, ownTimes(bare))).slice(0, 2 * mostFunctions),
    '',
  ].join('\n');
