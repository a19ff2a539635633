/** Defines a group of probes that alternate within the same minute, and which of them are compared. */
import type { Child } from './children.ts';
import type { Server } from './probes.ts';
import type { Probe } from './rounds.ts';
import type { Person } from './requests.ts';

/** One line of the table: the cost of `subject` divided by that of `baseline`. */
export interface Row {
  readonly subject: string;
  readonly baseline: string;
  /** Two probes of equal work. Their ratio is the noise of the run. */
  readonly aaPair: readonly [string, string];
  /** The highest ratio that we want. */
  readonly goal?: number;
}

/** Probes that are measured and reported together. */
export interface Group {
  readonly title: string;
  /** Part of the run's time, 0 to 1. */
  readonly share: number;
  /** Time of one measurement in milliseconds. */
  readonly slice: number;
  readonly probes: readonly Probe[];
  readonly rows: readonly Row[];
}

/** The processes that groups measure, and the people who sign in. */
export interface BenchSetup {
  readonly cpuJobs: Child;
  readonly http: Server;
  readonly provider: Server;
  readonly memory: Server;
  /** A second server like `memory`, for A/A pairs. */
  readonly secondMemory: Server;
  readonly sqlite: Server;
  /** On Redis and SQLite; absent without a redis-server. */
  readonly redis?: Server;
  /** Hashes passwords at the default cost of production. */
  readonly fullCostHash: Server;
  readonly people: readonly Person[];
}
