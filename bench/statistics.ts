/** What a run's rounds say: ratios with quartiles, held against two identical servers of the same run. Pure. */

export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** The value below which this part (0 to 1) of them lies, by linear interpolation. @throws RangeError where there is none. */
export const quantile = (values: readonly number[], part: number): number => {
  if (values.length === 0) throw new RangeError('got no values, expected at least one');
  const sorted = values.toSorted((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const [below = 0, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
};

export const spreadOf = (values: readonly number[]): Spread => ({
  low: quantile(values, 0.25),
  median: quantile(values, 0.5),
  high: quantile(values, 0.75),
});

/** Costs by name, all of one pass over the probes: only what was measured so close together is compared. */
export type Round = Readonly<Record<string, number>>;

/** The ratio of two costs, round by round; a round that lacks one of them is left out. */
export const ratiosOf = (rounds: readonly Round[], of: string, over: string): readonly number[] =>
  rounds.flatMap(({ [of]: above, [over]: below }) =>
    above === undefined || below === undefined ? [] : [above / below],
  );

/** How far apart equal things come out: which twin stands on top is arbitrary, so the band holds its own inverse, and 1. */
export const bandOf = ({ low, high }: Spread): Pick<Spread, 'low' | 'high'> => {
  const widest = Math.max(high, 1 / low, 1);
  return { low: 1 / widest, high: widest };
};

/** `within` the band: no difference that this run can tell from noise. */
export type Verdict = 'within' | 'outside: costs more' | 'outside: costs less';

/** A difference counts where both quartiles lie outside the band. */
export const verdictOn = (ratio: Spread, band: Pick<Spread, 'low' | 'high'>): Verdict =>
  ratio.low > band.high ? 'outside: costs more' : ratio.high < band.low ? 'outside: costs less' : 'within';

/** A goal is missed only where even the lower quartile passes it by more than the band; met by the median, else open. */
export const judge = (ratio: Spread, band: Pick<Spread, 'low' | 'high'>, atMost: number): 'met' | 'open' | 'missed' =>
  ratio.median <= atMost ? 'met' : ratio.low > atMost * band.high ? 'missed' : 'open';
