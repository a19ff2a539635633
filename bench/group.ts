/** Defines a group of probes that alternate within the same minute, and which of them are compared. */
import type { Probe } from './rounds.ts';

/** A limit that the issue tracker or an operator sets: `G7`, and the highest ratio or figure. */
export interface Goal {
  readonly id: string;
  readonly atMost: number;
}

/** One line of the table: the cost of `subject` divided by that of `baseline`. */
export interface Row {
  readonly subject: string;
  readonly baseline: string;
  /** Two probes of equal work. Their ratio is the noise of the run. */
  readonly aaPair: readonly [string, string];
  readonly goal?: Goal;
  /** Id of a goal that is met where the ratio cannot be distinguished from noise. */
  readonly withinBand?: string;
}

/** Probes that are measured and reported together. */
export interface Group {
  /** Part of the scenario's time, 0 to 1. */
  readonly share: number;
  /** Time of one measurement in milliseconds. */
  readonly slice: number;
  /** Rounds of a short run, where the usual number would take too long. Fewer than five give no verdict. */
  readonly shortRounds?: number;
  readonly probes: readonly Probe[];
  readonly rows: readonly Row[];
}
