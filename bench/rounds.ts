/** Alternates what is compared, slice by slice, with the speed of the machine measured before and after each of them. */
import type { Millis } from '../src/ports/time.ts';
import type { Round } from './statistics.ts';

/** Spends about `millis` and gives costs by name, smaller is better; a name without a value was not measured this time. */
export type Probe = (millis: Millis) => Promise<Round>;

export interface Plan {
  readonly probes: readonly Probe[];
  readonly slice: Millis;
  /** What the whole group may take. One pass to warm up and six rounds are run in any case. */
  readonly budget: Millis;
  /** Cost of the fixed mix at this moment. */
  readonly calibrate: () => Promise<number>;
}

const warmUp: Millis = 500;
const leastRounds = 6;
/** A slice at whose ends the machine was so differently fast tells nothing. */
const unsteady = 1.2;

/** Costs in each round, in units of the fixed mix, so that a slow moment of the machine does not look like a slow server. */
export const runRounds = async ({ probes, slice, budget, calibrate }: Plan): Promise<readonly Round[]> => {
  const until = performance.now() + budget;
  for (const probe of probes) await probe(warmUp);
  const rounds: Round[] = [];
  let before = await calibrate();
  while (rounds.length < leastRounds || performance.now() < until) {
    let round: Round = {};
    // A B C, then C B A: who is always first is always measured after the same neighbour
    for (const probe of rounds.length % 2 === 0 ? probes : probes.toReversed()) {
      const costs = await probe(slice);
      const after = await calibrate();
      const isSteady = Math.max(before, after) / Math.min(before, after) < unsteady;
      if (isSteady) round = { ...round, ...relative(costs, (before + after) / 2) };
      before = after;
    }
    rounds.push(round);
  }
  return rounds;
};

const relative = (costs: Round, mix: number): Round =>
  Object.fromEntries(Object.entries(costs).map(([name, cost]) => [name, cost / mix]));
