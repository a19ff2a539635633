/** Records what rules report to the port of metrics. */
import type { Metrics } from '../../../src/ports/metrics.ts';

/** One measured value, with the values of its labels. */
interface Measured {
  readonly labels: string;
  readonly value: number;
}

const valuesOf = (labels: object): string => Object.values(labels).join(' ');

export const recordMetrics = () => {
  const counted: { readonly name: string; readonly labels: string; readonly by: number }[] = [];
  const measured: (Measured & { readonly name: string })[] = [];
  const metrics: Metrics = {
    count: (name, labels, by = 1) => void counted.push({ name, labels: valuesOf(labels), by }),
    observe: (name, labels, value) => void measured.push({ name, labels: valuesOf(labels), value }),
    gauge: () => () => {},
  };
  return {
    metrics,
    /** The totals of a counter by the values of its labels. */
    counts(name: string): Readonly<Record<string, number>> {
      const totals: Record<string, number> = {};
      for (const each of counted) if (each.name === name) totals[each.labels] = (totals[each.labels] ?? 0) + each.by;
      return totals;
    },
    /** The values of a histogram. */
    values: (name: string): readonly Measured[] =>
      measured.flatMap(({ name: of, labels, value }) => (of === name ? [{ labels, value }] : [])),
  };
};
