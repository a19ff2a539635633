/** What a group of cases is: probes that take turns within the same minute, and which of them are compared. */
import type { Child } from './children.ts';
import type { Server } from './probes.ts';
import type { Probe } from './rounds.ts';
import type { Person } from './visitor.ts';

/** A line of the table: cost of one over cost of the other, held against two costs that should be the same. */
export interface Row {
  readonly of: string;
  readonly over: string;
  readonly twins: readonly [string, string];
  /** The ratio we want to stay below. */
  readonly atMost?: number;
}

export interface Group {
  readonly title: string;
  /** Of the run's time. */
  readonly share: number;
  readonly slice: number;
  readonly probes: readonly Probe[];
  readonly rows: readonly Row[];
}

export interface Site {
  readonly kernel: Child;
  readonly http: Server;
  readonly provider: Server;
  readonly memory: Server;
  /** The same as `memory` once more. */
  readonly twin: Server;
  readonly sqlite: Server;
  /** Sign-ins on Redis and SQLite, where there is a Redis. */
  readonly redis?: Server;
  /** Hashes passwords at the cost of production. */
  readonly costly: Server;
  readonly people: readonly Person[];
}
