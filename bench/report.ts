/** The table: for each group its ratios, the band in which equal things came out, and what lies outside it. */
import type { Group, Row } from './group.ts';
import { bandOf, judge, ratiosOf, spreadOf, verdictOn, type Round } from './statistics.ts';

/** Quartiles of fewer rounds say nothing. */
const fewest = 5;

const figure = (ratio: number): string => ratio.toFixed(2);
const line = (cells: readonly string[]): string =>
  cells
    .map((cell, at) => (at === 0 ? cell.padEnd(66) : cell.padEnd(14)))
    .join('')
    .trimEnd();

const lineOf = (rounds: readonly Round[], { of, over, twins, atMost }: Row): string => {
  const ratios = ratiosOf(rounds, of, over);
  const same = ratiosOf(rounds, ...twins);
  const says = `  ${of} / ${over}`;
  if (ratios.length === 0 || same.length === 0) return line([says, '–', 'the machine was never steady']);
  const [ratio, band] = [spreadOf(ratios), bandOf(spreadOf(same))];
  const verdict = Math.min(ratios.length, same.length) < fewest ? 'too few rounds' : verdictOn(ratio, band);
  const goal = atMost === undefined ? '' : `  goal ≤ ${figure(atMost)}: ${judge(ratio, band, atMost)}`;
  return line([
    says,
    figure(ratio.median),
    `${figure(ratio.low)}–${figure(ratio.high)}`,
    `${ratios.length}`,
    `${figure(band.low)}–${figure(band.high)}`,
    verdict + goal,
  ]);
};

export const tableOf = ({ title, rows }: Group, rounds: readonly Round[]): string =>
  [
    '',
    title,
    line(['', 'ratio', 'quartiles', 'rounds', 'A/A band', 'verdict']),
    ...rows.map(row => lineOf(rounds, row)),
    '',
  ].join('\n');
