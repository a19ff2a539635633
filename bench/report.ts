/** Formats results as the table of a run, and as a table of Markdown. */
import type { Comparison, Figure, Result } from './results.ts';
import type { Measured, Run } from './run-file.ts';

const number = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

/** The cells of a result: name, ratio or figure, quartiles, rounds, A/A band, verdict, goal. */
const cellsOf = (result: Result): readonly string[] =>
  result.kind === 'ratio' ? comparisonCells(result) : figureCells(result);

const comparisonCells = ({ name, ratio, rounds, band, verdict, goal }: Comparison): readonly string[] => [
  name,
  ratio === undefined ? '–' : ratio.median.toFixed(2),
  ratio === undefined ? '–' : `${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)}`,
  `${rounds}`,
  band === undefined ? '–' : `${band.low.toFixed(2)}–${band.high.toFixed(2)}`,
  ratio === undefined ? 'the speed of the machine was never steady' : verdict,
  goal === undefined ? '' : `${goal.id} ≤ ${goal.atMost.toFixed(2)}: ${goal.outcome}`,
];

const figureCells = ({ name, value, unit, goal }: Figure): readonly string[] => [
  name,
  `${number(value)}${unit === 'ratio' ? '' : ` ${unit}`}`,
  '',
  '',
  '',
  '',
  goal === undefined ? '' : `${goal.id} ≤ ${number(goal.atMost)}: ${goal.outcome}`,
];

const headings = ['of / over', 'ratio', 'quartiles', 'rounds', 'A/A band', 'verdict', 'goal'] as const;
const widths = [88, 12, 16, 8, 12, 22, 20] as const;

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, at) => `${cell}  `.padEnd(widths[at] ?? 0))
    .join('')
    .trimEnd();

/** The lines of one scenario. */
const linesOf = ({ id, title, results }: Measured): string =>
  [
    `${id} ${title}`,
    ...results.map(result => line(['  ' + (cellsOf(result)[0] ?? ''), ...cellsOf(result).slice(1)])),
    '',
  ].join('\n');

/** The table of a run. */
export const tableOf = ({ scenarios }: Pick<Run, 'scenarios'>): string =>
  [line(headings), ...scenarios.map(linesOf)].join('\n');

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The same as Markdown, with what a reader needs to judge it: machine, commit, time and load. */
export const markdownOf = ({ machine, scenarios }: Run): string => {
  const sections = scenarios.map(({ id, title, at, commit, seconds, load, results }) =>
    [
      `### ${id} ${title}`,
      '',
      `Commit ${commit}, ${at}, ${Math.round(seconds)} s, load average ${load.toFixed(1)} at its begin.`,
      '',
      row(headings),
      row(headings.map(() => '---')),
      ...results.map(result => row(cellsOf(result))),
      '',
    ].join('\n'),
  );
  const { cpu, cores, memoryGiB, system, node, pinned } = machine;
  const where = pinned ? 'servers on one core, load generator on another' : 'processes not bound to cores';
  return [`Machine: ${cores} × ${cpu}, ${memoryGiB} GiB, ${system}, Node ${node}; ${where}.`, '', ...sections].join(
    '\n',
  );
};
