/** Defines a scenario: what people or clients do, measured on the stores, with its part of a run's time. */
import type { Millis } from '../src/ports/time.ts';
import type { Lab } from './lab.ts';
import type { Result } from './results.ts';

/** One scenario. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  /** Part of a run's time beside what it needs to start, as a weight among the chosen scenarios. */
  readonly weight: number;
  /** Measures for about `time`. @throws Error for a wrong response */
  readonly run: (lab: Lab, time: Millis) => Promise<readonly Result[]>;
}
