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
export const textOf = ({ title, store, own, children, threads, sum, mainThread, units }: ProfileReport): string => {
  const busy = sum.busy / units;
  const functions = (list: readonly FunctionTime[]): readonly string[] =>
    list.slice(0, mostFunctions).map(({ at, micros: time }) => line(time / units, busy, at));
  return [
    `${title}, ${store}: ${own.toFixed(0)} µs of CPU in the server's process, ${children.toFixed(0)} µs in its children`,
    '',
    'Its threads, without the profiler (µs):',
    ...descending(threads)
      .filter(([, time]) => time >= 1)
      .map(([name, time]) => line(time, own, name)),
    '',
    `The main thread with the profiler, ${units} units: ${busy.toFixed(0)} µs, ${mainThread.toFixed(0)} of them on the CPU.`,
    'In the rest it waits: for the disk, or for other programs on this machine.',
    '',
    'By group of code (µs, part of the main thread):',
    ...descending(sum.groups).map(([name, time]) => line(time / units, busy, name)),
    '',
    'Functions, by the time in themselves:',
    ...functions(sum.own),
    '',
    'Functions of this repository, by the time in themselves and in what they called until they first awaited:',
    ...functions(sum.inclusive),
    '',
  ].join('\n');
};
