/** Formats what was measured of waiting pages: ratios, and the bytes and milliseconds behind them. */
import type { Row } from './group.ts';
import { tableOf } from './report.ts';
import type { Memory } from './server-spec.ts';
import { quantile } from './statistics.ts';
import type { WaitingFigures } from './waiting-pages.ts';

/** The median of `list`, and its lowest and highest figure. */
const middle = (list: readonly number[], write: (figure: number) => string): string =>
  `${write(quantile(list, 0.5))} (${write(quantile(list, 0))}–${write(quantile(list, 1))})`;
const inKib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
const inMs = (millis: number): string => `${millis.toFixed(1)} ms`;

const memoryLine = ({ pages, bareStreams }: WaitingFigures, name: string, of: keyof Memory): string => {
  const [page, bare] = [pages.map(each => each[of]), bareStreams.map(each => each[of])];
  const ratio = quantile(page, 0.5) / quantile(bare, 0.5);
  return `  ${name}: ${middle(page, inKib)}; a stream of bare node:http: ${middle(bare, inKib)}; ratio ${ratio.toFixed(2)}`;
};

const timesLine = ({ rounds }: WaitingFigures, name: string, waiting: number): string => {
  const of = (percentile: string): string =>
    middle(
      rounds.map(round => round[`${name} ${percentile}`] ?? NaN),
      inMs,
    );
  return `  ${waiting} waiting pages: p50 ${of('p50')}, p95 ${of('p95')}`;
};

const row = (percentile: string): Row => ({
  subject: `many ${percentile}`,
  baseline: `few ${percentile}`,
  aaPair: [`few ${percentile}`, `few again ${percentile}`],
});

/** The report of a run. */
export const waitingReport = (figures: WaitingFigures): string => {
  const { few, many, approvals, rounds } = figures;
  const title = `From the answer of a phone to its page, ${approvals} approvals a round: many = ${many} waiting pages, few = ${few}`;
  return [
    `One of ${many} waiting pages, SQLite: median of ${figures.pages.length} servers (lowest–highest)`,
    memoryLine(figures, 'heap', 'heap'),
    memoryLine(figures, 'resident set', 'resident'),
    tableOf({ title, rows: [row('p50'), row('p95')] }, rounds),
    `Wall time: median of ${rounds.length} rounds (lowest–highest)`,
    timesLine(figures, 'few', few),
    timesLine(figures, 'many', many),
    '',
  ].join('\n');
};
