/** Computes ratios with quartiles from the rounds of a run, and compares them with two equal servers of the same run. */

/** Quartiles. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Quantile `part` (0 to 1) by linear interpolation. @throws RangeError for an empty list */
export const quantile = (values: readonly number[], part: number): number => {
  if (values.length === 0) throw new RangeError('got no values, expected at least one');
  const sorted = values.toSorted((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const [below = 0, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
};

/** Quartiles of a list. @throws RangeError for an empty list */
export const spreadOf = (values: readonly number[]): Spread => ({
  low: quantile(values, 0.25),
  median: quantile(values, 0.5),
  high: quantile(values, 0.75),
});

/** Costs by name from one pass over the probes. Only costs of the same round are compared. */
export type Round = Readonly<Record<string, number>>;

/** Ratio of two costs in each round that has both. */
export const ratiosOf = (rounds: readonly Round[], of: string, over: string): readonly number[] =>
  rounds.flatMap(({ [of]: above, [over]: below }) =>
    above === undefined || below === undefined ? [] : [above / below],
  );

/** Band in which equal servers differ. Which of them is the divisor is arbitrary, so it contains its inverse, and 1. */
export const bandOf = ({ low, high }: Spread): Pick<Spread, 'low' | 'high'> => {
  const widest = Math.max(high, 1 / low, 1);
  return { low: 1 / widest, high: widest };
};

/** `within` the band: this run cannot distinguish the difference from noise. */
export type Verdict = 'within' | 'outside: costs more' | 'outside: costs less';

/** A difference counts if both quartiles lie outside the band. */
export const noiseVerdict = (ratio: Spread, band: Pick<Spread, 'low' | 'high'>): Verdict =>
  ratio.low > band.high ? 'outside: costs more' : ratio.high < band.low ? 'outside: costs less' : 'within';

/** A goal is met by the median, missed if even the lower quartile exceeds it by more than the band, else open. */
export const goalVerdict = (
  ratio: Spread,
  band: Pick<Spread, 'low' | 'high'>,
  atMost: number,
): 'met' | 'open' | 'missed' => (ratio.median <= atMost ? 'met' : ratio.low > atMost * band.high ? 'missed' : 'open');
