/** Turns the rounds of a group into results: ratios with their noise and verdicts, and single figures with their units. */
import type { Goal, Row } from './group.ts';
import {
  bandOf,
  goalVerdict,
  noiseVerdict,
  ratiosOf,
  spreadOf,
  type Round,
  type Spread,
  type Verdict,
} from './statistics.ts';

/** Quartiles of fewer rounds are meaningless. */
export const minRounds = 5;

/** Whether a goal is reached. open: the noise of the run allows no statement. */
export type Outcome = 'met' | 'open' | 'missed';

/** A ratio of two costs. Without `ratio`: the speed of the machine was never steady enough. */
export interface Comparison {
  readonly kind: 'ratio';
  readonly name: string;
  readonly ratio?: Spread;
  readonly rounds: number;
  readonly band?: Pick<Spread, 'low' | 'high'>;
  readonly verdict: Verdict | 'too few rounds';
  readonly goal?: Goal & { readonly outcome: Outcome };
}

/** A single figure, such as a number of lost requests. */
export interface Figure {
  readonly kind: 'figure';
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'MB' | 'KiB' | '%' | 'requests' | 'ratio' | 'a second';
  readonly goal?: Goal & { readonly outcome: 'met' | 'missed' };
}

export type Result = Comparison | Figure;

/** The result of one row. */
export const comparisonOf = (
  rounds: readonly Round[],
  { subject, baseline, aaPair, goal, withinBand }: Row,
): Comparison => {
  const name = `${subject} / ${baseline}`;
  const [ratios, same] = [ratiosOf(rounds, subject, baseline), ratiosOf(rounds, ...aaPair)];
  // Few of either say little, and without one of them there is no figure.
  const count = Math.min(ratios.length, same.length);
  if (count === 0) return { kind: 'ratio', name, rounds: 0, verdict: 'too few rounds' };
  const [ratio, band] = [spreadOf(ratios), bandOf(spreadOf(same))];
  const verdict = noiseVerdict(ratio, band);
  const limit = goal ?? (withinBand === undefined ? undefined : { id: withinBand, atMost: 1 });
  return {
    kind: 'ratio',
    name,
    ratio,
    rounds: count,
    band,
    verdict: count < minRounds ? 'too few rounds' : verdict,
    ...(limit !== undefined && {
      goal: { ...limit, outcome: count < minRounds ? 'open' : outcomeOf(ratio, band, limit, withinBand) },
    }),
  };
};

const outcomeOf = (
  ratio: Spread,
  band: Pick<Spread, 'low' | 'high'>,
  goal: Goal,
  withinBand: string | undefined,
): Outcome =>
  withinBand === undefined
    ? goalVerdict(ratio, band, goal.atMost)
    : noiseVerdict(ratio, band) === 'within'
      ? 'met'
      : 'missed';

/** A figure, judged by its goal where it has one. */
export const figure = (name: string, value: number, unit: Figure['unit'], goal?: Goal): Figure => ({
  kind: 'figure',
  name,
  value,
  unit,
  ...(goal !== undefined && { goal: { ...goal, outcome: value <= goal.atMost ? 'met' : 'missed' } }),
});

/** How far above its goal a short run on a busy machine may be. */
const coarse = 1.5;
/** Goals that are reached today, so that a result far from them shows a mistake. */
const gating: ReadonlySet<string> = new Set(['G7', 'G8', 'G9', 'G10', 'G12', 'G17', 'G18']);

/**
 * Whether a short run shows that a goal that is reached today is far away: even the lower quartile is above 1.5 times the goal by more
 * than the noise. Times in milliseconds depend on the machine, so they never do.
 */
export const isFarFromGoal = (result: Result): boolean => {
  if (result.goal === undefined || !gating.has(result.goal.id)) return false;
  if (result.kind === 'figure') return result.unit === 'requests' && result.value > coarse * result.goal.atMost;
  if (result.ratio === undefined || result.band === undefined || result.rounds < minRounds) return false;
  return result.ratio.low > coarse * result.goal.atMost * result.band.high;
};
