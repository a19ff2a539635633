/**
 * Says how often a fault is repeated: few times in `npm test`, as often as the promise needs in `npm run test:faults`.
 * Random moments come from a seed that is printed, so that a failed run can be repeated.
 */
import { randomInt } from 'node:crypto';

/** True in `npm run test:faults` (tools/jest/faults.config.mjs). */
export const isFull = process.env['SALLYPORT_FAULTS'] === 'full';

/** The number for this run. */
export const amount = (of: { readonly test: number; readonly full: number }): number => (isFull ? of.full : of.test);

/** Random numbers in [0, 1) that depend on the seed alone. */
export interface Seeded {
  readonly seed: number;
  next(): number;
}

/** A generator (mulberry32). The seed is SALLYPORT_FAULT_SEED where it is set, else a new one. It is printed. */
export const seeded = (name: string): Seeded => {
  const seed = Number(process.env['SALLYPORT_FAULT_SEED'] ?? randomInt(2 ** 31));
  process.stderr.write(`${name}: SALLYPORT_FAULT_SEED=${seed}\n`);
  let state = seed;
  return {
    seed,
    next() {
      state = Math.trunc(state + 0x6d2b79f5);
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
};
