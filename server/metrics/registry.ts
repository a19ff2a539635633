/**
 * Keeps the metrics of the process for Prometheus. This folder implements the port `Metrics`, and instruments stores, carriers and
 * the password hasher from outside:
 *
 *   registry.ts           the metrics of `src/metrics.ts`, and those of the process, as text
 *   measured-stores.ts    time and errors of each store operation
 *   measured-carriers.ts  time and answer of each send, and the reports of carriers
 *   measured-hasher.ts    time, queue and refusals of password hashes
 *   reference.ts          docs/metrics.md
 *
 * It is loaded only where there is a management port.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import { metrics as table, type Metric } from '../../src/metrics.ts';
import type { Metrics } from '../../src/ports/metrics.ts';

/** Values of the labels that are `given` in the table. */
export type GivenValues = Readonly<Record<'factor' | 'carrier' | 'version' | 'node', readonly string[]>>;

/** Metrics that can be read. */
export interface ReadableMetrics extends Metrics {
  /** Media type of the text. */
  readonly contentType: string;
  /** Prometheus' text format 0.0.4. A gauge that cannot be read is left out. */
  text(): Promise<string>;
}

type Values = Readonly<Record<string, string>>;
/** Reads the values of one gauge. */
type Reader = () => readonly { readonly labels: object; readonly value: number }[];

const rows = Object.entries<Metric>(table);

/** Replaces values that are not in the list of their label by `other`. A label with free values would grow without a bound. */
const closedBy =
  (given: Readonly<Record<string, readonly string[]>>) =>
  (metric: Metric): ((labels: Values) => Values) => {
    const lists = Object.entries(metric.labels).map(
      ([label, values]) => [label, new Set(values === 'given' ? given[label] : values)] as const,
    );
    return labels =>
      Object.fromEntries(
        lists.map(([label, list]) => [label, list.has(labels[label] ?? '') ? (labels[label] ?? '') : 'other']),
      );
  };

/** Creates the metrics of one process. */
export const createMetrics = (given: GivenValues): ReadableMetrics => {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const closes = closedBy(given);
  const closed = new Map(rows.map(([name, metric]) => [name, closes(metric)]));
  const labelsOf = (name: string, labels: object): Values => closed.get(name)?.({ ...labels }) ?? {};
  const counters = new Map<string, Counter<string>>();
  const histograms = new Map<string, Histogram<string>>();
  const readers = new Map<string, Set<Reader>>();

  for (const [name, { type, help, labels, buckets = [] }] of rows) {
    const row = { name, help, labelNames: Object.keys(labels), registers };
    if (type === 'counter') counters.set(name, new Counter(row));
    else if (type === 'histogram') histograms.set(name, new Histogram({ ...row, buckets: [...buckets] }));
    else {
      const read = new Set<Reader>();
      readers.set(name, read);
      // oxlint-disable-next-line no-new -- the registry keeps it
      new Gauge({
        ...row,
        collect() {
          // Removes the values of parts that were closed since.
          this.reset();
          for (const reading of readAll(read)) this.inc(labelsOf(name, reading.labels), reading.value);
        },
      });
    }
  }

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    count(name, labels, by = 1) {
      counters.get(name)?.inc(labelsOf(name, labels), by);
    },
    observe(name, labels, value) {
      histograms.get(name)?.observe(labelsOf(name, labels), value);
    },
    gauge(name, read) {
      readers.get(name)?.add(read);
      return () => void readers.get(name)?.delete(read);
    },
  };
};

/** All values of one gauge. A reader that fails is left out, so that the other metrics can be read. */
const readAll = (readers: ReadonlySet<Reader>): ReturnType<Reader> =>
  [...readers].flatMap(read => {
    try {
      return read();
    } catch {
      return [];
    }
  });
