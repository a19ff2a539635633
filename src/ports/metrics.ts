/**
 * Declares the port by which rules report what they count and measure. `server/metrics/` implements it for Prometheus; without a
 * management port nothing is counted (`noMetrics`).
 */
import type { metrics } from '../metrics.ts';

type Table = typeof metrics;

/** Names of the metrics of one type. */
export type MetricName<Type extends 'counter' | 'gauge' | 'histogram'> = {
  [Name in keyof Table]: Table[Name]['type'] extends Type ? Name : never;
}[keyof Table];

/** One value for each label of a metric. */
export type Labels<Name extends keyof Table> = {
  readonly [Label in keyof Table[Name]['labels']]: Table[Name]['labels'][Label] extends readonly (infer Value)[]
    ? Value
    : string;
};

/** One value of a gauge. */
export interface GaugeReading<Name extends keyof Table> {
  readonly labels: Labels<Name>;
  readonly value: number;
}

/** Counts and measures. A value that is not in the list of its label is counted as `other`. */
export interface Metrics {
  /** Adds to a counter, 1 unless told. */
  count<Name extends MetricName<'counter'>>(name: Name, labels: Labels<Name>, by?: number): void;
  /** Adds one measured value to a histogram, in the unit that its name ends with. */
  observe<Name extends MetricName<'histogram'>>(name: Name, labels: Labels<Name>, value: number): void;
  /** Adds a reader to a gauge, which is called whenever metrics are read. The returned function removes it. */
  gauge<Name extends MetricName<'gauge'>>(name: Name, read: () => readonly GaugeReading<Name>[]): () => void;
}

/** Counts nothing. */
export const noMetrics: Metrics = {
  count() {},
  observe() {},
  gauge: () => () => {},
};
