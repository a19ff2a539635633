/** Tests the order in which the bench measures, and how it reacts to a machine that changes its speed. */
import { expect, test } from '@jest/globals';
import { runRounds, type Probe } from '../../bench/rounds.ts';

/**
 * The shortest run: no time limit, so the fewest rounds. `speeds`: results of the calibrations, repeated in this order.
 */
const run = (probes: readonly Probe[], speeds: readonly number[] = [1]) => {
  let turn = -1;
  const calibrate = async (): Promise<number> => speeds[(turn += 1) % speeds.length] ?? 1;
  return runRounds({ probes, slice: 1, budget: 0, calibrate });
};

test('probes warm up once, then take turns forwards and backwards', async () => {
  const order: string[] = [];
  const probe =
    (name: string): Probe =>
    async () => {
      order.push(name);
      return { [name]: 1 };
    };
  const rounds = await run([probe('a'), probe('b'), probe('c')]);
  expect(order.slice(0, 9)).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'c', 'b', 'a']);
  expect(rounds.every(round => Object.keys(round).length === 3)).toBe(true);
});

test('a cost is measured in units of a reference job on the same machine at that moment', async () => {
  const [round] = await run([async () => ({ sum: 30 })], [9.5, 10.5]);
  expect(round).toEqual({ sum: 3 });
});

test('a slice is dropped if the speed of the machine changed in it', async () => {
  const rounds = await run([async () => ({ sum: 30 })], [10, 10, 15]);
  expect(rounds.slice(0, 3)).toEqual([{ sum: 3 }, {}, {}]);
});

test('a probe without a measurement has no value in the round', async () => {
  const [round] = await run([async () => ({}), async () => ({ other: 2 })]);
  expect(round).toEqual({ other: 2 });
});
