/** Reads PromQL with Prometheus' own grammar: which metrics a query asks for, and by which labels. */
import { parser } from '@prometheus-io/lezer-promql';

/** One metric in a query. */
export interface AskedMetric {
  readonly name: string;
  /** Label, and the value or the pattern that it is compared with. */
  readonly matchers: readonly (readonly [label: string, value: string, isPattern: boolean])[];
}

export interface Query {
  readonly metrics: readonly AskedMetric[];
  /** Labels in `by (…)` and the like. */
  readonly groupedBy: readonly string[];
}

/** @throws SyntaxError with the place that the grammar does not take */
export const readQuery = (text: string): Query => {
  const metrics: { name: string; matchers: (readonly [string, string, boolean])[] }[] = [];
  const groupedBy: string[] = [];
  let label = '';
  let isPattern = false;
  parser.parse(text).iterate({
    enter({ type, from, to, node }) {
      const part = text.slice(from, to);
      if (type.isError) throw new SyntaxError(`got ${JSON.stringify(text.slice(from, from + 20))} in ${text}`);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector')
        metrics.push({ name: part, matchers: [] });
      if (type.name === 'LabelName' && node.parent?.name === 'GroupingLabels') groupedBy.push(part);
      if (type.name === 'LabelName') label = part;
      if (type.name === 'MatchOp') isPattern = part.endsWith('~');
      if (type.name === 'StringLiteral' && node.parent?.name === 'UnquotedLabelMatcher') {
        metrics.at(-1)?.matchers.push([label, part.slice(1, -1), isPattern]);
      }
    },
  });
  return { metrics, groupedBy };
};
