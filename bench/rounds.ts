/** Runs probes alternately, slice by slice, and measures the speed of the machine before and after each slice. */
import type { Millis } from '../src/ports/time.ts';
import type { Round } from './statistics.ts';

/** Measures for about `millis`. Gives costs by name, smaller is better. A name is missing if it was not measured. */
export type Probe = (millis: Millis) => Promise<Round>;

/** How a group is run. */
export interface Plan {
  readonly probes: readonly Probe[];
  readonly slice: Millis;
  /** Time for the whole group. One warm-up and `minRounds` are always run. */
  readonly budget: Millis;
  /** Default: half a second for each probe. */
  readonly warmUp?: Millis;
  /** Default: six. */
  readonly minRounds?: number;
  /** Current cost of the reference job. */
  readonly calibrate: () => Promise<number>;
}

const usual = { warmUp: 500, minRounds: 6 };
/** A slice is dropped if the speed of the machine before and after it differs by this factor or more. */
const maxSpeedChange = 1.2;

/** Gives the costs of each round in units of the reference job, so that a slow moment does not look like a slow server. */
export const runRounds = async (plan: Plan): Promise<readonly Round[]> => {
  const { probes, slice, budget, calibrate, warmUp, minRounds } = { ...usual, ...plan };
  const until = performance.now() + budget;
  for (const probe of probes) await probe(warmUp);
  const rounds: Round[] = [];
  let before = await calibrate();
  while (rounds.length < minRounds || performance.now() < until) {
    let round: Round = {};
    // Order A B C, then C B A, so that no probe always follows the same one.
    for (const probe of rounds.length % 2 === 0 ? probes : probes.toReversed()) {
      const costs = await probe(slice);
      const after = await calibrate();
      const isSteady = Math.max(before, after) / Math.min(before, after) < maxSpeedChange;
      if (isSteady) round = { ...round, ...inUnitsOf((before + after) / 2, costs) };
      before = after;
    }
    rounds.push(round);
  }
  return rounds;
};

const inUnitsOf = (reference: number, costs: Round): Round =>
  Object.fromEntries(Object.entries(costs).map(([name, cost]) => [name, cost / reference]));
