/** Formats the table of a group: each ratio, the band in which equal servers came out, and the verdict. */
import type { Group, Row } from './group.ts';
import { bandOf, goalVerdict, noiseVerdict, ratiosOf, spreadOf, type Round } from './statistics.ts';

/** Quartiles of fewer rounds are meaningless. */
const minRounds = 5;

const figure = (ratio: number): string => ratio.toFixed(2);
const line = (cells: readonly string[]): string =>
  cells
    .map((cell, at) => (at === 0 ? cell.padEnd(66) : cell.padEnd(14)))
    .join('')
    .trimEnd();

const lineOf = (rounds: readonly Round[], { subject, baseline, aaPair, goal }: Row): string => {
  const ratios = ratiosOf(rounds, subject, baseline);
  const same = ratiosOf(rounds, ...aaPair);
  const name = `  ${subject} / ${baseline}`;
  if (ratios.length === 0 || same.length === 0) return line([name, '–', 'the speed of the machine was never steady']);
  const [ratio, band] = [spreadOf(ratios), bandOf(spreadOf(same))];
  const verdict = Math.min(ratios.length, same.length) < minRounds ? 'too few rounds' : noiseVerdict(ratio, band);
  const onGoal = goal === undefined ? '' : `  goal ≤ ${figure(goal)}: ${goalVerdict(ratio, band, goal)}`;
  return line([
    name,
    figure(ratio.median),
    `${figure(ratio.low)}–${figure(ratio.high)}`,
    `${ratios.length}`,
    `${figure(band.low)}–${figure(band.high)}`,
    verdict + onGoal,
  ]);
};

/** Table of a group. */
export const tableOf = ({ title, rows }: Pick<Group, 'title' | 'rows'>, rounds: readonly Round[]): string =>
  [
    '',
    title,
    line(['', 'ratio', 'quartiles', 'rounds', 'A/A band', 'verdict']),
    ...rows.map(row => lineOf(rounds, row)),
    '',
  ].join('\n');
